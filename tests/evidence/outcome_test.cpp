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
