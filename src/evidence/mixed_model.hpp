// Linear mixed model with one random intercept: repeated measures of people.
#pragma once

#include <memory>
#include <optional>

#include "evidence/regression.hpp"
#include "evidence/statistic.hpp"

namespace skerry::evidence {

struct MixedFit {
  RegressionFit regression;  ///< fixed effects; log_likelihood is the restricted one when `restricted`; tests: of the intercept's variance
  double between_variance = 0;  ///< of the random intercept
  double residual_variance = 0;
  double intraclass_correlation = 0;
  bool restricted = true;
  bool boundary = false;             ///< the between-person variance is estimated as 0
  std::int64_t largest_cluster = 0;  ///< rounded up to a power of two
  bool operator==(const MixedFit&) const = default;
};

/// y = b0 + x b + u(person) + e, u and e normal (Laird & Ware, Biometrics 38 (1982) 963-974). Design::cluster says whose row it is; the
/// rows of a person are consecutive in one part. Maximum likelihood or restricted maximum likelihood (Patterson & Thompson, Biometrika 58
/// (1971) 545-554; Harville, JASA 72 (1977) 320-338), profiled over the ratio of the variances: a first round looks at a row of ratios,
/// then Newton's method, kept inside a bracket, finds where the derivative of the profile is 0. Sums of a round: cross-products within
/// people, and between people's means weighted by n / (1 + n ratio), with their first two derivatives.
///
/// Intervals and p of the fixed effects: t with (people - coefficients) degrees of freedom, which is careful for covariates that vary
/// within people. Test of the variance: likelihood ratio against no random intercept, half of chi-square with 1 degree of freedom (Self &
/// Liang, JASA 82 (1987) 605-610). Weights are refused; an offset is subtracted from y.
/// Errors: not_computable: no repeated measures, one person, collinear covariates (named), no variation. Cautions: few people.
class MixedModel final : public Statistic<Design> {
 public:
  struct Options {
    bool restricted = true;  ///< REML
  };
  explicit MixedModel(RegressionQuestion question);
  MixedModel(RegressionQuestion question, Options options);
  ~MixedModel() override;
  MixedModel(MixedModel&&) noexcept;
  MixedModel& operator=(MixedModel&&) noexcept;

  [[nodiscard]] Totals shape() const override;
  void add_local(const Design& part, Totals& out) const override;
  Result<bool> take(const Totals& total) override;
  /// After run() succeeded.
  [[nodiscard]] const MixedFit& fit() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace skerry::evidence
