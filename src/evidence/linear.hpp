// Linear regression by least squares. Two rounds (means, then products about them), a third for robust errors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "evidence/data.hpp"
#include "evidence/estimate.hpp"
#include "evidence/statistic.hpp"

namespace skerry::evidence {

/// Robust errors. hc: of single rows (White, Econometrica 48 (1980) 817-838; hc1 to hc3: MacKinnon & White, Journal of Econometrics 29
/// (1985) 305-325). cr: of clusters, the rows of one person (Liang & Zeger, Biometrika 73 (1986) 13-22); cr1 times
/// G/(G-1) * (n-1)/(n-p), with t on G-1 degrees of freedom (Cameron & Miller, Journal of Human Resources 50 (2015) 317-372).
enum class RobustError : std::uint8_t { none, hc0, hc1, hc2, hc3, cr0, cr1 };

struct LinearQuestion {
  std::vector<std::string> covariates;  ///< their names, in the order of Design::x; the intercept is always there and not among them
  double level = 0.95;
  RobustError robust = RobustError::none;
};

struct LinearResult {
  std::int64_t rows = 0;                     ///< with a weight above 0
  std::int64_t clusters = 0;                 ///< cr0, cr1: how many
  std::vector<Estimate> coefficients;        ///< "(intercept)" first; p and interval from robust errors where asked
  std::optional<double> residual_deviation;  ///< residual standard error
  double residual_df = 0;
  std::optional<double> r_squared, adjusted_r_squared;  ///< unset when the outcome does not vary
  std::optional<Test> overall;                          ///< "F test of all covariates", from the ordinary errors
  std::vector<double> covariance;                       ///< of the coefficients, row by row; the robust one where asked
  std::vector<Caution> cautions;
};

/// Weights: sum of w * residual^2 is made least; they need not be whole. Rows of weight 0 do not count. Offsets are taken from y; R2 and F
/// are of what remains. Formulas: Seber & Lee, Linear Regression Analysis, 2nd ed. 2003, chapters 3-4 and 11. Sums of products are exact,
/// the equations are solved with 100 digits: an answer is off by what the rounding of (x - mean) does, however poorly covariates are
/// scaled. Errors of take(): not_computable when there are no more rows than coefficients, a covariate does not vary or is a combination of
/// the others (it is named), or values are not finite or too large.
class Linear : public Statistic<Design> {
 public:
  explicit Linear(LinearQuestion question);
  [[nodiscard]] Totals shape() const override;
  void add_local(const Design& part, Totals& out) const override;
  Result<bool> take(const Totals& total) override;
  [[nodiscard]] const LinearResult& result() const noexcept { return result_; }

 private:
  struct Equations;  // the solved ones, with more digits than a double has

  void add_means(const Design& part, Totals& out) const;
  void add_products(const Design& part, Totals& out) const;
  void add_scores(const Design& part, Totals& out) const;
  Result<void> take_means(const Totals& total);
  Result<void> take_products(const Totals& total);
  Result<void> take_scores(const Totals& total);
  /// A row, centred, scaled and times the root of its weight: intercept, covariates, outcome. False when its weight is 0.
  bool row_of(const Design& part, std::size_t row, double* to) const;
  void tell(const Equations& equations, const Totals* scores);

  LinearQuestion question_;
  int round_ = 1;
  std::vector<double> centre_;  ///< of each covariate, then of the outcome
  std::vector<int> scale_;      ///< differences are divided by 2^scale
  int weight_scale_ = 0;
  std::vector<double> slopes_;  ///< in scaled, centred units, intercept first
  std::vector<double> bread_;   ///< inverse of the scaled products, row by row, intercept first
  std::shared_ptr<const Equations> equations_;
  LinearResult result_;
};

}  // namespace skerry::evidence
