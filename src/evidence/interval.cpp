#include "evidence/interval.hpp"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>

namespace skerry::evidence {
namespace {

/// P(X <= k) for X ~ Binomial(n, p), 0 <= k <= n.
double binomial_at_most(std::int64_t k, std::int64_t n, double p) {
  if (k >= n) return 1;
  return boost::math::ibetac(static_cast<double>(k) + 1, static_cast<double>(n - k), p);
}

/// P(X < k) + P(X = k) / 2: falls in p.
double mid_p_tail(std::int64_t k, std::int64_t n, double p) {
  const double below = k == 0 ? 0 : binomial_at_most(k - 1, n, p);
  return (below + binomial_at_most(k, n, p)) / 2;
}

/// Where the falling mid-p tail meets `target`.
double mid_p_limit(std::int64_t k, std::int64_t n, double target) {
  double low = 0;
  double high = 1;
  for (int i = 0; i < 200 && low < high; ++i) {
    const double middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    (mid_p_tail(k, n, middle) > target ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace

double normal_quantile(double level) { return boost::math::quantile(boost::math::normal(), (1 + level) / 2); }

Interval clopper_pearson(std::int64_t present, std::int64_t recorded, double level) {
  const double tail = (1 - level) / 2;
  const auto x = static_cast<double>(present);
  const auto n = static_cast<double>(recorded);
  Interval out{0, 1};
  if (present > 0) out.low = boost::math::quantile(boost::math::beta_distribution<double>(x, n - x + 1), tail);
  if (present < recorded) {
    out.high = boost::math::quantile(boost::math::complement(boost::math::beta_distribution<double>(x + 1, n - x), tail));
  }
  return out;
}

Interval mid_p(std::int64_t present, std::int64_t recorded, double level) {
  const double tail = (1 - level) / 2;
  Interval out{0, 1};
  if (present > 0) out.low = mid_p_limit(present, recorded, 1 - tail);
  if (present < recorded) out.high = mid_p_limit(present, recorded, tail);
  return out;
}

Interval wilson(std::int64_t present, std::int64_t recorded, double level) {
  const double z = normal_quantile(level);
  const auto n = static_cast<double>(recorded);
  const double p = static_cast<double>(present) / n;
  const double centre = (p + z * z / (2 * n)) / (1 + z * z / n);
  const double half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  // At 0 and at n the limit is 0 and 1 exactly; rounding would leave a trace.
  return {present == 0 ? 0 : std::max(0.0, centre - half), present == recorded ? 1 : std::min(1.0, centre + half)};
}

Interval interval_of(cohort::ProportionInterval kind, std::int64_t present, std::int64_t recorded, double level) {
  switch (kind) {
    case cohort::ProportionInterval::clopper_pearson: return clopper_pearson(present, recorded, level);
    case cohort::ProportionInterval::mid_p: return mid_p(present, recorded, level);
    case cohort::ProportionInterval::wilson: return wilson(present, recorded, level);
  }
  return {};
}

}  // namespace skerry::evidence
