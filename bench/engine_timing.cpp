// The questions of bench/engine.mjs asked of the index of a made-up registry: engine_timing FOLDER RUNS [THREADS], or engine_timing FOLDER
// first Prints one line of JSON: each question's answer and milliseconds. "first": how long from nothing open to the first answer.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "big_registry.hpp"
#include "cohort/counts.hpp"
#include "cohort/select.hpp"
#include "consent/view.hpp"

namespace skerry::bench {
namespace {

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point begun) { return std::chrono::duration<double, std::milli>(Clock::now() - begun).count(); }

struct Asked {
  std::string name;
  std::string study;
  /// A question that only counts needs no row a person; the others read columns.
  std::function<std::vector<std::int64_t>(const cohort::Counts&)> counted;
  std::function<std::vector<std::int64_t>(const cohort::Columns&)> answer;
};

std::vector<std::int64_t> people(const cohort::Counts& counts) { return {counts.cells[0]}; }

/// People by country, then sex: 60 numbers.
std::vector<std::int64_t> cells(const cohort::Counts& counts) {
  std::vector<std::int64_t> out;
  for (std::size_t row = 0; row < 30; ++row) {
    for (std::size_t column = 0; column < 2; ++column) out.push_back(counts.cells[row * counts.columns + column]);
  }
  return out;
}

/// How many have the event, and the sum of their days.
std::vector<std::int64_t> events(const cohort::Columns& columns) {
  std::int64_t people = 0, days = 0;
  for (std::size_t i = 0; i < columns.follow.size(); ++i) {
    if (columns.follow[i] != cohort::Follow::event) continue;
    ++people;
    days += columns.step[i];
  }
  return {people, days};
}

std::vector<Asked> questions(const BigRegistry& registry) {
  const auto study = [](std::string_view cohort, std::string_view statistic, std::string_view rest = "") {
    return fmt::format(R"({{"id":"bench/asked","title":{{"en":"t"}},"purpose":"registry_research","cohort":{},"statistic":{}{}}})", cohort,
                       statistic, rest);
  };
  std::string countries;
  for (std::size_t i = first_country; i < countries_end; ++i) {
    countries += fmt::format("{}\"{}\"", countries.empty() ? "" : ",", registry.concepts()[i].code);
  }
  const auto count = study(R"({"code":"SNOMED:0000002","kind":"procedure"})", R"({"type":"count"})");
  const auto crossed = study(
      R"({"all":[{"code":"ATC:0000002","kind":"treatment"},{"code":"SNOMED:0000002","kind":"procedure"},{"not":{"code":"MONDO:0000002","kind":"diagnosis"}}]})",
      R"({"type":"crosstab","columns":{"code":"skerry:sex","kind":"person","values":["skerry:female","skerry:male"]}})",
      R"(,"by":{"code":"skerry:country","kind":"person","values":[)" + countries + "]}");
  const auto later = study(R"({"everyone":true})",
                           R"({"type":"kaplan_meier","index":{"code":"SNOMED:0000002","kind":"procedure"},
                               "event":{"code":"ATC:0000002","kind":"treatment","when":{"after":"index"}},
                               "censoring":"last_encounter","unit":"day","step":4,"horizon":40000})");
  return {{"count", count, people, {}}, {"crossed", crossed, cells, {}}, {"later", later, {}, events}};
}

int fail_with(const Error& error) {
  fmt::print(stderr, "{}\n", error.text());
  return 1;
}

struct Opened {
  std::unique_ptr<ledger::Ledger> ledger;
  std::unique_ptr<consent::Gate> gate;
  std::optional<consent::View> view;
};

Result<Opened> open(const std::filesystem::path& folder) {
  Opened out;
  auto ledger = ledger::Ledger::open(folder);
  if (!ledger) return fail(ledger.error());
  out.ledger = std::move(*ledger);
  out.gate = std::make_unique<consent::Gate>(*out.ledger);
  auto view = out.gate->open({consent::Role::steward, "bench"}, Purpose::registry_research);
  if (!view) return fail(view.error());
  out.view = std::move(*view);
  return out;
}

/// Bytes a second that all threads together read from memory: a sum over more than any cache holds.
double memory_bandwidth(unsigned threads) {
  std::vector<std::uint64_t> words((std::size_t{512} << 20) / sizeof(std::uint64_t), 1);
  std::vector<std::uint64_t> sums(threads);
  double best = 0;
  for (int run = 0; run < 3; ++run) {
    const auto begun = Clock::now();
    std::vector<std::thread> pool;
    for (unsigned t = 0; t < threads; ++t) {
      pool.emplace_back([&, t] {
        const auto part = words.size() / threads;
        const auto* from = words.data() + t * part;
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < part; ++i) sum += from[i];
        sums[t] = sum;
      });
    }
    for (auto& thread : pool) thread.join();
    best = std::max(best, static_cast<double>(words.size() * sizeof(std::uint64_t)) / ms_since(begun) * 1000);
  }
  return sums[0] == 0 ? 0 : best;
}

Result<std::vector<std::int64_t>> answer_of(const Asked& asked, const cohort::Study& study, const consent::View& view,
                                            const vocabulary::Vocabulary& vocabulary, const cohort::SelectOptions& options) {
  if (!asked.counted) {
    const auto columns = cohort::select(study, view, vocabulary, options);
    if (!columns) return fail(columns.error());
    return asked.answer(*columns);
  }
  const auto reading = view.reading();
  if (!reading) return fail(reading.error());
  const auto counts = cohort::count_groups(study, *reading, vocabulary, options);
  if (!counts) return fail(counts.error());
  return asked.counted(*counts);
}

int time_all(const std::filesystem::path& folder, int runs, unsigned threads, bool first_only) {
  const BigRegistry registry;
  const auto vocabulary = registry.vocabulary();
  const auto all = questions(registry);
  const auto begun = Clock::now();
  const auto opened = open(folder);
  if (!opened) return fail_with(opened.error());
  const auto opened_ms = ms_since(begun);
  std::string out = fmt::format("{{\"open_ms\": {:.3f}", opened_ms);
  for (const auto& asked : all) {
    const auto study = cohort::parse_study(asked.study, asked.name);
    if (!study) return fail_with(study.error());
    std::vector<double> times;
    std::vector<std::int64_t> answer;
    for (int run = 0; run < (first_only ? 1 : runs); ++run) {
      const auto start = Clock::now();
      cohort::SelectOptions options;
      options.threads = threads;
      const auto told = answer_of(asked, *study, *opened->view, vocabulary, options);
      if (!told) return fail_with(told.error());
      answer = *told;
      times.push_back(ms_since(start));
    }
    if (first_only) {
      fmt::print("{}, \"first_answer_ms\": {:.3f}, \"answer\": [{}]}}\n", out, ms_since(begun), fmt::join(answer, ", "));
      return 0;
    }
    std::ranges::sort(times);
    out += fmt::format(", \"{}\": {{\"ms\": {:.4f}, \"best_ms\": {:.4f}, \"answer\": [{}]}}", asked.name, times[times.size() / 2],
                       times.front(), fmt::join(answer, ", "));
  }
  fmt::print("{}, \"threads\": {}, \"bytes_a_second\": {:.0f}}}\n", out, threads, memory_bandwidth(threads));
  return 0;
}

}  // namespace
}  // namespace skerry::bench

int main(int count, char** arguments) {
  if (count < 3) {
    fmt::print(stderr, "usage: engine_timing FOLDER RUNS|first [THREADS]\n");
    return 2;
  }
  const std::string_view runs_text = arguments[2];
  int runs = 1;
  std::from_chars(runs_text.data(), runs_text.data() + runs_text.size(), runs);
  unsigned threads = 2;
  if (count > 3) {
    const std::string_view text = arguments[3];
    std::from_chars(text.data(), text.data() + text.size(), threads);
  }
  return skerry::bench::time_all(arguments[1], std::max(runs, 1), threads, runs_text == "first");
}
