#include "evidence/logistic.hpp"
#include "evidence/mixed_model.hpp"
#include "evidence/negative_binomial.hpp"
#include "evidence/outcome_weights.hpp"
#include "evidence/poisson.hpp"

namespace skerry::evidence {
namespace {

using cohort::StatisticType;

RegressionQuestion question_of(const cohort::Study& study, const Columns& columns) {
  RegressionQuestion out;
  out.names = columns.x_names;
  out.level = study.level;
  // Made weights are not numbers of people: only robust errors are right.
  out.robust = study.model.robust || !study.model.weighted_by.empty();
  return out;
}

const char* measure_of(StatisticType type) {
  switch (type) {
    case StatisticType::logistic: return "odds_ratio";
    case StatisticType::mixed: return "coefficient";
    default: return "rate_ratio";
  }
}

void add_fit(const cohort::Study& study, const RegressionFit& fit, std::int64_t events, Outcome& outcome) {
  outcome.method = fit.method + (study.model.weighted_by.empty() ? "" : ", inverse-probability weights");
  for (const auto& coefficient : fit.coefficients) {
    OutcomeRow row;
    row.row.measure = measure_of(study.type);
    row.row.estimate = coefficient;
    row.row.label = covariate_label(study, coefficient.id);
    if (study.type == StatisticType::logistic) row.row.events = {events, Mark::open};
    outcome.estimates.push_back(std::move(row));
  }
  outcome.tests = fit.tests;
  outcome.cautions.insert(outcome.cautions.end(), fit.cautions.begin(), fit.cautions.end());
  caution_groups(study, outcome);
  outcome.numbers_opened = 2 * outcome.estimates.size() + outcome.tests.size();
}

template <class Model>
Result<bool> fit(Model& model, const std::vector<Design>& parts, unsigned threads, const Limits& limits, Outcome& outcome) {
  return run_for(static_cast<Statistic<Design>&>(model), parts, threads, limits, outcome);
}

}  // namespace

Result<Outcome> compute_model(const cohort::Study& study, const Columns& columns, unsigned threads, const Limits& limits) {
  const auto complete = complete_cases(study, columns);
  auto outcome = outcome_of(complete);
  std::int64_t events = 0;
  const bool mixed = study.type == StatisticType::mixed;
  if (!mixed) {
    const auto had = [&](std::uint32_t i) { return columns.outcome[i] > 0; };
    for (const auto i : complete.people) events += had(i) ? 1 : 0;
    outcome.guards.push_back({"events", events});
    outcome.guards.push_back({"no event", outcome.people - events});
    guard_covariates(columns, complete, had, outcome);
    if (study.type != StatisticType::logistic) outcome.magnitudes = {magnitude_of("outcome", columns, complete.people)};
  }
  outcome.parameters = columns.x_names.size() + (mixed ? 2 : 1);
  auto parts = parts_of(complete, threads, [&](auto people) { return design_of(study, columns, people); });
  const auto weighed = weigh(study, columns, complete, threads, limits, parts, outcome);
  if (!weighed) return fail(weighed.error());
  if (!*weighed) return outcome;
  auto question = question_of(study, columns);
  const auto with = [&](auto model, auto read) -> Result<Outcome> {
    const auto ran = fit(model, parts, threads, limits, outcome);
    if (!ran) return fail(ran.error());
    if (*ran) read(model);
    return outcome;
  };
  const auto plain = [&](const auto& model) { add_fit(study, model.fit(), events, outcome); };
  switch (study.type) {
    case StatisticType::logistic: {
      const auto method = study.model.firth ? LogisticMethod::firth : LogisticMethod::maximum_likelihood;
      return with(LogisticRegression(question, {.method = method}), plain);
    }
    case StatisticType::poisson: return with(PoissonRegression(question), plain);
    case StatisticType::negative_binomial: return with(NegativeBinomialRegression(question), plain);
    default: break;
  }
  question.clustered = true;
  question.names.insert(question.names.begin(), "time in years");
  return with(MixedModel(question), [&](const MixedModel& model) {
    const auto& result = model.fit();
    add_fit(study, result.regression, events, outcome);
    OutcomeRow row;
    row.row.measure = "variance";
    row.row.estimate.id = "between people";
    row.row.label.id = "between people";
    row.row.estimate.value = result.between_variance;
    outcome.estimates.push_back(row);
    row.row.estimate.id = row.row.label.id = "within people";
    row.row.estimate.value = result.residual_variance;
    outcome.estimates.push_back(row);
    outcome.numbers_opened += 2;
  });
}

}  // namespace skerry::evidence
