// Linear regression: by hand, the same bits for any split, and plain about data that cannot carry it.
#include "evidence/linear.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>

#include "evidence/parts.hpp"

namespace skerry::evidence {
namespace {

Result<LinearResult> result_of(const Design& data, RobustError robust = RobustError::none) {
  LinearQuestion question;
  for (std::size_t j = 0; j < data.x.size(); ++j) question.covariates.push_back("x" + std::to_string(j + 1));
  question.robust = robust;
  Linear statistic(question);
  if (auto done = run(statistic, std::span(&data, 1)); !done) return fail(done.error());
  return statistic.result();
}

TEST(Linear, ALineByHand) {
  const auto result = result_of({{1, 3, 2, 5}, {{0, 1, 2, 3}}, {}, {}, {}}).value();  // slope 5.5 / 5, intercept 2.75 - 1.1 * 1.5
  EXPECT_NEAR(result.coefficients[1].value, 1.1, 1e-15);
  EXPECT_NEAR(result.coefficients[0].value, 1.1, 1e-15);
  EXPECT_EQ(result.residual_df, 2);
  EXPECT_NEAR(*result.coefficients[1].standard_error, std::sqrt(2.7 / 2 / 5), 1e-15);  // residual squares 8.75 - 1.1 * 5.5
  EXPECT_NEAR(*result.r_squared, 6.05 / 8.75, 1e-15);
}

TEST(Linear, WhatCannotBeEstimatedIsNamed) {
  const Design combination{{1, 4, 2, 3, 7, 1}, {{1, 2, 3, 4, 5, 6}, {2, 1, 0, 5, 3, 3}, {0.3, 0.3, 0.3, 0.9, 0.8, 0.1}}, {}, {}, {}};
  auto data = combination;
  for (std::size_t i = 0; i < 6; ++i) data.x[2][i] = data.x[0][i] / 7 - data.x[1][i] / 3;
  EXPECT_EQ(result_of(data).error().message, "the covariate x3 is a combination of the others");
  EXPECT_TRUE(result_of(combination));
  data.x[1] = std::vector<double>(6, 0.1);
  EXPECT_EQ(result_of(data).error().message, "the covariate x2 is the same in everyone");
  EXPECT_EQ(result_of({{1, 2}, {{0, 1}}, {}, {}, {}}).error().code, ErrorCode::not_computable);
  EXPECT_EQ(result_of({}).error().code, ErrorCode::not_computable);
  EXPECT_EQ(result_of({{2, 2, 2, 2}, {{0, 1, 2, 4}}, {}, {}, {}}).error().code, ErrorCode::not_computable);
  EXPECT_EQ(result_of({{1, 2, 5, std::nan("")}, {{0, 1, 2, 4}}, {}, {}, {}}).error().code, ErrorCode::not_computable);
  EXPECT_EQ(result_of({{1, 2, 5, 3}, {{0, 1, 2, 1e300}}, {}, {}, {}}).error().code, ErrorCode::not_computable);
  EXPECT_EQ(result_of({{1, 2, 5, 3}, {{0, 1, 2, 3}}, {}, {-1, 1, 1, 1}, {}}).error().code, ErrorCode::not_computable);
  EXPECT_EQ(result_of({{1, 2, 5, 3}, {{0, 1, 2, 3}}, {}, {}, {1, 1, 1, 1}}, RobustError::cr1).error().code, ErrorCode::not_computable);
}

TEST(Linear, ACoefficientOfOnePersonHasNoHc3Error) {
  const Design data{{1, 2, 5, 3, 4}, {{0, 0, 0, 0, 1}}, {}, {}, {}};
  EXPECT_TRUE(result_of(data, RobustError::hc1));
  EXPECT_EQ(result_of(data, RobustError::hc3).error().message,
            "a coefficient rests on a single person: errors that correct for that cannot be computed");
}

TEST(Linear, APerfectFitHasNoErrors) {
  const auto result = result_of({{2, 4, 6, 8}, {{1, 2, 3, 4}}, {}, {}, {}}).value();
  EXPECT_EQ(result.coefficients[1].value, 2);
  EXPECT_FALSE(result.coefficients[1].p);
  ASSERT_EQ(result.cautions.size(), 1U);
  EXPECT_EQ(result.cautions[0].key, "statistic.perfect_fit");
}

RC_GTEST_PROP(Linear, AnySplitGivesTheSameBits, (std::uint64_t seed)) {
  std::mt19937_64 random(seed);
  const auto number = [&] { return std::ldexp(static_cast<double>(random() >> 12U), -50 + static_cast<int>(random() % 9)); };
  Design data;
  data.x.resize(2);
  for (std::uint32_t i = 0; i < 8 + random() % 4; ++i) {
    data.y.push_back(number());
    data.x[0].push_back(number());
    data.x[1].push_back(number());
    data.weight.push_back(static_cast<double>(random() % 3));
    data.cluster.push_back(i / 2);
  }
  for (const auto robust : {RobustError::none, RobustError::hc3, RobustError::cr1}) {
    expect_the_same_bits(Linear({{"a", "b"}, 0.95, robust}), data, random);
  }
}

}  // namespace
}  // namespace skerry::evidence
