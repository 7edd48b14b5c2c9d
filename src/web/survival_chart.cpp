#include "web/survival_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "web/assets.hpp"

namespace skerry::web {
namespace {

struct Frame {
  double left, right, top, bottom, time_max;

  [[nodiscard]] double x(double time) const { return left + (right - left) * std::clamp(time / time_max, 0.0, 1.0); }
  [[nodiscard]] double y(double share) const { return bottom - (bottom - top) * std::clamp(share, 0.0, 1.0); }
};

Frame frame_of(const ChartLayout& layout, double time_max) {
  return {layout.left, layout.width - layout.right, layout.top, layout.height, time_max > 0 ? time_max : 1};
}

/// Two decimals are a hundredth of a pixel; no trailing zeros.
std::string coordinate(double value) {
  auto text = fmt::format("{:.2f}", value);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string text_at(double x, double y, std::string_view anchor, std::string_view text, std::string_view extra = {}) {
  return fmt::format(R"(<text x="{}" y="{}" text-anchor="{}"{}>{}</text>)", coordinate(x), coordinate(y), anchor, extra, escape_html(text));
}

/// From the last point of a path to this one: level and then down, or straight.
std::string leg(const Frame& frame, double time, double share, bool straight) {
  return straight ? fmt::format("L{} {}", coordinate(frame.x(time)), coordinate(frame.y(share)))
                  : fmt::format("H{}V{}", coordinate(frame.x(time)), coordinate(frame.y(share)));
}

std::string line(double x1, double y1, double x2, double y2, std::string_view css_class) {
  return fmt::format(R"(<path class="{}" d="M{} {}L{} {}"/>)", css_class, coordinate(x1), coordinate(y1), coordinate(x2), coordinate(y2));
}

double decimal_step(double least) {
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 2.5, 5.0}) {
    if (factor * power >= least * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

double dozen_step(double least) {
  for (const double step : {2.0, 3.0, 6.0}) {
    if (step >= least) return step;
  }
  return 12 * std::max(1.0, std::ceil(decimal_step(least / 12) - 1e-9));
}

double time_max_of(const SurvivalChart& chart) {
  double last = 0;
  for (const auto& curve : chart.curves) {
    last = std::max(last, curve.followed_until);
    if (!curve.steps.empty()) last = std::max(last, curve.steps.back().time);
  }
  return last > 0 && std::isfinite(last) ? last : 1;
}

std::string axes(const SurvivalChart& chart, const ChartLayout& layout, const Frame& frame, const std::vector<double>& ticks) {
  std::string out = text_at(4, 20, "start", chart.y_label, R"( class="chart__label")");
  for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    const double y = frame.y(share);
    if (share > 0) out += line(frame.left, y, frame.right, y, "chart__grid");
    out += text_at(frame.left - 8, y + 5, "end", chart.percent_text(share));
  }
  out += line(frame.left, frame.top, frame.left, frame.bottom, "chart__axis");
  out += line(frame.left, frame.bottom, frame.right, frame.bottom, "chart__axis");
  for (const double tick : ticks) {
    const double x = frame.x(tick);
    out += line(x, frame.bottom, x, frame.bottom + 5, "chart__axis");
    out += text_at(x, frame.bottom + 22, "middle", chart.time_text(tick));
  }
  out += text_at(layout.width - layout.right, frame.bottom + 44, "end", chart.x_label, R"( class="chart__label")");
  return out;
}

/// 0 and the ends of a grouped curve's steps, as far as their numbers do not run into each other.
std::vector<double> known_times(const SurvivalCurve& curve, const Frame& frame) {
  constexpr double apart_min = 36;
  std::vector<double> times{0};
  for (const auto& step : curve.steps) {
    if (frame.x(step.time) - frame.x(times.back()) >= apart_min) times.push_back(step.time);
  }
  return times;
}

std::string risk_rows(const SurvivalChart& chart, const ChartLayout& layout, const Frame& frame, const std::vector<double>& ticks) {
  double y = frame.bottom + layout.axis_gap + 12;
  std::string out = text_at(4, y, "start", chart.at_risk_label, R"( class="chart__label")");
  for (const auto& curve : chart.curves) {
    if (!curve.name.empty()) {
      y += layout.risk_row;
      out += text_at(4, y, "start", curve.name);
    }
    y += layout.risk_row;
    for (const double tick : curve.grouped ? known_times(curve, frame) : ticks) {
      const auto number = curve.at_risk ? curve.at_risk(tick) : std::nullopt;
      out += text_at(frame.x(tick), y, "middle", number ? std::to_string(*number) : chart.not_released);
    }
  }
  return out;
}

std::string curves_of(const SurvivalChart& chart, const ChartLayout& layout, double time_max) {
  std::string bands, lines;
  for (std::size_t i = 0; i < chart.curves.size(); ++i) {
    const auto number = i % 4 + 1;
    if (const auto band = band_path(chart.curves[i], time_max, layout); !band.empty() && number <= 2) {
      bands += fmt::format(R"(<path class="chart__band chart__band--{}" d="{}"/>)", number, band);
    }
    lines += fmt::format(R"(<path class="chart__line chart__line--{}" d="{}"/>)", number, step_path(chart.curves[i], time_max, layout));
  }
  return bands + lines;
}

}  // namespace

ChartLayout wide_layout() { return {.css_class = "chart chart--wide", .width = 680, .height = 340}; }

ChartLayout narrow_layout() {
  return {.css_class = "chart chart--narrow", .width = 340, .height = 300, .left = 58, .right = 14, .ticks_max = 5};
}

std::vector<double> round_ticks(double last, int count_max, bool dozens) {
  std::vector<double> ticks{0};
  if (!(last > 0) || !std::isfinite(last) || count_max < 2) return ticks;
  const double least = last / (count_max - 1);
  const double step = dozens && least > 1 ? dozen_step(least) : decimal_step(least);
  for (int i = 1; i < count_max && i * step <= last * (1 + 1e-9); ++i) ticks.push_back(i * step);
  return ticks;
}

std::string step_path(const SurvivalCurve& curve, double time_max, const ChartLayout& layout) {
  const auto frame = frame_of(layout, time_max);
  std::string path = fmt::format("M{} {}", coordinate(frame.x(0)), coordinate(frame.y(curve.start)));
  for (const auto& step : curve.steps) path += leg(frame, step.time, step.survival, curve.grouped);
  if (curve.grouped) return path;
  const double end = std::max(curve.followed_until, curve.steps.empty() ? 0 : curve.steps.back().time);
  path += "H" + coordinate(frame.x(end));
  return path;
}

std::string band_path(const SurvivalCurve& curve, double time_max, const ChartLayout& layout) {
  const auto bounded = [](const SurvivalStep& step) { return step.low && step.high; };
  if (curve.steps.empty() || !std::all_of(curve.steps.begin(), curve.steps.end(), bounded)) return {};
  const auto frame = frame_of(layout, time_max);
  const double end = std::max(curve.followed_until, curve.steps.back().time);
  // Along the upper bound to the end, then back along the lower one.
  std::string path = fmt::format("M{} {}", coordinate(frame.x(0)), coordinate(frame.y(curve.start)));
  for (const auto& step : curve.steps) path += leg(frame, step.time, *step.high, curve.grouped);
  if (curve.grouped) {
    for (std::size_t i = curve.steps.size(); i-- > 0;) path += leg(frame, curve.steps[i].time, *curve.steps[i].low, true);
    return path + "Z";
  }
  path += fmt::format("H{}V{}", coordinate(frame.x(end)), coordinate(frame.y(*curve.steps.back().low)));
  for (std::size_t i = curve.steps.size(); i-- > 0;) {
    const double before = i == 0 ? curve.start : *curve.steps[i - 1].low;
    path += fmt::format("H{}V{}", coordinate(frame.x(curve.steps[i].time)), coordinate(frame.y(before)));
  }
  return path + "Z";
}

std::string survival_svg(const SurvivalChart& chart, const ChartLayout& layout) {
  const double time_max = time_max_of(chart);
  const auto frame = frame_of(layout, time_max);
  const auto ticks = round_ticks(time_max, layout.ticks_max, chart.months);
  double rows = 1;
  for (const auto& curve : chart.curves) rows += curve.name.empty() ? 1 : 2;
  const double height = layout.height + layout.axis_gap + 12 + (rows - 1) * layout.risk_row + 8;
  const auto id = escape_html(chart.id) + (layout.width < 400 ? "-narrow" : "-wide");
  std::string svg = fmt::format(
      R"(<svg class="{}" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title" aria-describedby="{}-desc" focusable="false">)",
      layout.css_class, coordinate(layout.width), coordinate(height), id, id);
  svg += fmt::format(R"(<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>)", id, escape_html(chart.title), id,
                     escape_html(chart.description));
  svg += curves_of(chart, layout, time_max) + axes(chart, layout, frame, ticks) + risk_rows(chart, layout, frame, ticks);
  return svg + "</svg>";
}

}  // namespace skerry::web
