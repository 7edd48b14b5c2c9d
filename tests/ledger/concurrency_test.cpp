#include <atomic>
#include <thread>

#include "fixture.hpp"

namespace skerry::ledger {
namespace {

// Each append brings one participant with ten facts: whatever head a reader takes, it must see ten facts a participant.
TEST(Concurrency, ReadersSeeASnapshotWhileAWriterAppends) {
  const TemporaryFolder folder;
  const auto ledger = must(Ledger::create(folder.path()));
  std::atomic<bool> done = false;
  std::atomic<int> wrong = 0, readings = 0;
  const auto read_on = [&] {
    while (!done) {
      const auto head = ledger->head();
      std::int64_t seen = 0, last = 0;
      const auto read = ledger->read(test_key(), *head, std::nullopt, [&](const Fact& fact) {
        ++seen;
        if (fact.id.number <= last || fact.code.label.empty()) ++wrong;
        last = fact.id.number;
        return true;
      });
      if (!read || seen != head->facts || seen != head->sequence * 10) ++wrong;
      if (!ledger->consents(*head) || !ledger->find_origin("phenopacket", "x") || !ledger->audit_entries(1, 5)) ++wrong;
      ++readings;
    }
  };
  {
    std::vector<std::jthread> readers;
    for (int i = 0; i < 3; ++i) readers.emplace_back(read_on);
    std::jthread auditor([&] {
      while (!done) {
        if (!ledger->audit("researcher 1", "open_view", "registry_research")) ++wrong;
      }
    });
    for (int i = 0; i < 60; ++i) {
      Batch batch;
      for (int j = 0; j < 10; ++j)
        batch.facts.push_back(feature("HP:" + std::to_string(i * 10 + j), "feature " + std::to_string(i * 10 + j)));
      batch.identity = Identity{"{}"};
      if (!ledger->append("tester", std::span(&batch, 1))) ++wrong;
    }
    done = true;
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(readings, 0);
  EXPECT_EQ(must(ledger->head()).facts, 600);
  EXPECT_TRUE(must(ledger->verify()).faults.empty());
}

// A visitor may use the ledger itself, as a page that reads and audits does.
TEST(Concurrency, AVisitorMayWrite) {
  const TemporaryFolder folder;
  const auto ledger = must(Ledger::create(folder.path()));
  must(ledger->append("tester", std::vector{Batch{{}, {feature("HP:1"), feature("HP:2")}, {}, {}, {}}}));
  int seen = 0;
  must(ledger->read(test_key(), must(ledger->head()), std::nullopt, [&](const Fact& fact) {
    must(ledger->append("tester", std::vector{Batch{fact.participant, {feature("HP:3")}, {}, {}, {}}}));
    return ++seen < 10;
  }));
  EXPECT_EQ(seen, 2);
}

}  // namespace
}  // namespace skerry::ledger
