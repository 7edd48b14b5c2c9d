#include "evidence/outcome_data.hpp"
#include "evidence/rates.hpp"

namespace skerry::evidence {

Result<Outcome> compute_rate(const cohort::Study& study, const Columns& columns, unsigned threads, const Limits& limits) {
  const auto complete = complete_cases(study, columns);
  auto outcome = outcome_of(complete);
  const auto sizes = group_sizes(study, columns, complete);
  const auto labels = group_labels(study);
  const double step_years = study.time.step * cohort::days_in(study.time.unit) / cohort::days_in(cohort::TimeUnit::year);
  PersonTime rates({.groups = labels.size(), .step = step_years, .level = study.level});
  const auto parts =
      parts_of(complete, threads, [&](auto people) { return episodes_of(study, columns, people, nullptr, Clock::from_zero); });
  const auto ran = run_for(rates, parts, threads, limits, outcome);
  if (!ran) return fail(ran.error());
  if (!*ran) return outcome;
  const auto& result = rates.result();
  outcome.method = "Events a year of follow-up, exact Poisson interval";
  std::vector<Guard> all;
  for (std::size_t g = 0; g < labels.size(); ++g) {
    const auto& group = result.groups[g];
    if (!group.rate) continue;
    OutcomeRow row;
    row.row.label = labels[g];
    row.row.measure = "rate";
    row.row.estimate = *group.rate;
    row.row.estimate.id = "rate";
    row.row.people = {sizes.people[g], Mark::open};
    row.row.events = {sizes.events[g], Mark::open};
    row.guards = {{"people", sizes.people[g]}, {"events", sizes.events[g]}, {"no event", sizes.people[g] - sizes.events[g]}};
    all.insert(all.end(), row.guards.begin(), row.guards.end());
    outcome.estimates.push_back(std::move(row));
  }
  if (result.ratio) {
    OutcomeRow row;
    row.row.measure = "rate_ratio";
    row.row.estimate = *result.ratio;
    row.row.estimate.id = "rate_ratio";
    row.guards = all;
    outcome.estimates.push_back(std::move(row));
  }
  outcome.tests = result.tests;
  outcome.cautions = result.cautions;
  outcome.numbers_opened = outcome.estimates.size() + outcome.tests.size();
  return outcome;
}

}  // namespace skerry::evidence
