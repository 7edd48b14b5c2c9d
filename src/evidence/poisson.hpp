// Poisson regression of counts, with person-time as offset.
#pragma once

#include <memory>

#include "evidence/regression.hpp"
#include "evidence/statistic.hpp"

namespace skerry::evidence {

/// log E(y) = b0 + x b + offset; y whole and not negative, offset the logarithm of person-time. Newton's method (McCullagh & Nelder 1989,
/// chapter 6). Coefficients are log rate ratios. Tests: likelihood-ratio and Wald of the model; goodness of fit by Pearson's chi-square.
/// Errors and cautions as LogisticRegression's (there: everyone 0; separation: a group of people without any event); a Caution when the
/// variance is more than the mean allows (Pearson's chi-square above 1.5 times its degrees of freedom with p < 0.05): take robust errors
/// or the negative binomial model.
class PoissonRegression final : public Statistic<Design> {
 public:
  struct Options {
    bool covariate_tests = false;  ///< likelihood-ratio test of each covariate
  };
  explicit PoissonRegression(RegressionQuestion question);
  PoissonRegression(RegressionQuestion question, Options options);
  ~PoissonRegression() override;
  PoissonRegression(PoissonRegression&&) noexcept;
  PoissonRegression& operator=(PoissonRegression&&) noexcept;

  [[nodiscard]] Totals shape() const override;
  void add_local(const Design& part, Totals& out) const override;
  Result<bool> take(const Totals& total) override;
  /// After run() succeeded.
  [[nodiscard]] const RegressionFit& fit() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace skerry::evidence
