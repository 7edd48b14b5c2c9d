// Limits of one point of a survival curve. Pure and thread-safe.
#pragma once

#include "cohort/study.hpp"
#include "evidence/figure.hpp"

namespace skerry::evidence {

/// Of the estimate `survival` whose logarithm has the error `log_error` (the root of Greenwood's sum); z the normal quantile. The formulas
/// stand with kaplan_meier() in survival.hpp. At survival 1: 1 to 1; at 0: 0 to 0 when plain, else 0 to 1.
[[nodiscard]] Interval curve_interval(cohort::CurveInterval kind, double survival, double log_error, double z);

}  // namespace skerry::evidence
