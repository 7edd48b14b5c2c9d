// What of a computed result may be told: made-up results, and the rules on random ones.
#include "disclosure/outcome_protection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "disclosure/attrition_protection.hpp"
#include "disclosure/release_ledger.hpp"
#include "disclosure/suppression.hpp"

namespace skerry::disclosure {
namespace {

using evidence::Count;
using evidence::Mark;
using evidence::Outcome;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int floor_of_tests = 5;

Outcome result_of(std::int64_t people) {
  Outcome out;
  out.method = "Mean";
  out.people = people;
  out.guards = {{"people", people}};
  out.numbers_opened = 1;
  evidence::OutcomeRow row;
  row.row.measure = "mean";
  row.row.estimate.value = 3.5;
  row.row.people = {people, Mark::open};
  out.estimates = {row};
  return out;
}

TEST(Outcome, WithEnoughPeopleIsTold) {
  const auto told = protect_outcome(result_of(20), floor_of_tests);
  ASSERT_TRUE(told) << told.error().text();
  EXPECT_EQ(told->people.number, 20);
  EXPECT_EQ(told->estimates[0].estimate.value, 3.5);
}

TEST(Outcome, WithASmallNumberBehindItIsRefusedWithoutTheNumber) {
  auto outcome = result_of(20);
  outcome.guards.push_back({"events", 3});
  const auto told = protect_outcome(outcome, floor_of_tests);
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().code, ErrorCode::disclosure_refused);
  EXPECT_THAT(told.error().message, HasSubstr("too few people"));
  EXPECT_EQ(told.error().message.find('3'), std::string::npos);
}

TEST(Outcome, OfWhichOnePersonIsNearlyAllIsRefused) {
  auto outcome = result_of(20);
  outcome.magnitudes = {{"sum", 104, 100, 2}};
  EXPECT_FALSE(protect_outcome(outcome, floor_of_tests));
  outcome.magnitudes = {{"sum", 400, 100, 50}};
  EXPECT_TRUE(protect_outcome(outcome, floor_of_tests));
}

TEST(Outcome, MayHaveOneParameterForThreePeople) {
  auto outcome = result_of(20);
  outcome.parameters = 6;
  EXPECT_TRUE(protect_outcome(outcome, floor_of_tests));
  outcome.parameters = 7;
  EXPECT_FALSE(protect_outcome(outcome, floor_of_tests));
}

TEST(Outcome, OpensNoMoreNumbersThanPeopleAllow) {
  auto outcome = result_of(20);
  outcome.numbers_opened = 21;
  EXPECT_FALSE(protect_outcome(outcome, floor_of_tests));
}

TEST(Outcome, ASmallGroupTakesItsNumbersTheTestsAndTheTotalWithIt) {
  auto outcome = result_of(23);
  auto small = outcome.estimates[0];
  small.row.people = {3, Mark::open};
  small.guards = {{"people", 3}};
  outcome.estimates.push_back(small);
  outcome.tests.push_back({"Welch's t test", 1.0, 3.0, {}, 0.3, false});
  const auto told = protect_outcome(outcome, floor_of_tests);
  ASSERT_TRUE(told);
  EXPECT_TRUE(told->estimates[0].told);
  EXPECT_FALSE(told->estimates[1].told);
  EXPECT_EQ(told->estimates[1].estimate.value, 0);
  EXPECT_EQ(told->estimates[1].people.mark, Mark::few);
  EXPECT_THAT(told->tests, IsEmpty());
  EXPECT_EQ(told->people.mark, Mark::withheld);
}

TEST(Outcome, ThatCannotBeComputedSaysWhyButNoSmallNumber) {
  auto outcome = result_of(20);
  outcome.not_computable = "all 4 people with the event are in one group";
  auto told = protect_outcome(outcome, floor_of_tests);
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().code, ErrorCode::not_computable);
  EXPECT_EQ(told.error().message.find('4'), std::string::npos);
  outcome.not_computable = "nobody had the event";
  told = protect_outcome(outcome, floor_of_tests);
  EXPECT_EQ(told.error().message, "nobody had the event");
  outcome.guards.push_back({"events", 2});
  EXPECT_EQ(protect_outcome(outcome, floor_of_tests).error().code, ErrorCode::disclosure_refused);
}

TEST(Outcome, CautionsNameNoSmallNumbers) {
  EXPECT_TRUE(names_few("only 4 people", 5));
  EXPECT_TRUE(names_few("1 person", 5));
  EXPECT_TRUE(names_few("3 events for each covariate", 5));
  EXPECT_FALSE(names_few("12 people, a level of 0.95", 5));
  EXPECT_FALSE(names_few("fewer than 10 events", 5));
}

TEST(Outcome, ReadsBackAsItWasTold) {
  evidence::Told told;
  told.floor = 5;
  told.people = {20, Mark::open};
  told.undecided = {std::nullopt, Mark::few};
  auto& computed = told.computed.emplace();
  computed.method = "Cox";
  computed.people = {std::nullopt, Mark::withheld};
  evidence::EstimateRow row;
  row.label = {"sex", {{"en", "Sex"}}, {"X:1", "one"}};
  row.measure = "hazard_ratio";
  row.estimate = {"sex", 0.1 + 0.2, 1.0 / 3, {}, -std::numeric_limits<double>::infinity(), 1e-300, 0.04, true};
  computed.estimates = {row};
  computed.tests = {{"Score", 2.5, 1.0, {}, {}, true}};
  computed.curves = {{"cumulative_incidence", {"event", {}, {}}, {}}};
  computed.curves[0].curve.steps = {{12, 30, 6, 5, 0.8, 0.1, 0.7, 0.9}};
  computed.cautions = {{"statistic.x", "Words."}};
  const auto read = read_computed(computed_text(told));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, told);
  EXPECT_FALSE(read_computed("{\"floor\":5}"));
  EXPECT_FALSE(read_computed("no json"));
}

evidence::Grid grid_of(const std::vector<std::array<std::int64_t, 3>>& steps) {
  evidence::Grid out;
  for (const auto& [events, censored, entered] : steps) out.push_back({{events}, censored, entered, {}});
  return out;
}

TEST(Cuts, PutStepsTogetherUntilNobodyStandsOut) {
  const auto cuts = choose_cuts({grid_of({{0, 0, 0}, {3, 0, 0}, {2, 0, 0}, {0, 6, 0}, {0, 1, 0}, {5, 5, 0}})}, 5);
  ASSERT_EQ(cuts.size(), 1u);
  EXPECT_THAT(cuts[0], ElementsAre(2, 3, 5));
}

TEST(Cuts, EventsOfOnePersonAreOnePerson) {
  evidence::Grid grid(3);
  for (auto& step : grid) step = {{6}, 0, 0, {1, 1, 1, 1, 1, 1}};
  EXPECT_THAT(choose_cuts({grid}, 5)[0], IsEmpty());
}

RC_GTEST_PROP(Cuts, LeaveNoSmallNumber, ()) {
  const auto grid = grid_of(*rc::gen::container<std::vector<std::array<std::int64_t, 3>>>(rc::gen::construct<std::array<std::int64_t, 3>>(
      rc::gen::inRange<std::int64_t>(0, 9), rc::gen::inRange<std::int64_t>(0, 9), rc::gen::inRange<std::int64_t>(0, 9))));
  const auto cuts = choose_cuts({grid}, 5)[0];
  const auto fits = [](std::int64_t people) { return people == 0 || people >= 5; };
  std::size_t at = 0;
  for (const auto cut : cuts) {
    std::int64_t events = 0;
    std::int64_t censored = 0;
    std::int64_t entered = 0;
    for (; at <= static_cast<std::size_t>(cut); ++at) {
      events += grid[at].events[0];
      censored += grid[at].censored;
      entered += grid[at].entered;
    }
    RC_ASSERT(fits(events) && fits(censored) && fits(entered) && events + censored >= 5);
  }
  std::int64_t left = 0;
  for (; !cuts.empty() && at < grid.size(); ++at) left += grid[at].events[0] + grid[at].censored;
  RC_ASSERT(fits(left));
}

RC_GTEST_PROP(Steps, WithLateEntriesGiveNobodyAway, ()) {
  std::vector<evidence::Leaving> steps;
  const auto count = *rc::gen::inRange(0, 12);
  for (int i = 0; i < count; ++i) {
    steps.push_back({static_cast<double>(i), *rc::gen::inRange<std::int64_t>(0, 8), *rc::gen::inRange<std::int64_t>(0, 8),
                     *rc::gen::inRange<std::int64_t>(0, 12)});
  }
  const auto fits = [](std::int64_t people) { return people == 0 || people >= 5; };
  std::int64_t entered = 0;
  std::int64_t left = 0;
  for (const auto& step : steps) {
    entered += step.entered;
    left += step.events + step.censored;
  }
  for (const auto& step : merge_steps(steps, 5)) {
    RC_ASSERT(fits(step.events) && fits(step.censored) && fits(step.entered));
    entered -= step.entered;
    left -= step.events + step.censored;
  }
  RC_ASSERT(merge_steps(steps, 5).empty() || (fits(entered) && fits(left)));
}

TEST(Attrition, IsToldWhereNobodyStandsOut) {
  const auto lines = protect_attrition({{"all", 100, 0, 0, 0, 0}, {"A", 60, 30, 10, 0, 0}, {"B", 40, 20, 0, 0, 0}}, {}, 5);
  EXPECT_EQ(lines[1].kept.number, 60);
  EXPECT_EQ(lines[1].not_met.number, 30);
  EXPECT_EQ(lines[2].not_met.number, 20);
}

TEST(Attrition, ALineThatLosesAFewIsPassedOver) {
  const auto lines = protect_attrition({{"all", 100, 0, 0, 0, 0}, {"A", 97, 3, 0, 0, 0}, {"B", 40, 57, 0, 0, 0}}, {}, 5);
  EXPECT_EQ(lines[0].kept.number, 100);
  EXPECT_EQ(lines[1].kept.mark, Mark::withheld);
  EXPECT_EQ(lines[1].not_met.mark, Mark::withheld);
  EXPECT_EQ(lines[2].kept.number, 40);
  EXPECT_EQ(lines[2].not_met.mark, Mark::withheld) << "it would say what the line before lost";
}

TEST(Attrition, SmallReasonsHideBehindOthers) {
  const auto lines = protect_attrition({{"all", 100, 0, 0, 0, 0}, {"A", 60, 37, 3, 0, 0}}, {}, 5);
  EXPECT_EQ(lines[1].kept.number, 60);
  EXPECT_EQ(lines[1].not_recorded.mark, Mark::few);
  EXPECT_EQ(lines[1].not_met.mark, Mark::withheld);
}

RC_GTEST_PROP(Attrition, TellsNoSmallDifference, ()) {
  std::vector<cohort::AttritionLine> lines;
  auto kept = *rc::gen::inRange<std::int64_t>(0, 60);
  lines.push_back({"all", kept, 0, 0, 0, 0});
  for (int i = *rc::gen::inRange(0, 6); i > 0; --i) {
    const auto lost = *rc::gen::inRange<std::int64_t>(0, kept + 1);
    const auto not_met = *rc::gen::inRange<std::int64_t>(0, lost + 1);
    kept -= lost;
    lines.push_back({"line", kept, not_met, lost - not_met, 0, 0});
  }
  const auto told = protect_attrition(lines, {kept}, 5);
  for (const auto& a : told) {
    for (const auto& b : told) {
      if (!a.kept.number || !b.kept.number) continue;
      const auto apart = std::abs(*a.kept.number - *b.kept.number);
      RC_ASSERT(apart == 0 || apart >= 5);
    }
    for (const auto* count : {&a.kept, &a.not_met, &a.not_recorded}) {
      const auto number = count->number.value_or(0);
      RC_ASSERT((number == 0 || number >= 5));
    }
  }
}

}  // namespace
}  // namespace skerry::disclosure
