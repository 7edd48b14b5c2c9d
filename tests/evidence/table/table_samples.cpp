// Means and ranks of groups (Sample: columns y, optional group).
#include <fmt/format.h>

#include "evidence/means.hpp"
#include "evidence/ranks.hpp"
#include "table.hpp"

namespace skerry::evidence::table {
namespace {

void add_group(Answer& answer, const std::string& key, const GroupMean& group) {
  answer.add(key + ".people", group.people);
  answer.add(key + ".mean", group.mean);
  answer.add(key + ".variance", group.variance);
  answer.add(key + ".deviation", group.deviation);
}

Result<void> means(const Table& table, const Options& options, Answer& answer) {
  const Sample data{table.reals("y"), table.places("group")};
  Means statistic({options.size("groups", 1), options.number("level", 0.95), options.number("against")});
  if (auto done = run_on(statistic, data, options); !done) return done;
  const auto& result = statistic.result();
  for (std::size_t i = 0; i < result.groups.size(); ++i) add_group(answer, fmt::format("group.{}", i), result.groups[i]);
  add_group(answer, "all", result.all);
  answer.add("difference", result.difference);
  answer.add("difference_equal_variances", result.difference_equal_variances);
  answer.add("test", result.tests);
  answer.add(result.cautions);
  return {};
}

Result<void> ranks(const Table& table, const Options& options, Answer& answer) {
  const Sample data{table.reals("y"), table.places("group")};
  RankQuestion question;
  question.from = options.number("from", 0);
  question.step = options.number("step", 1);
  question.cells = options.size("cells", 1000);
  question.groups = options.size("groups", 1);
  question.level = options.number("level", 0.95);
  if (!options.numbers("quantiles").empty()) question.quantiles = options.numbers("quantiles");
  Ranks statistic(question);
  if (auto done = run_on(statistic, data, options); !done) return done;
  const auto& result = statistic.result();
  for (std::size_t g = 0; g < result.groups.size(); ++g) {
    const auto& group = result.groups[g];
    answer.add(fmt::format("group.{}.people", g), group.people);
    for (std::size_t q = 0; q < group.quantiles.size(); ++q) answer.add(fmt::format("group.{}.quantile.{}", g, q), group.quantiles[q]);
  }
  answer.add("shift", result.shift);
  answer.add("test", result.tests);
  answer.add(result.cautions);
  return {};
}

const Registration mean_values{"means", means};
const Registration rank_values{"ranks", ranks};

}  // namespace
}  // namespace skerry::evidence::table
