#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "evidence/feasibility.hpp"
#include "evidence/outcome_data.hpp"

namespace skerry::evidence {
namespace {

using cohort::Feasibility;

TrialDesign design_of(Feasibility::Design design) {
  switch (design) {
    case Feasibility::Design::single_arm: return TrialDesign::single_arm;
    case Feasibility::Design::two_arms: return TrialDesign::two_arms;
    case Feasibility::Design::randomised_withdrawal: return TrialDesign::randomised_withdrawal;
    case Feasibility::Design::n_of_1: return TrialDesign::n_of_1;
  }
  return TrialDesign::single_arm;
}

struct Stages {
  std::int64_t eligible = 0, willing = 0, reachable = 0;
};

Stages stages_of(const Columns& columns, const std::vector<std::uint32_t>& people) {
  Stages out;
  for (const auto i : people) {
    ++out.eligible;
    const bool willing = columns.willing.empty() || columns.willing[i] == 1;
    out.willing += willing ? 1 : 0;
    out.reachable += willing && (columns.reachable.empty() || columns.reachable[i] == 1) ? 1 : 0;
  }
  return out;
}

/// Each stage and what it lost. With `guards` the row stands alone; else the whole result rests on it.
void add_stages(const Label& label, const Stages& stages, std::vector<Guard>& guards, Outcome& outcome) {
  guards.push_back({"eligible", stages.eligible});
  guards.push_back({"willing", stages.willing});
  guards.push_back({"reachable", stages.reachable});
  guards.push_back({"not willing", stages.eligible - stages.willing});
  guards.push_back({"not reachable", stages.willing - stages.reachable});
  const std::array<std::pair<const char*, std::int64_t>, 3> rows{
      {{"eligible", stages.eligible}, {"willing", stages.willing}, {"reachable", stages.reachable}}};
  for (const auto& [name, people] : rows) {
    OutcomeRow row;
    row.row.label = label;
    row.row.measure = name;
    row.row.estimate.id = name;
    row.row.estimate.value = static_cast<double>(people);
    row.row.people = {people, Mark::open};
    if (!label.id.empty()) row.guards = guards;
    outcome.estimates.push_back(std::move(row));
  }
}

OutcomeRow number_row(std::string id, const char* measure, double value) {
  OutcomeRow out;
  out.row.measure = measure;
  out.row.estimate.id = std::move(id);
  out.row.estimate.value = value;
  return out;
}

std::optional<RecruitmentQuestion> recruiting(const cohort::Study& study, const Columns& columns, std::int64_t people, Outcome& outcome) {
  const auto& asked = study.feasibility;
  RecruitmentQuestion out{people, 0, asked.lookback_years, asked.recruits_a_year, 0.9};
  if (asked.recruits_a_year) return out;
  double last = -1e300;
  for (const auto day : columns.enrolled) last = std::isnan(day) ? last : std::max(last, day);
  for (const auto day : columns.enrolled) {
    out.enrolled += !std::isnan(day) && day > last - asked.lookback_years * cohort::days_in(cohort::TimeUnit::year) ? 1 : 0;
  }
  outcome.guards.push_back({"enrolled lately", out.enrolled});
  if (out.enrolled == 0) return std::nullopt;
  return out;
}

void add_trial(const TrialResult& trial, Outcome& outcome) {
  if (trial.detectable.above) outcome.estimates.push_back(number_row("above", "detectable", *trial.detectable.above));
  if (trial.detectable.below) outcome.estimates.push_back(number_row("below", "detectable", *trial.detectable.below));
  for (const auto& needed : trial.needed) {
    if (!needed.people) continue;
    outcome.estimates.push_back(
        number_row(fmt::format("to show {:g}", needed.expected), "people_needed", static_cast<double>(*needed.people)));
  }
  if (trial.recruitment) {
    auto row = number_row("recruitment", "recruitment_years", trial.recruitment->median);
    row.row.estimate.low = trial.recruitment->low;
    row.row.estimate.high = trial.recruitment->high;
    outcome.estimates.push_back(std::move(row));
  }
  for (const auto& sentence : trial.sentences) outcome.cautions.push_back({"statistic.trial", sentence});
  outcome.cautions.insert(outcome.cautions.end(), trial.cautions.begin(), trial.cautions.end());
}

}  // namespace

Result<Outcome> compute_feasibility(const cohort::Study& study, const Columns& columns, unsigned, const Limits& limits) {
  if (auto going = limits.check(); !going) return fail(std::move(going.error()));
  Complete complete;
  for (std::size_t i = 0; i < columns.participants.size(); ++i) complete.people.push_back(static_cast<std::uint32_t>(i));
  auto outcome = outcome_of(complete);
  const auto stages = stages_of(columns, complete.people);
  add_stages({}, stages, outcome.guards, outcome);
  if (!study.by.groups.empty()) {
    const auto labels = group_labels(study);
    std::vector<std::vector<std::uint32_t>> regions(labels.size());
    for (const auto i : complete.people) {
      if (columns.group[i] < labels.size()) regions[columns.group[i]].push_back(i);
    }
    const auto before = outcome.estimates.size();
    for (std::size_t g = 0; g < labels.size(); ++g) {
      std::vector<Guard> guards;
      add_stages(labels[g], stages_of(columns, regions[g]), guards, outcome);
    }
    // One region that may not be told could be calculated from all and the others: then none is.
    std::vector<Guard> all;
    for (auto i = before; i < outcome.estimates.size(); ++i) {
      all.insert(all.end(), outcome.estimates[i].guards.begin(), outcome.estimates[i].guards.end());
    }
    std::int64_t placed = 0;
    for (const auto& region : regions) placed += static_cast<std::int64_t>(region.size());
    all.push_back({"in no region", outcome.people - placed});
    for (auto i = before; i < outcome.estimates.size(); ++i) outcome.estimates[i].guards = all;
  }
  outcome.method = "Exact power; recruitment by a Poisson-gamma model";
  const auto& asked = study.feasibility;
  const auto recruit = recruiting(study, columns, stages.reachable, outcome);
  const auto result =
      trial({design_of(asked.design), asked.control, asked.power, asked.alpha, std::max(1, asked.cycles), 1, asked.drop_out},
            stages.reachable, recruit);
  if (!result) {
    if (result.error().code == ErrorCode::too_large) return fail(result.error());
    return not_computed(std::move(outcome), result.error());
  }
  add_trial(*result, outcome);
  outcome.numbers_opened = outcome.people == 0 ? 0 : 1;  // what a trial could show follows from the numbers of people and the question
  return outcome;
}

}  // namespace skerry::evidence
