#include "evidence/survival.hpp"

#include <algorithm>
#include <cmath>

#include "evidence/interval.hpp"

namespace skerry::evidence {
namespace {

Interval curve_interval(cohort::CurveInterval kind, double survival, double greenwood, double z) {
  const double half = z * std::sqrt(greenwood);
  if (kind == cohort::CurveInterval::plain) {
    return {std::max(0.0, survival - survival * half), std::min(1.0, survival + survival * half)};
  }
  if (survival >= 1) return {1, 1};
  if (kind == cohort::CurveInterval::log) {
    return {survival * std::exp(-half), std::min(1.0, survival * std::exp(half))};
  }
  const double spread = half / std::log(survival);  // negative
  return {std::pow(survival, std::exp(-spread)), std::pow(survival, std::exp(spread))};
}

}  // namespace

std::vector<Step> kaplan_meier(std::span<const Leaving> leaving, cohort::CurveInterval interval, double level, std::int64_t staying) {
  const double z = normal_quantile(level);
  std::int64_t at_risk = staying;
  for (const auto& step : leaving) at_risk += step.events + step.censored;
  std::vector<Step> out;
  double survival = 1;
  double greenwood = 0;
  for (const auto& left : leaving) {
    if (left.events + left.censored == 0) continue;
    const auto n = static_cast<double>(at_risk);
    const auto d = static_cast<double>(left.events);
    Step step{left.time, at_risk, left.events, left.censored, 0, 0, 0, 0};
    if (left.events == at_risk) {
      survival = 0;
      if (interval != cohort::CurveInterval::plain) step.high = 1;
    } else {
      survival *= 1 - d / n;
      greenwood += d / (n * (n - d));
      const auto limits = curve_interval(interval, survival, greenwood, z);
      step.standard_error = survival * std::sqrt(greenwood);
      step.low = limits.low;
      step.high = limits.high;
    }
    step.survival = survival;
    out.push_back(step);
    at_risk -= left.events + left.censored;
  }
  return out;
}

}  // namespace skerry::evidence
