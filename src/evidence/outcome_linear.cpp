#include "evidence/linear.hpp"
#include "evidence/outcome_data.hpp"

namespace skerry::evidence {

Result<Outcome> compute_linear(const cohort::Study& study, const Columns& columns, unsigned threads, const Limits& limits) {
  const auto complete = complete_cases(study, columns);
  auto outcome = outcome_of(complete);
  guard_covariates(columns, complete, {}, outcome);
  outcome.magnitudes = {magnitude_of("outcome", columns, complete.people)};
  outcome.parameters = columns.x_names.size() + 1;
  Linear model({.covariates = columns.x_names, .level = study.level, .robust = study.model.robust ? RobustError::hc3 : RobustError::none});
  const auto parts = parts_of(complete, threads, [&](auto people) { return design_of(study, columns, people); });
  const auto ran = run_for(model, parts, threads, limits, outcome);
  if (!ran) return fail(ran.error());
  if (!*ran) return outcome;
  const auto& result = model.result();
  outcome.method = std::string("Linear regression, least squares") + (study.model.robust ? ", robust errors (HC3)" : "");
  for (const auto& coefficient : result.coefficients) {
    OutcomeRow row;
    row.row.measure = "coefficient";
    row.row.estimate = coefficient;
    row.row.label.id = coefficient.id;
    outcome.estimates.push_back(std::move(row));
  }
  if (result.overall) outcome.tests.push_back(*result.overall);
  outcome.cautions = result.cautions;
  outcome.numbers_opened = 2 * outcome.estimates.size() + outcome.tests.size();
  return outcome;
}

}  // namespace skerry::evidence
