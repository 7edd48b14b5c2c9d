// From columns to results: who is in them, what guards them, and the same bits for any number of threads.
#include "evidence/outcome.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "evidence/outcome_data.hpp"
#include "evidence/sum.hpp"

namespace skerry::disclosure {
/// The tests' own key: the class of this name in the program is not linked here.
class Opener {
 public:
  template <class T>
  static const T& open(const evidence::Sealed<T>& sealed) {
    return sealed.open(evidence::OpenKey{});
  }
};
}  // namespace skerry::disclosure

namespace skerry::evidence {
namespace {

using cohort::Follow;
using cohort::StatisticType;
using cohort::Study;
using Control = disclosure::Opener;
using testing::Contains;
using testing::Field;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Study study_of(StatisticType type, std::size_t groups = 0) {
  Study study;
  study.id = "x/y";
  study.type = type;
  study.time.horizon = 24;
  for (std::size_t g = 0; g < groups; ++g) study.by.groups.push_back({std::string(1, static_cast<char>('a' + g)), {}, {}, {}});
  if (type == StatisticType::mean || type == StatisticType::quantiles) study.model.outcome.emplace();
  study.model.grid_to = 100;
  study.model.grid_step = 1;
  return study;
}

cohort::Columns people(std::size_t count, std::size_t groups) {
  cohort::Columns out;
  std::mt19937_64 random(7);
  for (std::size_t i = 0; i < count; ++i) {
    out.participants.push_back({static_cast<std::int64_t>(i) + 1});
    if (groups > 0) out.group.push_back(static_cast<std::uint16_t>(random() % groups));
    out.step.push_back(static_cast<std::int32_t>(random() % 25));
    out.follow.push_back(random() % 3 == 0 ? Follow::event : Follow::censored);
    out.outcome.push_back(static_cast<double>(random() % 1000) / 10);
  }
  return out;
}

Outcome result(const Study& study, const cohort::Columns& columns, unsigned threads = 1) {
  const auto computed = compute(study, columns, threads);
  EXPECT_TRUE(computed) << computed.error().text();
  return computed ? Control::open(*computed) : Outcome{};
}

TEST(Complete, CountsThoseLeftOutByTheFirstReason) {
  const auto study = study_of(StatisticType::mean, 2);
  auto columns = people(6, 2);
  columns.outcome = {1, nan, 3, 4, 5, 6};
  columns.group = {0, 0, 1, 2, 3, 1};
  const auto complete = complete_cases(study, columns);
  EXPECT_EQ(complete.people, (std::vector<std::uint32_t>{0, 2, 5}));
  EXPECT_EQ(complete.left_out, 1);
  EXPECT_EQ(complete.not_grouped, 2);
}

TEST(Complete, WhoCannotBeFollowedIsLeftOut) {
  const auto study = study_of(StatisticType::rate);
  auto columns = people(4, 0);
  columns.follow = {Follow::event, Follow::undecidable, Follow::no_index, Follow::not_recorded};
  const auto complete = complete_cases(study, columns);
  EXPECT_EQ(complete.people.size(), 1u);
  EXPECT_EQ(complete.undecidable, 1);
  EXPECT_EQ(complete.left_out, 2);
}

TEST(Episodes, BeginWithTheFirstDayAndPutTimesTogether) {
  auto study = study_of(StatisticType::cumulative_incidence);
  auto columns = people(4, 0);
  columns.step = {0, 3, 7, 20};
  columns.follow = {Follow::event, Follow::event, Follow::censored, Follow::event};
  const std::vector<std::uint32_t> all{0, 1, 2, 3};
  EXPECT_EQ(episodes_of(study, columns, all).exit, (std::vector<std::int32_t>{1, 4, 8, 21}));
  const Cuts cuts{{3, 10}};
  const auto told = episodes_of(study, columns, all, &cuts);
  EXPECT_EQ(told.exit, (std::vector<std::int32_t>{1, 1, 2, 3}));
  EXPECT_EQ(told.cause, (std::vector<std::uint8_t>{1, 1, 0, 0})) << "what is behind the last cut is not an event";
}

TEST(Means, AreOfEachGroupWithTheirGuards) {
  const auto study = study_of(StatisticType::mean, 2);
  auto columns = people(6, 2);
  columns.outcome = {1, 2, 3, 10, 20, 30};
  columns.group = {0, 0, 0, 1, 1, 1};
  const auto out = result(study, columns);
  ASSERT_GE(out.estimates.size(), 4u);
  EXPECT_EQ(out.estimates[0].row.measure, "mean");
  EXPECT_DOUBLE_EQ(out.estimates[0].row.estimate.value, 2);
  EXPECT_DOUBLE_EQ(out.estimates[2].row.estimate.value, 20);
  EXPECT_THAT(out.estimates[0].guards, Contains(Field(&Guard::people, 3)));
  EXPECT_EQ(out.estimates[2].magnitudes[0].largest, 30);
  EXPECT_THAT(out.tests, Contains(Field(&evidence::Test::name, "Welch's t test")));
}

TEST(Means, OfNobodyCannotBeComputed) {
  const auto study = study_of(StatisticType::mean);
  auto columns = people(3, 0);
  columns.outcome = {nan, nan, nan};
  EXPECT_FALSE(result(study, columns).not_computable.empty());
}

/// Two groups in which one of two kinds of people is seldom and often; the kinds differ in the outcome, the groups within a kind do not.
cohort::Columns confounded() {
  auto out = people(400, 2);
  out.weighted_by.resize(1);
  for (std::size_t i = 0; i < 400; ++i) {
    const bool kind = i % 2 == 1;
    out.group[i] = static_cast<std::uint16_t>(i / 2 % 4 == 0 ? !kind : kind);
    out.weighted_by[0].push_back(kind ? 1 : 0);
    out.outcome[i] = (kind ? 20.0 : 10.0) + static_cast<double>(i / 8 % 5);
  }
  return out;
}

Study weighted_study(StatisticType type) {
  auto study = study_of(type, 2);
  study.model.outcome.emplace();
  study.model.weighted_by.resize(1);
  study.model.weighted_by[0].id = "kind";
  study.model.weighted_by[0].of = cohort::Variable::Of::indicator;
  return study;
}

TEST(Weights, MakeTheGroupsOfAMeanComparable) {
  const auto columns = confounded();
  const auto plain = result(study_of(StatisticType::mean, 2), columns);
  EXPECT_LT(plain.estimates.back().row.estimate.value, -4) << "the kinds are not spread alike over the groups";
  const auto out = result(weighted_study(StatisticType::mean), columns, 3);
  ASSERT_EQ(out.not_computable, "");
  ASSERT_EQ(out.estimates.size(), 3u);
  EXPECT_NEAR(out.estimates[0].row.estimate.value, 17, 1e-6);
  EXPECT_NEAR(out.estimates[1].row.estimate.value, 17, 1e-6);
  const auto& difference = out.estimates[2].row.estimate;
  EXPECT_NEAR(difference.value, 0, 1e-6);
  ASSERT_TRUE(difference.low && difference.high);
  EXPECT_LT(*difference.low, *difference.high);
  EXPECT_THAT(out.guards, Contains(Field(&Guard::people, 50))) << "of a group, by kind";
}

TEST(Weights, AreWeightsOfRegressionsToo) {
  auto columns = confounded();
  columns.x = {{}};
  columns.x_names = {"group"};
  for (const auto group : columns.group) columns.x[0].push_back(group);
  auto study = weighted_study(StatisticType::linear);
  auto out = result(study, columns);
  ASSERT_EQ(out.not_computable, "");
  EXPECT_NEAR(out.estimates[1].row.estimate.value, 0, 1e-6);
  EXPECT_TRUE(out.estimates[1].row.estimate.robust_error) << "the weights are not numbers of people";
  study.model.weighted_by.clear();
  columns.weighted_by.clear();
  out = result(study, columns);
  EXPECT_GT(out.estimates[1].row.estimate.value, 4);
  EXPECT_THAT(out.cautions, Contains(Field(&Caution::key, "statistic.groups_not_compared")));
  study = weighted_study(StatisticType::logistic);
  columns = confounded();
  columns.x = {{}};
  columns.x_names = {"group"};
  for (std::size_t i = 0; i < 400; ++i) {
    columns.x[0].push_back(columns.group[i]);
    columns.outcome[i] = i % 16 < (i % 2 == 1 ? 12 : 4) ? 1 : 0;
  }
  out = result(study, columns);
  ASSERT_EQ(out.not_computable, "");
  EXPECT_TRUE(out.estimates[1].row.estimate.robust_error);
}

TEST(Weights, ThatCannotBeMadeAreSaid) {
  auto columns = confounded();
  for (std::size_t i = 0; i < 400; ++i) columns.weighted_by[0][i] = columns.group[i];
  const auto out = result(weighted_study(StatisticType::mean), columns);
  EXPECT_THAT(out.not_computable, testing::HasSubstr("cannot be made comparable"));
  EXPECT_TRUE(out.estimates.empty());
}

TEST(Weights, OfOnePersonAreGuarded) {
  const auto study = study_of(StatisticType::mean);
  auto columns = people(40, 0);
  columns.weight.assign(40, 0);
  columns.weight[11] = 1;
  const auto out = result(study, columns);
  EXPECT_EQ(out.estimates.at(0).row.estimate.value, columns.outcome[11]);
  EXPECT_THAT(out.guards, Contains(Field(&Guard::people, 1))) << "telling this mean would tell one person's value";
  EXPECT_THAT(out.magnitudes, Contains(testing::AllOf(Field(&Magnitude::total, 1), Field(&Magnitude::largest, 1))));
}

TEST(Bootstrap, GivesTheSameIntervalForAnySplitAndTheSeed) {
  auto study = study_of(StatisticType::mean, 2);
  const auto columns = people(20'000, 2);
  const auto exact = result(study, columns);
  study.model.bootstrap = 130;
  study.model.seed = 7;
  const auto one = result(study, columns, 1);
  const auto three = result(study, columns, 3);
  ASSERT_EQ(one.estimates.size(), 5u);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(one.estimates[i].row, three.estimates[i].row) << i;
  for (const std::size_t i : {0u, 2u, 4u}) {
    const auto& drawn = one.estimates[i].row.estimate;
    const auto& known = exact.estimates[i].row.estimate;
    EXPECT_EQ(drawn.value, known.value);
    ASSERT_TRUE(drawn.low && drawn.high);
    EXPECT_NE(*drawn.low, *known.low);
    EXPECT_NEAR(*drawn.low, *known.low, 0.5 * (known.value - *known.low));
    EXPECT_NEAR(*drawn.high, *known.high, 0.5 * (*known.high - known.value));
  }
  EXPECT_THAT(one.method, testing::HasSubstr("130 bootstrap replicates"));
  study.model.seed = 8;
  EXPECT_NE(result(study, columns).estimates[0].row, one.estimates[0].row);
}

TEST(Bootstrap, IsOfLinearCoefficientsToo) {
  auto study = study_of(StatisticType::linear);
  auto columns = people(300, 0);
  columns.x = {{}};
  columns.x_names = {"x"};
  for (std::size_t i = 0; i < 300; ++i) columns.x[0].push_back(static_cast<double>(i % 17));
  const auto known = result(study, columns).estimates.at(1).row.estimate;
  study.model.bootstrap = 100;
  const auto drawn = result(study, columns).estimates.at(1).row.estimate;
  EXPECT_EQ(drawn.value, known.value);
  ASSERT_TRUE(drawn.low && drawn.high);
  EXPECT_NE(*drawn.low, *known.low);
  EXPECT_NEAR(*drawn.high - *drawn.low, *known.high - *known.low, 0.4 * (*known.high - *known.low));
}

TEST(Curves, AreComparedByTheLogRankTest) {
  auto study = study_of(StatisticType::kaplan_meier, 2);
  study.time.restricted_to = 12;
  const auto out = result(study, people(200, 2));
  ASSERT_FALSE(out.tests.empty());
  ASSERT_TRUE(out.tests[0].p);
  EXPECT_EQ(out.estimates.size(), 2u);
  for (const auto& row : out.estimates) {
    EXPECT_GT(row.row.estimate.value, 0);
    EXPECT_LE(row.row.estimate.value, 12);
  }
  EXPECT_GE(out.guards.size(), 6u);
}

TEST(Curves, WithLateEntriesAreSumsOfWhoIsFollowed) {
  auto study = study_of(StatisticType::kaplan_meier);
  study.time.entry.emplace();
  auto columns = people(4, 0);
  columns.step = {5, 8, 8, 3};
  columns.follow = {Follow::event, Follow::event, Follow::censored, Follow::event};
  columns.entry = {0, 4, 2, 6};
  const Layout layout(study);
  const auto sums = Control::open(local_sum(layout, columns));
  EXPECT_EQ(sums[layout.entered(0, 0)], 1);
  EXPECT_EQ(sums[layout.entered(0, 5)], 1) << "followed from the step after their entry";
  EXPECT_EQ(sums[layout.entered(0, 3)], 1);
  EXPECT_EQ(sums[layout.event(0, 3)], 0) << "left before being followed";
  EXPECT_EQ(sums[layout.left_out(0, Follow::not_recorded)], 1);
}

TEST(Recurrences, OfOnePersonInOneStepAllCount) {
  auto study = study_of(StatisticType::mean_cumulative);
  auto columns = people(4, 0);
  columns.rows.emplace();
  auto& rows = *columns.rows;
  const auto add = [&](std::uint32_t person, std::int32_t entry, std::int32_t exit, std::uint8_t cause) {
    rows.person.push_back(person);
    rows.entry.push_back(entry);
    rows.exit.push_back(exit);
    rows.cause.push_back(cause);
  };
  add(0, 0, 3, 1);
  add(0, 3, 3, 1);
  add(0, 3, 3, 1);
  add(0, 3, 24, 1);
  add(0, 24, 24, 1);
  for (const std::uint32_t person : {1u, 2u, 3u}) add(person, 0, 24, 0);
  columns.follow.assign(4, Follow::censored);
  const auto out = result(study, columns);
  ASSERT_EQ(out.curves.size(), 1u);
  const auto& steps = out.curves[0].curve.steps;
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps[0].time, 3);
  EXPECT_EQ(steps[0].events, 3);
  EXPECT_EQ(steps[0].at_risk, 4);
  EXPECT_DOUBLE_EQ(steps[0].survival, 0.75);
  // Of four people one has 3 events: the sum of (3 - 0.75)^2 and three times 0.75^2, over 16.
  EXPECT_NEAR(steps[0].standard_error, std::sqrt((2.25 * 2.25 + 3 * 0.75 * 0.75) / 16), 1e-12);
  EXPECT_EQ(steps[1].events, 2);
  EXPECT_DOUBLE_EQ(steps[1].survival, 1.25);
  const auto counts = Control::open(grid_counts(study, columns));
  EXPECT_EQ(counts[0][3].events[0], 3);
  EXPECT_EQ(counts[0][24].events[0], 2);
}

TEST(Covariates, AreCalledByTheirTitles) {
  auto study = study_of(StatisticType::linear);
  cohort::Variable age, sex, plain;
  age.id = "age";
  age.title = {{"en", "Age"}, {"it", "Età"}};
  sex.id = "sex";
  sex.of = cohort::Variable::Of::groups;
  sex.title = {{"en", "Sex"}};
  sex.grouping.groups = {{"f", {}, {}, {}}, {"m", {{"en", "male"}, {"it", "maschi"}}, {}, {}}, {"x", {}, {"skerry:other", ""}, {}}};
  plain.id = "HP:1";
  study.model.covariates = {age, sex, plain};
  EXPECT_EQ(covariate_label(study, "age"), (Label{"age", age.title, {}}));
  EXPECT_EQ(covariate_label(study, "sex=m"), (Label{"sex=m", {{"en", "Sex: male"}, {"it", "maschi"}}, {}}));
  EXPECT_EQ(covariate_label(study, "sex=x"), (Label{"sex=x", {}, {"skerry:other", ""}}));
  EXPECT_EQ(covariate_label(study, "HP:1"), (Label{"HP:1", {}, {}}));
  EXPECT_EQ(covariate_label(study, "(intercept)"), (Label{"(intercept)", {}, {}}));
}

TEST(Tables, AreGuardedCellByCell) {
  auto study = study_of(StatisticType::crosstab, 2);
  study.columns = study.by;
  auto columns = people(100, 2);
  for (std::size_t i = 0; i < 100; ++i) columns.column.push_back(static_cast<std::uint16_t>(i % 2));
  const auto out = result(study, columns);
  EXPECT_EQ(out.guards.size(), 5u) << "the people and four cells";
  EXPECT_FALSE(out.tests.empty());
}

TEST(Contributions, AChangedValueIsAChange) {
  const auto study = study_of(StatisticType::mean);
  auto columns = people(50, 0);
  const auto before = Control::open(outcome_contributions(study, columns));
  EXPECT_EQ(before, Control::open(outcome_contributions(study, columns)));
  columns.outcome[17] += 1;
  auto after = Control::open(outcome_contributions(study, columns));
  EXPECT_NE(before.cells, after.cells);
  columns.outcome[17] = nan;
  after = Control::open(outcome_contributions(study, columns));
  EXPECT_EQ(after.cells[after.ends[16]], outcome_left_out);
}

TEST(Compute, GivesTheSameBitsForAnyNumberOfThreads) {
  const auto columns = people(40'000, 3);
  for (const auto type : {StatisticType::mean, StatisticType::quantiles, StatisticType::rate, StatisticType::kaplan_meier}) {
    const auto study = study_of(type, 3);
    const auto one = result(study, columns, 1);
    const auto four = result(study, columns, 4);
    ASSERT_EQ(one.estimates.size(), four.estimates.size());
    for (std::size_t i = 0; i < one.estimates.size(); ++i) EXPECT_EQ(one.estimates[i].row, four.estimates[i].row) << i;
    EXPECT_EQ(one.tests, four.tests);
    EXPECT_EQ(one.not_computable, "");
  }
}

TEST(Compute, CanBeCancelledAndEndsInTime) {
  const auto columns = people(100, 0);
  const std::atomic<bool> cancelled = true;
  Limits limits;
  limits.cancelled = &cancelled;
  auto out = compute(study_of(StatisticType::mean), columns, 1, limits);
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().code, ErrorCode::cancelled);
  limits = {};
  limits.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  out = compute(study_of(StatisticType::mean), columns, 1, limits);
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().code, ErrorCode::timeout);
}

}  // namespace
}  // namespace skerry::evidence
