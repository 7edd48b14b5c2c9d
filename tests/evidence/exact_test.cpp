// Exact sums against sums of whole numbers and of long doubles where those are exact.
#include "evidence/exact.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <random>

#include "evidence/statistic.hpp"

namespace skerry::evidence {
namespace {

__extension__ typedef __int128 Int128;

double power(int exponent) { return std::ldexp(1.0, exponent); }

Exact sum_of(const std::vector<double>& terms) {
  Exact out;
  for (const double term : terms) out.add(term);
  return out;
}

/// A double of any size the sums take, tiny ones too.
double any_term(std::mt19937_64& random) {
  const auto mantissa = static_cast<double>(random() >> 11U) / power(52) + 1;
  const auto exponent = static_cast<int>(random() % 290) - 192;
  return (random() & 1U) != 0 ? std::ldexp(-mantissa, exponent) : std::ldexp(mantissa, exponent);
}

TEST(Exact, OneTermComesBack) {
  for (const double x : {0.0, 1.0, -1.0, 0.1, -1.0 / 3, 1e-9, 5e22, -power(99), power(99), power(-128), -power(-128), 1e300 / 1e290}) {
    EXPECT_EQ(Exact(x).to_double(), x) << x;
    EXPECT_TRUE(Exact(x).sound()) << x;
  }
  EXPECT_FALSE(std::signbit(Exact(-0.0).to_double()));
}

RC_GTEST_PROP(Exact, ATermOfAtLeastTwoToMinus76IsExact, (std::uint64_t seed)) {
  std::mt19937_64 random(seed);
  const double term = any_term(random);
  const double back = Exact(term).to_double();
  if (std::fabs(term) >= power(-76)) RC_ASSERT(back == term);
  RC_ASSERT(std::fabs(back - term) <= power(-129));
}

TEST(Exact, TinyTermsRoundToTheNearestTiesToEven) {
  EXPECT_EQ(Exact(power(-129)).to_double(), 0);                                 // half: to even, down
  EXPECT_EQ(Exact(3 * power(-129)).to_double(), 2 * power(-128));               // one and a half: to even, up
  EXPECT_EQ(Exact(5 * power(-129)).to_double(), 2 * power(-128));               // two and a half: to even, down
  EXPECT_EQ(Exact(std::nextafter(power(-129), 1)).to_double(), power(-128));    // just above half
  EXPECT_EQ(Exact(-std::nextafter(power(-129), 1)).to_double(), -power(-128));  // and below zero
  EXPECT_EQ(Exact(-3 * power(-129)).to_double(), -2 * power(-128));
  EXPECT_EQ(Exact(std::nextafter(power(-129), 0)).to_double(), 0);
  EXPECT_EQ(Exact(std::numeric_limits<double>::denorm_min()).limbs(), Exact().limbs());
  EXPECT_EQ(Exact(-1e-300), Exact());
}

RC_GTEST_PROP(Exact, SumsOfWholeNumbersAreThose, (const std::vector<std::int64_t>& numbers)) {
  // Numbers of at most 2^52, scaled by a power of two: the sum fits 128 bits.
  Exact sum;
  Int128 whole = 0;
  for (const auto number : numbers) {
    const std::int64_t small = number % (std::int64_t{1} << 52U);
    whole += small;
    sum.add(std::ldexp(static_cast<double>(small), -60));
  }
  Exact expected;  // in two halves, each exact as a double
  const auto high = static_cast<std::int64_t>(whole / (Int128{1} << 40U));
  const auto low = static_cast<std::int64_t>(whole % (Int128{1} << 40U));
  expected.add(std::ldexp(static_cast<double>(high), -20));
  expected.add(std::ldexp(static_cast<double>(low), -60));
  RC_ASSERT(sum == expected);
  RC_ASSERT(sum.to_double() == std::ldexp(static_cast<double>(static_cast<long double>(whole)), -60) || numbers.size() > 2048);
}

RC_GTEST_PROP(Exact, AnyOrderAndAnySplitGivesTheSameBits, (std::uint64_t seed)) {
  std::mt19937_64 random(seed);
  std::vector<double> terms(1 + random() % 200);
  for (auto& term : terms) term = any_term(random);
  const Exact all = sum_of(terms);
  std::shuffle(terms.begin(), terms.end(), random);
  std::vector<Exact> parts(1 + random() % 9);
  for (const double term : terms) parts[random() % parts.size()].add(term);
  std::shuffle(parts.begin(), parts.end(), random);
  Exact added;
  for (const auto& part : parts) added += part;
  RC_ASSERT(added == all);
  Exact at_once;
  add_all(terms, at_once);
  RC_ASSERT(at_once == all);
  RC_ASSERT(Exact::from_limbs(all.limbs()) == all);
}

RC_GTEST_PROP(Exact, WhatIsAddedAndTakenAwayLeavesNothing, (std::uint64_t seed)) {
  std::mt19937_64 random(seed);
  std::vector<double> terms;
  for (int i = 0; i < 50; ++i) {
    terms.push_back(any_term(random));
    terms.push_back(-terms.back());
  }
  std::shuffle(terms.begin(), terms.end(), random);
  RC_ASSERT(sum_of(terms) == Exact());
}

RC_GTEST_PROP(Exact, TheNearestDoubleIsTold, (std::uint64_t seed)) {
  // x + y with y far below x: the sum's double is the correctly rounded one, which x + y of doubles is by definition.
  std::mt19937_64 random(seed);
  double x = any_term(random);
  double y = any_term(random);
  if (std::fabs(x) < power(-70) || std::fabs(y) < power(-70)) RC_DISCARD("not exact terms");
  RC_ASSERT(sum_of({x, y}).to_double() == x + y);
  const double last_place = std::nextafter(std::fabs(x), power(120)) - std::fabs(x);
  if (last_place < power(-70)) RC_DISCARD("not exact terms");
  y = (random() & 1U) != 0 ? last_place / 2 : -last_place / 2;  // a tie, or the binade's edge
  RC_ASSERT(sum_of({x, y}).to_double() == x + y);
  RC_ASSERT(sum_of({x, y, power(-128)}).to_double() == std::nextafter(x + y, power(120)) ||
            sum_of({x, y, power(-128)}).to_double() == x + y);
}

TEST(Exact, AHairAboveATieRoundsUp) {
  EXPECT_EQ(sum_of({1, power(-53)}).to_double(), 1);
  EXPECT_EQ(sum_of({1, power(-53), power(-128)}).to_double(), 1 + power(-52));
  EXPECT_EQ(sum_of({1, power(-53), -power(-128)}).to_double(), 1);
  EXPECT_EQ(sum_of({-1, -power(-53), -power(-128)}).to_double(), -1 - power(-52));
  EXPECT_EQ(sum_of({power(90), power(-128)}).to_double(), power(90));
}

TEST(Exact, WhatIsNotANumberOrTooLargeIsNotSound) {
  for (const double x : {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(), std::nan(""),
                         std::nextafter(power(99), power(100)), -power(100), 1e300}) {
    Exact sum(1);
    sum.add(x);
    EXPECT_FALSE(sum.sound()) << x;
    sum.add(1);
    EXPECT_FALSE(sum.sound()) << x;
    EXPECT_TRUE(std::isnan(sum.to_double())) << x;
    Exact other(2);
    other += sum;
    EXPECT_FALSE(other.sound()) << x;
  }
}

TEST(Exact, LeavingTheRangeIsNoticed) {
  Exact up(power(99));
  Exact down(-power(99));
  for (int i = 0; i < 27; ++i) {
    up += Exact(up);
    down += Exact(down);
  }
  EXPECT_EQ(up.to_double(), power(126));
  EXPECT_EQ(down.to_double(), -power(126));
  Exact twice = up;
  twice += up;
  EXPECT_FALSE(twice.sound());
  Exact least = down;
  least += down;  // -2^127 is the lowest there is
  EXPECT_TRUE(least.sound());
  EXPECT_EQ(least.to_double(), -power(127));
  least.add(-power(-128));
  EXPECT_FALSE(least.sound());
}

TEST(Statistic, TotalsAddCellByCell) {
  Totals a(2, 1);
  a.counts = {1, 2};
  a.reals[0].add(0.5);
  Totals b(2, 1);
  b.counts = {10, 20};
  b.reals[0].add(0.25);
  a += b;
  EXPECT_EQ(a.counts, (std::vector<std::int64_t>{11, 22}));
  EXPECT_EQ(a.reals[0].to_double(), 0.75);
}

TEST(Statistic, LimitsSayWhyTheyEndAComputation) {
  Limits limits;
  EXPECT_TRUE(limits.check());
  limits.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  ASSERT_FALSE(limits.check());
  EXPECT_EQ(limits.check().error().code, ErrorCode::timeout);
  std::atomic<bool> cancelled = true;
  limits.cancelled = &cancelled;
  EXPECT_EQ(limits.check().error().code, ErrorCode::cancelled);
  cancelled = false;
  limits.deadline.reset();
  EXPECT_TRUE(limits.check());
}

}  // namespace
}  // namespace skerry::evidence
