#include "evidence/bootstrap.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace skerry::evidence {
namespace {

// The published known answers of Philox4x32-10 (Random123, kat_vectors): counter and key all 0, and all 1.
TEST(RandomBits, AreThePublishedOnes) {
  EXPECT_EQ(random_bits(0, 0, 0), std::uint64_t{0xe169c58d} << 32 | 0x6627e8d5);
  EXPECT_EQ(random_bits(~0ULL, ~0ULL, ~0ULL), std::uint64_t{0x41c83b0e} << 32 | 0x408f276d);
}

TEST(PoissonOne, HasMeanAndVarianceOne) {
  double sum = 0, squares = 0;
  const int n = 200'000;
  std::set<unsigned> seen;
  for (int i = 0; i < n; ++i) {
    const auto k = poisson_one(random_bits(7, static_cast<std::uint64_t>(i), 3));
    seen.insert(k);
    sum += k;
    squares += static_cast<double>(k) * k;
  }
  EXPECT_NEAR(sum / n, 1, 0.01);
  EXPECT_NEAR(squares / n - 1, 1, 0.02);
  EXPECT_GE(seen.size(), 7u);
  EXPECT_EQ(poisson_one(0), 0u);
  EXPECT_EQ(poisson_one(~0ULL), 19u);
}

TEST(Percentiles, AreLinearBetweenOrderedEstimates) {
  const auto out = percentiles({5, 1, 4, 2, 3}, 0.5);
  EXPECT_DOUBLE_EQ(out.low.value(), 2);
  EXPECT_DOUBLE_EQ(out.high.value(), 4);
  EXPECT_FALSE(percentiles({}, 0.95).low.has_value());
  EXPECT_FALSE(percentiles({1, std::nan(""), 2}, 0.95).low.has_value());
}

}  // namespace
}  // namespace skerry::evidence
