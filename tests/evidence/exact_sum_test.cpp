#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <bit>
#include <cmath>
#include <random>

#include "evidence/exact.hpp"
#include "evidence/exponential.hpp"

namespace skerry::evidence {
namespace {

Exact one_by_one(const std::vector<double>& terms) {
  Exact sum;
  for (const double term : terms) sum.add(term);
  return sum;
}

void expect_same(const std::vector<double>& terms) {
  const auto expected = one_by_one(terms);
  Exact wide, plain;
  add_all(terms, wide);
  add_all_plainly(terms, plain);
  RC_ASSERT(wide == expected);
  RC_ASSERT(plain == expected);
}

RC_GTEST_PROP(ExactSum, ManyTermsAtOnceAreTheSameBits, (std::uint32_t seed)) {
  std::mt19937_64 random(seed);
  const auto count = std::uniform_int_distribution<std::size_t>(0, 5000)(random);
  const int low = std::uniform_int_distribution<int>(-140, 90)(random);
  const int spread = std::uniform_int_distribution<int>(0, 130)(random);
  std::vector<double> terms(count);
  for (double& term : terms) {
    const int exponent = std::min(low + std::uniform_int_distribution<int>(0, spread)(random), 97);
    term = std::ldexp(std::uniform_real_distribution<double>(-1, 1)(random), exponent);
    if (random() % 64 == 0) term = 0;
    if (random() % 64 == 1) term = std::ldexp(1.0, exponent);
    if (random() % 64 == 2) term = -0.0;
  }
  expect_same(terms);
}

TEST(ExactSum, HalvesOfTheLastPlaceRoundAsOneByOne) {
  for (const int exponent : {-130, -129, -128, -127, -90, -77, -76}) {
    std::vector<double> terms;
    for (int i = 1; i < 100; ++i) terms.push_back(std::ldexp(static_cast<double>(i % 7) + 0.5, exponent) * (i % 3 == 0 ? -1 : 1));
    expect_same(terms);
    terms.push_back(1e20);
    expect_same(terms);
  }
}

TEST(ExactSum, TermsThatCannotBeAddedMakeTheSumUnsound) {
  for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL, 0x1p101}) {
    std::vector<double> terms(100, 1.5);
    terms[37] = bad;
    Exact sum;
    add_all(terms, sum);
    EXPECT_FALSE(sum.sound());
  }
}

TEST(ExactSum, LargestTermsStillFit) {
  const std::vector<double> terms(4096, std::nextafter(0x1p99, 0));
  expect_same(terms);
}

TEST(Exponential, IsWithinOneUnitAndTheSameBitsWithAndWithoutWideInstructions) {
  std::mt19937_64 random(7);
  std::vector<double> x{0, -0.0, 1, -1, 700, -700, 1e-300, 1e-17, 0.34657359027997264, -0.34657359027997264, 12.5};
  for (int i = 0; i < 200000; ++i)
    x.push_back(std::uniform_real_distribution<double>(-1, 1)(random) * (i % 3 == 0 ? 700 : i % 3 == 1 ? 10 : 0.5));
  std::vector<double> wide(x.size()), plain(x.size());
  exponentials(x, wide.data());
  exponentials_plainly(x, plain.data());
  for (std::size_t i = 0; i < x.size(); ++i) {
    ASSERT_EQ(std::bit_cast<std::uint64_t>(wide[i]), std::bit_cast<std::uint64_t>(plain[i])) << x[i];
    const long double truth = std::exp(static_cast<long double>(x[i]));
    const double unit = std::nextafter(wide[i], HUGE_VAL) - wide[i];
    ASSERT_LE(static_cast<double>(std::fabs(static_cast<long double>(wide[i]) - truth)), unit) << x[i];
  }
  std::vector<double> beyond{1e6, -1e6};
  exponentials(beyond, beyond.data());
  EXPECT_TRUE(std::isfinite(beyond[0]));
  EXPECT_GT(beyond[1], 0);
}

}  // namespace
}  // namespace skerry::evidence
