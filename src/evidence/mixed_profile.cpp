#include "evidence/mixed_profile.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "evidence/climb.hpp"
#include "evidence/tail.hpp"

namespace skerry::evidence {
namespace {

constexpr int steps_max = 60;

}  // namespace

void student(Estimate& estimate, double df, double level) {
  const auto error = estimate.standard_error;
  if (!error || !(*error > 0)) return;
  const double t = t_quantile(level, df);
  estimate.low = estimate.value - t * *error;
  estimate.high = estimate.value + t * *error;
  estimate.p = t_two_sided(estimate.value / *error, df);
}

double half_chi_square_tail(double statistic) { return statistic > 0 ? chi_square_upper(statistic, 1) / 2 : 1.0; }

void MixedProfile::start(const Totals& within, std::size_t columns, std::int64_t rows) {
  columns_ = columns;
  rows_ = static_cast<double>(rows);
  const auto all = static_cast<Eigen::Index>(columns + 1);
  within_ = Eigen::MatrixXd(all, all);
  for (Eigen::Index j = 0; j < all; ++j) {
    for (Eigen::Index k = 0; k <= j; ++k) {
      within_(j, k) = within_(k, j) = within.reals[packed(static_cast<std::size_t>(j), static_cast<std::size_t>(k))].to_double();
    }
  }
  ratios_ = {0, 1e-6, 1e-4, 1e-3, 1e-2, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 1e3, 1e4, 1e6, 1e8};
}

/// With A = X'V^-1X and so on as functions of the ratio r, and s = n / (1 + n r) of a person: d s / d r = -s^2. The profile is
///   -2 log L = sum of log(1 + n r) + f log(rss) [+ log |A|] + constant,  f = rows, or rows less columns when restricted.
Result<MixedProfile::Point> MixedProfile::point(double ratio, const Exact* sums) const {
  const auto q = static_cast<Eigen::Index>(columns_);
  Point out;
  out.ratio = ratio;
  const double logs = (sums++)->to_double(), first = (sums++)->to_double(), second = (sums++)->to_double();
  Eigen::MatrixXd cross = within_, d1(q + 1, q + 1), d2(q + 1, q + 1);
  for (Eigen::Index j = 0; j <= q; ++j) {
    for (Eigen::Index k = 0; k <= j; ++k) {
      const double between = (sums++)->to_double(), once = (sums++)->to_double(), twice = (sums++)->to_double();
      cross(j, k) += between;
      if (j != k) cross(k, j) += between;
      d1(j, k) = d1(k, j) = -once;
      d2(j, k) = d2(k, j) = 2 * twice;
    }
  }
  out.inverse = inverse_of(cross.topLeftCorner(q, q));
  if (out.inverse.size() == 0 || !cross.allFinite()) {
    return fail(ErrorCode::not_computable, "the covariates or the outcome are too extreme to be calculated with; look for wrong values");
  }
  out.coefficients = out.inverse * cross.col(q).head(q);
  Eigen::VectorXd residual(q + 1);  // (-coefficients, 1): y less what is fitted
  residual.head(q) = -out.coefficients;
  residual(q) = 1;
  const double rss = residual.dot(cross * residual);
  const double rss1 = residual.dot(d1 * residual);
  const Eigen::VectorXd moved = (d1 * residual).head(q);
  const double rss2 = residual.dot(d2 * residual) - 2 * moved.dot(out.inverse * moved);
  const double freedom = restricted_ ? rows_ - static_cast<double>(q) : rows_;
  if (!(rss > 1e-26 * cross(q, q)) || !(rss > 0)) {
    return fail(ErrorCode::not_computable, "the covariates tell the outcome exactly, so there is nothing left to estimate a variance from");
  }
  out.residual = rss / freedom;
  double fall = logs + freedom * (std::log(2 * std::numbers::pi * out.residual) + 1);
  double slope = first + freedom * rss1 / rss;
  double bend = -second + freedom * (rss2 / rss - rss1 * rss1 / (rss * rss));
  if (restricted_) {
    const Eigen::MatrixXd change = out.inverse * d1.topLeftCorner(q, q);
    fall += 2 * Eigen::MatrixXd(cross.topLeftCorner(q, q).llt().matrixL()).diagonal().array().log().sum();
    slope += change.trace();
    bend += (out.inverse * d2.topLeftCorner(q, q)).trace() - (change.array() * change.transpose().array()).sum();
  }
  out.log_likelihood = -fall / 2;
  out.slope = -slope / 2;
  out.bend = -bend / 2;
  if (ratio > 0) {  // by log ratio
    out.bend = ratio * ratio * out.bend + ratio * out.slope;
    out.slope *= ratio;
  }
  return out;
}

Result<bool> MixedProfile::take(const Totals& total) { return grid_ ? take_grid(total) : take_step(total); }

Result<bool> MixedProfile::take_grid(const Totals& total) {
  grid_ = false;
  const auto cells = total.reals.size() / ratios_.size();
  std::vector<Point> points;
  for (std::size_t i = 0; i < ratios_.size(); ++i) {
    auto found = point(ratios_[i], total.reals.data() + i * cells);
    if (!found) return fail(found.error());
    points.push_back(std::move(*found));
  }
  without_ = points.front();
  const auto highest = static_cast<std::size_t>(
      std::max_element(points.begin(), points.end(), [](const Point& a, const Point& b) { return a.log_likelihood < b.log_likelihood; }) -
      points.begin());
  best_ = points[highest];
  if (highest == 0 && best_.slope <= 0) return false;
  if (highest + 1 == points.size()) {
    return fail(ErrorCode::not_computable,
                "the outcome does not change within people, so the model cannot be fitted: take one row a person");
  }
  low_ = std::log(highest <= 1 ? 1e-12 : ratios_[highest - 1]);
  high_ = std::log(ratios_[highest + 1]);
  if (highest > 0) (best_.slope > 0 ? low_ : high_) = std::log(best_.ratio);
  ratios_ = {std::exp((low_ + high_) / 2)};
  if (highest > 0 && best_.bend < 0) {
    const double next = std::log(best_.ratio) - best_.slope / best_.bend;
    if (next > low_ && next < high_) ratios_ = {std::exp(next)};
  }
  return true;
}

Result<bool> MixedProfile::take_step(const Totals& total) {
  auto found = point(ratios_.front(), total.reals.data());
  if (!found) return fail(found.error());
  best_ = std::move(*found);
  const double at = std::log(best_.ratio);
  (best_.slope > 0 ? low_ : high_) = at;
  double next = best_.bend < 0 ? at - best_.slope / best_.bend : std::numeric_limits<double>::quiet_NaN();
  const double length = std::fabs(next - at);
  const bool settled = length < 1e-13 || (length < 1e-9 && length > 0.5 * length_before_);
  length_before_ = length;
  if (settled || high_ - low_ < 1e-14) {
    if (best_.log_likelihood < without_.log_likelihood) best_ = without_;
    return false;
  }
  if (++steps_ > steps_max) return fail(ErrorCode::not_computable, "the ratio of the variances does not settle");
  if (at < std::log(1e-11)) {  // nothing between people after all
    best_ = without_;
    return false;
  }
  if (!(next > low_ && next < high_)) next = (low_ + high_) / 2;
  ratios_ = {std::exp(next)};
  return true;
}

}  // namespace skerry::evidence
