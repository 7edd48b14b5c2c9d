// Logistic regression, by maximum likelihood and by Firth's penalised likelihood.
#pragma once

#include <memory>

#include "evidence/regression.hpp"
#include "evidence/statistic.hpp"

namespace skerry::evidence {

enum class LogisticMethod : std::uint8_t { maximum_likelihood, firth };

/// P(y = 1) = 1 / (1 + exp(-(b0 + x b + offset))); y is 0 or 1.
///
/// Maximum likelihood: Newton's method, for this link the same as iteratively reweighted least squares (Nelder & Wedderburn, JRSS A 135
/// (1972) 370-384; McCullagh & Nelder 1989, section 4.4). Sums of a round: log-likelihood, score, information. Standard errors are taken
/// at the estimate itself. Wald tests of each coefficient, likelihood-ratio and Wald tests of the model; of each covariate when asked.
///
/// Firth: penalised by Jeffreys' prior (Firth, Biometrika 80 (1993) 27-38; Heinze & Schemper, Statistics in Medicine 21 (2002)
/// 2409-2419). The penalty's derivative is one half of the trace of I^-1 dI/db, so a round also sums dI/db (third order) and, for
/// few covariates and people, its derivative too, so that every step is Newton's. Intervals from the profile of the penalised likelihood, p
/// from penalised likelihood-ratio tests, both with the penalty of all coefficients. Exists under separation.
///
/// Errors (of take()): not_computable: no rows, one outcome only, a covariate that does not vary or follows from others (named), as many
/// coefficients as rows, y not 0 or 1, values not finite, complete or quasi-complete separation (the covariates named).
/// Cautions: few events for each covariate, few people, few clusters.
class LogisticRegression final : public Statistic<Design> {
 public:
  struct Options {
    LogisticMethod method = LogisticMethod::maximum_likelihood;
    bool covariate_tests = false;   ///< likelihood-ratio test of each covariate (Firth: always)
    bool profile_intervals = true;  ///< Firth only: without, intervals are Wald's
  };
  explicit LogisticRegression(RegressionQuestion question);
  LogisticRegression(RegressionQuestion question, Options options);
  ~LogisticRegression() override;
  LogisticRegression(LogisticRegression&&) noexcept;
  LogisticRegression& operator=(LogisticRegression&&) noexcept;

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
