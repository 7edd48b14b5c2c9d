#include "evidence/outcome_weights.hpp"

#include <cmath>
#include <functional>

#include "cohort/variables.hpp"
#include "evidence/propensity.hpp"

namespace skerry::evidence {
namespace {

Design group_design(const Columns& columns, std::span<const std::uint32_t> people) {
  Design out;
  out.x.resize(columns.weighted_by.size());
  for (const auto i : people) {
    out.y.push_back(static_cast<double>(columns.group[i]));
    for (std::size_t c = 0; c < out.x.size(); ++c) out.x[c].push_back(columns.weighted_by[c][i]);
  }
  return out;
}

/// In each group, people with and without every yes-or-no covariate: a mean by weights made of them is one of their means.
void guard_balance(const cohort::Study& study, const Columns& columns, const Complete& complete, Outcome& outcome) {
  for (const auto& x : columns.weighted_by) {
    if (std::ranges::any_of(complete.people, [&](auto i) { return x[i] != 0 && x[i] != 1; })) continue;
    std::vector<std::int64_t> people(2 * study.by.groups.size(), 0);
    for (const auto i : complete.people) ++people[2 * columns.group[i] + (x[i] == 1 ? 1 : 0)];
    for (const auto number : people) outcome.guards.push_back({"of a group, by what it is weighted by", number});
  }
}

void add_to(Magnitude& sum, double size) {
  sum.total += size;
  if (size > sum.largest) std::swap(size, sum.largest);
  sum.second = std::max(sum.second, size);
}

}  // namespace

void guard_weights(const cohort::Study& study, const Columns& columns, const Complete& complete, const std::vector<double>& weights,
                   Outcome& outcome) {
  const auto groups = std::max<std::size_t>(1, study.by.groups.size());
  std::vector<std::int64_t> counted(groups, 0), not_counted(groups, 0);
  std::vector<Magnitude> own(groups, {"weight", 0, 0, 0}), times_outcome(groups, {"weight times outcome", 0, 0, 0});
  for (std::size_t k = 0; k < complete.people.size(); ++k) {
    const auto i = complete.people[k];
    const std::size_t group = study.by.groups.empty() ? 0 : columns.group[i];
    ++(weights[k] != 0 ? counted : not_counted)[group];
    add_to(own[group], std::abs(weights[k]));
    if (!columns.outcome.empty()) add_to(times_outcome[group], std::abs(weights[k] * columns.outcome[i]));
  }
  for (std::size_t g = 0; g < groups; ++g) {
    outcome.guards.push_back({"with a weight", counted[g]});
    outcome.guards.push_back({"with a weight of 0", not_counted[g]});
    outcome.magnitudes.push_back(own[g]);
    if (!columns.outcome.empty() && study.type != cohort::StatisticType::logistic) outcome.magnitudes.push_back(times_outcome[g]);
  }
}

Result<bool> weigh(const cohort::Study& study, const Columns& columns, const Complete& complete, unsigned threads, const Limits& limits,
                   std::vector<Design>& parts, Outcome& outcome) {
  if (!study.model.weighted_by.empty()) {
    guard_balance(study, columns, complete, outcome);
    outcome.parameters += columns.weighted_by.size() + 1;
    RegressionQuestion question;
    question.level = study.level;
    for (const auto& variable : study.model.weighted_by) {
      for (auto& name : cohort::names_of(variable)) question.names.push_back(std::move(name));
    }
    PropensityModel model(question, study.by.groups.size());
    const auto in_groups = parts_of(complete, threads, [&](auto people) { return group_design(columns, people); });
    const auto ran = run_for(model, in_groups, threads, limits, outcome);
    if (!ran) return fail(ran.error());
    if (!*ran) {
      outcome.not_computable = "the groups cannot be made comparable by weights: " + outcome.not_computable;
      return false;
    }
    for (std::size_t p = 0; p < parts.size(); ++p) parts[p].weight = model.weights(in_groups[p]);
    outcome.cautions.insert(outcome.cautions.end(), model.cautions().begin(), model.cautions().end());
  } else if (columns.weight.empty()) {
    return true;
  }
  std::vector<double> weights;
  for (const auto& part : parts) weights.insert(weights.end(), part.weight.begin(), part.weight.end());
  guard_weights(study, columns, complete, weights, outcome);
  return true;
}

}  // namespace skerry::evidence
