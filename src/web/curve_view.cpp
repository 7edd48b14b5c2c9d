#include "web/curve_view.hpp"

#include <algorithm>
#include <cmath>

#include "evidence/in_words.hpp"
#include "web/survival_chart.hpp"

namespace skerry::web {
namespace {

std::string unit_key(std::string_view prefix, const evidence::Figure& figure) {
  return std::string(prefix) + std::string(name_of(figure.unit));
}

std::string group_name(const evidence::Curve& curve, const Phrases& phrases) {
  return curve.group.id.empty() ? std::string{} : phrases.name(curve.group.title, curve.group.code, curve.group.id);
}

/// Those still followed after the last step up to `time`: the number known nearest before it. Not known at the end, where the
/// last step says only how many left until then.
std::optional<std::int64_t> followed_at(const evidence::Curve& curve, double time) {
  if (curve.steps.empty() || time > curve.steps.back().time || (time == curve.steps.back().time && !curve.grouped)) return std::nullopt;
  std::optional<std::int64_t> followed = curve.steps.front().at_risk;
  for (const auto& step : curve.steps) {
    if (step.time > time) break;
    followed = step.at_risk - step.events - step.censored;
  }
  return followed;
}

SurvivalCurve drawn(const evidence::Curve& curve, const Phrases& phrases) {
  SurvivalCurve out;
  out.name = group_name(curve, phrases);
  for (const auto& step : curve.steps) out.steps.push_back({step.time, step.survival, step.low, step.high});
  out.followed_until = curve.steps.back().time;
  out.grouped = curve.grouped;
  out.at_risk = [&curve](double time) { return followed_at(curve, time); };
  return out;
}

std::string charts(const evidence::Figure& figure, const Phrases& phrases, const std::string& id) {
  SurvivalChart chart;
  const evidence::Step* last = nullptr;
  for (const auto& curve : figure.curves) {
    if (curve.steps.empty()) continue;
    chart.curves.push_back(drawn(curve, phrases));
    if (last == nullptr) last = &curve.steps.back();
  }
  if (last == nullptr) return {};
  chart.id = id;
  chart.title = phrases.say("curve.title", {{"title", phrases.text(figure.title)}});
  chart.description = phrases.say(
      "curve.description", {{"end", phrases.say(unit_key("curve.after.", figure), {{"time", last->time}})}, {"share", last->survival}});
  chart.x_label = phrases.say(unit_key("curve.time.", figure));
  chart.y_label = phrases.say("curve.y");
  chart.at_risk_label = phrases.say("curve.at_risk");
  chart.months = figure.unit == cohort::TimeUnit::month;
  chart.not_released = "–";
  chart.time_text = [&phrases](double time) { return phrases.number(time); };
  chart.percent_text = [&phrases](double share) { return phrases.percent(share); };
  return survival_svg(chart, wide_layout()) + survival_svg(chart, narrow_layout());
}

TableView table_of(const evidence::Figure& figure, const evidence::Curve& curve, const Phrases& phrases) {
  TableView table;
  const auto group = group_name(curve, phrases);
  table.caption = phrases.text(figure.title) + (group.empty() ? "" : ": " + group);
  table.folded_under = phrases.say("curve.table") + (group.empty() ? "" : ": " + group);
  table.columns = {{phrases.say(unit_key("curve.time.", figure))}, {phrases.say("column.at_risk"), true},
                   {phrases.say("column.events"), true},           {phrases.say("column.left"), true},
                   {phrases.say("column.without"), true},          {phrases.say("column.interval", {{"level", figure.level}}), true}};
  const auto whole = [&phrases](std::int64_t number) { return phrases.number(static_cast<double>(number)); };
  for (const auto& step : curve.steps) {
    table.rows.push_back({{phrases.number(step.time), {}},
                          {whole(step.at_risk), {}},
                          {whole(step.events), {}},
                          {whole(step.censored), {}},
                          {phrases.percent(step.survival), {}},
                          {phrases.say("figure.range", {{"low", step.low}, {"high", step.high}}), {}}});
  }
  return table;
}

std::string median_text(const evidence::Figure& figure, const evidence::Curve& curve, const Phrases& phrases) {
  if (!curve.median) return phrases.say("curve.no_median");
  return phrases.say("curve.median", {{"after", phrases.say(unit_key("curve.median.", figure), {{"time", *curve.median}})}});
}

}  // namespace

CurveView curve_view(const ReleasedFigure& figure, const Phrases& phrases, const std::string& id) {
  CurveView view;
  view.chart = charts(*figure, phrases, id);
  if (!view.chart.empty()) view.remarks.push_back(phrases.say("curve.band", {{"level", figure->level}}));
  for (const auto& curve : figure->curves) {
    const auto group = group_name(curve, phrases);
    const auto lead = group.empty() ? std::string{} : group + ": ";
    if (curve.steps.empty()) {
      view.remarks.push_back(lead + phrases.say("figure.few_people"));
      continue;
    }
    view.remarks.push_back(lead + median_text(*figure, curve, phrases));
    view.tables.push_back(table_of(*figure, curve, phrases));
  }
  return view;
}

std::string named_curve_chart(const ReleasedFigure& figure, const Phrases& phrases, const std::string& id) {
  SurvivalChart chart;
  const evidence::Step* last = nullptr;
  double top = 0;
  for (const auto& named : figure->named_curves) {
    if (named.curve.steps.empty()) continue;
    auto curve = drawn(named.curve, phrases);
    const auto cause = named.cause.id.empty() ? std::string{} : phrases.name(named.cause.title, named.cause.code, named.cause.id);
    if (!cause.empty()) curve.name = curve.name.empty() ? cause : cause + ", " + curve.name;
    curve.start = 0;
    for (const auto& step : named.curve.steps) top = std::max(top, std::max(step.survival, step.high));
    chart.curves.push_back(std::move(curve));
    if (last == nullptr) last = &named.curve.steps.back();
  }
  if (last == nullptr) return {};
  const bool mean = figure->type == cohort::StatisticType::mean_cumulative;
  // The chart's own scale ends at 1.
  const double scale = mean && top > 0 ? top : 1;
  for (auto& curve : chart.curves) {
    for (auto& step : curve.steps) step = {step.time, step.survival / scale, *step.low / scale, *step.high / scale};
  }
  chart.id = id;
  chart.title = phrases.text(figure->title);
  chart.description = phrases.say(mean ? "curve.description_mean" : "curve.description_incidence",
                                  {{"end", phrases.say(unit_key("curve.after.", *figure), {{"time", last->time}})},
                                   {"share", last->survival},
                                   {"value", evidence::plain_number(last->survival)}});
  chart.x_label = phrases.say(unit_key("curve.time.", *figure));
  chart.y_label = phrases.say(mean ? "curve.y_mean" : "curve.y_incidence");
  chart.at_risk_label = phrases.say("curve.at_risk");
  chart.months = figure->unit == cohort::TimeUnit::month;
  chart.not_released = "–";
  chart.time_text = [&phrases](double time) { return phrases.number(time); };
  chart.percent_text = [&phrases, mean, scale](double share) {
    return mean ? phrases.number(std::round(share * scale * 100) / 100) : phrases.percent(share);
  };
  return survival_svg(chart, wide_layout()) + survival_svg(chart, narrow_layout());
}

}  // namespace skerry::web
