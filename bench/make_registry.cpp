// A made-up registry in a folder, and the same facts as CSV: make_registry FOLDER PARTICIPANTS [CSV] [FACTS A PARTICIPANT]
#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "big_registry.hpp"

namespace skerry::bench {
namespace {

constexpr std::uint32_t people_an_append = 500;

struct File {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using Out = std::unique_ptr<std::FILE, File>;

struct Part {
  std::vector<ledger::Batch> batches;
  fmt::memory_buffer csv;
  std::int64_t facts = 0;
};

void csv_line(const Row& row, fmt::memory_buffer& out) {
  const auto into = std::back_inserter(out);
  fmt::format_to(into, "{},{},{},{},", row.participant, row.concept_number, static_cast<int>(row.kind), static_cast<int>(row.status));
  if (row.first_day != Row::no_day) fmt::format_to(into, "{},{},", row.first_day, row.last_day);
  if (row.first_day == Row::no_day) fmt::format_to(into, ",,");
  if (row.has_number) fmt::format_to(into, "{}", row.number);
  fmt::format_to(into, ",{},{},{}\n", row.has_number ? row.unit + 1 : 0, row.value_concept, static_cast<int>(row.source));
}

Part part_of(const BigRegistry& registry, std::uint32_t from, std::uint32_t to, bool csv) {
  Part part;
  std::vector<Row> rows;
  for (auto participant = from; participant < to; ++participant) {
    registry.rows_of(participant, rows);
    part.facts += static_cast<std::int64_t>(rows.size());
    part.batches.push_back(registry.batch_of(rows));
    if (csv) {
      for (const auto& row : rows) csv_line(row, part.csv);
    }
  }
  return part;
}

int make(const std::string& folder, std::uint32_t participants, const std::string& csv, double facts_a_participant) {
  const BigRegistry registry(1, facts_a_participant);
  std::filesystem::create_directories(folder);
  auto ledger = ledger::Ledger::create(folder);
  if (!ledger) {
    fmt::print(stderr, "{}\n", ledger.error().text());
    return 1;
  }
  const Out out(csv.empty() ? nullptr : std::fopen(csv.c_str(), "w"));
  if (out) fmt::print(out.get(), "participant,concept,kind,status,first_day,last_day,number,unit,value,source\n");
  const auto begun = std::chrono::steady_clock::now();
  const auto make_from = [&](std::uint32_t from) {
    return part_of(registry, from, std::min(from + people_an_append, participants + 1), out != nullptr);
  };
  auto next = std::async(std::launch::async, make_from, 1U);
  std::int64_t facts = 0;
  for (std::uint32_t from = 1; from <= participants; from += people_an_append) {
    auto part = next.get();
    if (from + people_an_append <= participants) next = std::async(std::launch::async, make_from, from + people_an_append);
    if (const auto done = (*ledger)->append("bench", part.batches); !done) {
      fmt::print(stderr, "{}\n", done.error().text());
      return 1;
    }
    if (out) std::fwrite(part.csv.data(), 1, part.csv.size(), out.get());
    facts += part.facts;
    if ((from / people_an_append) % 100 == 0) {
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
      fmt::print(stderr, "{} of {} participants, {} facts, {:.0f} facts/s\n", from - 1 + people_an_append, participants, facts,
                 static_cast<double>(facts) / took.count());
    }
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  fmt::print("{{\"participants\": {}, \"facts\": {}, \"seconds\": {:.3f}, \"facts_a_second\": {:.0f}}}\n", participants, facts,
             took.count(), static_cast<double>(facts) / took.count());
  return 0;
}

template <class Number>
Number argument(int count, char** arguments, int at, Number otherwise) {
  if (at >= count) return otherwise;
  const std::string_view text = arguments[at];
  Number value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace
}  // namespace skerry::bench

int main(int count, char** arguments) {
  if (count < 3) {
    fmt::print(stderr, "usage: make_registry FOLDER PARTICIPANTS [CSV or \"\"] [FACTS A PARTICIPANT]\n");
    return 2;
  }
  return skerry::bench::make(arguments[1], skerry::bench::argument<std::uint32_t>(count, arguments, 2, 1'000),
                             count > 3 ? arguments[3] : "", skerry::bench::argument<double>(count, arguments, 4, 40));
}
