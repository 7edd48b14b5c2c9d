// The first rounds of every regression: is the data fit for it, and in which coordinates is it well conditioned? Covariates are scaled by
// powers of two and centred; where they lean on each other they are made orthogonal too (Cholesky factor of their cross-products, twice
// where needed: Yamamoto, Nakatsukasa, Yanagisawa & Fukaya, ETNA 44 (2015) 306-326). A model then works on columns z: z[0] is 1.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "evidence/data.hpp"
#include "evidence/regression.hpp"
#include "evidence/statistic.hpp"

namespace skerry::evidence {

/// What a model asks of y.
struct Demand {
  enum class Outcome : std::uint8_t { binary, count, real, group };
  Outcome outcome = Outcome::real;
  std::size_t groups = 0;  ///< group: y is 0 to groups - 1
  bool weights = true;     ///< may be there
};

class DesignScale {
 public:
  DesignScale(std::vector<std::string> names, Demand demand, bool clustered);

  [[nodiscard]] Totals shape() const;
  void add_local(const Design& part, Totals& out) const;
  /// True when another round is needed. Errors: not_computable, with the covariate's name.
  Result<bool> take(const Totals& total);

  [[nodiscard]] std::size_t columns() const noexcept { return names_.size() + 1; }
  [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }
  [[nodiscard]] std::int64_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::int64_t events() const noexcept { return events_; }
  [[nodiscard]] std::int64_t clusters() const noexcept { return clusters_; }
  [[nodiscard]] const std::vector<CovariateCounts>& counts() const noexcept { return counts_; }
  [[nodiscard]] double offset_mean() const noexcept { return offset_mean_; }
  [[nodiscard]] double y_scale() const noexcept { return y_scale_; }  ///< a power of two: y / y_scale() is of the order of 1, outcome real
  /// Standard deviation of a covariate as it came.
  [[nodiscard]] double spread(std::size_t covariate) const { return spread_[covariate]; }

  /// Rows first..first+count of the part: z[column * stride + i]; all 0 in rows of weight 0.
  void columns_of(const Design& part, std::size_t first, std::size_t count, std::size_t stride, double* z) const;
  /// Coefficients as the covariates came = back() * coefficients of z; the intercept first.
  [[nodiscard]] const Eigen::MatrixXd& back() const noexcept { return back_; }
  /// log |det back()|.
  [[nodiscard]] double log_determinant() const noexcept { return log_determinant_; }

  static constexpr std::size_t block = 256;  ///< rows looked at together

 private:
  enum class Phase : std::uint8_t { check, mean, cross, again, done };
  [[nodiscard]] Result<void> take_check(const Totals& total);
  [[nodiscard]] Result<void> check_flaws(const Totals& total) const;
  void take_mean(const Totals& total);
  [[nodiscard]] Result<bool> take_cross(const Totals& total);
  void settle();
  void add_check(const Design& part, Totals& out) const;

  std::vector<std::string> names_;
  Demand demand_;
  bool clustered_;
  Phase phase_ = Phase::check;
  std::int64_t rows_ = 0, events_ = 0, clusters_ = 0;
  std::vector<CovariateCounts> counts_;
  std::vector<double> scale_, centre_, spread_;  // z before the factor: (x - centre) * scale
  double offset_mean_ = 0, offset_scale_ = 1, y_scale_ = 1, log_determinant_ = 0;
  Eigen::MatrixXd factor_;  // upper triangular, or diagonal; rows z solve z factor = (x - centre) * scale
  bool diagonal_ = true;
  Eigen::MatrixXd back_;
};

/// Position of (j, k), k <= j, in a packed lower triangle.
[[nodiscard]] constexpr std::size_t packed(std::size_t j, std::size_t k) noexcept { return j * (j + 1) / 2 + k; }
[[nodiscard]] double offset_of(const Design& part, std::size_t row) noexcept;
[[nodiscard]] double weight_of(const Design& part, std::size_t row) noexcept;
/// "'a'", "'a' and 'b'", "'a', 'b' and 'c'".
[[nodiscard]] std::string quoted(const std::vector<std::string>& names);

}  // namespace skerry::evidence
