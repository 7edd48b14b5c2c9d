// Intervals of a proportion. All take `present` of `recorded` (0 <= present <= recorded, recorded >= 1) and a level in (0, 1);
// the two tails are equal. Pure and thread-safe.
#pragma once

#include <cstdint>

#include "cohort/study.hpp"
#include "evidence/figure.hpp"

namespace skerry::evidence {

/// Exact: Clopper & Pearson, Biometrika 26 (1934) 404-413, by quantiles of the beta distribution.
[[nodiscard]] Interval clopper_pearson(std::int64_t present, std::int64_t recorded, double level);
/// Exact with half the probability of the observed count in each tail: Lancaster, JASA 56 (1961) 223-234; Berry & Armitage,
/// The Statistician 44 (1995) 417-423. To 1e-14.
[[nodiscard]] Interval mid_p(std::int64_t present, std::int64_t recorded, double level);
/// Score interval: Wilson, JASA 22 (1927) 209-212.
[[nodiscard]] Interval wilson(std::int64_t present, std::int64_t recorded, double level);

[[nodiscard]] Interval interval_of(cohort::ProportionInterval kind, std::int64_t present, std::int64_t recorded, double level);

/// The standard normal quantile of the upper tail (1 - level) / 2: 1.959963984540054 for 0.95.
[[nodiscard]] double normal_quantile(double level);

}  // namespace skerry::evidence
