#include "evidence/tail.hpp"

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

namespace skerry::evidence {

namespace bm = boost::math;

double normal_two_sided(double z) { return std::erfc(std::fabs(z) / std::sqrt(2.0)); }

double chi_square_upper(double statistic, double df) {
  return statistic <= 0 ? 1 : bm::cdf(bm::complement(bm::chi_squared_distribution<double>(df), statistic));
}

double t_two_sided(double t, double df) { return 2 * bm::cdf(bm::complement(bm::students_t_distribution<double>(df), std::fabs(t))); }

double t_quantile(double level, double df) {
  return bm::quantile(bm::complement(bm::students_t_distribution<double>(df), (1 - level) / 2));
}

double f_upper(double statistic, double df, double df2) {
  return statistic <= 0 ? 1 : bm::cdf(bm::complement(bm::fisher_f_distribution<double>(df, df2), statistic));
}

double gamma_quantile(double shape, double rate, double lower) {
  return bm::quantile(bm::gamma_distribution<double>(shape, 1 / rate), lower);
}

double beta_quantile(double a, double b, double lower) { return bm::quantile(bm::beta_distribution<double>(a, b), lower); }

double log_choose(double n, double k) { return bm::lgamma(n + 1) - bm::lgamma(k + 1) - bm::lgamma(n - k + 1); }

}  // namespace skerry::evidence
