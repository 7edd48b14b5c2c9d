#include "cohort/select.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cohort/people.hpp"

namespace skerry::cohort {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::int64_t> who(const std::string& cohort, const People& people) {
  const auto study = study_of(cohort);
  std::vector<std::int64_t> out;
  for (const auto id : select(study, people.facts(), letters()).participants) out.push_back(id.number);
  return out;
}

std::vector<Answer> answers(const std::string& of, const People& people) {
  const auto study = study_of(R"({"everyone":true})", R"("statistic":{"type":"proportion","of":)" + of + "}");
  return select(study, people.facts(), letters()).answers.at(0);
}

TEST(Cohort, FindsWhatIsBelowAndOldAndOtherIds) {
  People people;
  people.person().feature("X:A");
  people.person().feature("X:C");
  people.person().feature("X:old-B");
  people.person().feature("X:alt-B");
  people.person().feature("X:unheard-of");
  EXPECT_THAT(who(R"({"code":"X:B"})", people), ElementsAre(1, 3, 4));
  EXPECT_THAT(who(R"({"code":"X:B","exact":true})", people), ElementsAre(3, 4));
  EXPECT_THAT(who(R"({"code":"X:old-B"})", people), ElementsAre(1, 3, 4));
  EXPECT_THAT(who(R"({"code":"X:unheard-of"})", people), ElementsAre(5));
  EXPECT_THAT(who(R"({"code":"X:B","kind":"diagnosis"})", people), IsEmpty());
}

TEST(Cohort, AbsentAndNotRecordedAreTwoThings) {
  People people;
  people.person().feature("X:B");
  people.person().feature("X:B", Status::absent);
  people.person().feature("X:B", Status::not_recorded);
  people.person().feature("X:B", Status::refused);
  people.person().feature("X:C");
  EXPECT_THAT(who(R"({"code":"X:B","status":"absent"})", people), ElementsAre(2));
  EXPECT_THAT(who(R"({"code":"X:B","status":"recorded"})", people), ElementsAre(1, 2));
  EXPECT_THAT(who(R"({"not":{"code":"X:B"}})", people), ElementsAre(2, 3, 4, 5));
  EXPECT_THAT(who(R"({"not":[{"code":"X:B"},{"code":"X:C","exact":true}]})", people), ElementsAre(2, 3, 4));
}

TEST(Cohort, AnAbsenceHoldsForWhatIsBelowIt) {
  People people;
  people.person().feature("X:C", Status::absent);
  people.person().feature("X:A", Status::absent);
  // No C means no B; no A says nothing of B.
  EXPECT_THAT(answers(R"({"code":"X:B"})", people), ElementsAre(Answer::absent, Answer::not_recorded));
}

TEST(Cohort, ContradictionsAreNeitherAndAreSaid) {
  People people;
  people.person().feature("X:B").feature("X:B", Status::absent);
  people.person().feature("X:A").feature("X:C", Status::absent);
  people.person().feature("X:B", Status::absent, age("P1Y")).feature("X:B", Status::present, age("P5Y"));
  people.person().feature("X:B", Status::absent, day("2019")).feature("X:B", Status::present, day("2019-06"));
  people.person().feature("X:B", Status::absent, day("2019")).feature("X:B", Status::present, age("P5Y"));
  EXPECT_THAT(answers(R"({"code":"X:B"})", people),
              ElementsAre(Answer::contradictory, Answer::contradictory, Answer::present, Answer::contradictory, Answer::contradictory));
  EXPECT_THAT(who(R"({"code":"X:B"})", people), ElementsAre(3));
  EXPECT_THAT(who(R"({"not":{"code":"X:B"}})", people), IsEmpty());
  const auto study = study_of(R"({"code":"X:B"})");
  EXPECT_EQ(select(study, people.facts(), letters()).undecided.size(), 4u);
  // One true part decides, whatever else cannot be said.
  EXPECT_THAT(who(R"({"any":[{"code":"X:B"},{"everyone":true}]})", people), ElementsAre(1, 2, 3, 4, 5));
}

TEST(Cohort, ComparesValuesInUnitsThatConvert) {
  People people;
  const auto measured = [&](double number, std::string unit) {
    people.person().add(Kind::measurement, "X:A", Status::present, Quantity{number, {std::move(unit), ""}, {}});
  };
  measured(3, "UCUM:mm");
  measured(5, "UCUM:mm");
  measured(5, "UCUM:cm");
  people.person().add(Kind::measurement, "X:A", Status::present, std::int64_t{7});
  measured(5, "UCUM:kg");
  measured(5, "");
  EXPECT_THAT(who(R"({"code":"X:A","value":{"at_least":5,"unit":"UCUM:mm"}})", people), ElementsAre(2, 3));
  EXPECT_THAT(who(R"({"code":"X:A","value":{"greater":2,"less":5,"unit":"UCUM:mm"}})", people), ElementsAre(1));
  EXPECT_THAT(who(R"({"code":"X:A","value":{"equal":0.5,"unit":"UCUM:cm"}})", people), ElementsAre(2));
  EXPECT_THAT(who(R"({"code":"X:A","value":{"equal":7}})", people), ElementsAre(4));
  EXPECT_THAT(
      answers(R"({"code":"X:A","value":{"at_least":5,"unit":"UCUM:mm"}})", people),
      ElementsAre(Answer::absent, Answer::present, Answer::present, Answer::not_recorded, Answer::not_recorded, Answer::not_recorded));
}

TEST(Cohort, LooksAtSiteAndSide) {
  People people;
  people.person().add(Kind::feature, "X:A").where = {{"X:arm", ""}, Side::left};
  people.person().add(Kind::feature, "X:A").where = {{"X:limb", ""}, Side::both};
  people.person().add(Kind::feature, "X:A");
  people.person().add(Kind::feature, "X:A", Status::absent).where = {{"X:limb", ""}, Side::unknown};
  EXPECT_THAT(who(R"({"code":"X:A","site":"X:limb"})", people), ElementsAre(1, 2));
  EXPECT_THAT(who(R"({"code":"X:A","site":"X:arm"})", people), ElementsAre(1));
  EXPECT_THAT(who(R"({"code":"X:A","side":"right"})", people), ElementsAre(2));
  EXPECT_THAT(who(R"({"code":"X:A","site":"X:arm","status":"absent"})", people), ElementsAre(4));
  EXPECT_THAT(answers(R"({"code":"X:A"})", people), ElementsAre(Answer::present, Answer::present, Answer::present, Answer::not_recorded))
      << "absent in one place is not absent";
}

TEST(Cohort, GroupsByTheValueOfACode) {
  People people;
  people.person().sex(concepts::male);
  people.person().sex(concepts::female);
  people.person().sex(concepts::unknown_sex);
  people.person().feature("X:A");
  people.person().sex(concepts::female).sex(concepts::male);
  const auto study = study_of(R"({"everyone":true})", R"("statistic":{"type":"count"},
    "by":{"code":"skerry:sex","kind":"person","values":["skerry:female","skerry:male"]})");
  EXPECT_THAT(select(study, people.facts(), letters()).group, ElementsAre(1, 0, 2, 2, 3));
}

TEST(Cohort, FindsTheParentOfOrigin) {
  People people;
  Variant variant;
  variant.origin.id = "skerry:paternal";
  people.person().add(Kind::variant, "HGNC:4392", Status::present, variant);
  people.person().add(Kind::variant, "HGNC:4392", Status::present, Variant{});
  EXPECT_THAT(who(R"({"code":"HGNC:4392","origin":"skerry:paternal"})", people), ElementsAre(1));
}

class FollowUpTest : public testing::Test {
 protected:
  People people_;
  void person(When operation) {
    people_.person();
    operation_ = people_.add(Kind::procedure, "X:op", Status::present, {}, std::move(operation)).id;
  }
  void seen(Status status, When when) {
    auto& fact = people_.add(Kind::feature, "X:back", status, {}, std::move(when));
    fact.part_of = operation_;
    fact.where = {{"X:arm", ""}, Side::left};
  }
  Columns columns(const std::string& unit_step_horizon) const {
    const auto study = study_of(R"({"everyone":true})",
                                R"("statistic":{"type":"kaplan_meier","index":{"code":"X:op","kind":"procedure"},
      "event":{"code":"X:back","kind":"feature"},"of_index":true,)" +
                                    unit_step_horizon + "}");
    return select(study, people_.facts(), letters());
  }
  FactId operation_;
};

TEST_F(FollowUpTest, PutsExactDaysOnTheGrid) {
  person(day("2020-01-01"));
  seen(Status::present, day("2020-02-12"));  // 42 days
  person(day("2020-01-01"));
  seen(Status::absent, day("2020-01-09"));  // 8 days: in the second week
  person(day("2020-01-01"));
  seen(Status::present, day("2020-01-01"));
  person(day("2020-01-01"));
  seen(Status::present, day("2025-01-01"));  // after the horizon
  const auto out = columns(R"("unit":"week","horizon":52)");
  EXPECT_THAT(out.follow, ElementsAre(Follow::event, Follow::censored, Follow::event, Follow::censored));
  EXPECT_THAT(out.step, ElementsAre(6, 2, 0, 52));
}

TEST_F(FollowUpTest, NeverGuessesADate) {
  person(day("2020-01"));
  seen(Status::present, day("2020-06"));  // two months either way
  person(day("2020-06-01"));
  seen(Status::present, day("2019-01-01"));  // before the operation
  person({});
  seen(Status::present, day("2020-06-01"));
  person(day("2020-06-01"));
  seen(Status::present, age("P5Y"));  // another clock
  person(day("2020-06-01"));          // nothing told after it
  people_.person().feature("X:A");    // no operation
  person(day("2020-06-01"));
  seen(Status::absent, {});
  const auto out = columns(R"("unit":"month","horizon":12)");
  EXPECT_THAT(out.follow, ElementsAre(Follow::undecidable, Follow::undecidable, Follow::undecidable, Follow::undecidable,
                                      Follow::not_recorded, Follow::no_index, Follow::undecidable));
  // On a coarser grid the months suffice.
  EXPECT_EQ(columns(R"("unit":"month","step":3,"horizon":12)").follow.at(0), Follow::event);
}

TEST_F(FollowUpTest, LooksAtTheFirstOperationAndItsOwnFollowUp) {
  person(day("2020-01-01"));
  const auto first = operation_;
  operation_ = people_.add(Kind::procedure, "X:op", Status::present, {}, day("2021-01-01")).id;
  seen(Status::present, day("2021-01-15"));
  operation_ = first;
  seen(Status::absent, day("2020-01-15"));
  seen(Status::absent, day("2020-01-29"));
  const auto out = columns(R"("unit":"week","horizon":52)");
  EXPECT_THAT(out.follow, ElementsAre(Follow::censored));
  EXPECT_THAT(out.step, ElementsAre(4));
}

TEST(FollowUp, CountsAgesFromBirthAndCensorsAtTheLastEncounter) {
  People people;
  people.person().feature("X:A", Status::present, age("P3Y"));
  people.person().add(Kind::person, std::string(concepts::last_encounter), Status::present, {}, age("P10Y"));
  people.person().feature("X:A", Status::present, age("P3Y6M"));
  people.person().add(Kind::person, std::string(concepts::birth_year), Status::present, std::int64_t{2010});
  people.feature("X:A", Status::present, day("2012-05-05"));
  const auto study = study_of(R"({"everyone":true})", R"("statistic":{"type":"kaplan_meier","index":"birth",
    "event":{"code":"X:A"},"censoring":"last_encounter","unit":"year","step":2,"horizon":20})");
  const auto out = select(study, people.facts(), letters());
  EXPECT_THAT(out.follow, ElementsAre(Follow::event, Follow::censored, Follow::event, Follow::event));
  EXPECT_THAT(out.step, ElementsAre(2, 6, 2, 1));
}

}  // namespace
}  // namespace skerry::cohort
