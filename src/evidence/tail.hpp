// Tails and quantiles of the distributions that tests refer to, each relatively accurate also far out. By Boost.Math. Pure and thread-safe.
// Arguments must be finite and degrees of freedom positive.
#pragma once

namespace skerry::evidence {

[[nodiscard]] double normal_two_sided(double z);                               ///< P(|Z| >= |z|)
[[nodiscard]] double chi_square_upper(double statistic, double df);            ///< P(X >= statistic); 1 from 0 down
[[nodiscard]] double t_two_sided(double t, double df);                         ///< P(|T| >= |t|)
[[nodiscard]] double t_quantile(double level, double df);                      ///< half width: P(|T| <= it) = level
[[nodiscard]] double f_upper(double statistic, double df, double df2);         ///< P(F >= statistic); 1 from 0 down
[[nodiscard]] double gamma_quantile(double shape, double rate, double lower);  ///< of probability `lower` in (0, 1)
[[nodiscard]] double beta_quantile(double a, double b, double lower);          ///< the same
[[nodiscard]] double log_choose(double n, double k);                           ///< ln of n over k, 0 <= k <= n

}  // namespace skerry::evidence
