#include <algorithm>
#include <set>

#include "evidence/mean_cumulative.hpp"
#include "evidence/outcome_data.hpp"

namespace skerry::evidence {
namespace {

double time_of(std::int32_t row_step, std::int32_t step) { return static_cast<double>(row_step - 1) * step; }

std::vector<Step> every_step(const MeanCumulativeCurve& curve, std::int32_t step) {
  std::vector<Step> out;
  for (const auto& point : curve.points) {
    out.push_back(
        {time_of(point.step, step), point.at_risk, point.events, point.censored, point.mean, point.standard_error, point.low, point.high});
  }
  return out;
}

/// The curve at the ends of the told steps; events and leaving between them added up.
std::vector<Step> told_steps(const MeanCumulativeCurve& curve, const std::vector<std::int32_t>& cuts, std::int32_t step) {
  std::vector<Step> out;
  auto point = curve.points.begin();
  Step last{0, curve.people, 0, 0, 0, 0, 0, 0};
  for (const auto cut : cuts) {
    Step told = last;
    told.time = static_cast<double>(cut) * step;
    told.events = told.censored = 0;
    for (bool first = true; point != curve.points.end() && point->step - 1 <= cut; ++point, first = false) {
      if (first) told.at_risk = point->at_risk;
      told.events += point->events;
      told.censored += point->censored;
      told.survival = point->mean;
      told.standard_error = point->standard_error;
      told.low = point->low;
      told.high = point->high;
    }
    out.push_back(told);
    last = told;
  }
  return out;
}

}  // namespace

Result<Outcome> compute_recurrent(const cohort::Study& study, const Columns& columns, unsigned threads, const Limits& limits,
                                  const Cuts* cuts) {
  const auto complete = complete_cases(study, columns);
  auto outcome = outcome_of(complete);
  const auto sizes = group_sizes(study, columns, complete);
  const auto labels = group_labels(study);
  // People with any event, and with none, of each group.
  std::vector<std::set<std::uint32_t>> with(labels.size());
  const auto all = episodes_of(study, columns, complete.people);
  for (std::size_t r = 0; r < all.rows(); ++r) {
    if (all.cause[r] == 1)
      with[all.group.empty() ? 0 : all.group[r]].insert(all.person.empty() ? static_cast<std::uint32_t>(r) : all.person[r]);
  }
  for (std::size_t g = 0; g < labels.size(); ++g) {
    const auto people = static_cast<std::int64_t>(with[g].size());
    outcome.guards.push_back({"with an event", people});
    outcome.guards.push_back({"without an event", sizes.people[g] - people});
  }
  outcome.method = "Mean number of events, Nelson, with Lawless and Nadeau's variance";
  outcome.numbers_opened = 1;
  const auto steps = study.time.horizon / study.time.step + 1;
  MeanCumulative mean({steps, static_cast<std::uint16_t>(labels.size()), study.level});
  const auto parts = parts_of(complete, threads, [&](auto people) { return episodes_of(study, columns, people); });
  const auto ran = run_for(mean, parts, threads, limits, outcome);
  if (!ran) return fail(ran.error());
  if (!*ran) return outcome;
  for (const auto& from : mean.curves()) {
    NamedCurve named;
    named.measure = "mean_cumulative";
    named.cause = {"event", {}, Code{study.time.event.code, ""}};
    named.curve.group = labels[from.group];
    named.curve.people = {sizes.people[from.group], Mark::open};
    named.curve.grouped = cuts != nullptr;
    named.curve.steps = cuts != nullptr ? told_steps(from, (*cuts)[from.group], study.time.step) : every_step(from, study.time.step);
    outcome.numbers_opened += named.curve.steps.size();
    outcome.cautions.insert(outcome.cautions.end(), from.cautions.begin(), from.cautions.end());
    outcome.curves.push_back(std::move(named));
  }
  return outcome;
}

}  // namespace skerry::evidence
