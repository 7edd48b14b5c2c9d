#include "cohort/study.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "consent/view.hpp"

namespace skerry::cohort {
namespace {

namespace json = boost::json;

std::string_view name_of(Asked asked) noexcept {
  switch (asked) {
    case Asked::present: return "present";
    case Asked::absent: return "absent";
    case Asked::recorded: return "recorded";
    case Asked::not_recorded: return "not_recorded";
  }
  return "";
}

std::string_view name_of(Comparison::Relation relation) noexcept {
  switch (relation) {
    case Comparison::Relation::equal: return "equal";
    case Comparison::Relation::less: return "less";
    case Comparison::Relation::at_most: return "at_most";
    case Comparison::Relation::greater: return "greater";
    case Comparison::Relation::at_least: return "at_least";
    case Comparison::Relation::code: return "code";
    case Comparison::Relation::origin: return "origin";
  }
  return "";
}

std::string_view name_of(Condition::Form form) noexcept {
  switch (form) {
    case Condition::Form::everyone: return "everyone";
    case Condition::Form::fact: return "fact";
    case Condition::Form::all: return "all";
    case Condition::Form::any: return "any";
    case Condition::Form::none: return "not";
  }
  return "";
}

json::value canonical(const Comparison& comparison) {
  // Keys in alphabetical order here and below: boost::json keeps the order of insertion.
  json::object out;
  if (!comparison.code.empty()) out["code"] = comparison.code;
  if (comparison.code.empty()) out["number"] = comparison.number;
  out["relation"] = name_of(comparison.relation);
  if (comparison.code.empty()) out["unit"] = comparison.unit;
  return out;
}

json::value canonical(const Condition& condition) {
  json::object out;
  if (condition.form == Condition::Form::fact) {
    out["code"] = condition.code;
    out["exact"] = condition.exact;
  }
  out["form"] = name_of(condition.form);
  if (condition.form == Condition::Form::fact) {
    out["kind"] = condition.kind ? skerry::name_of(*condition.kind) : std::string_view{};
  }
  if (condition.form != Condition::Form::fact) {
    json::array parts;
    for (const auto& part : condition.parts) parts.push_back(canonical(part));
    out["parts"] = std::move(parts);
    return out;
  }
  out["side"] = condition.side ? skerry::name_of(*condition.side) : std::string_view{};
  out["site"] = condition.site;
  out["status"] = name_of(condition.asked);
  json::array values;
  for (const auto& comparison : condition.value) values.push_back(canonical(comparison));
  out["value"] = std::move(values);
  return out;
}

json::value canonical(const std::vector<Item>& items) {
  json::array out;
  for (const auto& item : items) out.push_back(json::object{{"condition", canonical(item.condition)}, {"id", item.id}});
  return out;
}

json::value canonical(const TimeToEvent& time) {
  json::object out;
  out["censoring"] = time.censoring == Censoring::absent ? "absent" : "last_encounter";
  out["event"] = canonical(time.event);
  out["from_birth"] = time.from_birth;
  out["horizon"] = time.horizon;
  out["index"] = canonical(time.index);
  out["interval"] = name_of(time.interval);
  out["of_index"] = time.of_index;
  out["step"] = time.step;
  out["unit"] = name_of(time.unit);
  return out;
}

}  // namespace

std::string canonical_text(const Study& study) {
  json::object out;
  out["by"] = canonical(study.by.groups);
  out["cohort"] = canonical(study.cohort);
  if (study.type == StatisticType::crosstab) out["columns"] = canonical(study.columns.groups);
  out["floor"] = study.floor.value_or(0);
  out["format"] = 1;
  out["id"] = study.id;
  out["level"] = study.level;
  if (study.type == StatisticType::proportion) {
    out["of"] = canonical(study.of);
    out["proportion_interval"] = name_of(study.proportion_interval);
  }
  out["purpose"] = consent::name_of(study.purpose);
  out["snapshot"] = study.snapshot.value_or(0);
  if (study.type == StatisticType::kaplan_meier) out["time"] = canonical(study.time);
  out["type"] = name_of(study.type);
  return json::serialize(out);
}

std::string canonical_text(const Condition& condition) { return json::serialize(canonical(condition)); }

double days_in(TimeUnit unit) noexcept {
  switch (unit) {
    case TimeUnit::day: return 1;
    case TimeUnit::week: return 7;
    case TimeUnit::month: return 30.4375;
    case TimeUnit::year: return 365.25;
  }
  return 1;
}

std::string_view name_of(TimeUnit unit) noexcept {
  switch (unit) {
    case TimeUnit::day: return "day";
    case TimeUnit::week: return "week";
    case TimeUnit::month: return "month";
    case TimeUnit::year: return "year";
  }
  return "";
}

std::string_view name_of(StatisticType type) noexcept {
  switch (type) {
    case StatisticType::count: return "count";
    case StatisticType::proportion: return "proportion";
    case StatisticType::crosstab: return "crosstab";
    case StatisticType::kaplan_meier: return "kaplan_meier";
    case StatisticType::rate: return "rate";
    case StatisticType::mean: return "mean";
    case StatisticType::quantiles: return "quantiles";
    case StatisticType::rank_test: return "rank_test";
    case StatisticType::linear: return "linear";
    case StatisticType::logistic: return "logistic";
    case StatisticType::poisson: return "poisson";
    case StatisticType::negative_binomial: return "negative_binomial";
    case StatisticType::mixed: return "mixed";
    case StatisticType::cumulative_incidence: return "cumulative_incidence";
    case StatisticType::cox: return "cox";
    case StatisticType::mean_cumulative: return "mean_cumulative";
    case StatisticType::feasibility: return "feasibility";
  }
  return "";
}

std::string_view name_of(ProportionInterval interval) noexcept {
  switch (interval) {
    case ProportionInterval::clopper_pearson: return "clopper_pearson";
    case ProportionInterval::mid_p: return "mid_p";
    case ProportionInterval::wilson: return "wilson";
  }
  return "";
}

std::string_view name_of(CurveInterval interval) noexcept {
  switch (interval) {
    case CurveInterval::plain: return "plain";
    case CurveInterval::log: return "log";
    case CurveInterval::log_log: return "log_log";
    case CurveInterval::arcsine: return "arcsine";
    case CurveInterval::logit: return "logit";
  }
  return "";
}

}  // namespace skerry::cohort
