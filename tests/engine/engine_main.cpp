// Every case of the files given is one test, "closure.test/finds what is below": the study is read, asked of the facts, and each line that
// is expected is compared. `engine FOLDER [.test|.slow]`
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cohort/select.hpp"
#include "engine/answer_text.hpp"
#include "engine/asking.hpp"
#include "engine/case_file.hpp"
#include "pack/json_document.hpp"

namespace skerry::engine {
namespace {

namespace fs = std::filesystem;

/// What came out, with what was expected in the same place.
void compare(const Case& asked, const std::string& file, const cohort::Study& study, const cohort::Columns& columns) {
  std::map<std::string, std::size_t> seen;
  for (const auto& expected : asked.expected) {
    const auto place = fmt::format("{}:{}", file, expected.line);
    if (expected.what == "error") {
      ADD_FAILURE() << place << ": an error was expected\n  expected: " << expected.text << "\n  but the study could be asked";
      continue;
    }
    if (!known_line(expected.what)) {
      ADD_FAILURE() << place << ": \"" << expected.what << "\" is nothing that can be expected";
      continue;
    }
    const auto lines = lines_of(expected.what, study, columns);
    const auto at = seen[expected.what]++;
    const auto got = at < lines.size() ? lines[at] : std::string("(nothing)");
    if (at < lines.size() ? !same_words(expected.text, got) : expected.text != "(nothing)") {
      ADD_FAILURE() << place << ": " << expected.what << "\n  expected: " << expected.text << "\n       got: " << got << "\n  study:\n"
                    << asked.study;
    }
  }
}

void run_case(const Case& asked, const std::string& file) {
  const auto study = cohort::parse_study(asked.study, "study");
  const auto& first = asked.expected.front();
  if (!study) {
    const auto place = fmt::format("{}:{}", file, first.line);
    EXPECT_EQ(first.what, "error") << place << ": the study is not understood\n       got: " << text_of(study.error()) << "\n  study:\n"
                                   << asked.study;
    if (first.what == "error") {
      EXPECT_TRUE(matches(study.error(), first.text))
          << place << ": error\n  expected: " << first.text << "\n       got: " << text_of(study.error()) << "\n  study:\n"
          << asked.study;
    }
    return;
  }
  const auto columns = select_all(*study, *asked.scene, *asked.vocabulary);
  if (columns) return compare(asked, file, *study, *columns);
  EXPECT_TRUE(first.what == "error" && matches(columns.error(), first.text))
      << fmt::format("{}:{}: {}\n  expected: {}\n       got: {}\n  study:\n", file, first.line, first.what, first.text,
                     text_of(columns.error()))
      << asked.study;
}

class CaseTest : public testing::Test {
 public:
  CaseTest(Case asked, std::string file) : asked_(std::move(asked)), file_(std::move(file)) {}
  void TestBody() override { run_case(asked_, file_); }

 private:
  Case asked_;
  std::string file_;
};

/// GoogleTest takes letters, digits and _ in the names it filters by.
std::string name_for_filters(std::string_view words) {
  std::string out;
  for (const char c : words) out += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_';
  return out;
}

int register_file(const fs::path& path, const std::string& shown) {
  const auto text = pack::read_text_file(path.string());
  auto cases = text ? read_cases(*text, shown) : Result<std::vector<Case>>(fail(text.error()));
  if (!cases) {
    fmt::print(stderr, "{}\n", cases.error().text());
    return 1;
  }
  const auto suite = name_for_filters(shown);
  std::set<std::string> names;
  for (auto& one : *cases) {
    const auto name = name_for_filters(one.name);
    const int line = static_cast<int>(one.line);
    if (!names.insert(name).second) {
      fmt::print(stderr, "{}:{}: a case of this name stands above\n", shown, line);
      return 1;
    }
    testing::RegisterTest(suite.c_str(), name.c_str(), nullptr, nullptr, path.c_str(), line,
                          [one = std::move(one), shown]() -> testing::Test* { return std::make_unique<CaseTest>(one, shown).release(); });
  }
  return 0;
}

}  // namespace
}  // namespace skerry::engine

int main(int count, char** arguments) {
  testing::InitGoogleTest(&count, arguments);
  if (count < 2) {
    fmt::print(stderr, "usage: engine FOLDER [.test|.slow] [GoogleTest's options]\n");
    return 2;
  }
  const std::filesystem::path folder = arguments[1];
  const std::string ending = count > 2 ? arguments[2] : ".test";
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ending) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  for (const auto& file : files) {
    if (skerry::engine::register_file(file, file.lexically_relative(folder).string()) != 0) return 1;
  }
  return RUN_ALL_TESTS();
}
