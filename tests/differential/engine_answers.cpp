// Answers the cases of a file of tests/engine, instead of checking them: for each line that is expected, one line of what came out.
// engine_answers FILE; prints CASE, the line's name and the answer, between tabs.
#include <fmt/format.h>

#include <cstdio>
#include <map>
#include <string>

#include "cohort/study.hpp"
#include "engine/answer_text.hpp"
#include "engine/asking.hpp"
#include "engine/case_file.hpp"
#include "pack/json_document.hpp"

namespace skerry::engine {
namespace {

void answer(const Case& asked) {
  const auto study = cohort::parse_study(asked.study, "study");
  if (!study) {
    fmt::print("{}\terror\t{}\n", asked.name, text_of(study.error()));
    return;
  }
  const auto columns = select_all(*study, *asked.scene, *asked.vocabulary);
  if (!columns) {
    fmt::print("{}\terror\t{}\n", asked.name, text_of(columns.error()));
    return;
  }
  std::map<std::string, std::size_t> seen;
  for (const auto& expected : asked.expected) {
    const auto lines = lines_of(expected.what, *study, *columns);
    const auto at = seen[expected.what]++;
    fmt::print("{}\t{}\t{}\n", asked.name, expected.what, at < lines.size() ? lines[at] : "(nothing)");
  }
}

int answer_file(const std::string& path) {
  const auto text = pack::read_text_file(path, std::size_t{256} << 20);
  if (!text) {
    fmt::print(stderr, "{}\n", text.error().text());
    return 1;
  }
  const auto cases = read_cases(*text, path);
  if (!cases) {
    fmt::print(stderr, "{}\n", cases.error().text());
    return 1;
  }
  for (const auto& asked : *cases) answer(asked);
  return 0;
}

}  // namespace
}  // namespace skerry::engine

int main(int count, char** arguments) {
  if (count != 2) {
    fmt::print(stderr, "usage: engine_answers FILE\n");
    return 2;
  }
  return skerry::engine::answer_file(arguments[1]);
}
