// Time to event: worked examples of the literature, the same bits for any split, and data a statistic cannot carry.
#include "evidence/survival.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <random>

#include "evidence/incidence.hpp"
#include "evidence/life_table.hpp"
#include "evidence/log_rank.hpp"
#include "evidence/mean_cumulative.hpp"
#include "parts.hpp"

namespace skerry::evidence {
namespace {

/// Remission in weeks with 6-mercaptopurine (group 0) and placebo (Freireich et al., Blood 21 (1963) 699-716).
Episodes six_mp() {
  Episodes out;
  out.exit = {6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35,
              1, 1, 2, 2, 3, 4, 4,  5,  5,  8,  8,  8,  8,  11, 11, 12, 12, 15, 17, 22, 23};
  out.cause = {1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0,
               1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  out.group.assign(21, 0);
  out.group.insert(out.group.end(), 21, 1);
  return out;
}

LifeTable table_of(const Episodes& data, std::int32_t steps) {
  LifeTable table(life_table_question(std::span(&data, 1), steps));
  EXPECT_TRUE(run(static_cast<Statistic<Episodes>&>(table), std::span<const Episodes>(&data, 1)));
  return table;
}

Result<LogRank> log_rank_of(const Episodes& data, std::int32_t steps, double rho = 0, Exactness how = Exactness::never) {
  return log_rank(table_of(data, steps), rho, how);
}

Episodes made(std::mt19937_64& random) {
  Episodes out;
  const auto rows = std::uniform_int_distribution<std::size_t>(1, 120)(random);
  const auto spread = std::uniform_int_distribution<std::int32_t>(1, 40)(random);
  const bool late = random() % 2 == 0, weighted = random() % 2 == 0, persons = random() % 2 == 0;
  std::uint32_t person = 0;
  std::int32_t before = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    const bool goes_on = persons && i > 0 && random() % 3 == 0;
    if (!goes_on) ++person;
    const auto entry = goes_on ? before : late ? static_cast<std::int32_t>(random() % 10) : 0;
    before = entry + 1 + static_cast<std::int32_t>(random() % static_cast<std::uint64_t>(spread));
    if (late || persons) out.entry.push_back(entry);
    out.exit.push_back(before);
    out.cause.push_back(static_cast<std::uint8_t>(random() % 3));
    out.group.push_back(static_cast<std::uint16_t>(person % 2));
    out.stratum.push_back(static_cast<std::uint16_t>(random() % 2));
    if (weighted) out.weight.push_back(std::pow(10, std::uniform_real_distribution<double>(-6, 6)(random)));
    if (persons) out.person.push_back(person);
  }
  return out;
}

RC_GTEST_PROP(Survival, EverySplitGivesTheSameBits, (std::uint32_t seed)) {
  std::mt19937_64 random(seed);
  const auto data = made(random);
  const std::int32_t steps = 1 + static_cast<std::int32_t>(random() % 50);
  expect_the_same_bits(LifeTable(life_table_question(std::span(&data, 1), steps)), data, random);
  expect_the_same_bits(MeanCumulative({steps, 2, 0.95}), data, random);
}

RC_GTEST_PROP(Survival, WhateverTheDataNoNumberIsMissing, (std::uint32_t seed)) {
  std::mt19937_64 random(seed);
  const auto data = made(random);
  LifeTable table(life_table_question(std::span(&data, 1), 1 + static_cast<std::int32_t>(random() % 50)));
  if (!run(static_cast<Statistic<Episodes>&>(table), std::span<const Episodes>(&data, 1))) return;
  for (std::uint16_t g = 0; g < table.question().groups; ++g) {
    for (const auto interval : {cohort::CurveInterval::plain, cohort::CurveInterval::log, cohort::CurveInterval::log_log,
                                cohort::CurveInterval::arcsine, cohort::CurveInterval::logit}) {
      const auto curve = survival_curve(table, g, interval, 0.95);
      if (!curve) continue;
      for (const auto& point : curve->points) {
        RC_ASSERT(std::isfinite(point.standard_error));
        RC_ASSERT(point.low >= 0 && point.low <= point.survival + 1e-12 && point.survival <= point.high + 1e-12 && point.high <= 1);
      }
      for (std::uint8_t cause = 1; cause <= table.question().causes; ++cause) {
        const auto incidence = cumulative_incidence(table, g, cause, interval, 0.95);
        RC_ASSERT(incidence.has_value());
        for (const auto& point : incidence->points)
          RC_ASSERT(point.low >= -1e-12 && point.high <= 1 + 1e-12 && std::isfinite(point.standard_error));
      }
    }
  }
  if (const auto test = log_rank(table)) RC_ASSERT(*test->test.p >= 0 && *test->test.p <= 1);
}

TEST(Survival, LogRankOfSixMercaptopurine) {
  const auto data = six_mp();
  const auto test = log_rank_of(data, 35);
  ASSERT_TRUE(test) << test.error().message;
  EXPECT_NEAR(*test->test.statistic, 16.79294098921654, 1e-12);
  EXPECT_NEAR(test->groups[0].expected, 19.25, 0.005);  // as printed in textbooks
  EXPECT_NEAR(test->groups[1].expected, 10.75, 0.005);
  EXPECT_NEAR(*log_rank_of(data, 35, 1)->test.statistic, 14.457150818717125, 1e-12);
}

TEST(Survival, MedianAndRestrictedMeanOfSixMercaptopurine) {
  const auto data = six_mp();
  const auto table = table_of(data, 35);
  const auto treated = survival_curve(table, 0, cohort::CurveInterval::log, 0.95);
  const auto placebo = survival_curve(table, 1, cohort::CurveInterval::log, 0.95);
  EXPECT_EQ(survival_quantile(*treated, 0.5).at, 23);
  EXPECT_EQ(survival_quantile(*treated, 0.5).low, 16);
  EXPECT_FALSE(survival_quantile(*treated, 0.5).high.has_value());
  EXPECT_EQ(survival_quantile(*placebo, 0.5).at, 8);
  EXPECT_NEAR(restricted_mean(*placebo, 23, 0.95)->mean, 182.0 / 21, 1e-12);  // nobody is censored: the mean itself
  EXPECT_FALSE(restricted_mean(*treated, 40, 0.95));
}

TEST(Survival, LateEntriesAreAtRiskOnlyFromThenOn) {
  Episodes data;
  data.entry = {0, 1, 2, 3, 4};
  data.exit = {3, 4, 7, 4, 5};
  data.cause = {1, 1, 1, 0, 1};
  const auto curve = survival_curve(table_of(data, 7), 0, cohort::CurveInterval::log, 0.95);
  ASSERT_TRUE(curve);
  std::vector<double> survival;
  for (const auto& point : curve->points) {
    if (point.events > 0) survival.push_back(point.survival);
  }
  ASSERT_EQ(survival.size(), 4U);
  EXPECT_NEAR(survival[0], 2.0 / 3, 1e-15);
  EXPECT_NEAR(survival[1], 4.0 / 9, 1e-15);
  EXPECT_NEAR(survival[2], 2.0 / 9, 1e-15);
  EXPECT_EQ(survival[3], 0);
}

TEST(Survival, ACurveThatFallsToZeroBeforeMostHaveEnteredIsCautioned) {
  Episodes data;
  data.entry = {0, 5, 5, 5, 5, 5, 5};
  data.exit = {2, 9, 8, 9, 9, 7, 9};
  data.cause = {1, 0, 1, 0, 1, 1, 0};
  const auto curve = survival_curve(table_of(data, 9), 0, cohort::CurveInterval::log_log, 0.95);
  ASSERT_TRUE(curve);
  ASSERT_FALSE(curve->cautions.empty());
  EXPECT_EQ(curve->cautions.front().key, "survival.small_risk_set");
}

TEST(Survival, ExactPermutationTestCountsEveryDeal) {
  // Three against three; the first group has all events first: 2 of the 20 deals are as far apart.
  Episodes data;
  data.exit = {1, 2, 3, 4, 5, 6};
  data.cause = {1, 1, 1, 1, 1, 1};
  data.group = {0, 0, 0, 1, 1, 1};
  const auto test = log_rank_of(data, 6, 0, Exactness::by_size);
  ASSERT_TRUE(test);
  EXPECT_TRUE(test->test.exact);
  EXPECT_NEAR(*test->test.p, 0.1, 1e-15);
  EXPECT_TRUE(test->asymptotic.has_value());
}

TEST(Survival, WithoutCensoringIncidenceIsAProportion) {
  Episodes data;
  data.exit = {1, 2, 3, 4, 5, 6, 7, 8};
  data.cause = {1, 2, 1, 2, 1, 1, 2, 2};
  const auto curve = cumulative_incidence(table_of(data, 8), 0, 1, cohort::CurveInterval::plain, 0.95);
  ASSERT_TRUE(curve);
  EXPECT_NEAR(curve->points.back().incidence, 0.5, 1e-15);
  EXPECT_NEAR(curve->points.back().standard_error, std::sqrt(0.25 / 8), 1e-15);
}

TEST(Survival, WhatCannotBeComparedIsSaidInASentence) {
  const auto data = six_mp();
  auto one_group = data;
  one_group.group.clear();
  EXPECT_EQ(log_rank_of(one_group, 35).error().code, ErrorCode::not_computable);
  auto no_events = data;
  std::fill(no_events.cause.begin(), no_events.cause.end(), std::uint8_t{0});
  EXPECT_EQ(log_rank_of(no_events, 35).error().code, ErrorCode::not_computable);
  EXPECT_EQ(gray_test(table_of(no_events, 35)).error().code, ErrorCode::not_computable);
  const auto flat = survival_curve(table_of(no_events, 35), 0, cohort::CurveInterval::log, 0.95);
  ASSERT_TRUE(flat);
  EXPECT_EQ(flat->cautions.front().key, "survival.no_events");
  const Episodes nobody;
  LifeTable empty({10});
  EXPECT_EQ(run(static_cast<Statistic<Episodes>&>(empty), std::span<const Episodes>(&nobody, 1)).error().code, ErrorCode::not_computable);
  auto apart = data;  // the groups are never at risk together
  apart.entry.assign(42, 0);
  for (std::size_t i = 21; i < 42; ++i) {
    apart.entry[i] = 40;
    apart.exit[i] += 40;
  }
  EXPECT_EQ(log_rank_of(apart, 80).error().code, ErrorCode::not_computable);
}

TEST(Survival, AGridThatIsTooFineIsRefusedBeforeMemoryIsTaken) {
  Episodes data;
  data.exit = {2'000'000'000};
  data.cause = {1};
  LifeTable table(life_table_question(std::span(&data, 1), 2'000'000'000));
  EXPECT_EQ(run(static_cast<Statistic<Episodes>&>(table), std::span<const Episodes>(&data, 1)).error().code, ErrorCode::too_large);
  MeanCumulative mean({2'000'000'000, 1, 0.95});
  EXPECT_EQ(run(static_cast<Statistic<Episodes>&>(mean), std::span<const Episodes>(&data, 1)).error().code, ErrorCode::too_large);
}

TEST(Survival, OnePersonHasACurve) {
  Episodes data;
  data.exit = {4};
  data.cause = {1};
  const auto curve = survival_curve(table_of(data, 4), 0, cohort::CurveInterval::log_log, 0.95);
  ASSERT_TRUE(curve);
  EXPECT_EQ(curve->points.back().survival, 0);
  EXPECT_EQ(survival_quantile(*curve, 0.5).at, 4);
}

}  // namespace
}  // namespace skerry::evidence
