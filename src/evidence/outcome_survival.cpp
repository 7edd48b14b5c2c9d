#include "evidence/life_table.hpp"
#include "evidence/log_rank.hpp"
#include "evidence/outcome_data.hpp"
#include "evidence/survival.hpp"

namespace skerry::evidence {
namespace {

/// Grid steps of rows whose clock starts at one.
std::int32_t steps_of(const cohort::Study& study) { return study.time.horizon / study.time.step + 1; }

/// Areas are in steps; the first is only there so that the first day counts.
void add_restricted_means(const cohort::Study& study, const LifeTable& table, const GroupSizes& sizes, Outcome& outcome) {
  if (!study.time.restricted_to) return;
  const auto labels = group_labels(study);
  const double until = static_cast<double>(*study.time.restricted_to) / study.time.step + 1;
  for (std::size_t g = 0; g < labels.size(); ++g) {
    const auto curve = survival_curve(table, static_cast<std::uint16_t>(g), study.time.interval, study.level);
    const auto mean = curve ? restricted_mean(*curve, until, study.level) : Result<RestrictedMean>(fail(curve.error()));
    if (!mean) {
      outcome.cautions.push_back({"statistic.no_restricted_mean", "No restricted mean: " + mean.error().message + "."});
      continue;
    }
    const auto in_units = [&](double steps) { return (steps - 1) * study.time.step; };
    OutcomeRow row;
    row.row.label = labels[g];
    row.row.measure = "restricted_mean";
    row.row.estimate.id = "restricted_mean";
    row.row.estimate.value = in_units(mean->mean);
    row.row.estimate.standard_error = mean->standard_error * study.time.step;
    row.row.estimate.low = std::max(0.0, in_units(mean->low));
    row.row.estimate.high = in_units(mean->high);
    row.row.people = {sizes.people[g], Mark::open};
    row.row.events = {sizes.events[g], Mark::open};
    outcome.estimates.push_back(std::move(row));
  }
}

Result<void> add_log_rank(const cohort::Study& study, const LifeTable& table, Outcome& outcome) {
  if (study.by.groups.size() < 2) return {};
  auto compared = log_rank(table, study.time.rho);
  if (!compared) {
    if (compared.error().code != ErrorCode::not_computable) return fail(std::move(compared.error()));
    outcome.cautions.push_back({"statistic.no_comparison", "Not compared by a test: " + compared.error().message + "."});
    return {};
  }
  outcome.tests.push_back(compared->test);
  if (compared->asymptotic) outcome.tests.push_back(*compared->asymptotic);
  outcome.cautions.insert(outcome.cautions.end(), compared->cautions.begin(), compared->cautions.end());
  return {};
}

}  // namespace

Result<Outcome> compute_curves(const cohort::Study& study, const Columns& columns, unsigned threads, const Limits& limits) {
  const auto complete = complete_cases(study, columns);
  auto outcome = outcome_of(complete);
  const auto sizes = group_sizes(study, columns, complete);
  guard_groups(study, sizes, outcome.guards);
  guard_strata(study, columns, outcome);
  const auto parts = parts_of(complete, threads, [&](auto people) { return episodes_of(study, columns, people); });
  auto question = life_table_question(parts, steps_of(study));
  question.groups = static_cast<std::uint16_t>(sizes.people.size());
  question.strata = static_cast<std::uint16_t>(std::max<std::size_t>(1, study.strata.groups.size()));
  question.weighted = false;
  LifeTable table(question);
  const auto ran = run_for(table, parts, threads, limits, outcome);
  if (!ran) return fail(ran.error());
  if (!*ran) return outcome;
  if (auto added = add_log_rank(study, table, outcome); !added) return fail(std::move(added.error()));
  add_restricted_means(study, table, sizes, outcome);
  outcome.numbers_opened = outcome.estimates.size() + outcome.tests.size();
  return outcome;
}

}  // namespace skerry::evidence
