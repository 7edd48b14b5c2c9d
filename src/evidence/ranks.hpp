// Quantiles and rank tests of a number in groups, on a grid. One round: how many people of each group at each point of the grid.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "evidence/data.hpp"
#include "evidence/estimate.hpp"
#include "evidence/statistic.hpp"

namespace skerry::evidence {

/// A value counts as the nearest point from + i * step, i = 0..cells-1 (halves go up). What lies more than half a step outside is known
/// only to be below or above the grid.
struct RankQuestion {
  double from = 0, step = 1;  ///< step > 0
  std::size_t cells = 1;
  std::size_t groups = 1;
  double level = 0.95;
  std::vector<double> quantiles{0.25, 0.5, 0.75};  ///< each 0 to 1
};

struct GroupQuantiles {
  std::int64_t people = 0;
  std::int64_t below = 0, above = 0;  ///< of them outside the grid
  /// [quantile]: Hyndman & Fan's definition 7 (The American Statistician 50 (1996) 361-365), between grid points. Unset when empty or when
  /// it lies outside the grid. low and high: order statistics whose exact binomial coverage is at least the level in equal tails
  /// (Thompson, Annals of Mathematical Statistics 7 (1936) 122-128); infinite where too few people give no such side.
  std::vector<std::optional<Estimate>> quantiles;
};

struct RankResult {
  std::vector<GroupQuantiles> groups;
  std::vector<Test> tests;  ///< two groups with people: Mann-Whitney; more: Kruskal-Wallis
  /// Two groups: Hodges & Lehmann's shift, the median of all differences between the first and the second (Annals of Mathematical
  /// Statistics 34 (1963) 598-611), with the interval that goes with the test.
  std::optional<Estimate> shift;
  std::vector<Caution> cautions;
};

/// Mann-Whitney (Annals of Mathematical Statistics 18 (1947) 50-60): statistic U of the first group, ties one half. Exact when both groups
/// have fewer than 50 people: the permutation distribution given the ties, two-sided p = P(|U - E| >= |u - E|); else normal with tie
/// and continuity correction (Lehmann 1975, section 1.3). Kruskal-Wallis (JASA 47 (1952) 583-621) with tie correction; exact when the
/// permutations are few enough to go through.
/// Names: "Mann-Whitney test", "Kruskal-Wallis test".
/// Errors of take(): not_computable when there are no values on or off the grid, or a value is not a number.
class Ranks : public Statistic<Sample> {
 public:
  explicit Ranks(RankQuestion question) : question_(std::move(question)) {}
  [[nodiscard]] Totals shape() const override;
  void add_local(const Sample& part, Totals& out) const override;
  Result<bool> take(const Totals& total) override;
  [[nodiscard]] const RankResult& result() const noexcept { return result_; }

 private:
  RankQuestion question_;
  RankResult result_;
};

}  // namespace skerry::evidence
