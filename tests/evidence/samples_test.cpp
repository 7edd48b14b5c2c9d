// Means, ranks and rates: worked out by hand, the same for any split, and plain about data that cannot carry them.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>

#include "evidence/means.hpp"
#include "evidence/parts.hpp"
#include "evidence/rank_tests.hpp"
#include "evidence/ranks.hpp"
#include "evidence/rates.hpp"

namespace skerry::evidence {
namespace {

template <class S, class Data>
auto result_of(S statistic, const Data& data) -> Result<std::decay_t<decltype(statistic.result())>> {
  if (auto done = run(statistic, std::span<const Data>(&data, 1)); !done) return fail(done.error());
  return statistic.result();
}

template <class R>
bool warns(const R& result, const std::string& key) {
  for (const auto& caution : result.cautions) {
    if (caution.key == key) return true;
  }
  return false;
}

TEST(Means, TwoGroupsByHand) {
  const auto result = result_of(Means({2, 0.95, {}}), Sample{{1, 2, 3, 2, 4, 6}, {0, 0, 0, 1, 1, 1}}).value();
  EXPECT_EQ(result.groups[0].mean->value, 2);
  EXPECT_EQ(*result.groups[0].variance, 1);
  EXPECT_EQ(*result.groups[1].variance, 4);
  EXPECT_EQ(result.difference->value, -2);
  EXPECT_NEAR(*result.difference->standard_error, std::sqrt(5.0 / 3), 1e-15);
  EXPECT_EQ(result.tests[0].name, "Welch's t test");
  EXPECT_NEAR(*result.tests[0].df, (25.0 / 9) / (1.0 / 18 + 16.0 / 18), 1e-14);
  EXPECT_EQ(*result.tests[1].df, 4);
}

TEST(Means, TooFewValuesSayWhatIsMissing) {
  const auto one = result_of(Means({1, 0.95, {}}), Sample{{5}, {}}).value();
  EXPECT_EQ(one.groups[0].mean->value, 5);
  EXPECT_FALSE(one.groups[0].mean->low);
  EXPECT_FALSE(one.groups[0].variance);
  EXPECT_TRUE(warns(one, "statistic.one_value"));
  const auto single = result_of(Means({2, 0.95, {}}), Sample{{5, 1, 2}, {0, 1, 1}}).value();
  EXPECT_TRUE(single.tests.empty());
  EXPECT_TRUE(warns(single, "statistic.group_of_one"));
  const auto empty = result_of(Means({3, 0.95, {}}), Sample{{5, 1, 2, 3}, {0, 0, 2, 2}}).value();
  EXPECT_EQ(empty.tests.size(), 2U);
  EXPECT_FALSE(empty.groups[1].mean);
  EXPECT_TRUE(warns(empty, "statistic.group_empty"));
  const auto same = result_of(Means({2, 0.95, {}}), Sample{{0.1, 0.1, 0.1, 0.7, 0.7}, {0, 0, 0, 1, 1}}).value();
  EXPECT_TRUE(same.tests.empty());
  EXPECT_TRUE(warns(same, "statistic.no_variation"));
}

TEST(Means, WhatCannotBeAddedUpIsAnError) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const auto& y : std::vector<std::vector<double>>{{}, {1, infinity}, {1, std::nan("")}, {1e300, 1}, {1e-300, 2e-300}}) {
    const auto result = result_of(Means({1, 0.95, {}}), Sample{y, {}});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::not_computable);
  }
}

TEST(Means, AConstantAddedOrAFactorChangesNothingElse) {
  const Sample near{{0.25, 0.5, 1.75, -0.5, 0.125, 3}, {0, 0, 0, 1, 1, 1}};
  Sample far = near;
  for (auto& y : far.y) y = (y + 0x1p40) * 0x1p-60;
  const auto a = result_of(Means({2, 0.95, {}}), near).value();
  const auto b = result_of(Means({2, 0.95, {}}), far).value();
  EXPECT_EQ(*a.tests[0].statistic, *b.tests[0].statistic);
  EXPECT_EQ(*a.tests[0].p, *b.tests[0].p);
}

RC_GTEST_PROP(Means, AnySplitGivesTheSameBits, (std::uint64_t seed)) {
  std::mt19937_64 random(seed);
  Sample data;
  for (std::size_t i = random() % 50; i > 0; --i) {
    data.y.push_back(std::ldexp(static_cast<double>(random() >> 12U), -40 - static_cast<int>(random() % 30)));
    data.group.push_back(static_cast<std::uint16_t>(random() % 4));
  }
  expect_the_same_bits(Means({3, 0.95, 1.0}), data, random);
}

TEST(Ranks, FourPeopleByHand) {
  RankQuestion question;
  question.cells = 10;
  question.groups = 2;
  const auto result = result_of(Ranks(question), Sample{{1, 2, 3, 4}, {0, 0, 1, 1}}).value();
  EXPECT_EQ(*result.tests[0].statistic, 0);
  EXPECT_NEAR(*result.tests[0].p, 2.0 / 6, 1e-15);  // 6 ways to choose two of four
  EXPECT_TRUE(result.tests[0].exact);
  EXPECT_EQ(result.shift->value, -2);
  EXPECT_TRUE(std::isinf(*result.shift->low));  // so few people bound it on no side
  EXPECT_EQ(result.groups[0].quantiles[1]->value, 1.5);
}

TEST(Ranks, TheGridIsSaid) {
  RankQuestion question;
  question.from = 10;
  question.step = 0.5;
  question.cells = 5;  // 10, 10.5, 11, 11.5, 12
  const auto result = result_of(Ranks(question), Sample{{3, 10.2, 10.3, 11.9, 50}, {}}).value();
  EXPECT_EQ(result.groups[0].below, 1);
  EXPECT_EQ(result.groups[0].above, 1);
  EXPECT_EQ(result.groups[0].quantiles[1]->value, 10.5);
  EXPECT_TRUE(warns(result, "statistic.outside_grid"));
  question.quantiles = {0};
  const auto low = result_of(Ranks(question), Sample{{3, 10}, {}}).value();
  EXPECT_FALSE(low.groups[0].quantiles[0]);
  EXPECT_TRUE(warns(low, "statistic.quantile_outside_grid"));
}

TEST(Ranks, WhatCannotBeComparedSaysSo) {
  RankQuestion question;
  question.cells = 10;
  question.groups = 2;
  EXPECT_FALSE(result_of(Ranks(question), Sample{}));
  EXPECT_FALSE(result_of(Ranks(question), Sample{{std::nan("")}, {0}}));
  EXPECT_TRUE(warns(result_of(Ranks(question), Sample{{1, 2}, {0, 0}}).value(), "statistic.one_group"));
  EXPECT_TRUE(warns(result_of(Ranks(question), Sample{{1, 1, 1}, {0, 0, 1}}).value(), "statistic.all_tied"));
  const auto single = result_of(Ranks(question), Sample{{1, 2, 3}, {0, 1, 1}}).value();
  EXPECT_FALSE(single.tests[0].p);
  EXPECT_TRUE(warns(single, "statistic.group_of_one"));
}

RC_GTEST_PROP(Ranks, TheExactDistributionIsOneAndItsMeanHalf, (std::uint64_t seed)) {
  std::mt19937_64 random(seed);
  std::vector<std::int64_t> a(1 + random() % 8);
  std::vector<std::int64_t> b(a.size());
  for (auto& cell : a) cell = static_cast<std::int64_t>(random() % 4);
  for (auto& cell : b) cell = static_cast<std::int64_t>(random() % 4);
  a[0] += 1;
  b[0] += 1;
  const auto distribution = mann_whitney_distribution(a, b);
  double sum = 0;
  double mean = 0;
  double square = 0;
  for (std::size_t u = 0; u < distribution.size(); ++u) {
    const double value = static_cast<double>(u) / 2;
    sum += distribution[u];
    mean += distribution[u] * value;
    square += distribution[u] * value * value;
  }
  const double middle = static_cast<double>(distribution.size() - 1) / 4;
  RC_ASSERT(std::fabs(sum - 1) < 1e-12);
  RC_ASSERT(std::fabs(mean - middle) < 1e-10);
  RC_ASSERT(std::fabs(square - mean * mean - mann_whitney_variance(a, b)) < 1e-8);  // the formula with ties
}

RC_GTEST_PROP(Ranks, AnySplitGivesTheSameCounts, (std::uint64_t seed)) {
  std::mt19937_64 random(seed);
  Sample data;
  for (std::size_t i = random() % 50; i > 0; --i) {
    data.y.push_back(static_cast<double>(random() % 40) / 3 - 2);
    data.group.push_back(static_cast<std::uint16_t>(random() % 4));
  }
  RankQuestion question;
  question.groups = 3;
  question.cells = 10;
  expect_the_same_bits(Ranks(question), data, random);
}

Episodes followed(const std::vector<std::int32_t>& exit, const std::vector<std::uint8_t>& cause, const std::vector<std::uint16_t>& group) {
  Episodes out;
  out.exit = exit;
  out.cause = cause;
  out.group = group;
  return out;
}

TEST(Rates, NothingSeenStillHasAnUpperLimit) {
  const auto result = result_of(PersonTime({1, 1, 0.95}), followed({10, 20}, {0, 0}, {})).value();
  EXPECT_EQ(result.groups[0].rate->value, 0);
  EXPECT_EQ(*result.groups[0].rate->low, 0);
  EXPECT_NEAR(*result.groups[0].rate->high, -std::log(0.025) / 30, 1e-15);
}

TEST(Rates, TwoGroupsByHand) {
  const auto result = result_of(PersonTime({2, 1, 0.95}), followed({5, 5, 10}, {1, 1, 2}, {0, 0, 1})).value();
  EXPECT_EQ(result.groups[0].events, 2);
  EXPECT_EQ(result.groups[1].events, 0);  // a competing event is none
  EXPECT_NEAR(*result.tests[0].p, 0.5, 1e-14);
  EXPECT_TRUE(std::isinf(result.ratio->value));
  EXPECT_TRUE(warns(result, "statistic.rate_ratio_open"));
}

TEST(Rates, WhatCannotBeComparedSaysSo) {
  EXPECT_FALSE(result_of(PersonTime({1, 1, 0.95}), Episodes{}));
  EXPECT_TRUE(warns(result_of(PersonTime({2, 1, 0.95}), followed({5}, {1}, {0})).value(), "statistic.one_group"));
  EXPECT_TRUE(warns(result_of(PersonTime({2, 1, 0.95}), followed({5, 6}, {0, 0}, {0, 1})).value(), "statistic.no_events"));
}

RC_GTEST_PROP(Rates, AnySplitGivesTheSameCounts, (std::uint64_t seed)) {
  std::mt19937_64 random(seed);
  Episodes data;
  for (std::uint32_t i = 0; i < random() % 40; ++i) {
    data.entry.push_back(static_cast<std::int32_t>(random() % 5));
    data.exit.push_back(data.entry.back() + 1 + static_cast<std::int32_t>(random() % 9));
    data.cause.push_back(static_cast<std::uint8_t>(random() % 3));
    data.group.push_back(static_cast<std::uint16_t>(random() % 3));
    data.person.push_back(i / 2);
  }
  expect_the_same_bits(PersonTime({2, 0.5, 0.95}), data, random);
}

}  // namespace
}  // namespace skerry::evidence
