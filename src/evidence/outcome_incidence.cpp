#include "evidence/incidence.hpp"
#include "evidence/life_table.hpp"
#include "evidence/outcome_data.hpp"

namespace skerry::evidence {
namespace {

std::uint8_t causes_of(const cohort::Study& study) { return static_cast<std::uint8_t>(1 + study.time.competing.size()); }

Label cause_label(const cohort::Study& study, std::uint8_t cause) {
  if (cause == 1) return {"event", {}, Code{study.time.event.code, ""}};
  const auto& item = study.time.competing[cause - 2u];
  return {item.id, item.title, item.code};
}

/// Each event and leaving of each group.
void guard_causes(const cohort::Study& study, const Columns& columns, const Complete& complete, Outcome& outcome) {
  std::vector<std::vector<std::int64_t>> people(group_labels(study).size(), std::vector<std::int64_t>(causes_of(study) + 1u, 0));
  for (const auto i : complete.people) {
    const std::size_t cause = columns.cause.empty() ? (had_event(columns, i) ? 1 : 0) : columns.cause[i];
    if (cause <= causes_of(study)) ++people[study.by.groups.empty() ? 0 : columns.group[i]][cause];
  }
  for (const auto& group : people) {
    for (const auto number : group) outcome.guards.push_back({"people with a cause", number});
  }
}

LifeTableQuestion question_of(const cohort::Study& study, const std::vector<Episodes>& parts, std::int32_t steps) {
  auto out = life_table_question(parts, steps);
  out.groups = static_cast<std::uint16_t>(group_labels(study).size());
  out.strata = static_cast<std::uint16_t>(std::max<std::size_t>(1, study.strata.groups.size()));
  out.causes = causes_of(study);
  out.weighted = false;
  return out;
}

NamedCurve named_curve(const cohort::Study& study, const IncidenceCurve& from, const Label& group, const Cuts* cuts) {
  NamedCurve out;
  out.measure = "cumulative_incidence";
  out.cause = cause_label(study, from.cause);
  out.curve.group = group;
  out.curve.grouped = cuts != nullptr;
  const auto* ends = cuts != nullptr ? &(*cuts)[from.group] : nullptr;
  for (const auto& point : from.points) {
    const auto step = static_cast<std::size_t>(point.step - 1);
    if (ends != nullptr && step >= ends->size()) break;
    const double time = static_cast<double>(ends != nullptr ? (*ends)[step] : point.step - 1) * study.time.step;
    out.curve.steps.push_back(
        {time, point.at_risk, point.events, point.censored, point.incidence, point.standard_error, point.low, point.high});
  }
  return out;
}

Result<void> add_gray(const cohort::Study& study, const Columns& columns, const Complete& complete, unsigned threads, const Limits& limits,
                      Outcome& outcome) {
  if (study.by.groups.size() < 2) return {};
  const auto parts = parts_of(complete, threads, [&](auto people) { return episodes_of(study, columns, people); });
  LifeTable table(question_of(study, parts, study.time.horizon / study.time.step + 1));
  if (auto ran = run<Episodes>(table, parts, threads, limits); !ran) return fail(std::move(ran.error()));
  const auto gray = gray_test(table, 1, study.time.rho);
  if (gray) {
    outcome.tests.push_back(gray->test);
    outcome.cautions.insert(outcome.cautions.end(), gray->cautions.begin(), gray->cautions.end());
  } else {
    outcome.cautions.push_back({"statistic.no_comparison", "Not compared by a test: " + gray.error().message + "."});
  }
  return {};
}

}  // namespace

Result<Outcome> compute_incidence(const cohort::Study& study, const Columns& columns, unsigned threads, const Limits& limits,
                                  const Cuts* cuts) {
  const auto complete = complete_cases(study, columns);
  auto outcome = outcome_of(complete);
  const auto sizes = group_sizes(study, columns, complete);
  const auto labels = group_labels(study);
  guard_causes(study, columns, complete, outcome);
  const auto parts = parts_of(complete, threads, [&](auto people) { return episodes_of(study, columns, people, cuts); });
  std::size_t steps = static_cast<std::size_t>(study.time.horizon / study.time.step) + 1;
  if (cuts != nullptr) {
    steps = 0;
    for (const auto& ends : *cuts) steps = std::max(steps, ends.size());
  }
  outcome.method = "Aalen-Johansen";
  outcome.numbers_opened = 1;
  for (std::size_t g = 0; g < labels.size() && steps == 0; ++g) {
    NamedCurve none;
    none.measure = "cumulative_incidence";
    none.cause = cause_label(study, 1);
    none.curve.group = labels[g];
    outcome.curves.push_back(std::move(none));
  }
  if (steps == 0) return outcome;
  LifeTable table(question_of(study, parts, static_cast<std::int32_t>(steps)));
  const auto ran = run_for(table, parts, threads, limits, outcome);
  if (!ran) return fail(ran.error());
  if (!*ran) return outcome;
  for (std::size_t g = 0; g < labels.size(); ++g) {
    for (std::uint8_t cause = 1; cause <= causes_of(study); ++cause) {
      const auto curve = cumulative_incidence(table, static_cast<std::uint16_t>(g), cause, study.time.interval, study.level);
      if (!curve) continue;  // nobody of the group is followed
      outcome.curves.push_back(named_curve(study, *curve, labels[g], cuts));
      outcome.curves.back().curve.people = {sizes.people[g], Mark::open};
      outcome.cautions.insert(outcome.cautions.end(), curve->cautions.begin(), curve->cautions.end());
    }
  }
  if (auto added = add_gray(study, columns, complete, threads, limits, outcome); !added) return fail(std::move(added.error()));
  for (const auto& named : outcome.curves) outcome.numbers_opened += named.curve.steps.size();
  return outcome;
}

}  // namespace skerry::evidence
