// How fast facts go into a ledger and come out of it: one thread, typical published features, every batch durable; and what SQLite alone
// takes for the same inserts.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/ledger.hpp"
#include "sqlite_alone.hpp"

namespace skerry::consent {
/// The measurement stands behind the first door, as the consent room does.
class Gate {
 public:
  static ledger::ReadKey key() { return {}; }
};
}  // namespace skerry::consent

namespace skerry {
namespace {

constexpr std::size_t facts_a_participant = 20;

std::vector<ledger::Batch> typical_batches(std::size_t facts) {
  std::vector<ledger::Batch> out(facts / facts_a_participant);
  std::size_t number = 0;
  for (auto& batch : out) {
    for (std::size_t i = 0; i < facts_a_participant; ++i, ++number) {
      Fact fact;
      fact.code = {fmt::format("HP:{:07}", number % 2'000), fmt::format("phenotypic feature {}", number % 2'000)};
      fact.status = number % 3 == 0 ? Status::absent : Status::present;
      fact.source = {SourceKind::publication, fmt::format("PMID:{}", 25'000'000 + number / 2'000)};
      batch.facts.push_back(std::move(fact));
    }
  }
  return out;
}

/// Both clocks: on a machine with other work the processor's time says what the code costs.
struct Stopwatch {
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
  std::clock_t processor_start = std::clock();

  void line(std::string_view what, std::size_t facts) const {
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const auto processor = static_cast<double>(std::clock() - processor_start) / CLOCKS_PER_SEC;
    const auto count = static_cast<double>(facts);
    fmt::print("{:<34}{:>10}{:>9.2f}{:>12.0f}{:>10.2f}{:>12.0f}\n", what, facts, seconds, count / seconds, processor, count / processor);
  }
};

int fail_with(const Error& error) {
  fmt::print(stderr, "{}\n", error.text());
  return 1;
}

/// Three alternating runs would take long; the appends above and these two follow each other directly.
Result<void> compare(const std::filesystem::path& folder, double seconds, std::size_t facts_a_transaction) {
  const auto alone = bench::insert_alone(folder / "ledger.sqlite", facts_a_transaction);
  if (!alone) return fail(alone.error());
  const auto rate = [&](double took) { return static_cast<double>(alone->rows) / took; };
  fmt::print("SQLite alone, the same rows, a row a statement   {:>12.0f} rows/s\n", rate(alone->one_row_seconds));
  fmt::print("SQLite alone, the same rows, 64 a statement      {:>12.0f} rows/s\n", rate(alone->many_rows_seconds));
  fmt::print("the ledger beside the faster of the two: {:.2f} (goal: at least 0.7, and 500,000 facts/s)\n",
             alone->best_seconds() / seconds);
  return {};
}

int measure(const std::filesystem::path& folder, std::size_t facts, std::size_t facts_an_append) {
  auto ledger = ledger::Ledger::create(folder);
  if (!ledger) return fail_with(ledger.error());
  const auto batches = typical_batches(facts);
  const auto step = std::max<std::size_t>(facts_an_append / facts_a_participant, 1);
  fmt::print("{:<34}{:>10}{:>9}{:>12}{:>10}{:>12}\n", "", "facts", "seconds", "facts/s", "cpu s", "facts/cpu s");
  Stopwatch watch;
  for (std::size_t at = 0; at < batches.size(); at += step) {
    const auto part = std::span(batches).subspan(at, std::min(step, batches.size() - at));
    if (const auto done = (*ledger)->append("bench", part); !done) return fail_with(done.error());
  }
  const std::chrono::duration<double> appended = std::chrono::steady_clock::now() - watch.start;
  watch.line(fmt::format("append, {} a transaction", step * facts_a_participant), facts);
  const auto head = (*ledger)->head();
  if (!head) return fail_with(head.error());
  std::size_t seen = 0;
  watch = {};
  const auto count = [&](const Fact&) {
    ++seen;
    return true;
  };
  if (const auto done = (*ledger)->read(consent::Gate::key(), *head, std::nullopt, count); !done) return fail_with(done.error());
  watch.line("read, all participants", seen);
  const auto everyone = (*ledger)->participants(consent::Gate::key(), *head);
  if (!everyone) return fail_with(everyone.error());
  seen = 0;
  watch = {};
  if (const auto done = (*ledger)->read(consent::Gate::key(), *head, *everyone, count); !done) return fail_with(done.error());
  watch.line("read, participant by participant", seen);
  watch = {};
  const auto verified = (*ledger)->verify();
  if (!verified) return fail_with(verified.error());
  watch.line("verify", static_cast<std::size_t>(verified->facts));
  if (auto compared = compare(folder, appended.count(), step * facts_a_participant); !compared) return fail_with(compared.error());
  std::uintmax_t bytes = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.is_regular_file()) bytes += file.file_size();
  }
  fmt::print("on disk: {} bytes a fact; faults: {}\n", bytes / facts, verified->faults.size());
  return verified->faults.empty() ? 0 : 1;
}

std::size_t argument(int count, char** arguments, int at, std::size_t otherwise) {
  if (at >= count) return otherwise;
  const std::string_view text = arguments[at];
  std::size_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value == 0 ? otherwise : value;
}

}  // namespace
}  // namespace skerry

int main(int count, char** arguments) {
  std::string folder = (std::filesystem::temp_directory_path() / "skerry-bench-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return 1;
  const auto facts = skerry::argument(count, arguments, 1, 1'000'000);
  const auto facts_an_append = skerry::argument(count, arguments, 2, 20'000);
  const int code = skerry::measure(folder, facts, facts_an_append);
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  return code;
}
