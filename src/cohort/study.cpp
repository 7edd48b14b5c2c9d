#include "cohort/study.hpp"

namespace skerry::cohort {

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
