// Cross-tables (Crossing: row, column, optional stratum) and rates (Episodes: entry, exit, cause, group).
#include <fmt/format.h>

#include "evidence/contingency.hpp"
#include "evidence/rates.hpp"
#include "table.hpp"

namespace skerry::evidence::table {
namespace {

Result<void> contingency(const Table& table, const Options& options, Answer& answer) {
  const Crossing data{table.places("row"), table.places("column"), table.places("stratum")};
  CrossingQuestion question{
      options.size("rows", 2), options.size("columns", 2), options.size("strata", 1), options.number("level", 0.95), {}};
  Contingency statistic(question);
  if (auto done = run_on(statistic, data, options); !done) return done;
  const auto& result = statistic.result();
  answer.add("people", result.people);
  answer.add("outside", result.outside);
  for (std::size_t i = 0; i < result.cells.size(); ++i) answer.add(fmt::format("cell.{}", i), result.cells[i]);
  for (std::size_t i = 0; i < result.proportions.size(); ++i) answer.add(fmt::format("proportion.{}", i), result.proportions[i]);
  answer.add("odds_ratio", result.odds_ratio);
  answer.add("common_odds_ratio", result.common_odds_ratio);
  answer.add("conditional_odds_ratio", result.conditional_odds_ratio);
  answer.add("test", result.tests);
  answer.add(result.cautions);
  return {};
}

Result<void> rates(const Table& table, const Options& options, Answer& answer) {
  Episodes data;
  data.entry = table.steps("entry");
  data.exit = table.steps("exit");
  for (const auto cause : table.places("cause")) data.cause.push_back(static_cast<std::uint8_t>(cause));
  data.group = table.places("group");
  PersonTime statistic({options.size("groups", 1), options.number("step", 1), options.number("level", 0.95)});
  if (auto done = run_on(statistic, data, options); !done) return done;
  const auto& result = statistic.result();
  for (std::size_t i = 0; i < result.groups.size(); ++i) {
    const auto key = fmt::format("group.{}", i);
    answer.add(key + ".people", result.groups[i].people);
    answer.add(key + ".events", result.groups[i].events);
    answer.add(key + ".time", result.groups[i].time);
    answer.add(key + ".rate", result.groups[i].rate);
  }
  answer.add("ratio", result.ratio);
  answer.add("test", result.tests);
  answer.add(result.cautions);
  return {};
}

const Registration crosstab{"contingency", contingency};
const Registration person_time{"rates", rates};

}  // namespace
}  // namespace skerry::evidence::table
