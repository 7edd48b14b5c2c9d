#include <gmock/gmock.h>

#include "fixture.hpp"

namespace skerry::ledger {
namespace {

using testing::HasSubstr;

class AppendTest : public testing::Test {
 protected:
  TemporaryFolder folder;
  std::unique_ptr<Ledger> ledger = must(Ledger::create(folder.path()));

  void reopen() {
    ledger.reset();
    ledger = must(Ledger::open(folder.path()));
  }
  Receipt append_one(Batch batch) { return must(ledger->append("tester", std::span(&batch, 1))).front(); }
  Error refused(const Batch& batch) {
    const auto before = must(ledger->head());
    const auto result = ledger->append("tester", std::span(&batch, 1));
    EXPECT_FALSE(result);
    EXPECT_EQ(must(ledger->head()), before);
    EXPECT_EQ(history(*ledger).size(), static_cast<std::size_t>(before.facts));
    return result ? Error{} : result.error();
  }
};

TEST_F(AppendTest, AnEmptyLedgerHasNothing) {
  EXPECT_EQ(must(ledger->head()), Head{});
  EXPECT_TRUE(history(*ledger).empty());
}

TEST_F(AppendTest, WhatGoesInComesOutAlsoAfterReopening) {
  Batch batch;
  batch.facts = {feature("HP:0034282", "Subcutaneous ossification"), feature("HP:0001156", "", Status::absent)};
  const auto receipt = append_one(batch);
  EXPECT_EQ(receipt.participant.number, 1);
  EXPECT_EQ(receipt.first_fact.number, 1);
  reopen();
  const auto facts = current_facts(*ledger, must(ledger->head()));
  ASSERT_EQ(facts.size(), 2U);
  EXPECT_TRUE(same_statement(facts[0], batch.facts[0]));
  EXPECT_TRUE(same_statement(facts[1], batch.facts[1]));
  EXPECT_EQ(facts[1].id.number, 2);
  EXPECT_EQ(facts[1].participant.number, 1);
  EXPECT_EQ(facts[1].recorded_at, must(ledger->head()).at);
}

TEST_F(AppendTest, ACorrectionHidesWhatItCorrectsButNotFromHistoryNorFromAnEarlierHead) {
  const auto first = append_one({{}, {feature("HP:0034282")}, {}, {}, {}});
  const auto earlier = must(ledger->head());
  auto correction = feature("HP:0034282", "", Status::absent);
  correction.supersedes = first.first_fact;
  append_one({first.participant, {correction}, {}, {}, {}});
  const auto now = current_facts(*ledger, must(ledger->head()));
  ASSERT_EQ(now.size(), 1U);
  EXPECT_EQ(now[0].status, Status::absent);
  const auto then = current_facts(*ledger, earlier);
  ASSERT_EQ(then.size(), 1U);
  EXPECT_EQ(then[0].status, Status::present);
  EXPECT_EQ(history(*ledger).size(), 2U);
  EXPECT_EQ(must(ledger->head_at(1)), earlier);
}

TEST_F(AppendTest, ARetractionLeavesNothing) {
  const auto first = append_one({{}, {feature("HP:0034282")}, {}, {}, {}});
  auto retraction = feature("HP:0034282", "", Status::retracted);
  retraction.supersedes = first.first_fact;
  append_one({first.participant, {retraction}, {}, {}, {}});
  EXPECT_TRUE(current_facts(*ledger, must(ledger->head())).empty());
}

TEST_F(AppendTest, IdentityIsReadBack) {
  const auto receipt = append_one({{}, {}, {}, Identity{R"({"dateOfBirth":"2011-05-02"})"}, {}});
  EXPECT_FALSE(receipt.first_fact.set());
  reopen();
  EXPECT_EQ(must(ledger->identity(test_key(), receipt.participant)), Identity{R"({"dateOfBirth":"2011-05-02"})"});
  must(ledger->erase_identity("tester", receipt.participant));
  EXPECT_EQ(must(ledger->identity(test_key(), receipt.participant)), std::nullopt);
}

}  // namespace
}  // namespace skerry::ledger
