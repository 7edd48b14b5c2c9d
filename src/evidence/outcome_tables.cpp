#include "evidence/contingency.hpp"
#include "evidence/outcome_data.hpp"

namespace skerry::evidence {
namespace {

/// Every cell and margin of every stratum.
void guard_cells(const Crossing& all, const CrossingQuestion& question, Outcome& outcome) {
  std::vector<std::int64_t> cells(question.strata * question.rows * question.columns, 0);
  for (std::size_t i = 0; i < all.rows(); ++i) {
    const std::size_t stratum = all.stratum.empty() ? 0 : all.stratum[i];
    ++cells[(stratum * question.rows + all.row[i]) * question.columns + all.column[i]];
  }
  for (const auto people : cells) outcome.guards.push_back({"cell", people});
}

void add_ratio(const std::optional<Estimate>& estimate, const char* measure, Outcome& outcome) {
  if (!estimate) return;
  OutcomeRow row;
  row.row.measure = measure;
  row.row.estimate = *estimate;
  row.row.estimate.id = measure;
  outcome.estimates.push_back(std::move(row));
}

}  // namespace

Result<Outcome> compute_table(const cohort::Study& study, const Columns& columns, unsigned threads, const Limits& limits) {
  const auto complete = complete_cases(study, columns);
  auto outcome = outcome_of(complete);
  const CrossingQuestion question{study.by.groups.size(), study.columns.groups.size(), std::max<std::size_t>(1, study.strata.groups.size()),
                                  study.level, study.proportion_interval};
  guard_cells(crossing_of(study, columns, complete.people), question, outcome);
  guard_strata(study, columns, outcome);
  Contingency table(question);
  const auto parts = parts_of(complete, threads, [&](auto people) { return crossing_of(study, columns, people); });
  const auto ran = run_for(table, parts, threads, limits, outcome);
  if (!ran) return fail(ran.error());
  if (!*ran) return outcome;
  const auto& result = table.result();
  outcome.method = "Cross-table of counts";
  outcome.tests = result.tests;
  outcome.cautions = result.cautions;
  add_ratio(result.odds_ratio, "odds_ratio", outcome);
  add_ratio(result.common_odds_ratio, "common_odds_ratio", outcome);
  outcome.numbers_opened = outcome.tests.size() + outcome.estimates.size();
  return outcome;
}

}  // namespace skerry::evidence
