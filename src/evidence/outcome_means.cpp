#include "evidence/means.hpp"
#include "evidence/outcome_data.hpp"

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
  outcome.numbers_opened = outcome.estimates.size() + outcome.tests.size();
  return outcome;
}

}  // namespace skerry::evidence
