// Events over person-time: exact Poisson rates and their comparison. One round of counts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "evidence/data.hpp"
#include "evidence/estimate.hpp"
#include "evidence/statistic.hpp"

namespace skerry::evidence {

struct RateQuestion {
  std::size_t groups = 1;
  double step = 1;  ///< one step of the grid, in the unit of time of the rate: 1.0 / 12 for monthly steps and a rate a year
  double level = 0.95;
};

struct GroupRate {
  std::int64_t people = 0;
  std::int64_t events = 0;       ///< rows with cause 1
  std::int64_t steps = 0;        ///< person-time, in steps of the grid
  double time = 0;               ///< the same in the unit
  std::optional<Estimate> rate;  ///< events a unit of time; unset without person-time
};

struct RateResult {
  std::vector<GroupRate> groups;
  std::optional<Estimate> ratio;  ///< two groups: rate of group 1 over that of group 0; log scale, `ratio`; may be infinite, with a caution
  std::vector<Test> tests;
  std::vector<Caution> cautions;
};

/// Weights, offsets and covariates of the episodes are not used; strata neither.
/// Interval of a rate: Garwood, Biometrika 28 (1936) 437-442. Two rates: given the sum of events, the first group's are binomial
/// (Przyborowski & Wilenski, Biometrika 31 (1940) 313-323); two-sided p: all outcomes at most as probable as the one observed.
/// More groups: Pearson's chi-square of events against person-time.
/// Errors of take(): not_computable when nobody was followed for any time.
class PersonTime : public Statistic<Episodes> {
 public:
  explicit PersonTime(RateQuestion question) : question_(question) {}
  [[nodiscard]] Totals shape() const override;
  void add_local(const Episodes& part, Totals& out) const override;
  Result<bool> take(const Totals& total) override;
  [[nodiscard]] const RateResult& result() const noexcept { return result_; }

 private:
  RateQuestion question_;
  RateResult result_;
};

/// Garwood's interval of the number of events expected where `events` were seen.
struct EventsInterval {
  double low = 0, high = 0;
};
[[nodiscard]] EventsInterval garwood(std::int64_t events, double level);
/// Two-sided p of `present` of `n` under probability p: all outcomes at most as probable (within 1e-7) as the one observed.
[[nodiscard]] double binomial_test(std::int64_t present, std::int64_t n, double p);

}  // namespace skerry::evidence
