// A ledger in a folder of its own, written to at random, and its index beside what the ledger itself says.
#pragma once

#include <algorithm>
#include <filesystem>
#include <memory>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

#include "../ledger/fixture.hpp"
#include "expected_rows.hpp"
#include "index/store.hpp"

namespace skerry::test {

class Registry {
 public:
  explicit Registry(std::filesystem::path folder, std::uint64_t seed = 1) : folder_(std::move(folder)), random_(seed) { open(); }

  void open() {
    ledger_.reset();
    auto opened = std::filesystem::exists(folder_ / "ledger.sqlite") ? ledger::Ledger::open(folder_) : ledger::Ledger::create(folder_);
    ASSERT_TRUE(opened) << opened.error().text();
    ledger_ = std::move(*opened);
  }
  [[nodiscard]] ledger::Ledger& ledger() { return *ledger_; }
  [[nodiscard]] std::filesystem::path index() const { return folder_ / "index"; }

  /// One write: some new people, or facts, corrections and retractions of one there is.
  void write(int people_new) {
    std::vector<ledger::Batch> batches;
    for (int i = 0; i < people_new; ++i) batches.push_back(facts_of({}));
    if (people_ > 0 && (people_new == 0 || number(2) == 0)) batches.push_back(facts_of({1 + number(people_)}));
    const auto receipts = ledger_->append("test", batches);
    ASSERT_TRUE(receipts) << receipts.error().text();
    for (std::size_t i = 0; i < receipts->size(); ++i) {
      people_ = std::max(people_, (*receipts)[i].participant.number);
      for (std::size_t f = 0; f < batches[i].facts.size(); ++f) {
        const auto& fact = batches[i].facts[f];
        if (fact.supersedes.set()) continue;  // each may be corrected once
        open_.push_back({FactId{(*receipts)[i].first_fact.number + static_cast<std::int64_t>(f)}, (*receipts)[i].participant});
      }
    }
  }

  [[nodiscard]] ledger::Head head() const { return ledger_->head().value(); }
  [[nodiscard]] std::vector<Fact> facts(const ledger::Head& head) const { return ledger::current_facts(*ledger_, head); }

 private:
  std::int64_t number(std::int64_t below) { return std::uniform_int_distribution<std::int64_t>(0, below - 1)(random_); }

  ledger::Batch facts_of(ParticipantId participant) {
    ledger::Batch batch;
    batch.participant = participant;
    for (auto i = 1 + number(4); i > 0; --i) {
      auto fact = ledger::feature("HP:" + std::to_string(number(5)));
      fact.value = Quantity{static_cast<double>(number(1000)) / 10, {"UCUM:cm", ""}, std::nullopt};
      fact.when = When::at(date_of_day(static_cast<std::int32_t>(10'000 + number(9000))));
      if (number(3) == 0) fact.qualifiers.push_back({{"skerry:severity", ""}, number(4)});
      batch.facts.push_back(std::move(fact));
    }
    const auto own = std::ranges::find(open_, participant, &Correctable::participant);
    if (participant.set() && own != open_.end()) {
      batch.facts.front().supersedes = own->fact;
      if (number(2) == 0) batch.facts.front().status = Status::retracted;
      open_.erase(own);
    }
    return batch;
  }

  struct Correctable {
    FactId fact;
    ParticipantId participant;
  };
  std::filesystem::path folder_;
  std::mt19937_64 random_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::int64_t people_ = 0;
  std::vector<Correctable> open_;
};

inline Bitset everyone() { return Bitset(100'000, true); }

/// The rows of a reading, in an order that does not depend on how the people are spread over segments.
inline Streams sorted_rows(const index::Reading& reading) {
  auto streams = read_out(reading).streams;
  for (auto& [key, rows] : streams) {
    std::ranges::stable_sort(rows, {}, &ReadRow::participant);
  }
  return streams;
}

/// Whether the store gives back at the head what the ledger holds at it.
inline testing::AssertionResult agrees(index::Store& store, Registry& registry, const ledger::Head& head) {
  const auto reading = store.reading(ledger::test_key(), head, everyone());
  if (!reading) return testing::AssertionFailure() << reading.error().text();
  std::size_t people = 0;
  for (const auto& segment : reading->segments()) people += segment.covered().count();
  const auto wanted = registry.ledger().participant_count(head).value();
  if (people != static_cast<std::size_t>(wanted)) return testing::AssertionFailure() << people << " people, not " << wanted;
  if (sorted_rows(*reading) != expected_rows(registry.facts(head))) return testing::AssertionFailure() << "other rows than the ledger's";
  if (const auto checked = reading->checked(); !checked) return testing::AssertionFailure() << checked.error().text();
  return testing::AssertionSuccess();
}

}  // namespace skerry::test
