#include "evidence/curve_interval.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace skerry::evidence {

Interval curve_interval(cohort::CurveInterval kind, double survival, double log_error, double z) {
  const double half = z * log_error;
  if (survival <= 0) return {0, kind == cohort::CurveInterval::plain ? 0.0 : 1.0};
  switch (kind) {
    case cohort::CurveInterval::plain: return {std::max(0.0, survival - survival * half), std::min(1.0, survival + survival * half)};
    case cohort::CurveInterval::log:
      if (survival >= 1) break;
      return {survival * std::exp(-half), std::min(1.0, survival * std::exp(half))};
    case cohort::CurveInterval::log_log: {
      if (survival >= 1) break;
      const double spread = half / std::log(survival);  // negative
      return {std::pow(survival, std::exp(-spread)), std::pow(survival, std::exp(spread))};
    }
    case cohort::CurveInterval::logit: {
      if (survival >= 1) break;
      const double odds = std::log(survival / (1 - survival));
      const double spread = half / (1 - survival);
      return {1 / (1 + std::exp(spread - odds)), 1 / (1 + std::exp(-spread - odds))};
    }
    case cohort::CurveInterval::arcsine: {
      if (survival >= 1) break;
      const double angle = std::asin(std::sqrt(survival));
      const double spread = half / 2 * std::sqrt(survival / (1 - survival));
      const double low = std::sin(std::max(0.0, angle - spread));
      const double high = std::sin(std::min(std::numbers::pi / 2, angle + spread));
      return {low * low, high * high};
    }
  }
  return {1, 1};
}

}  // namespace skerry::evidence
