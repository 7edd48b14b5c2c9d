// The product-limit estimate. Pure and thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cohort/study.hpp"
#include "evidence/figure.hpp"

namespace skerry::evidence {

/// Who left in one step of the grid. Events at a time come before censorings at the same time.
struct Leaving {
  double time = 0;
  std::int64_t events = 0, censored = 0;
  bool operator==(const Leaving&) const = default;
};

/// S(t) = product of (1 - d/n) over the steps up to t (Kaplan & Meier, JASA 53 (1958) 457-481); its variance
/// S^2 * sum of d / (n (n - d)) (Greenwood 1926). Intervals, with z the normal quantile and G Greenwood's sum:
///   plain    S +- z S sqrt(G), cut to 0..1
///   log      S exp(+- z sqrt(G)), cut to 1 (Kalbfleisch & Prentice 1980, section 1.3)
///   log_log  S^exp(+- z sqrt(G) / ln S) (the same)
/// At S = 1 all three are 1 to 1; at S = 0 the variance is not defined: standard error 0 and interval 0 to 0 (plain), and
/// 0 to 1 for the others, for which R gives NA. `leaving` ascends in time; steps in which nobody leaves are left out. `staying`
/// people are still followed after the last step.
[[nodiscard]] std::vector<Step> kaplan_meier(std::span<const Leaving> leaving, cohort::CurveInterval interval, double level,
                                             std::int64_t staying = 0);

}  // namespace skerry::evidence
