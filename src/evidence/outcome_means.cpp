#include "evidence/means.hpp"
#include "evidence/outcome_weights.hpp"
#include "evidence/propensity.hpp"

namespace skerry::evidence {
namespace {

std::vector<std::vector<std::uint32_t>> by_group(const cohort::Study& study, const Columns& columns, const Complete& complete) {
  std::vector<std::vector<std::uint32_t>> out(std::max<std::size_t>(1, study.by.groups.size()));
  for (const auto i : complete.people) out[study.by.groups.empty() ? 0 : columns.group[i]].push_back(i);
  return out;
}

/// Behind one mean: its people; those with a value other than 0, whose sum it is; both answers where the values are yes and no.
std::vector<Guard> guards_of(const std::string& group, const Columns& columns, const std::vector<std::uint32_t>& people) {
  std::int64_t zeros = 0;
  std::int64_t ones = 0;
  for (const auto i : people) {
    zeros += columns.outcome[i] == 0 ? 1 : 0;
    ones += columns.outcome[i] == 1 ? 1 : 0;
  }
  const auto all = static_cast<std::int64_t>(people.size());
  std::vector<Guard> out{{"people, group " + group, all}, {"not 0, group " + group, all - zeros}};
  if (zeros + ones == all) out.push_back({"0, group " + group, zeros});
  return out;
}

OutcomeRow row_of(const Label& label, const char* measure, Estimate estimate) {
  OutcomeRow out;
  out.row.label = label;
  out.row.measure = measure;
  out.row.estimate = std::move(estimate);
  if (out.row.estimate.id.empty()) out.row.estimate.id = measure;
  return out;
}

/// The group is the covariate of weighted means.
Design design_by_group(const cohort::Study& study, const Columns& columns, std::span<const std::uint32_t> people) {
  auto out = design_of(study, columns, people);
  out.x.assign(1, {});
  for (const auto i : people) out.x[0].push_back(study.by.groups.empty() ? 0 : static_cast<double>(columns.group[i]));
  return out;
}

/// The first group less another, as means are compared everywhere.
Estimate turned(Estimate estimate) {
  estimate.value = -estimate.value;
  std::swap(estimate.low, estimate.high);
  for (auto* limit : {&estimate.low, &estimate.high}) {
    if (*limit) *limit = -**limit;
  }
  return estimate;
}

/// Means of the groups, then the first group less each other.
std::vector<double> numbers_of(const WeightedMeanDifference& model) {
  std::vector<double> out;
  for (const auto& mean : model.means().means) out.push_back(mean.value);
  for (const auto& difference : model.means().differences) out.push_back(-difference.value);
  return out;
}

Result<Outcome> weighted_means(const cohort::Study& study, const Columns& columns, unsigned threads, const Limits& limits,
                               const Complete& complete, Outcome outcome) {
  const auto groups = by_group(study, columns, complete);
  const auto labels = outcome_labels(study);
  auto parts = parts_of(complete, threads, [&](auto people) { return design_by_group(study, columns, people); });
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const auto guards = guards_of(labels[g].id, columns, groups[g]);
    outcome.guards.insert(outcome.guards.end(), guards.begin(), guards.end());
  }
  const auto weighed = weigh(study, columns, complete, threads, limits, parts, outcome);
  if (!weighed) return fail(weighed.error());
  if (!*weighed) return outcome;
  WeightedMeanDifference model(groups.size(), study.level);
  const auto ran = run_for(model, parts, threads, limits, outcome);
  if (!ran) return fail(ran.error());
  if (!*ran) return outcome;
  outcome.method = study.model.weighted_by.empty() ? "Weighted mean" : "Mean with inverse-probability weights";
  const auto& result = model.means();
  const auto add = [&](const Label& label, const char* measure, Estimate estimate) {
    estimate.id = measure;
    estimate.standard_error = estimate.robust_error;
    outcome.estimates.push_back(row_of(label, measure, std::move(estimate)));
  };
  for (std::size_t g = 0; g < groups.size(); ++g) {
    add(labels[g], "mean", result.means[g]);
    outcome.estimates.back().row.people = {static_cast<std::int64_t>(groups[g].size()), Mark::open};
  }
  for (std::size_t g = 1; g < groups.size(); ++g) {
    add(groups.size() == 2 ? Label{} : labels[g], "difference_of_means", turned(result.differences[g - 1]));
  }
  std::vector<Estimate*> estimates;
  for (auto& row : outcome.estimates) estimates.push_back(&row.row.estimate);
  const auto drawn = bootstrap(
      study, columns, complete, threads, limits, parts, estimates, outcome,
      [&] { return WeightedMeanDifference(groups.size(), study.level); }, numbers_of);
  if (!drawn) return fail(drawn.error());
  outcome.numbers_opened = outcome.estimates.size();
  return outcome;
}

/// Intervals of the means and of the difference of two.
Result<void> bootstrap_means(const cohort::Study& study, const Columns& columns, unsigned threads, const Limits& limits,
                             const Complete& complete, std::size_t groups, Outcome& outcome) {
  std::vector<Estimate*> estimates;
  std::size_t means = 0;
  for (auto& row : outcome.estimates) {
    if (row.row.measure != "standard_deviation") estimates.push_back(&row.row.estimate);
    means += row.row.measure == "mean" ? 1 : 0;
  }
  if (means < groups) {
    outcome.cautions.push_back({"statistic.no_bootstrap", "No bootstrap: one of the groups has nobody in it."});
    return {};
  }
  const auto parts = parts_of(complete, threads, [&](auto people) { return design_by_group(study, columns, people); });
  return bootstrap(
      study, columns, complete, threads, limits, parts, estimates, outcome, [&] { return WeightedMeanDifference(groups, study.level); },
      numbers_of);
}

void add_differences(const MeanResult& result, const std::vector<OutcomeRow>& means, Outcome& outcome) {
  if (!result.difference) return;
  auto row = row_of({}, "difference_of_means", *result.difference);
  // A difference and one of its means tell the other.
  for (const auto& mean : means) {
    row.guards.insert(row.guards.end(), mean.guards.begin(), mean.guards.end());
    row.magnitudes.insert(row.magnitudes.end(), mean.magnitudes.begin(), mean.magnitudes.end());
  }
  outcome.estimates.push_back(std::move(row));
}

}  // namespace

Result<Outcome> compute_means(const cohort::Study& study, const Columns& columns, unsigned threads, const Limits& limits) {
  const auto complete = complete_cases(study, columns);
  auto outcome = outcome_of(complete);
  if (!columns.weight.empty() || !study.model.weighted_by.empty()) {
    return weighted_means(study, columns, threads, limits, complete, std::move(outcome));
  }
  const auto groups = by_group(study, columns, complete);
  const auto labels = outcome_labels(study);
  Means means({.groups = groups.size(), .level = study.level, .against = {}});
  const auto parts = parts_of(complete, threads, [&](auto people) { return sample_of(study, columns, people); });
  const auto ran = run_for(means, parts, threads, limits, outcome);
  if (!ran) return fail(ran.error());
  if (!*ran) return outcome;
  const auto& result = means.result();
  outcome.method = "Mean with t interval";
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const auto& group = result.groups[g];
    if (!group.mean) continue;
    auto row = row_of(labels[g], "mean", *group.mean);
    row.row.people = {group.people, Mark::open};
    row.guards = guards_of(labels[g].id, columns, groups[g]);
    row.magnitudes = {magnitude_of(labels[g].id, columns, groups[g])};
    if (group.deviation) {
      auto spread = row;
      spread.row.measure = spread.row.estimate.id = "standard_deviation";
      spread.row.estimate = {"standard_deviation", *group.deviation, {}, {}, {}, {}, {}, false};
      outcome.estimates.push_back(std::move(row));
      outcome.estimates.push_back(std::move(spread));
    } else {
      outcome.estimates.push_back(std::move(row));
    }
  }
  add_differences(result, std::vector<OutcomeRow>(outcome.estimates), outcome);
  outcome.tests = result.tests;
  outcome.cautions = result.cautions;
  if (study.model.bootstrap > 0) {
    const auto drawn = bootstrap_means(study, columns, threads, limits, complete, groups.size(), outcome);
    if (!drawn) return fail(drawn.error());
  }
  outcome.numbers_opened = outcome.estimates.size() + outcome.tests.size();
  return outcome;
}

}  // namespace skerry::evidence
