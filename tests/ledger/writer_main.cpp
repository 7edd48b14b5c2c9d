// The child of the kill test: appends batches without end, and tells on standard output what was acknowledged.
// One line an append: the write's number, the first fact's id, the number of facts. Ends when it is killed.
#include <unistd.h>

#include <charconv>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/ledger.hpp"

namespace {

using namespace skerry;

Fact random_fact(std::mt19937_64& random, std::uint64_t mark) {
  Fact fact;
  fact.code = {"HP:" + std::to_string(random() % 500), "feature " + std::to_string(random() % 500)};
  fact.source = {SourceKind::publication, "PMID:" + std::to_string(random() % 50)};
  // Every fact has a number of its own, so that one stored twice is found.
  fact.value = static_cast<std::int64_t>(mark);
  if (random() % 4 == 0) fact.when = When::at(Age{static_cast<std::int32_t>(random() % 90), {}, {}, {}, {}, {}, {}, {}});
  if (random() % 8 == 0)
    fact.qualifiers.push_back({{"HP:0012824", "Severity"}, Record{R"({"filler":")" + std::string(random() % 4'000, 'x') + "\"}"}});
  return fact;
}

bool tell(const std::string& line) { return ::write(STDOUT_FILENO, line.data(), line.size()) == static_cast<ssize_t>(line.size()); }

int append_until_killed(ledger::Ledger& ledger, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uint64_t mark = seed << 32;
  const auto participants = ledger.head().value_or(ledger::Head{}).facts == 0 ? 0 : 1;
  for (bool first = participants == 0;; first = false) {
    std::vector<ledger::Batch> batches(1 + random() % 4);
    std::size_t facts = 0;
    for (auto& batch : batches) {
      if (!first && random() % 2 == 0) batch.participant.number = 1;
      batch.facts.resize(random() % 3 == 0 ? random() % 400 : random() % 10);
      for (auto& fact : batch.facts) fact = random_fact(random, mark++);
      facts += batch.facts.size();
      batch.consents.push_back({{}, Purpose::registry_research, Decision::granted, Basis::consent, "text-1/en", "participant", {}, {}});
      if (random() % 2 == 0) batch.identity = ledger::Identity{R"({"name":"participant )" + std::to_string(mark) + "\"}"};
    }
    const auto receipts = ledger.append("writer", batches);
    if (!receipts) return 1;
    const auto head = ledger.head();
    if (!head || !tell(std::to_string(head->sequence) + " " + std::to_string(head->facts) + " " + std::to_string(facts) + "\n")) return 1;
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  std::uint64_t seed = 0;
  const std::string_view text = arguments[2];
  std::from_chars(text.data(), text.data() + text.size(), seed);
  auto ledger = skerry::ledger::Ledger::open(arguments[1]);
  if (!ledger || !tell("open\n")) return 1;
  return append_until_killed(**ledger, seed);
}
