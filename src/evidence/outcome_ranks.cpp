#include <fmt/format.h>

#include <cmath>

#include "evidence/outcome_data.hpp"
#include "evidence/ranks.hpp"

namespace skerry::evidence {
namespace {

RankQuestion question_of(const cohort::Study& study, std::size_t groups) {
  const auto& model = study.model;
  RankQuestion out;
  out.from = model.grid_from;
  out.step = model.grid_step;
  out.cells = static_cast<std::size_t>(std::llround((model.grid_to - model.grid_from) / model.grid_step)) + 1;
  out.groups = groups;
  out.level = study.level;
  out.quantiles = model.quantiles;
  return out;
}

/// A quantile is told when enough people lie on each side of it; those at its own point of the grid are on both.
std::vector<Guard> sides_of(const cohort::Study& study, const Columns& columns, const Complete& complete, std::size_t group, double at,
                            double step) {
  std::int64_t below = 0;
  std::int64_t above = 0;
  for (const auto i : complete.people) {
    if (!study.by.groups.empty() && columns.group[i] != group) continue;
    if (columns.outcome[i] <= at + step / 2) ++below;
    if (columns.outcome[i] >= at - step / 2) ++above;
  }
  return {{"up to a quantile", below}, {"from a quantile on", above}};
}

}  // namespace

Result<Outcome> compute_ranks(const cohort::Study& study, const Columns& columns, unsigned threads, const Limits& limits) {
  const auto complete = complete_cases(study, columns);
  auto outcome = outcome_of(complete);
  const auto sizes = group_sizes(study, columns, complete);
  const auto labels = outcome_labels(study);
  const auto question = question_of(study, labels.size());
  Ranks ranks(question);
  const auto parts = parts_of(complete, threads, [&](auto people) { return sample_of(study, columns, people); });
  const auto ran = run_for(ranks, parts, threads, limits, outcome);
  if (!ran) return fail(ran.error());
  if (!*ran) return outcome;
  const auto& result = ranks.result();
  const bool testing = study.type == cohort::StatisticType::rank_test;
  outcome.method = testing ? "Ranks on a grid" : "Quantiles on a grid, exact binomial intervals";
  std::vector<Guard> all;
  guard_groups(study, sizes, all);
  if (testing) outcome.guards.insert(outcome.guards.end(), all.begin(), all.end());
  for (std::size_t g = 0; g < labels.size(); ++g) {
    for (std::size_t q = 0; q < question.quantiles.size(); ++q) {
      const auto& quantile = result.groups[g].quantiles[q];
      if (!quantile) continue;
      OutcomeRow row;
      row.row.label = labels[g];
      row.row.measure = "quantile";
      row.row.estimate = *quantile;
      row.row.estimate.id = fmt::format("quantile {:g}", question.quantiles[q]);
      row.row.people = {sizes.people[g], Mark::open};
      row.guards = sides_of(study, columns, complete, g, quantile->value, question.step);
      row.guards.push_back({"people, group " + labels[g].id, sizes.people[g]});
      // The limits are values of single people: as good as quantiles of their own.
      for (auto* limit : {&row.row.estimate.low, &row.row.estimate.high}) {
        if (!*limit || std::isinf(**limit)) continue;
        const auto sides = sides_of(study, columns, complete, g, **limit, question.step);
        row.guards.insert(row.guards.end(), sides.begin(), sides.end());
      }
      outcome.estimates.push_back(std::move(row));
    }
  }
  if (testing && result.shift) {
    OutcomeRow row;
    row.row.measure = "shift";
    row.row.estimate = *result.shift;
    row.row.estimate.id = "shift";
    row.guards = all;
    outcome.estimates.push_back(std::move(row));
  }
  outcome.tests = result.tests;
  outcome.cautions = result.cautions;
  outcome.numbers_opened = outcome.estimates.size() + outcome.tests.size();
  return outcome;
}

}  // namespace skerry::evidence
