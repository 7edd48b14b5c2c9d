#include "web/survival_chart.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <limits>

namespace skerry::web {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

ChartLayout plain() { return {.css_class = "chart", .width = 110, .height = 110, .left = 10, .right = 0, .top = 10, .axis_gap = 50}; }

SurvivalChart example() {
  SurvivalCurve curve;
  curve.steps = {{6, 0.8, 0.6, 0.9}, {10, 0.5, 0.3, 0.7}};
  curve.followed_until = 20;
  curve.at_risk = [](double time) { return time < 10 ? std::optional<std::int64_t>(21) : std::nullopt; };
  SurvivalChart chart;
  chart.id = "one";
  chart.curves = {curve};
  chart.title = "Regrowth <after> excision";
  chart.description = "A curve";
  chart.x_label = "Months";
  chart.y_label = "Share";
  chart.at_risk_label = "People followed";
  chart.not_released = "–";
  chart.time_text = [](double time) { return fmt::format("{}", time); };
  chart.percent_text = [](double share) { return fmt::format("{}%", 100 * share); };
  return chart;
}

TEST(Ticks, AreRoundAndWithinTheAxis) {
  EXPECT_THAT(round_ticks(60, 6), ElementsAre(0, 20, 40, 60));
  EXPECT_THAT(round_ticks(100, 6), ElementsAre(0, 20, 40, 60, 80, 100));
  EXPECT_THAT(round_ticks(1, 5), ElementsAre(0, 0.25, 0.5, 0.75, 1));
  EXPECT_THAT(round_ticks(120, 6, true), ElementsAre(0, 24, 48, 72, 96, 120));
  EXPECT_THAT(round_ticks(60, 6, true), ElementsAre(0, 12, 24, 36, 48, 60));
  EXPECT_THAT(round_ticks(23, 6, true), ElementsAre(0, 6, 12, 18));
  EXPECT_THAT(round_ticks(4, 6, true), ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(round_ticks(0, 6), ElementsAre(0));
  EXPECT_THAT(round_ticks(-3, 6), ElementsAre(0));
  EXPECT_THAT(round_ticks(std::numeric_limits<double>::infinity(), 6), ElementsAre(0));
  EXPECT_THAT(round_ticks(std::nan(""), 6), ElementsAre(0));
  EXPECT_THAT(round_ticks(5, 1), ElementsAre(0));
  rc::check([] {
    const double last = *rc::gen::inRange(1, 1'000'000) / 100.0;
    const int most = *rc::gen::inRange(2, 12);
    const auto ticks = round_ticks(last, most, *rc::gen::arbitrary<bool>());
    RC_ASSERT(ticks.size() >= 2U);
    RC_ASSERT(static_cast<int>(ticks.size()) <= most);
    RC_ASSERT(ticks.back() <= last * (1 + 1e-9));
    for (std::size_t i = 2; i < ticks.size(); ++i) RC_ASSERT(std::abs((ticks[i] - ticks[i - 1]) - ticks[1]) < 1e-9 * last);
  });
}

TEST(Curve, StepsDownAtItsTimesAndRunsToTheEnd) {
  // 20 units of time on 100 of width from x = 10; 1.0 at y = 10, 0.0 at y = 110.
  EXPECT_EQ(step_path(example().curves[0], 20, plain()), "M10 10H40V30H60V60H110");
  EXPECT_EQ(band_path(example().curves[0], 20, plain()), "M10 10H40V20H60V40H110V80H60V50H40V10Z");
}

TEST(Curve, WithoutStepsIsALevelLineAndHasNoBand) {
  SurvivalCurve curve;
  curve.followed_until = 20;
  EXPECT_EQ(step_path(curve, 20, plain()), "M10 10H110");
  EXPECT_EQ(band_path(curve, 20, plain()), "");
}

TEST(SurvivalChart, AGroupedCurveIsJoinedByStraightLines) {
  auto curve = example().curves[0];
  curve.grouped = true;
  const auto path = step_path(curve, 20, plain());
  EXPECT_EQ(path, "M10 10L40 30L60 60");
  EXPECT_EQ(band_path(curve, 20, plain()).find_first_of("HV"), std::string::npos);
}

TEST(Curve, HasNoBandWhenAnIntervalIsMissing) {
  auto curve = example().curves[0];
  curve.steps[1].low.reset();
  EXPECT_EQ(band_path(curve, 20, plain()), "");
}

TEST(Curve, StaysInsideTheFrame) {
  rc::check([](const std::vector<double>& times) {
    SurvivalCurve curve;
    for (const double time : times) curve.steps.push_back({time, 1 - 2 * time, 7.0, -7.0});
    const auto svg_path = step_path(curve, 20, plain()) + band_path(curve, 20, plain());
    RC_ASSERT(svg_path.find("nan") == std::string::npos);
    RC_ASSERT(svg_path.find("inf") == std::string::npos);
    RC_ASSERT(svg_path.find('-') == std::string::npos);
  });
}

TEST(Chart, SaysWhatItShowsAndEscapesIt) {
  const auto svg = survival_svg(example(), wide_layout());
  EXPECT_THAT(svg, HasSubstr("role=\"img\""));
  EXPECT_THAT(svg, HasSubstr("<title id=\"one-wide-title\">Regrowth &lt;after&gt; excision</title>"));
  EXPECT_THAT(svg, HasSubstr("aria-labelledby=\"one-wide-title\""));
  EXPECT_THAT(svg, HasSubstr(">21</text>"));
  EXPECT_THAT(svg, HasSubstr(">–</text>"));
  EXPECT_THAT(svg, HasSubstr(">Months</text>"));
  EXPECT_THAT(svg, HasSubstr(">75%</text>"));
  EXPECT_THAT(svg, Not(HasSubstr("style=")));
  EXPECT_THAT(survival_svg(example(), narrow_layout()), HasSubstr("one-narrow-title"));
}

TEST(Chart, DrawsEachGroupInItsOwnWay) {
  auto chart = example();
  chart.curves.push_back(chart.curves[0]);
  chart.curves[0].name = "Female";
  chart.curves[1].name = "Male";
  const auto svg = survival_svg(chart, wide_layout());
  EXPECT_THAT(svg, HasSubstr("chart__line--1"));
  EXPECT_THAT(svg, HasSubstr("chart__line--2"));
  EXPECT_THAT(svg, HasSubstr(">Female</text>"));
  EXPECT_THAT(svg, HasSubstr(">Male</text>"));
}

}  // namespace
}  // namespace skerry::web
