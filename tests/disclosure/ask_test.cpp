// From a ledger to a released figure, and what becomes of it when people come and go.
#include "disclosure/ask.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <boost/json.hpp>
#include <filesystem>
#include <thread>

#include "cohort/people.hpp"

namespace skerry::disclosure {
namespace {

using cohort::study_of;
using evidence::Mark;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

class AskTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "skerry-ask-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    auto made = ledger::Ledger::create(directory_);
    ASSERT_TRUE(made) << made.error().text();
    ledger_ = std::move(*made);
    gate_.emplace(*ledger_);
  }
  void TearDown() override {
    gate_.reset();
    ledger_.reset();
    std::filesystem::remove_all(directory_);
  }

  std::vector<ParticipantId> add(int people, const std::vector<std::string>& codes, bool consents = true) {
    std::vector<ledger::Batch> batches(static_cast<std::size_t>(people));
    for (auto& batch : batches) {
      for (const auto& code : codes) {
        Fact fact;
        fact.code.id = code[0] == '-' ? code.substr(1) : code;
        fact.status = code[0] == '-' ? Status::absent : Status::present;
        batch.facts.push_back(std::move(fact));
      }
      if (!consents) continue;
      ConsentRecord record;
      record.purpose = Purpose::public_figures;
      record.text_version = "consent-1/en";
      record.given_by = "participant";
      record.decided_at = Instant::now();
      batch.consents.push_back(std::move(record));
    }
    const auto receipts = ledger_->append("test", batches);
    EXPECT_TRUE(receipts) << receipts.error().text();
    std::vector<ParticipantId> out;
    for (const auto& receipt : *receipts) out.push_back(receipt.participant);
    return out;
  }

  Result<Released<Figure>> ask(const cohort::Study& study) {
    return disclosure::ask(study, {*ledger_, *gate_, {consent::Role::system, "test"}, vocabulary_});
  }
  Figure figure(const cohort::Study& study) {
    auto out = ask(study);
    EXPECT_TRUE(out) << out.error().text();
    return out ? **out : Figure{};
  }
  std::size_t released() { return ledger_->releases()->size(); }

  std::filesystem::path directory_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::optional<consent::Gate> gate_;
  vocabulary::Vocabulary vocabulary_ = cohort::letters();
  cohort::Study count_ = study_of(R"({"code":"X:C"})");
  cohort::Study proportion_ = study_of(R"({"everyone":true})", R"("statistic":{"type":"proportion","of":{"code":"X:B"}})");
};

constexpr auto earlier = "figure.earlier_snapshot";

TEST_F(AskTest, CountsOnlyWhoConsented) {
  add(12, {"X:A"});
  add(9, {"X:A"}, false);
  EXPECT_EQ(figure(count_).people.number, 12);
}

TEST_F(AskTest, TheSameQuestionIsRecordedOnce) {
  add(12, {"X:A"});
  const auto first = figure(count_);
  EXPECT_EQ(first, figure(count_));
  EXPECT_EQ(released(), 1u);
  EXPECT_EQ(first.snapshot.sequence, ledger_->head()->sequence);
  EXPECT_EQ(first.snapshot.chain, ledger_->head()->chain);
}

TEST_F(AskTest, AnEarlierReleaseStandsUntilAFloorOfPeopleCame) {
  add(12, {"X:A"});
  const auto first = figure(count_);
  add(1, {"X:A"});
  auto second = figure(count_);
  EXPECT_EQ(second.people.number, 12);
  EXPECT_EQ(second.snapshot, first.snapshot);
  EXPECT_THAT(second.notes, Contains(Field(&evidence::Note::key, earlier)));
  add(3, {"X:A"});
  EXPECT_EQ(figure(count_).people.number, 12);
  add(1, {"X:A"});
  second = figure(count_);
  EXPECT_EQ(second.people.number, 17);
  EXPECT_THAT(second.notes, IsEmpty());
  EXPECT_EQ(released(), 2u);
}

TEST_F(AskTest, AWithdrawalCannotBeSeenInTheDifference) {
  const auto people = add(12, {"X:A"});
  ASSERT_EQ(figure(count_).people.number, 12);
  ConsentRecord record;
  record.purpose = Purpose::public_figures;
  record.decision = Decision::withdrawn;
  record.text_version = "consent-1/en";
  record.given_by = "participant";
  record.decided_at = Instant::now();
  ASSERT_TRUE(gate_->record({consent::Role::participant, "test"}, people[0], record));
  EXPECT_EQ(figure(count_).people.number, 12) << "what was released stands";
}

TEST_F(AskTest, AChangedRecordIsAChangeToo) {
  add(10, {"X:B"});
  add(10, {"-X:B"});
  add(6, {"X:C"});
  ASSERT_EQ(figure(proportion_).rows[0].present.number, 10);
  add(2, {"X:B"});
  EXPECT_EQ(figure(proportion_).rows[0].recorded.number, 20);
}

TEST_F(AskTest, AnotherStudyOfNearlyTheSamePeopleIsToldAsOfThen) {
  add(12, {"X:A"});
  ASSERT_EQ(figure(count_).people.number, 12);
  add(2, {"X:A"});
  // 14 people now, 12 then: the new study is answered from the snapshot of the old.
  const auto other = figure(study_of(R"({"any":[{"code":"X:B"},{"code":"X:A"}]})"));
  EXPECT_EQ(other.people.number, 12);
  EXPECT_EQ(other.snapshot.sequence, 1);
  EXPECT_THAT(other.notes, Contains(Field(&evidence::Note::key, earlier)));
}

TEST_F(AskTest, AllButOneIsNotReleased) {
  add(12, {"X:A"});
  add(1, {"X:A", "X:arm"});
  ASSERT_EQ(figure(count_).people.number, 13);
  const auto refused = ask(study_of(R"({"all":[{"code":"X:C"},{"not":{"code":"X:arm"}}]})"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::disclosure_refused);
  EXPECT_EQ(refused.error().message, "not released");
}

TEST_F(AskTest, ASnapshotOfTheLedgerCanBeNamed) {
  add(12, {"X:A"});
  add(8, {"X:A"});
  const auto then = study_of(R"({"code":"X:C"})", R"("statistic":{"type":"count"},"snapshot":1)");
  EXPECT_EQ(figure(then).people.number, 12);
  const auto never = ask(study_of(R"({"code":"X:C"})", R"("statistic":{"type":"count"},"snapshot":99)"));
  ASSERT_FALSE(never);
  EXPECT_EQ(never.error().code, ErrorCode::not_found);
}

TEST_F(AskTest, SaysFewInWordsAndNoPercentage) {
  add(2, {"X:B"});
  add(12, {"-X:B"});
  const auto out = ask(proportion_);
  ASSERT_TRUE(out) << out.error().text();
  EXPECT_THAT(to_text(*out), HasSubstr("fewer than 5 of 14 people"));
  EXPECT_THAT(to_csv(*out), HasSubstr(",,few,14,open,"));
  const auto json = boost::json::parse(to_json(*out));
  EXPECT_TRUE(json.at("rows").at(0).at("present").at("number").is_null());
  EXPECT_EQ(json.at("rows").at(0).at("present").at("mark"), "few");
}

TEST_F(AskTest, SaysPeopleBelowTwentyWithoutPercent) {
  add(6, {"X:B"});
  add(12, {"-X:B"});
  const auto out = ask(proportion_);
  ASSERT_TRUE(out) << out.error().text();
  EXPECT_THAT(to_text(*out), HasSubstr("6 of 18 people\n"));
  EXPECT_FALSE((*out)->rows[0].proportion);
  EXPECT_TRUE((*out)->rows[0].interval);
}

TEST_F(AskTest, NobodyIsAnAnswerToo) {
  const auto empty = figure(count_);
  EXPECT_EQ(empty.people.number, 0);
  EXPECT_EQ(figure(proportion_).rows[0].recorded.number, 0);
}

TEST_F(AskTest, ManyAskAtOnce) {
  add(12, {"X:A"});
  std::vector<std::jthread> askers;
  for (int i = 0; i < 8; ++i) askers.emplace_back([this] { EXPECT_TRUE(ask(count_)); });
  askers.clear();
  EXPECT_EQ(released(), 1u);
}

}  // namespace
}  // namespace skerry::disclosure
