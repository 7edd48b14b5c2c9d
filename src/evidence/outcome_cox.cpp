#include <algorithm>

#include "evidence/cox.hpp"
#include "evidence/outcome_weights.hpp"

namespace skerry::evidence {
namespace {

CoxQuestion question_of(const cohort::Study& study, const Columns& columns, const std::vector<Episodes>& parts) {
  CoxQuestion out;
  out.steps = study.time.horizon / study.time.step + 1;
  out.covariates = columns.x_names;
  out.strata = static_cast<std::uint16_t>(std::max<std::size_t>(1, study.strata.groups.size()));
  out.ties = study.model.ties;
  out.entries = std::ranges::any_of(parts, [](const Episodes& part) { return !part.entry.empty(); });
  out.weighted = !columns.weight.empty();
  out.offset = !columns.offset.empty();
  out.firth = study.model.firth;
  out.robust = study.model.robust;
  out.check = TimeTransform::km;
  out.level = study.level;
  return out;
}

}  // namespace

Result<Outcome> compute_cox(const cohort::Study& study, const Columns& columns, unsigned threads, const Limits& limits) {
  const auto complete = complete_cases(study, columns);
  auto outcome = outcome_of(complete);
  const auto sizes = group_sizes(study, columns, complete);
  guard_groups(study, sizes, outcome.guards);
  guard_strata(study, columns, outcome);
  guard_covariates(columns, complete, [&](std::uint32_t i) { return had_event(columns, i); }, outcome);
  if (!columns.weight.empty()) {
    std::vector<double> weights;
    for (const auto i : complete.people) weights.push_back(columns.weight[i]);
    guard_weights(study, columns, complete, weights, outcome);
  }
  const auto parts = parts_of(complete, threads, [&](auto people) { return episodes_of(study, columns, people); });
  outcome.parameters = columns.x_names.size();
  auto fitted = cox(parts, question_of(study, columns, parts), threads, limits);
  if (!fitted) {
    if (fitted.error().code != ErrorCode::not_computable) return fail(std::move(fitted.error()));
    return not_computed(std::move(outcome), fitted.error());
  }
  const auto& result = *fitted;
  std::int64_t events = 0;
  for (const auto number : sizes.events) events += number;
  outcome.method = std::string("Cox regression, ") + (study.model.ties == cohort::Ties::efron ? "Efron" : "Breslow") + " ties" +
                   (study.model.firth ? ", Firth's correction" : "");
  for (const auto& coefficient : result.coefficients) {
    OutcomeRow row;
    row.row.measure = "hazard_ratio";
    row.row.estimate = coefficient.estimate;
    row.row.label = covariate_label(study, coefficient.estimate.id);
    row.row.events = {events, Mark::open};
    outcome.estimates.push_back(std::move(row));
  }
  outcome.tests = {result.likelihood_ratio, result.wald, result.score};
  for (auto test : result.proportional) {
    test.name = "Proportional hazards: " + test.name;
    outcome.tests.push_back(std::move(test));
  }
  outcome.cautions = result.cautions;
  caution_groups(study, outcome);
  outcome.numbers_opened = outcome.estimates.size() + outcome.tests.size();
  return outcome;
}

}  // namespace skerry::evidence
