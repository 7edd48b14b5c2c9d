// Negative binomial regression: counts that vary more than Poisson's.
#pragma once

#include <memory>
#include <optional>

#include "evidence/regression.hpp"
#include "evidence/statistic.hpp"

namespace skerry::evidence {

/// NB2: log E(y) = b0 + x b + offset, variance m + m^2 / theta (Lawless, Canadian J. Statistics 15 (1987) 209-225; Hilbe 2011, chapter 8).
/// Poisson's estimate first, then b and log(1/theta) jointly by Newton's method on the observed information, to the double's limit.
/// Standard errors of b from the expected information, of theta from the observed one, each as if the other were known (they are
/// asymptotically independent). Test of the extra variation against Poisson: half of chi-square with 1 degree of freedom, theta lying on
/// its border under the hypothesis (Lawless 1987). Where the counts vary no more than Poisson's, theta is unset, the fit is Poisson's and
/// a Caution says so. Errors and cautions as PoissonRegression's.
class NegativeBinomialRegression final : public Statistic<Design> {
 public:
  explicit NegativeBinomialRegression(RegressionQuestion question);
  ~NegativeBinomialRegression() override;
  NegativeBinomialRegression(NegativeBinomialRegression&&) noexcept;
  NegativeBinomialRegression& operator=(NegativeBinomialRegression&&) noexcept;

  [[nodiscard]] Totals shape() const override;
  void add_local(const Design& part, Totals& out) const override;
  Result<bool> take(const Totals& total) override;
  /// After run() succeeded.
  [[nodiscard]] const RegressionFit& fit() const noexcept;
  [[nodiscard]] std::optional<double> theta() const noexcept;
  [[nodiscard]] std::optional<double> theta_error() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace skerry::evidence
