#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <limits>

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

TEST_F(AppendTest, ReferencesInsideABatchBecomeIds) {
  append_one({{}, {feature("HP:1")}, {}, {}, {}});
  Batch batch{{}, {feature("SCT:65801008"), feature("skerry:regrowth-after-excision"), feature("HP:2")}, {}, {}, {}};
  batch.facts[1].part_of.number = -1;
  batch.facts[2].supersedes.number = -2;
  const auto receipt = append_one(batch);
  EXPECT_EQ(receipt.first_fact.number, 2);
  const auto facts = history(*ledger);
  EXPECT_EQ(facts[2].part_of.number, 2);
  EXPECT_EQ(facts[3].supersedes.number, 3);
}

TEST_F(AppendTest, WrongReferencesAreRefusedAndNothingIsStored) {
  const auto first = append_one({{}, {feature("HP:1")}, {}, {}, {}});
  append_one({{}, {feature("HP:2")}, {}, {}, {}});
  const auto try_with = [&](ParticipantId participant, std::int64_t part_of, std::int64_t supersedes) {
    Batch batch{participant, {feature("HP:3"), feature("HP:4")}, {}, {}, {}};
    batch.facts[1].part_of.number = part_of;
    batch.facts[1].supersedes.number = supersedes;
    return refused(batch);
  };
  EXPECT_EQ(try_with({9}, 0, 0).code, ErrorCode::not_found);
  EXPECT_EQ(try_with({-1}, 0, 0).code, ErrorCode::not_found);
  EXPECT_EQ(try_with(first.participant, 99, 0).code, ErrorCode::not_found);
  EXPECT_EQ(try_with(first.participant, 2, 0).code, ErrorCode::conflict);
  EXPECT_EQ(try_with({}, 1, 0).code, ErrorCode::conflict);
  EXPECT_EQ(try_with(first.participant, -2, 0).code, ErrorCode::not_found);
  EXPECT_EQ(try_with(first.participant, 0, -5).code, ErrorCode::not_found);
  EXPECT_EQ(try_with(first.participant, std::numeric_limits<std::int64_t>::min(), 0).code, ErrorCode::not_found);
  EXPECT_EQ(try_with(first.participant, 2, 0).place.path, "/0/facts/1/part_of");
}

TEST_F(AppendTest, AFactIsCorrectedOnceOnly) {
  const auto first = append_one({{}, {feature("HP:1")}, {}, {}, {}});
  Batch correction{first.participant, {feature("HP:1", "", Status::absent)}, {}, {}, {}};
  correction.facts[0].supersedes = first.first_fact;
  append_one(correction);
  EXPECT_EQ(refused(correction).code, ErrorCode::conflict);
}

TEST_F(AppendTest, OneBadFactAmongManyKeepsAllOut) {
  std::vector<Batch> batches(3);
  for (auto& batch : batches) batch.facts = {feature("HP:1", "one"), feature("HP:2", "two")};
  batches[2].facts[1].code.id.clear();
  batches[0].identity = Identity{R"({"name":"participant 1"})"};
  const auto result = ledger->append("tester", batches);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().place.path, "/2/facts/1/code");
  EXPECT_TRUE(history(*ledger).empty());
  EXPECT_TRUE(must(ledger->participants(test_key(), Head{9, {}, 9, {}})).empty());
  // The codes the failed transaction had brought are stored by the next one.
  append_one({{}, {feature("HP:1", "one")}, {}, {}, {}});
  reopen();
  EXPECT_EQ(history(*ledger).at(0).code.label, "one");
  EXPECT_TRUE(must(ledger->verify()).faults.empty());
}

TEST_F(AppendTest, CorrectionsAmongManyFactsStandWhereTheyWereSaid) {
  const auto first = append_one({{}, {feature("HP:1"), feature("HP:2")}, {}, {}, {}});
  Batch batch{first.participant, {}, {}, {}, {}};
  for (int i = 0; i < 29; ++i) {
    auto& fact = batch.facts.emplace_back(feature("HP:" + std::to_string(i), i % 2 == 0 ? "even" : ""));
    fact.source.reference = "PMID:" + std::to_string(i / 3);
    if (i % 3 == 0) fact.value = Text{"text " + std::to_string(i)};
    if (i % 5 == 0) fact.value = Quantity{i / 2.0, {"UCUM:cm", ""}, {}};
    if (i % 7 == 0) fact.when = When::at(PartialDate{2020, 1, 1});
    if (i > 1) fact.part_of = FactId{i % 4 == 0 ? -i : 1};
  }
  batch.facts[11].supersedes = first.first_fact;
  batch.facts[20].supersedes = FactId{-20};  // the one before it
  append_one(batch);
  const auto facts = history(*ledger);
  ASSERT_EQ(facts.size(), 31U);
  for (std::size_t i = 0; i < batch.facts.size(); ++i) EXPECT_TRUE(same_statement(facts[i + 2], batch.facts[i])) << i;
  EXPECT_EQ(facts[13].supersedes.number, 1);
  EXPECT_EQ(facts[22].supersedes.number, 22);
  EXPECT_EQ(facts[10].part_of.number, 10);
  EXPECT_EQ(current_facts(*ledger, must(ledger->head())).size(), 29U);
  EXPECT_TRUE(must(ledger->verify()).faults.empty());
  // Refused for the 18th of them: none of the others is stored, nor with the next write.
  batch.facts[11].supersedes = {};
  batch.facts[17].supersedes = first.first_fact;
  const auto error = refused(batch);
  EXPECT_EQ(error.code, ErrorCode::conflict);
  EXPECT_EQ(error.place.path, "/0/facts/17/supersedes");
  append_one({{}, {feature("HP:1")}, {}, {}, {}});
  EXPECT_EQ(history(*ledger).size(), 32U);
  EXPECT_TRUE(must(ledger->verify()).faults.empty());
}

TEST_F(AppendTest, ManyCodesOfAFailedWriteAreStoredByTheNext) {
  Batch batch;
  for (int i = 0; i < 300; ++i) batch.facts.push_back(feature("HP:" + std::to_string(i), "label " + std::to_string(i)));
  batch.facts[299].code.id.clear();
  EXPECT_EQ(refused(batch).place.path, "/0/facts/299/code");
  batch.facts.pop_back();
  std::reverse(batch.facts.begin(), batch.facts.end());
  append_one(batch);
  append_one(batch);
  const auto facts = history(*ledger);
  ASSERT_EQ(facts.size(), 598U);
  for (std::size_t i = 0; i < facts.size(); ++i) EXPECT_EQ(facts[i].code, batch.facts[i % 299].code);
  EXPECT_TRUE(must(ledger->verify()).faults.empty());
}

TEST_F(AppendTest, ALargeWriteVerifiesAndAFailedOneLeavesNothing) {
  std::vector<Batch> batches(5);
  for (auto& batch : batches) {
    for (int i = 0; i < 601; ++i) batch.facts.push_back(feature("HP:" + std::to_string(i % 50)));
    batch.consents = {ConsentRecord{{}, Purpose::own_care, Decision::granted, Basis::consent, "text", "participant", {}, {}}};
  }
  must(ledger->append("tester", batches));
  EXPECT_TRUE(must(ledger->verify()).faults.empty());
  batches[4].facts[600].code.id.clear();
  const auto refusal = ledger->append("tester", batches);
  ASSERT_FALSE(refusal);
  EXPECT_EQ(refusal.error().place.path, "/4/facts/600/code");
  EXPECT_EQ(must(ledger->verify()).facts, 3'005);
  reopen();
  EXPECT_TRUE(must(ledger->verify()).faults.empty());
}

TEST_F(AppendTest, OnlySomeParticipantsAreReadInTheirOrderAndUntilToldToStop) {
  for (int i = 0; i < 3; ++i) append_one({{}, {feature("HP:" + std::to_string(i))}, {}, {}, {}});
  append_one({ParticipantId{1}, {feature("HP:9")}, {}, {}, {}});
  const auto some = current_facts(*ledger, must(ledger->head()), std::vector{ParticipantId{1}, ParticipantId{3}});
  ASSERT_EQ(some.size(), 3U);
  EXPECT_EQ(some[0].code.id, "HP:0");
  EXPECT_EQ(some[1].code.id, "HP:9");
  EXPECT_EQ(some[2].code.id, "HP:2");
  int seen = 0;
  must(ledger->read(test_key(), must(ledger->head()), std::nullopt, [&](const Fact&) { return ++seen < 2; }));
  EXPECT_EQ(seen, 2);
  EXPECT_TRUE(current_facts(*ledger, Head{}).empty());
}

TEST_F(AppendTest, ConsentsAreListedUpToAHead) {
  const ConsentRecord granted{{}, Purpose::registry_research, Decision::granted, Basis::guardian_consent, "text-1/en", "mother", {1'000, 5},
                              {}};
  const auto receipt = append_one({{}, {}, {granted}, {}, {}});
  const auto earlier = must(ledger->head());
  auto withdrawn = granted;
  withdrawn.decision = Decision::withdrawn;
  append_one({receipt.participant, {}, {withdrawn}, {}, {}});
  auto expected = granted;
  expected.participant = receipt.participant;
  expected.recorded_at = earlier.at;
  EXPECT_THAT(must(ledger->consents(earlier)), testing::ElementsAre(expected));
  EXPECT_EQ(must(ledger->consents(must(ledger->head()))).size(), 2U);
  auto wrong = granted;
  wrong.purpose = static_cast<Purpose>(99);
  EXPECT_EQ(refused({{}, {}, {wrong}, {}, {}}).code, ErrorCode::unknown_value);
}

TEST_F(AppendTest, OriginsAreFoundByKeyAndByFormat) {
  const Origin origin{"phenopacket", "case-1", "a.json", digest_of("a")};
  const auto receipt = append_one({{}, {}, {}, {}, origin});
  append_one({{}, {}, {}, {}, Origin{"phenopacket", "case-2", "b.json", digest_of("b")}});
  const auto hits = must(ledger->find_origin("phenopacket", "case-1"));
  ASSERT_EQ(hits.size(), 1U);
  EXPECT_EQ(hits[0].participant, receipt.participant);
  EXPECT_EQ(hits[0].origin, origin);
  EXPECT_TRUE(must(ledger->find_origin("fhir", "case-1")).empty());
  EXPECT_EQ(must(ledger->origins("phenopacket")).size(), 2U);
}

TEST_F(AppendTest, OpeningsAreAuditedAndDoNotMoveTheHead) {
  append_one({{}, {feature("HP:1")}, {}, {}, {}});
  const auto head = must(ledger->head());
  must(ledger->audit("researcher 1", "open_view", "registry_research, 1 participants"));
  must(ledger->append_release("steward 1", "study-1", "row 1"));
  EXPECT_EQ(must(ledger->head()), head);
  reopen();
  EXPECT_EQ(must(ledger->head()), head);
  const auto entries = must(ledger->audit_entries(1, 10));
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[0].actor, "tester");
  EXPECT_EQ(entries[0].action, "append");
  EXPECT_EQ(entries[0].chain, head.chain);
  EXPECT_EQ(entries[1].action, "open_view");
  EXPECT_EQ(entries[2].detail, "study-1");
  EXPECT_EQ(must(ledger->audit_entries(3, 10)).size(), 1U);
  EXPECT_THAT(must(ledger->releases("study-1")), testing::ElementsAre("row 1"));
  EXPECT_TRUE(must(ledger->releases("study-2")).empty());
  EXPECT_EQ(must(ledger->releases()).size(), 1U);
  EXPECT_EQ(ledger->head_at(2).error().code, ErrorCode::not_found);
}

TEST_F(AppendTest, NothingOfAPersonIsInTheAuditOrInTheFilesInTheClear) {
  append_one({{}, {feature("HP:1")}, {}, Identity{R"({"dateOfBirth":"2011-05-02"})"}, {}});
  for (const auto& entry : must(ledger->audit_entries(1, 10))) EXPECT_THAT(entry.detail, testing::Not(HasSubstr("HP:1")));
  ledger.reset();
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder.path())) {
    if (!file.is_regular_file()) continue;
    std::ifstream stream(file.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(stream)), {});
    EXPECT_THAT(bytes, testing::Not(HasSubstr("2011-05-02"))) << file.path();
    const auto others = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
    EXPECT_EQ(file.status().permissions() & others, std::filesystem::perms::none) << file.path();
  }
}

}  // namespace
}  // namespace skerry::ledger
