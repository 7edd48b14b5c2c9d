// Recurrent events: the mean number of events a person has had by a time.
#pragma once

#include <cstdint>
#include <vector>

#include "evidence/data.hpp"
#include "evidence/estimate.hpp"
#include "evidence/statistic.hpp"

namespace skerry::evidence {

struct MeanCumulativeQuestion {
  std::int32_t steps = 0;
  std::uint16_t groups = 1;
  double level = 0.95;
};

struct MeanCumulativePoint {
  std::int32_t step = 0;
  std::int64_t at_risk = 0, events = 0, censored = 0;  ///< censored: rows that ended without an event
  double mean = 0, standard_error = 0, low = 0, high = 0;
};

struct MeanCumulativeCurve {
  std::uint16_t group = 0;
  std::int64_t people = 0, events = 0;
  std::vector<MeanCumulativePoint> points;  ///< steps in which an event happened
  std::vector<Caution> cautions;
};

/// M(t) = sum over steps of events / people at risk (Nelson, J Quality Technology 20 (1988) 24-35), with a variance that is right however
/// the events of one person hang together: sum over people of (sum over steps of (dN_i - Y_i dM) / Y)^2 (Lawless & Nadeau, Technometrics 37
/// (1995) 158-168, equation 2.5; a person's rows of data.hpp follow each other). A person with one row, cause 0 or 1, gives the
/// Nelson-Aalen estimate. Intervals: M exp(+- z se / M). Weights multiply N and Y. A further event of a person in the step in which their
/// last row ended is a row with entry = exit. Two rounds: the steps' sums, then each person's part.
class MeanCumulative final : public Statistic<Episodes> {
 public:
  explicit MeanCumulative(MeanCumulativeQuestion question);
  [[nodiscard]] Totals shape() const override;
  void add_local(const Episodes& part, Totals& out) const override;
  /// Errors: not_computable when nobody is followed; too_large beyond 8 million steps and groups.
  Result<bool> take(const Totals& total) override;
  [[nodiscard]] const std::vector<MeanCumulativeCurve>& curves() const noexcept { return curves_; }

 private:
  struct Group {
    std::vector<double> at_risk, events, hazard;  ///< by step; hazard: sum of events / at_risk^2 up to the step
  };
  void sum_steps(const Episodes& part, Totals& out) const;
  void sum_people(const Episodes& part, Totals& out) const;
  Result<bool> take_steps(const Totals& total);
  void take_people(const Totals& total);

  MeanCumulativeQuestion question_;
  std::vector<Group> groups_;
  std::vector<MeanCumulativeCurve> curves_;
  bool second_ = false, too_large_ = false;
};

}  // namespace skerry::evidence
