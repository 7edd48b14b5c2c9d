#include "disclosure/suppression.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "cohort/people.hpp"

namespace skerry::disclosure {

struct TextbookPolicy {
  static Policy make() {
    Policy policy;
    policy.textbook_ = true;
    return policy;
  }
};

namespace {

using cohort::Answer;
using cohort::Follow;
using cohort::study_of;
using evidence::Count;
using evidence::Layout;
using evidence::Leaving;
using evidence::Mark;
using evidence::Sums;
using evidence::Told;
using testing::ElementsAre;
using Numbers = std::vector<std::vector<std::int64_t>>;

const Count few{std::nullopt, Mark::few};
const Count withheld{std::nullopt, Mark::withheld};
Count open(std::int64_t number) { return {number, Mark::open}; }

Numbers with_margins(Numbers cells) {
  std::vector<std::int64_t> totals(cells.front().size() + 1, 0);
  for (auto& row : cells) {
    std::int64_t sum = 0;
    for (std::size_t c = 0; c < row.size(); ++c) {
      sum += row[c];
      totals[c] += row[c];
    }
    row.push_back(sum);
    totals.back() += sum;
  }
  cells.push_back(std::move(totals));
  return cells;
}

TEST(Table, WithNothingSmallIsToldWhole) {
  const auto numbers = with_margins({{10, 0}, {20, 5}});
  for (std::size_t r = 0; const auto& row : protect_table(numbers, 5)) {
    for (std::size_t c = 0; c < row.size(); ++c) EXPECT_EQ(row[c], open(numbers[r][c]));
    ++r;
  }
}

TEST(Table, OneSmallCellTakesOthersWithIt) {
  const auto numbers = with_margins({{3, 10, 20}, {10, 10, 20}, {20, 20, 20}});
  const auto told = protect_table(numbers, 5);
  EXPECT_EQ(told[0][0], withheld);
  std::size_t hidden = 0;
  for (const auto& row : told) hidden += static_cast<std::size_t>(std::ranges::count(row, withheld));
  EXPECT_GE(hidden, 4u) << "a rectangle at the least";
  EXPECT_EQ(told.back().back(), open(133)) << "the total stays";
}

RC_GTEST_PROP(Table, NothingWithheldCanBeCalculated, ()) {
  const auto rows = *rc::gen::inRange<std::size_t>(1, 5);
  const auto columns = *rc::gen::inRange<std::size_t>(1, 5);
  Numbers cells(rows);
  for (auto& row : cells) {
    row = *rc::gen::container<std::vector<std::int64_t>>(
        columns,
        rc::gen::weightedOneOf<std::int64_t>({{3, rc::gen::inRange<std::int64_t>(0, 9)}, {1, rc::gen::inRange<std::int64_t>(0, 60)}}));
  }
  const int floor = *rc::gen::inRange(2, 12);
  const auto numbers = with_margins(cells);
  const auto told = protect_table(numbers, floor);
  for (std::size_t r = 0; r < numbers.size(); ++r) {
    for (std::size_t c = 0; c < numbers[r].size(); ++c) {
      if (told[r][c].mark == Mark::open) {
        RC_ASSERT(told[r][c].number == numbers[r][c]);
        RC_ASSERT(numbers[r][c] == 0 || numbers[r][c] >= floor);
        continue;
      }
      const auto range = range_of(numbers, told, r, c);
      RC_ASSERT(range.low <= numbers[r][c] && numbers[r][c] <= range.high);
      RC_ASSERT(range.high - range.low >= floor);
    }
  }
}

/// Every table of two by two with the same told numbers, by trying: the ranges are exactly the flows'.
RC_GTEST_PROP(Table, RangesAreExact, ()) {
  const auto cells = *rc::gen::container<std::vector<std::int64_t>>(4, rc::gen::inRange<std::int64_t>(0, 8));
  const auto numbers = with_margins({{cells[0], cells[1]}, {cells[2], cells[3]}});
  std::vector<std::vector<Count>> told(3);
  for (std::size_t r = 0; r < 3; ++r) {
    for (std::size_t c = 0; c < 3; ++c) {
      // The total is told, so that everything is bounded.
      told[r].push_back((r < 2 || c < 2) && *rc::gen::arbitrary<bool>() ? withheld : open(numbers[r][c]));
    }
  }
  std::vector<std::vector<Range>> seen(3, std::vector<Range>(3, Range{unbounded, -1}));
  const auto total = numbers[2][2];
  for (std::int64_t a = 0; a <= total; ++a) {
    for (std::int64_t b = 0; a + b <= total; ++b) {
      for (std::int64_t c = 0; a + b + c <= total; ++c) {
        const auto other = with_margins({{a, b}, {c, total - a - b - c}});
        bool fits = true;
        for (std::size_t i = 0; i < 9; ++i)
          fits = fits && (told[i / 3][i % 3].mark != Mark::open || other[i / 3][i % 3] == numbers[i / 3][i % 3]);
        for (std::size_t i = 0; fits && i < 9; ++i) {
          auto& range = seen[i / 3][i % 3];
          range = {std::min(range.low, other[i / 3][i % 3]), std::max(range.high, other[i / 3][i % 3])};
        }
      }
    }
  }
  for (std::size_t i = 0; i < 9; ++i) RC_ASSERT(range_of(numbers, told, i / 3, i % 3) == seen[i / 3][i % 3]);
}

class Proportion : public testing::Test {
 protected:
  static cohort::Study study(int items) {
    std::string of;
    for (int i = 0; i < items; ++i) of += (i ? "," : "") + std::string(R"({"code":"X:)") + std::to_string(i) + R"("})";
    return study_of(R"({"everyone":true})", R"("statistic":{"type":"proportion","of":[)" + of + "]}");
  }
  /// present, absent, contradictory, not recorded of each item
  static Told told(const std::vector<std::array<std::int64_t, 4>>& items, int floor = 5) {
    const auto asked = study(static_cast<int>(items.size()));
    const Layout layout(asked);
    Sums sums(layout.size(), 0);
    for (std::size_t i = 0; i < items.size(); ++i) {
      sums[layout.answer(0, i, Answer::present)] = items[i][0];
      sums[layout.answer(0, i, Answer::absent)] = items[i][1];
      sums[layout.answer(0, i, Answer::contradictory)] = items[i][2];
      sums[layout.answer(0, i, Answer::not_recorded)] = items[i][3];
    }
    return protect(asked, layout, sums, Policy(floor));
  }
};

TEST_F(Proportion, TellsWhatIsLargeEnough) {
  const auto out = told({{31, 49, 0, 0}});
  EXPECT_EQ(out.answers[0].present, open(31));
  EXPECT_EQ(out.answers[0].recorded, open(80));
  EXPECT_EQ(out.answers[0].not_recorded, open(0));
  EXPECT_EQ(out.people, open(80));
}

TEST_F(Proportion, HidesTheTotalWhenFewAreNotRecorded) {
  const auto out = told({{5, 17, 0, 1}});
  EXPECT_EQ(out.answers[0].present, open(5));
  EXPECT_EQ(out.answers[0].recorded, open(22));
  EXPECT_EQ(out.answers[0].not_recorded, few);
  EXPECT_EQ(out.people, withheld);
  EXPECT_EQ(out.answers[0].people, withheld);
}

TEST_F(Proportion, HidesASmallNumeratorAndASmallComplement) {
  EXPECT_EQ(told({{4, 20, 0, 0}}).answers[0].present, few);
  EXPECT_EQ(told({{20, 4, 0, 0}}).answers[0].present, withheld);
  EXPECT_EQ(told({{0, 20, 0, 0}}).answers[0].present, open(0));
  const auto tiny = told({{2, 1, 0, 0}});
  EXPECT_EQ(tiny.answers[0].recorded, few);
  EXPECT_EQ(tiny.answers[0].present, few);
  EXPECT_EQ(tiny.people, few);
}

TEST_F(Proportion, AnotherRowCannotGiveTheTotalAway) {
  // The second row has 10 not recorded of 30: with 20 recorded it would say 30, and the first row's one person with it.
  const auto out = told({{10, 19, 0, 1}, {10, 10, 0, 10}});
  EXPECT_EQ(out.people, withheld);
  EXPECT_EQ(out.answers[1].not_recorded, withheld);
  EXPECT_EQ(out.answers[0].not_recorded, few);
  // Two rows that are few at different numbers recorded would leave only one total: 22 + 1..4 and 25 + 1..4.
  const auto two = told({{5, 17, 0, 4}, {5, 20, 0, 1}});
  EXPECT_EQ(two.answers[0].not_recorded, withheld);
  EXPECT_EQ(two.answers[1].not_recorded, withheld);
}

TEST_F(Proportion, TheFloorCanBeRaisedAndNotLowered) {
  EXPECT_EQ(told({{8, 20, 0, 0}}, 10).answers[0].present, few);
  EXPECT_EQ(told({{3, 20, 0, 0}}, 1).answers[0].present, few);
  const auto asked = study_of(R"({"everyone":true})", R"("statistic":{"type":"count"},"floor":2)");
  EXPECT_EQ(protect(asked, Layout(asked), {0, 3}, Policy()).people, few);
  const auto strict = study_of(R"({"everyone":true})", R"("statistic":{"type":"count"},"floor":50)");
  EXPECT_EQ(protect(strict, Layout(strict), {0, 30}, Policy()).people, few);
}

TEST(Count, OneSmallGroupTakesAnotherOrTheTotalWithIt) {
  const auto asked = study_of(R"({"everyone":true})", R"("statistic":{"type":"count"},
    "by":{"code":"skerry:sex","values":["skerry:female","skerry:male"]})");
  const auto out = protect(asked, Layout(asked), {0, 30, 3, 0, 0}, Policy());
  const bool total_open = out.people.mark == Mark::open;
  EXPECT_NE(out.counts[1].mark, Mark::open);
  EXPECT_FALSE(total_open && out.counts[0].mark == Mark::open);
  EXPECT_THAT(protect(asked, Layout(asked), {0, 30, 20, 0, 0}, Policy()).counts, ElementsAre(open(30), open(20)));
}

TEST(Curve, IsGroupedSoThatNoNumberInAStepIsBelowTheFloor) {
  const std::vector<Leaving> steps{{1, 4, 1}, {2, 1, 0}, {3, 0, 4}, {4, 6, 0}, {5, 1, 0}, {6, 0, 7}, {7, 0, 1}};
  EXPECT_THAT(merge_steps(steps, 5), ElementsAre(Leaving{3, 5, 5}, Leaving{4, 6, 0}));
  EXPECT_TRUE(merge_steps({{1, 2, 2}}, 5).empty());
  EXPECT_TRUE(merge_steps({{1, 20, 0}, {2, 0, 4}}, 5).empty()) << "four are left";
  EXPECT_THAT(merge_steps({{1, 20, 0}, {2, 1, 4}}, 5), ElementsAre(Leaving{1, 20, 0}));
  EXPECT_EQ(merge_steps(steps, 1), steps);
}

RC_GTEST_PROP(Curve, TellsNoSmallNumberAndLeavesNone, ()) {
  const auto floor = *rc::gen::inRange(5, 12);
  std::vector<Leaving> steps;
  std::int64_t events = 0, censored = 0;
  const auto count = *rc::gen::inRange(0, 40);
  for (int i = 0; i < count; ++i) {
    steps.push_back({static_cast<double>(i), *rc::gen::inRange(0, 4), *rc::gen::inRange(0, 4)});
    events += steps.back().events;
    censored += steps.back().censored;
  }
  std::erase_if(steps, [](const auto& step) { return step.events + step.censored == 0; });
  const auto merged = merge_steps(steps, floor);
  for (const auto& step : merged) {
    RC_ASSERT(step.events == 0 || step.events >= floor);
    RC_ASSERT(step.censored == 0 || step.censored >= floor);
    RC_ASSERT(step.events + step.censored >= floor);
    events -= step.events;
    censored -= step.censored;
  }
  RC_ASSERT(merged.empty() || events + censored == 0 || events + censored >= floor);
}

TEST(Curve, ExactStepsNeedATextbook) {
  const auto asked = study_of(R"({"everyone":true})", R"("statistic":{"type":"kaplan_meier","index":"birth","event":{"code":"X:A"},
    "unit":"week","horizon":40})");
  const Layout layout(asked);
  Sums sums(layout.size(), 0);
  for (const std::size_t week : {6u, 6u, 6u, 7u, 10u, 13u, 16u, 22u, 23u}) ++sums[layout.event(0, week)];
  for (const std::size_t week : {6u, 9u, 10u, 11u, 17u, 19u, 20u, 25u, 32u, 32u, 34u, 35u}) ++sums[layout.censored(0, week)];
  sums[layout.left_out(0, Follow::undecidable)] = 2;
  const auto exact = protect(asked, layout, sums, TextbookPolicy::make());
  EXPECT_EQ(exact.followed[0].leaving.size(), 16u);
  EXPECT_EQ(exact.followed[0].undecidable, open(2));
  const auto grouped = protect(asked, layout, sums, Policy());
  EXPECT_LE(grouped.followed[0].leaving.size(), 4u);
  for (const auto& step : grouped.followed[0].leaving) EXPECT_GE(step.events + step.censored, 5);
  EXPECT_EQ(grouped.followed[0].people, open(21));
  EXPECT_EQ(grouped.followed[0].undecidable, few);
  EXPECT_EQ(grouped.people, withheld) << "23 would say that two are undecidable";
  EXPECT_TRUE(grouped.followed[0].merged);
}

}  // namespace
}  // namespace skerry::disclosure
