#include "evidence/linear.hpp"
#include "evidence/outcome_weights.hpp"

namespace skerry::evidence {

Result<Outcome> compute_linear(const cohort::Study& study, const Columns& columns, unsigned threads, const Limits& limits) {
  const auto complete = complete_cases(study, columns);
  auto outcome = outcome_of(complete);
  guard_covariates(columns, complete, {}, outcome);
  outcome.magnitudes = {magnitude_of("outcome", columns, complete.people)};
  outcome.parameters = columns.x_names.size() + 1;
  auto parts = parts_of(complete, threads, [&](auto people) { return design_of(study, columns, people); });
  const auto weighed = weigh(study, columns, complete, threads, limits, parts, outcome);
  if (!weighed) return fail(weighed.error());
  if (!*weighed) return outcome;
  // Made weights are not numbers of people: only robust errors are right.
  const bool robust = study.model.robust || !study.model.weighted_by.empty();
  LinearQuestion question{.covariates = columns.x_names, .level = study.level, .robust = robust ? RobustError::hc3 : RobustError::none};
  Linear model(question);
  const auto ran = run_for(model, parts, threads, limits, outcome);
  if (!ran) return fail(ran.error());
  if (!*ran) return outcome;
  const auto& result = model.result();
  outcome.method = std::string("Linear regression, least squares") + (robust ? ", robust errors (HC3)" : "") +
                   (study.model.weighted_by.empty() ? "" : ", inverse-probability weights");
  for (const auto& coefficient : result.coefficients) {
    OutcomeRow row;
    row.row.measure = "coefficient";
    row.row.estimate = coefficient;
    row.row.label = covariate_label(study, coefficient.id);
    outcome.estimates.push_back(std::move(row));
  }
  if (result.overall) outcome.tests.push_back(*result.overall);
  outcome.cautions.insert(outcome.cautions.end(), result.cautions.begin(), result.cautions.end());
  caution_groups(study, outcome);
  std::vector<Estimate*> estimates;
  for (auto& row : outcome.estimates) estimates.push_back(&row.row.estimate);
  question.robust = RobustError::none;
  const auto drawn = bootstrap(
      study, columns, complete, threads, limits, parts, estimates, outcome, [&] { return Linear(question); },
      [](const Linear& one) {
        std::vector<double> out;
        for (const auto& coefficient : one.result().coefficients) out.push_back(coefficient.value);
        return out;
      });
  if (!drawn) return fail(drawn.error());
  outcome.numbers_opened = 2 * outcome.estimates.size() + outcome.tests.size();
  return outcome;
}

}  // namespace skerry::evidence
