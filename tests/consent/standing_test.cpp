#include "consent/standing.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>

#include "consent/view.hpp"

namespace skerry::consent {
namespace {

ConsentRecord decision(std::int64_t participant, Decision decided, Basis basis = Basis::consent,
                       Purpose purpose = Purpose::registry_research) {
  ConsentRecord record;
  record.participant = {participant};
  record.purpose = purpose;
  record.decision = decided;
  record.basis = basis;
  record.text_version = "poh-consent-1.0/en";
  record.given_by = "participant";
  return record;
}

constexpr auto granted = Decision::granted;
constexpr auto withdrawn = Decision::withdrawn;

bool stands(std::vector<ConsentRecord> records) { return !standings(records, Purpose::registry_research).empty(); }

TEST(Standing, NobodyIsInWithoutADecision) {
  EXPECT_TRUE(standings({}, Purpose::registry_research).empty());
  EXPECT_TRUE(standings(std::vector{decision(1, withdrawn)}, Purpose::registry_research).empty());
}

TEST(Standing, TheLatestRecordedDecisionHolds) {
  EXPECT_TRUE(stands({decision(1, granted)}));
  EXPECT_FALSE(stands({decision(1, granted), decision(1, withdrawn)}));
  EXPECT_TRUE(stands({decision(1, granted), decision(1, withdrawn), decision(1, granted)}));
}

TEST(Standing, WhenItWasDecidedDoesNotOutweighWhenItWasRecorded) {
  auto later = decision(1, granted);
  later.decided_at = {2'000'000'000, 0};
  auto earlier = decision(1, withdrawn);
  earlier.decided_at = {1'000'000'000, 0};
  EXPECT_FALSE(stands({later, earlier}));
}

TEST(Standing, EachPurposeIsDecidedByItself) {
  const std::vector records{decision(1, granted, Basis::consent, Purpose::public_figures), decision(1, withdrawn),
                            decision(2, granted, Basis::consent, Purpose::recontact)};
  EXPECT_EQ(standings(records, Purpose::public_figures), (std::vector{Standing{{1}, Basis::consent}}));
  EXPECT_TRUE(standings(records, Purpose::registry_research).empty());
  EXPECT_EQ(standings(records, Purpose::recontact), (std::vector{Standing{{2}, Basis::consent}}));
  EXPECT_TRUE(standings(records, Purpose::own_care).empty());
}

TEST(Standing, APublishedCaseIsInUntilItIsWithdrawnAndDoesNotComeBackByPublication) {
  EXPECT_TRUE(stands({decision(1, granted, Basis::published)}));
  EXPECT_FALSE(stands({decision(1, granted, Basis::published), decision(1, withdrawn)}));
  EXPECT_FALSE(stands({decision(1, granted, Basis::published), decision(1, withdrawn, Basis::published)}));
  EXPECT_FALSE(
      stands({decision(1, granted, Basis::published), decision(1, withdrawn, Basis::published), decision(1, granted, Basis::published)}));
  EXPECT_TRUE(stands({decision(1, granted, Basis::published), decision(1, withdrawn), decision(1, granted)}));
}

TEST(Standing, TheChildsOwnDecisionOutweighsTheGuardiansLaterGrant) {
  EXPECT_TRUE(stands({decision(1, granted, Basis::guardian_consent)}));
  EXPECT_FALSE(stands({decision(1, granted, Basis::guardian_consent), decision(1, withdrawn)}));
  EXPECT_FALSE(
      stands({decision(1, granted, Basis::guardian_consent), decision(1, withdrawn), decision(1, granted, Basis::guardian_consent)}));
  EXPECT_TRUE(stands({decision(1, withdrawn, Basis::guardian_consent), decision(1, granted)}));
}

TEST(Standing, AGuardiansWithdrawalHoldsUntilThePersonGrantsAgain) {
  std::vector records{decision(1, granted), decision(1, withdrawn, Basis::guardian_consent)};
  EXPECT_FALSE(stands(records));
  records.push_back(decision(1, granted, Basis::guardian_consent));
  EXPECT_FALSE(stands(records));
  records.push_back(decision(1, granted));
  EXPECT_TRUE(stands(records));
}

TEST(Standing, TheStrongestBasisOfAStandingGrantIsTold) {
  const auto basis = [](std::vector<ConsentRecord> records) { return standings(records, Purpose::registry_research).at(0).basis; };
  EXPECT_EQ(basis({decision(1, granted, Basis::published)}), Basis::published);
  EXPECT_EQ(basis({decision(1, granted, Basis::published), decision(1, granted)}), Basis::consent);
  EXPECT_EQ(basis({decision(1, granted), decision(1, granted, Basis::published)}), Basis::consent);
}

TEST(Standing, OnlyAGrantThatChangesNothingDoesNotCount) {
  const std::vector records{decision(1, withdrawn)};
  EXPECT_FALSE(counts_after(records, decision(1, granted, Basis::guardian_consent)));
  EXPECT_TRUE(counts_after(records, decision(1, granted)));
  EXPECT_TRUE(counts_after(records, decision(1, withdrawn, Basis::guardian_consent)));
  EXPECT_TRUE(counts_after(records, decision(2, granted, Basis::guardian_consent)));
  EXPECT_TRUE(counts_after(records, decision(1, granted, Basis::guardian_consent, Purpose::public_figures)));
}

// The rules said over again, for one participant and purpose, without keeping a state.
bool model_stands(const std::vector<ConsentRecord>& course) {
  const auto weight = [](const ConsentRecord& record) {
    if (record.basis == Basis::consent) return 2;
    return record.basis == Basis::guardian_consent || record.decision == withdrawn ? 1 : 0;
  };
  std::size_t from = 0;
  for (std::size_t i = 0; i < course.size(); ++i) {
    if (course[i].decision == withdrawn) from = i + 1;
  }
  for (std::size_t i = from; i < course.size(); ++i) {
    bool outweighed = false;
    for (std::size_t j = 0; j < from; ++j) outweighed = outweighed || weight(course[j]) > weight(course[i]);
    if (!outweighed) return true;
  }
  return false;
}

RC_GTEST_PROP(StandingProperty, AgreesWithTheRulesOnAnyCourseOfDecisions, ()) {
  const auto purposes = std::vector{Purpose::registry_research, Purpose::public_figures};
  const auto records = *rc::gen::container<std::vector<ConsentRecord>>(rc::gen::map(
      rc::gen::tuple(rc::gen::inRange<std::int64_t>(1, 4), rc::gen::element(granted, withdrawn),
                     rc::gen::element(Basis::consent, Basis::guardian_consent, Basis::published), rc::gen::elementOf(purposes)),
      [](const auto& parts) { return decision(std::get<0>(parts), std::get<1>(parts), std::get<2>(parts), std::get<3>(parts)); }));
  for (const Purpose purpose : purposes) {
    std::vector<ParticipantId> expected;
    for (std::int64_t number = 1; number < 4; ++number) {
      std::vector<ConsentRecord> course;
      for (const auto& record : records) {
        if (record.participant.number == number && record.purpose == purpose) course.push_back(record);
      }
      if (model_stands(course)) expected.push_back({number});
    }
    std::vector<ParticipantId> found;
    for (const auto& standing : standings(records, purpose)) found.push_back(standing.participant);
    RC_ASSERT(found == expected);
  }
}

RC_GTEST_PROP(StandingProperty, AWithdrawalLastLeavesNobodyIn, ()) {
  auto records = *rc::gen::container<std::vector<ConsentRecord>>(rc::gen::map(
      rc::gen::tuple(rc::gen::element(granted, withdrawn), rc::gen::element(Basis::consent, Basis::guardian_consent, Basis::published)),
      [](const auto& parts) { return decision(1, std::get<0>(parts), std::get<1>(parts)); }));
  records.push_back(decision(1, withdrawn, *rc::gen::element(Basis::consent, Basis::guardian_consent, Basis::published)));
  RC_ASSERT(standings(records, Purpose::registry_research).empty());
}

TEST(PurposeNames, ReadBackAsTheyAreWritten) {
  for (const Purpose purpose : {Purpose::own_care, Purpose::registry_research, Purpose::federated_studies, Purpose::public_figures,
                                Purpose::recontact, Purpose::story_publication}) {
    EXPECT_EQ(parse_purpose(name_of(purpose)), purpose);
  }
  EXPECT_EQ(parse_purpose("marketing").error().code, ErrorCode::unknown_value);
  EXPECT_EQ(parse_purpose("").error().code, ErrorCode::unknown_value);
}

}  // namespace
}  // namespace skerry::consent
