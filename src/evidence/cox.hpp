// Proportional hazards regression (Cox, JRSS B 34 (1972) 187-220).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "cohort/study.hpp"
#include "evidence/cox_rows.hpp"
#include "evidence/estimate.hpp"
#include "evidence/statistic.hpp"

namespace skerry::evidence {

/// g(t), against which proportional hazards are tested by adding x g(t) to the model: 1 - the Kaplan-Meier estimate just before t, t itself
/// (in steps), its rank among the times at which anybody left, its logarithm.
enum class TimeTransform : std::uint8_t { km, identity, rank, log };

/// What is modelled; which columns Episodes then has.
struct CoxQuestion {
  std::int32_t steps = 0;
  std::vector<std::string> covariates;  ///< ids, as many as Episodes::x has columns
  std::uint16_t strata = 1;
  cohort::Ties ties = cohort::Ties::efron;
  bool entries = false;   ///< late entries, or several rows a person
  bool weighted = false;  ///< case weights
  bool offset = false;
  bool firth = false;
  bool robust = false;
  std::optional<TimeTransform> check;  ///< proportional hazards
  double level = 0.95;
};

struct CoxCoefficient {
  Estimate estimate;      ///< log hazard ratio; ratio is set
  bool infinite = false;  ///< the likelihood rises for ever in this direction: value is a bound, not an estimate; no error, no p
};

/// A step in which an event happened, of one stratum.
struct CoxStep {
  std::int32_t step = 0;
  std::uint16_t stratum = 0;
  std::int64_t events = 0, at_risk = 0;
  double hazard = 0, cumulative_hazard = 0;  ///< for a person whose covariates are all at their mean and whose offset is 0
};

struct CoxResult {
  std::vector<CoxCoefficient> coefficients;
  std::vector<double> covariance;                      ///< inverse information, row by row; infinite coefficients have zeros
  std::vector<double> robust;                          ///< sandwich; empty unless asked for
  std::vector<double> means;                           ///< of the covariates, weighted: where the baseline hazard stands
  double log_likelihood_null = 0, log_likelihood = 0;  ///< penalised with Firth
  Test likelihood_ratio, wald, score;
  std::vector<Test> proportional;                 ///< one a covariate, named so, then "GLOBAL"; empty unless asked for
  std::int64_t rows = 0, people = 0, events = 0;  ///< people: rows when Episodes::person is empty
  int rounds = 0;                                 ///< of sums
  std::vector<CoxStep> baseline;
  std::vector<Caution> cautions;
};

/// Partial likelihood with ties by Breslow (Biometrics 30 (1974) 89-99) or Efron (JASA 72 (1977) 557-565), strata, late entries, weights,
/// offset; covariates may change between a person's rows. Newton's method with step halving. Firth's correction: the likelihood
/// times the square root of the information's determinant (Heinze & Schemper, Biometrics 57 (2001) 114-119). Robust errors: each person's
/// score residuals (Lin & Wei, JASA 84 (1989) 1074-1078), summed over the person's rows. Breslow's baseline hazard, Efron's when ties are
/// his.
///
/// Proportional hazards: score tests of x g(t) (Grambsch & Therneau, Biometrika 81 (1994) 515-526, in the form of R's cox.zph 3).
///
/// Rounds: one that counts and centres; one a Newton step, of which the vector holds for each stratum and step with an event the
/// sums of w e, w e x and w e xx' over who leaves there (and who enters), e = exp(x'b): the risk sets follow by adding up from the
/// last step; one more for robust errors. Not from sums, so not offered: "exact" ties.
class Cox final : public Statistic<CoxRows> {
 public:
  explicit Cox(CoxQuestion question);
  ~Cox() override;
  [[nodiscard]] Totals shape() const override;
  void add_local(const CoxRows& part, Totals& out) const override;
  /// Errors: not_computable: nobody, no events, more covariates than events, a covariate that is the same for all, collinear covariates.
  Result<bool> take(const Totals& total) override;
  [[nodiscard]] const CoxResult& result() const noexcept;
  struct State;
  [[nodiscard]] const State& state() const noexcept { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

/// Sorts the parts' rows, each on its thread, and runs all rounds. `threads`: a large part is also split (between people).
/// Errors: Cox::take()'s and run()'s; invalid_study when the parts do not have the question's covariates; too_large beyond 10 million
/// steps and strata.
[[nodiscard]] Result<CoxResult> cox(std::span<const Episodes> parts, const CoxQuestion& question, unsigned threads = 1,
                                    const Limits& limits = {});

}  // namespace skerry::evidence
