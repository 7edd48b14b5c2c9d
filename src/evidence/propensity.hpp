// Inverse-probability weights: groups of people made comparable in what was measured of them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "evidence/estimate.hpp"
#include "evidence/regression.hpp"
#include "evidence/statistic.hpp"

namespace skerry::evidence {

/// Of the weights in one group.
struct WeightSummary {
  std::int64_t rows = 0;
  double sum = 0;
  double effective = 0;         ///< people's worth: (sum of w)^2 / sum of w^2 (Kish 1965)
  std::int64_t above_10 = 0;    ///< weights above 10
  std::int64_t improbable = 0;  ///< rows whose group had a probability below 0.01
  bool operator==(const WeightSummary&) const = default;
};

/// Design::y is the group, 0 to groups - 1; x what the groups are balanced over. Probability of each group by logistic regression: one
/// model for two groups; for more, one against the rest each, divided by their sum. Stabilised weights, share of the group divided by the
/// probability (Robins, Hernan & Brumback, Epidemiology 11 (2000) 550-560).
/// Errors: LogisticRegression's; separation: people who could only be in one group. Cautions: positivity (probabilities below 0.01, weights
/// above 10, effective size below half of the people).
class PropensityModel final : public Statistic<Design> {
 public:
  PropensityModel(RegressionQuestion question, std::size_t groups);
  ~PropensityModel() override;
  PropensityModel(PropensityModel&&) noexcept;
  PropensityModel& operator=(PropensityModel&&) noexcept;

  [[nodiscard]] Totals shape() const override;
  void add_local(const Design& part, Totals& out) const override;
  Result<bool> take(const Totals& total) override;
  // After run() succeeded:
  /// The weight of each row of a part, for any weighted statistic of the same rows (Design::weight, Episodes::weight).
  [[nodiscard]] std::vector<double> weights(const Design& part) const;
  [[nodiscard]] const std::vector<WeightSummary>& groups() const noexcept;
  [[nodiscard]] const std::vector<Caution>& cautions() const noexcept;
  [[nodiscard]] const std::vector<RegressionFit>& models() const noexcept;  ///< one, or one a group

 private:
  struct State;
  std::unique_ptr<State> state_;
};

struct WeightedMeans {
  std::vector<Estimate> means;        ///< a group each: "group 0"
  std::vector<Estimate> differences;  ///< of each further group from the first
  std::vector<std::int64_t> rows;
  bool operator==(const WeightedMeans&) const = default;
};

/// Design::x[0] is the group, y the outcome, weight the weights (optional: all 1). Mean of a group: sum of w y / sum of w (Hajek);
/// variance: sum of w^2 (y - mean)^2 / (sum of w)^2, which takes the weights as known and is then too large rather than too small (Robins,
/// Hernan & Brumback 2000; Lunceford & Davidian, Statistics in Medicine 23 (2004) 2937-2960). Normal intervals. Two rounds.
/// Errors: not_computable: a group without people, values not finite.
class WeightedMeanDifference final : public Statistic<Design> {
 public:
  WeightedMeanDifference(std::size_t groups, double level, bool clustered = false);
  ~WeightedMeanDifference() override;
  WeightedMeanDifference(WeightedMeanDifference&&) noexcept;
  WeightedMeanDifference& operator=(WeightedMeanDifference&&) noexcept;

  [[nodiscard]] Totals shape() const override;
  void add_local(const Design& part, Totals& out) const override;
  Result<bool> take(const Totals& total) override;
  /// After run() succeeded.
  [[nodiscard]] const WeightedMeans& means() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace skerry::evidence
