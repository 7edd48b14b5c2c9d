// The profile of a random-intercept model's likelihood over the ratio of the variances (mixed_model.hpp): given the sums at some
// ratios, which to ask for next, until the derivative is 0. Pure; knows no data.
#pragma once

#include <Eigen/Core>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "evidence/design_scale.hpp"
#include "evidence/statistic.hpp"

namespace skerry::evidence {

class MixedProfile {
 public:
  explicit MixedProfile(bool restricted) : restricted_(restricted) {}

  struct Point {
    double ratio = 0;
    double log_likelihood = 0;
    double slope = 0;  ///< of the log-likelihood, by the logarithm of the ratio; at 0 by the ratio
    double bend = 0;   ///< its second derivative
    double residual = 0;
    Eigen::VectorXd coefficients;
    Eigen::MatrixXd inverse;  ///< of X'V^-1X, residual variance 1
  };
  /// Cross-products within people, of `columns` columns and y.
  void start(const Totals& within, std::size_t columns, std::int64_t rows);
  [[nodiscard]] const std::vector<double>& ratios() const noexcept { return ratios_; }
  /// True when another round is needed. Errors: not_computable.
  Result<bool> take(const Totals& total);
  [[nodiscard]] const Point& best() const noexcept { return best_; }
  [[nodiscard]] const Point& without() const noexcept { return without_; }  ///< ratio 0

 private:
  [[nodiscard]] Result<Point> point(double ratio, const Exact* sums) const;
  [[nodiscard]] Result<bool> take_grid(const Totals& total);
  [[nodiscard]] Result<bool> take_step(const Totals& total);

  bool restricted_;
  std::size_t columns_ = 0;
  double rows_ = 0;
  Eigen::MatrixXd within_;
  std::vector<double> ratios_;
  bool grid_ = true;
  double low_ = 0, high_ = 0;  // logarithms of ratios: the slope is positive at low_, negative at high_
  double length_before_ = 0;
  int steps_ = 0;
  Point best_, without_;
};

/// Fills low, high and p of an estimate from its standard error, by Student's t.
void student(Estimate& estimate, double df, double level);
/// Upper tail of the equal mixture of chi-square with 0 and 1 degrees of freedom.
[[nodiscard]] double half_chi_square_tail(double statistic);

}  // namespace skerry::evidence
