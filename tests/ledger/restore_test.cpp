// Every fact that can be made comes back from the ledger as it went in.
#include <rapidcheck.h>

#include "fact/generators.hpp"
#include "fixture.hpp"
#include "ledger/sqlite.hpp"

namespace skerry::ledger {
namespace {

TEST(Restore, EveryFactComesBackAsItWentIn) {
  const TemporaryFolder folder;
  auto ledger = must(Ledger::create(folder.path()));
  std::vector<Fact> stored;
  const bool appended = rc::check("append", [&] {
    const auto count = *rc::gen::inRange(0, 4);
    std::vector<Batch> batches(static_cast<std::size_t>(count));
    for (auto& batch : batches) batch.facts = *rc::gen::resize(8, rc::gen::container<std::vector<Fact>>(generators::statement()));
    const auto receipts = ledger->append("tester", batches);
    RC_ASSERT(receipts.has_value());
    for (const auto& batch : batches) stored.insert(stored.end(), batch.facts.begin(), batch.facts.end());
  });
  ASSERT_TRUE(appended);
  ASSERT_GT(stored.size(), 100U);
  for (const bool again : {false, true}) {
    if (again) {
      ledger.reset();
      ledger = must(Ledger::open(folder.path()));
    }
    const auto facts = history(*ledger);
    ASSERT_EQ(facts.size(), stored.size());
    for (std::size_t i = 0; i < facts.size(); ++i) {
      EXPECT_EQ(facts[i].id.number, static_cast<std::int64_t>(i) + 1);
      EXPECT_TRUE(same_statement(facts[i], stored[i])) << "value " << stored[i].value.index();
    }
  }
  const auto verified = must(ledger->verify());
  EXPECT_TRUE(verified.faults.empty()) << verified.faults.front().text();
}

TEST(Restore, LongCodesComeBackAndLongRecordsAreStoredOnce) {
  const TemporaryFolder folder;
  auto ledger = must(Ledger::create(folder.path()));
  const std::string long_label(100'000, 'l');
  Batch batch;
  for (int i = 0; i < 50; ++i) {
    batch.facts.push_back(feature("HP:1", long_label));
    batch.facts.back().value = Record{"{\"resources\":\"" + std::string(20'000, 'r') + "\"}"};
  }
  must(ledger->append("tester", std::vector{batch}));
  for (const auto& fact : history(*ledger)) EXPECT_TRUE(same_statement(fact, batch.facts.front()));
  auto connection = must(Connection::open(folder.path() / "ledger.sqlite", Connection::Mode::read_only));
  EXPECT_EQ(must(connection.number("SELECT count(*) FROM content")), 1);
}

TEST(Restore, PeopleCanAskTheFileThemselves) {
  const TemporaryFolder folder;
  auto ledger = must(Ledger::create(folder.path()));
  Batch batch;
  batch.facts = {feature("HP:0034282", "Subcutaneous ossification")};
  batch.facts[0].when = When::at(PartialDate{2019, 6, 0});
  batch.facts[0].where = {{"SCT:40983000", "upper arm"}, Side::left};
  must(ledger->append("tester", std::vector{batch}));
  auto connection = must(Connection::open(folder.path() / "ledger.sqlite", Connection::Mode::read_only));
  auto rows = must(Statement::prepare(connection, "SELECT kind, code, status, first_day, last_day, site, side, source FROM statement"));
  ASSERT_TRUE(must(rows.step()));
  const std::string_view expected[] = {"feature",    "HP:0034282",   "present", "2019-06-01",
                                       "2019-06-30", "SCT:40983000", "left",    "PMID:25802881"};
  for (int i = 0; i < 8; ++i) EXPECT_EQ(rows.bytes(i), expected[i]);
}

}  // namespace
}  // namespace skerry::ledger
