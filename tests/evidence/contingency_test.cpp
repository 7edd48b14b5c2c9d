// Cross-tables: what the tests say of tables that can be worked out by hand, and of tables that cannot be tested.
#include "evidence/contingency.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <functional>

#include "evidence/conditional.hpp"
#include "evidence/crosstab_tests.hpp"
#include "evidence/parts.hpp"
#include "evidence/stratified.hpp"

namespace skerry::evidence {
namespace {

Crossing people_of(const std::vector<std::int64_t>& cells, std::size_t rows, std::size_t columns) {
  Crossing out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    for (std::int64_t n = 0; n < cells[i]; ++n) {
      out.stratum.push_back(static_cast<std::uint16_t>(i / (rows * columns)));
      out.row.push_back(static_cast<std::uint16_t>(i / columns % rows));
      out.column.push_back(static_cast<std::uint16_t>(i % columns));
    }
  }
  return out;
}

Result<CrossingResult> result_of(const Crossing& data, const CrossingQuestion& question) {
  Contingency statistic(question);
  if (auto done = run(statistic, std::span(&data, 1)); !done) return fail(done.error());
  return statistic.result();
}

const Test* find(const CrossingResult& result, const std::string& name) {
  for (const auto& test : result.tests) {
    if (test.name == name) return &test;
  }
  return nullptr;
}

bool warns(const CrossingResult& result, const std::string& key) {
  for (const auto& caution : result.cautions) {
    if (caution.key == key) return true;
  }
  return false;
}

TEST(Contingency, FourCupsOfTea) {
  const auto result = result_of(people_of({3, 1, 1, 3}, 2, 2), {}).value();
  ASSERT_FALSE(result.tests.empty());
  EXPECT_EQ(result.tests[0].name, "Fisher's exact test");  // the first is the one to report
  EXPECT_NEAR(*result.tests[0].p, 34.0 / 70, 1e-14);       // Fisher 1935: (1 + 16) / 70 on each side
  EXPECT_TRUE(result.tests[0].exact);
  EXPECT_TRUE(warns(result, "statistic.expected_small"));
  EXPECT_EQ(*find(result, "Pearson's chi-square test")->statistic, 2);
  EXPECT_EQ(result.proportions[0]->value, 0.75);
}

TEST(Contingency, ManyPeopleAreTestedByChiSquareFirst) {
  const auto result = result_of(people_of({300, 250, 200, 350}, 2, 2), {}).value();
  EXPECT_EQ(result.tests[0].name, "Pearson's chi-square test");
  EXPECT_NE(find(result, "Fisher's exact test"), nullptr);
  EXPECT_TRUE(result.cautions.empty());
}

TEST(Contingency, AnEmptyCellLeavesTheOddsRatioOpen) {
  const auto result = result_of(people_of({0, 5, 7, 4}, 2, 2), {}).value();
  ASSERT_TRUE(result.odds_ratio);
  EXPECT_TRUE(std::isinf(result.odds_ratio->value) && result.odds_ratio->value < 0);
  EXPECT_TRUE(std::isinf(*result.odds_ratio->low));
  EXPECT_TRUE(std::isfinite(*result.odds_ratio->high));
  EXPECT_TRUE(warns(result, "statistic.odds_ratio_open"));
}

TEST(Contingency, OneRowIsNotTested) {
  const auto result = result_of(people_of({3, 4, 0, 0}, 2, 2), {}).value();
  EXPECT_TRUE(result.tests.empty());
  EXPECT_TRUE(warns(result, "statistic.one_group"));
  EXPECT_FALSE(result.proportions[2]);  // of nobody
  EXPECT_EQ(result.proportions[0]->value, 3.0 / 7);
}

TEST(Contingency, NobodyIsAnError) {
  const auto result = result_of({}, {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::not_computable);
}

TEST(Contingency, WhoIsOutsideIsCounted) {
  Crossing data = people_of({1, 1, 1, 1}, 2, 2);
  data.row.back() = 7;
  const auto result = result_of(data, {}).value();
  EXPECT_EQ(result.people, 3);
  EXPECT_EQ(result.outside, 1);
}

TEST(Contingency, SumsOfAnotherQuestionAreRefused) {
  Contingency statistic({});
  EXPECT_FALSE(statistic.take(Totals(3, 0)));
}

TEST(Contingency, AnEmptyColumnIsLeftOutOfTheTest) {
  const auto result = result_of(people_of({3, 0, 1, 1, 0, 3}, 2, 3), {2, 3, 1, 0.95, {}}).value();
  EXPECT_TRUE(warns(result, "statistic.group_empty"));
  EXPECT_NEAR(*find(result, "Fisher's exact test")->p, 34.0 / 70, 1e-14);
}

TEST(Contingency, StrataWithoutBothRowsSayNothing) {
  const auto result = result_of(people_of({3, 1, 0, 0, 0, 0, 2, 2}, 2, 2), {2, 2, 2, 0.95, {}}).value();
  EXPECT_TRUE(result.tests.empty());
  EXPECT_TRUE(warns(result, "statistic.strata_say_nothing"));
}

TEST(Contingency, StrataAreTestedExactlyWhenPeopleAreFew) {
  const auto result = result_of(people_of({3, 1, 1, 3, 2, 1, 1, 4}, 2, 2), {2, 2, 2, 0.95, {}}).value();
  EXPECT_EQ(result.tests[0].name, "Exact conditional test of independence in strata");
  ASSERT_TRUE(result.common_odds_ratio && result.conditional_odds_ratio);
  EXPECT_TRUE(result.common_odds_ratio->ratio);
  EXPECT_NE(find(result, "Breslow-Day test with Tarone's correction"), nullptr);
}

TEST(Contingency, ALargeSparseTableSaysTheExactTestIsOutOfReach) {
  std::vector<std::int64_t> cells(400);
  for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = static_cast<std::int64_t>((i * i + i / 20) % 5);
  const auto result = result_of(people_of(cells, 20, 20), {20, 20, 1, 0.95, {}}).value();
  EXPECT_EQ(result.tests.size(), 1U);
  EXPECT_TRUE(warns(result, "statistic.expected_small_no_exact"));
}

/// All tables with the margins, one by one.
double by_hand(const CrossTable& table) {
  std::vector<std::int64_t> left = table.row_sums();
  const auto columns = table.column_sums();
  CrossTable now{table.rows, table.columns, std::vector<std::int64_t>(table.cells.size())};
  const auto weight = [](const CrossTable& t) {
    double out = 0;
    for (const auto cell : t.cells) out -= std::lgamma(static_cast<double>(cell) + 1);
    return out;
  };
  const double seen = weight(table);
  double all = 0;
  double hit = 0;
  const std::function<void(std::size_t, std::int64_t)> place = [&](std::size_t i, std::int64_t open) {
    const std::size_t r = i % table.rows;
    const std::size_t c = i / table.rows;
    if (c == table.columns) {
      const double w = weight(now);
      all += std::exp(w);
      if (w <= seen + 1e-7) hit += std::exp(w);
      return;
    }
    if (r == 0) open = columns[c];
    for (std::int64_t x = 0; x <= std::min(left[r], open); ++x) {
      if (r + 1 == table.rows && x != open) continue;
      now.cells[r * table.columns + c] = x;
      left[r] -= x;
      place(i + 1, open - x);
      left[r] += x;
    }
  };
  place(0, 0);
  return hit / all;
}

RC_GTEST_PROP(Contingency, FishersTestIsTheSumOverAllTables, (std::uint64_t seed)) {
  std::mt19937_64 random(seed);
  CrossTable table{2 + random() % 3, 2 + random() % 2, {}};
  for (std::size_t i = 0; i < table.rows * table.columns; ++i) table.cells.push_back(static_cast<std::int64_t>(random() % 3));
  table = without_empty(table, table);
  if (table.rows < 2 || table.columns < 2) RC_DISCARD("nothing to test");
  RC_ASSERT(std::fabs(*fisher(table)->p - by_hand(table)) < 1e-11);
}

RC_GTEST_PROP(Contingency, AnySplitOfThePeopleGivesTheSameSums, (std::uint64_t seed)) {
  std::mt19937_64 random(seed);
  Crossing data;
  for (std::size_t i = random() % 60; i > 0; --i) {
    data.row.push_back(static_cast<std::uint16_t>(random() % 4));
    data.column.push_back(static_cast<std::uint16_t>(random() % 2));
    data.stratum.push_back(static_cast<std::uint16_t>(random() % 3));
  }
  expect_the_same_bits(Contingency({3, 2, 3, 0.95, {}}), data, random);
}

RC_GTEST_PROP(Contingency, SwappingTheRowsTurnsTheOddsRatioRound, (std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d)) {
  const Fourfold one{a + 1, b + 1, c + 1, d + 1};
  const Fourfold other{c + 1, d + 1, a + 1, b + 1};
  const auto x = conditional_odds_ratio(std::span(&one, 1), 0.95);
  const auto y = conditional_odds_ratio(std::span(&other, 1), 0.95);
  RC_ASSERT(std::fabs(x->value + y->value) < 1e-11);
  RC_ASSERT(std::fabs(*x->low + *y->high) < 1e-9);
  RC_ASSERT(std::fabs(conditional_p(std::span(&one, 1)) - conditional_p(std::span(&other, 1))) < 1e-11);
}

}  // namespace
}  // namespace skerry::evidence
