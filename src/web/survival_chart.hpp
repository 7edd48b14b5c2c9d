// A survival curve as SVG, written by the server: steps, confidence band, numbers at risk. Colours are the stylesheet's.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skerry::web {

/// From `time` on (to the next step) the estimate is `survival`; the interval may be missing.
struct SurvivalStep {
  double time = 0;
  double survival = 1;  ///< 0 to 1
  std::optional<double> low, high;
};

struct SurvivalCurve {
  std::string name;                 ///< of the group; empty when there is one curve only
  std::vector<SurvivalStep> steps;  ///< by time, ascending; before the first the estimate is `start`
  double start = 1;                 ///< 0 for curves that rise
  double followed_until = 0;        ///< the curve ends here
  /// Only the ends of the steps are known: straight lines join them, and the numbers followed stand at them.
  bool grouped = false;
  /// How many were still followed just before `time`; nullopt when that number is not released.
  std::function<std::optional<std::int64_t>(double time)> at_risk;
};

struct SurvivalChart {
  std::string id;  ///< begins the ids inside; unique in the page
  std::vector<SurvivalCurve> curves;
  std::string title, description;                   ///< for who does not see it
  std::string x_label, y_label;                     ///< of the axes; the second stands above its axis
  std::string at_risk_label;                        ///< "People followed"
  bool months = false;                              ///< the time axis is divided by years where it is long
  std::string not_released;                         ///< in the place of a number that is not: "–"
  std::function<std::string(double)> time_text;     ///< a tick on the time axis
  std::function<std::string(double)> percent_text;  ///< 0.25 as "25%"
};

/// Sizes are in the units of the viewBox; text is 16 high.
struct ChartLayout {
  const char* css_class = "chart";
  double width = 640, height = 400;
  double left = 64, right = 20, top = 44, axis_gap = 62;  ///< axis_gap: from the axis to the numbers at risk
  double risk_row = 24;
  int ticks_max = 6;
};
[[nodiscard]] ChartLayout wide_layout();    ///< for a page of 640 and more
[[nodiscard]] ChartLayout narrow_layout();  ///< for a telephone

/// 0, a step, two steps ... up to and not over `last`, at most `count_max` of them; the step is 1, 2, 2.5 or 5 times a power of
/// ten, or with `dozens` (for months) 1, 2, 3, 6 or a number of years. {0} when `last` is not positive and finite.
[[nodiscard]] std::vector<double> round_ticks(double last, int count_max, bool dozens = false);

/// The path of the curve in the coordinates of `layout`: horizontal and vertical lines only, unless it is grouped.
[[nodiscard]] std::string step_path(const SurvivalCurve& curve, double time_max, const ChartLayout& layout);
/// The closed outline of the interval; empty when any step has none.
[[nodiscard]] std::string band_path(const SurvivalCurve& curve, double time_max, const ChartLayout& layout);

/// One <svg role="img"> with title and description. Every text is escaped.
[[nodiscard]] std::string survival_svg(const SurvivalChart& chart, const ChartLayout& layout);

}  // namespace skerry::web
