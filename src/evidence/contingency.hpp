// Cross-tables: counts, proportions, tests of independence, and what stays of an association within strata. One round of counts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "cohort/study.hpp"
#include "evidence/data.hpp"
#include "evidence/estimate.hpp"
#include "evidence/statistic.hpp"

namespace skerry::evidence {

struct CrossingQuestion {
  std::size_t rows = 2, columns = 2, strata = 1;  ///< each at least 1; data beyond them are left out and counted
  double level = 0.95;
  cohort::ProportionInterval interval = cohort::ProportionInterval::clopper_pearson;
};

struct CrossingResult {
  std::size_t rows = 0, columns = 0, strata = 1;
  std::vector<std::int64_t> cells;  ///< [stratum][row][column]
  std::int64_t people = 0;          ///< in the cells
  std::int64_t outside = 0;         ///< whose row, column or stratum is not of the question
  /// Of the people of a row, over all strata, those in a column: [row][column]; unset for a row without people.
  std::vector<std::optional<Estimate>> proportions;
  /// The first is the one to report: exact where numbers are small. Empty when the table has one row or one column with people.
  std::vector<Test> tests;
  /// 2 x 2, strata added up: the conditional maximum-likelihood odds ratio, on the log scale, `ratio`. Infinite, with a caution, when a
  /// cell is empty.
  std::optional<Estimate> odds_ratio;
  std::optional<Estimate> common_odds_ratio;       ///< 2 x 2 x K, K >= 2: Mantel & Haenszel's, log scale, `ratio`
  std::optional<Estimate> conditional_odds_ratio;  ///< 2 x 2 x K, K >= 2: exact conditional estimate and interval, log scale, `ratio`
  std::vector<Caution> cautions;

  [[nodiscard]] std::int64_t cell(std::size_t stratum, std::size_t row, std::size_t column) const {
    return cells[(stratum * rows + row) * columns + column];
  }
};

/// Names of the tests: "Pearson's chi-square test", "... with Yates' correction", "Fisher's exact test", "Cochran-Mantel-Haenszel test",
/// "... with continuity correction", "Exact conditional test of independence in strata", "Generalised Cochran-Mantel-Haenszel test",
/// "Breslow-Day test", "Breslow-Day test with Tarone's correction". Their sources: crosstab_tests.hpp, fisher.hpp, stratified.hpp.
/// Errors of take(): not_computable when nobody is in the table, or the totals were not made by this question.
class Contingency : public Statistic<Crossing> {
 public:
  explicit Contingency(CrossingQuestion question) : question_(question) {}
  [[nodiscard]] Totals shape() const override;
  void add_local(const Crossing& part, Totals& out) const override;
  Result<bool> take(const Totals& total) override;
  [[nodiscard]] const CrossingResult& result() const noexcept { return result_; }

 private:
  CrossingQuestion question_;
  CrossingResult result_;
};

}  // namespace skerry::evidence
