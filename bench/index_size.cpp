// How large the index is, how fast it is made, opened and decoded: bench_index [PARTICIPANTS], or bench_index DATA_DIRECTORY for a registry
// made before (make_registry, skerry demo), whose index it makes and opens.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "big_registry.hpp"
#include "index/builder.hpp"
#include "index/index_folder.hpp"
#include "index/store.hpp"

namespace skerry::consent {
/// The measurement stands behind the first door, as the consent room does.
class Gate {
 public:
  static ledger::ReadKey key() { return {}; }
};
}  // namespace skerry::consent

namespace skerry::bench {
namespace {

class Watch {
 public:
  [[nodiscard]] double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count(); }
  [[nodiscard]] double processor_seconds() const { return static_cast<double>(std::clock() - processor_) / CLOCKS_PER_SEC; }

 private:
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  std::clock_t processor_ = std::clock();
};

/// Medians of processor time: what the code costs, on a machine with other work too.
struct Median {
  std::vector<double> runs;
  template <class Work>
  double of(int times, Work work) {
    runs.clear();
    for (int i = 0; i < times; ++i) {
      const Watch watch;
      work();
      runs.push_back(watch.processor_seconds());
    }
    std::ranges::sort(runs);
    return runs[runs.size() / 2];
  }
};

void line(std::string_view what, double value, std::string_view unit) { fmt::print("{:<58}{:>14.2f} {}\n", what, value, unit); }

/// Person and time of every row; the sum keeps the work from being left out.
std::uint64_t decode_all(const index::Segment& segment, unsigned columns, index::Block& block) {
  std::uint64_t sum = 0;
  for (index::StreamId stream = 0; stream < segment.streams().size(); ++stream) {
    for (std::size_t b = 0; b < segment.blocks(stream); ++b) {
      segment.decode(stream, b, columns, block);
      sum += block.person[block.size - 1];
    }
  }
  return sum;
}

void measure_segments(const std::vector<std::shared_ptr<const index::Segment>>& segments, std::uint64_t rows) {
  const auto block = std::make_unique<index::Block>();
  std::uint64_t sum = 0;
  Median median;
  const auto rate = [&](unsigned columns) {
    return static_cast<double>(rows) / median.of(5, [&] {
      for (const auto& segment : segments) sum += decode_all(*segment, columns, *block);
    }) / 1e6;
  };
  line("decoded, person and time", rate(index::column_when), "million rows/s");
  line("decoded, person alone", rate(0), "million rows/s");
  line("decoded, every column", rate(index::all_columns), "million rows/s");
  // The set of people of the largest stream of every segment.
  const auto add = [&] {
    for (const auto& segment : segments) {
      const auto largest = std::ranges::max_element(segment->streams(), {}, &index::StreamInfo::rows);
      Bitset people(segment->people());
      segment->add_people(static_cast<index::StreamId>(largest - segment->streams().begin()), nullptr, people);
      sum += people.count();
    }
  };
  const auto first = median.of(1, add);
  line("set of people of a concept, first use", first * 1e6, "microseconds");
  line("set of people of a concept, then", median.of(21, add) * 1e6, "microseconds");
  if (sum == 1) fmt::print("\n");
}

int made_up(std::uint32_t participants) {
  const BigRegistry registry;
  std::string name = (std::filesystem::temp_directory_path() / "skerry-index-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) return 1;
  const index::IndexFolder folder(std::filesystem::path(name) / "index");
  constexpr std::uint32_t share = 1 << 18;
  std::vector<Row> rows;
  std::vector<std::string> files;
  double making = 0, writing = 0;
  std::uint64_t facts = 0, bytes = 0;
  for (std::uint32_t first = 1; first <= participants; first += share) {
    index::Builder builder;
    for (auto participant = first; participant <= std::min(participants, first + share - 1); ++participant) {
      registry.rows_of(participant, rows);
      std::vector<Fact> made;
      for (const auto& row : rows) {
        made.push_back(registry.fact_of(row));
        made.back().participant.number = participant;
      }
      const Watch make;
      for (const auto& fact : made) builder.add(fact);
      making += make.processor_seconds();
      facts += rows.size();
    }
    const Watch finish;
    const auto segment = builder.finish({});
    making += finish.processor_seconds();
    if (!segment) return 1;
    files.push_back(fmt::format("{}.segment", first));
    bytes += segment->size();
    const Watch write;
    if (!folder.write(files.back(), *segment)) return 1;
    writing += write.seconds();
  }
  fmt::print("A made-up registry of {} participants, {} facts\n", participants, facts);
  line("size", static_cast<double>(bytes) / static_cast<double>(facts), "bytes a fact");
  line("size", static_cast<double>(bytes) / 1e6, "MB");
  line("making the rows and their blocks, one thread", making, "s");
  line("writing and flushing", writing, "s");
  std::vector<std::shared_ptr<const index::Segment>> segments;
  Median median;
  line("opening, checked",
       median.of(5,
                 [&] {
                   segments.clear();
                   for (const auto& file : files) {
                     if (auto mapped = folder.map(file)) {
                       if (auto opened = index::Segment::open(std::move(*mapped))) segments.push_back(std::move(*opened));
                     }
                   }
                 }) *
           1e3,
       "ms");
  if (segments.size() != files.size()) return 1;
  const Watch check;
  for (const auto& segment : segments) {
    if (!segment->check_all()) return 1;
  }
  line("checking every stream", check.processor_seconds() * 1e3, "ms");
  measure_segments(segments, facts);
  std::error_code ignored;
  std::filesystem::remove_all(name, ignored);
  return 0;
}

int of_registry(const std::filesystem::path& directory) {
  const auto ledger = ledger::Ledger::open(directory);
  if (!ledger) return 1;
  const auto head = (*ledger)->head().value();
  const auto people = (*ledger)->participant_count(head).value();
  const Bitset everyone(static_cast<std::size_t>(people) + 1, true);
  std::error_code code;
  std::filesystem::remove_all(directory / "index", code);
  fmt::print("{} participants, {} facts\n", people, head.facts);
  for (const auto* what : {"made from the ledger and written", "opened again"}) {
    const Watch watch;
    index::Store store(**ledger);
    const auto reading = store.reading(consent::Gate::key(), head, everyone);
    if (!reading) return 1;
    line(what, watch.seconds() * 1e3, "ms");
  }
  std::uint64_t bytes = 0;
  for (const auto& file : std::filesystem::directory_iterator(directory / "index")) bytes += file.file_size();
  line("size", static_cast<double>(bytes) / static_cast<double>(std::max<std::int64_t>(head.facts, 1)), "bytes a fact");
  return 0;
}

}  // namespace
}  // namespace skerry::bench

int main(int count, char** arguments) {
  const std::string_view argument = count > 1 ? arguments[1] : "100000";
  std::uint32_t participants = 0;
  const auto [end, error] = std::from_chars(argument.data(), argument.data() + argument.size(), participants);
  if (error == std::errc{} && end == argument.data() + argument.size() && participants > 0) return skerry::bench::made_up(participants);
  return skerry::bench::of_registry(argument);
}
