#include "evidence/contingency.hpp"

#include <cmath>

#include "evidence/conditional.hpp"
#include "evidence/crosstab_tests.hpp"
#include "evidence/interval.hpp"
#include "evidence/stratified.hpp"

namespace skerry::evidence {
namespace {

constexpr double expected_min = 5;  // below it the chi-square distribution is a poor guide (Cochran 1954)
constexpr std::int64_t exact_strata_people_max = 200;

CrossTable stratum_of(const CrossingResult& result, std::size_t stratum) {
  CrossTable out{result.rows, result.columns, {}};
  const auto size = static_cast<std::ptrdiff_t>(result.rows * result.columns);
  const auto begin = result.cells.begin() + static_cast<std::ptrdiff_t>(stratum) * size;
  out.cells.assign(begin, begin + size);
  return out;
}

CrossTable pooled(const CrossingResult& result) {
  CrossTable out = stratum_of(result, 0);
  for (std::size_t s = 1; s < result.strata; ++s) {
    const auto more = stratum_of(result, s);
    for (std::size_t i = 0; i < out.cells.size(); ++i) out.cells[i] += more.cells[i];
  }
  return out;
}

Fourfold fourfold(const CrossTable& table) { return {table.cells[0], table.cells[1], table.cells[2], table.cells[3]}; }

void proportions(const CrossTable& table, const CrossingQuestion& question, CrossingResult& result) {
  const auto sums = table.row_sums();
  for (std::size_t r = 0; r < table.rows; ++r) {
    for (std::size_t c = 0; c < table.columns; ++c) {
      auto& place = result.proportions.emplace_back();
      if (sums[r] == 0) continue;
      place.emplace().id = "proportion";
      place->value = static_cast<double>(table.at(r, c)) / static_cast<double>(sums[r]);
      const auto interval = interval_of(question.interval, table.at(r, c), sums[r], question.level);
      place->low = interval.low;
      place->high = interval.high;
    }
  }
}

void odds_ratio(const CrossTable& table, double level, CrossingResult& result) {
  if (table.rows != 2 || table.columns != 2) return;
  const auto one = fourfold(table);
  if (cell_distribution_cost(std::span(&one, 1)) > 1e7) return;
  result.odds_ratio = conditional_odds_ratio(std::span(&one, 1), level);
  if (result.odds_ratio && std::isinf(result.odds_ratio->value)) {
    result.cautions.push_back({"statistic.odds_ratio_open",
                               "One cell of the table is empty: the odds ratio has no finite estimate, and only one end of its interval is "
                               "known."});
  }
}

void test_independence(const CrossTable& table, CrossingResult& result) {
  const bool small = smallest_expected(table) < expected_min;
  const auto exact = fisher(table);
  if (exact && (small || table.people() < 1000)) {
    result.tests.push_back(*exact);
    if (small) {
      result.cautions.push_back(
          {"statistic.expected_small",
           "Fewer than 5 people would be expected in some cells: the exact test counts, the chi-square test is a poor "
           "guide here."});
    }
  } else if (small) {
    result.cautions.push_back({"statistic.expected_small_no_exact",
                               "Fewer than 5 people would be expected in some cells, and the table is too large for the exact test: the "
                               "chi-square test is a rough guide only."});
  }
  const bool fourfold_table = table.rows == 2 && table.columns == 2;
  result.tests.push_back(pearson(table, false));
  if (fourfold_table) result.tests.push_back(pearson(table, true));
  if (exact && result.tests.front().name != exact->name) result.tests.push_back(*exact);
}

void add(CrossingResult& result, const std::optional<Test>& test) {
  if (test) result.tests.push_back(*test);
}

void test_fourfold_strata(const std::vector<CrossTable>& strata, double level, CrossingResult& result) {
  std::vector<Fourfold> tables;
  for (const auto& table : strata) tables.push_back(fourfold(table));
  const auto corrected = mantel_haenszel(tables, true);
  if (!corrected) {
    result.cautions.push_back({"statistic.strata_say_nothing",
                               "In no stratum are there people in both rows and both columns: nothing can be said of an association within "
                               "strata."});
    return;
  }
  const auto exact = exact_conditional(tables);
  const bool exact_first = exact && result.people <= exact_strata_people_max;
  if (exact_first) add(result, exact);
  add(result, corrected);
  add(result, mantel_haenszel(tables, false));
  if (!exact_first) add(result, exact);
  result.common_odds_ratio = common_odds_ratio(tables, level);
  if (exact && cell_distribution_cost(tables) < 1e6) result.conditional_odds_ratio = conditional_odds_ratio(tables, level);
  if (!result.common_odds_ratio) {
    result.cautions.push_back({"statistic.common_odds_ratio_open",
                               "Cells are empty in every stratum that counts: Mantel and Haenszel's common odds ratio "
                               "has no finite estimate."});
    return;
  }
  add(result, breslow_day(tables, true));
  add(result, breslow_day(tables, false));
}

void test_strata(const CrossingQuestion& question, CrossingResult& result) {
  std::vector<CrossTable> strata;
  for (std::size_t s = 0; s < question.strata; ++s) {
    auto table = stratum_of(result, s);
    if (table.people() >= 2) strata.push_back(std::move(table));
  }
  if (question.rows == 2 && question.columns == 2) return test_fourfold_strata(strata, question.level, result);
  for (auto& table : strata) table = without_empty(table, pooled(result));
  auto test = generalised_mantel_haenszel(strata);
  if (test) {
    result.tests.push_back(*test);
  } else {
    result.cautions.push_back(
        {"statistic.strata_margins", "Too many rows or columns are empty within the strata: no test over the strata is possible."});
  }
}

}  // namespace

Totals Contingency::shape() const { return Totals(question_.strata * question_.rows * question_.columns + 1, 0); }

void Contingency::add_local(const Crossing& part, Totals& out) const {
  std::int64_t* cells = out.counts.data();
  const std::size_t outside = out.counts.size() - 1;
  for (std::size_t i = 0; i < part.rows(); ++i) {
    const std::size_t stratum = part.stratum.empty() ? 0 : part.stratum[i];
    const std::size_t row = part.row[i];
    const std::size_t column = part.column[i];
    const bool inside = stratum < question_.strata && row < question_.rows && column < question_.columns;
    ++cells[inside ? (stratum * question_.rows + row) * question_.columns + column : outside];
  }
}

Result<bool> Contingency::take(const Totals& total) {
  if (total.counts.size() != shape().counts.size()) {
    return fail(ErrorCode::not_computable, "these sums were not made for this question");
  }
  result_ = {};
  result_.rows = question_.rows;
  result_.columns = question_.columns;
  result_.strata = question_.strata;
  result_.outside = total.counts.back();
  result_.cells.assign(total.counts.begin(), total.counts.end() - 1);
  for (const auto cell : result_.cells) result_.people += cell;
  if (result_.people == 0) return fail(ErrorCode::not_computable, "nobody is in the table");
  const auto table = pooled(result_);
  proportions(table, question_, result_);
  const auto filled = without_empty(table, table);
  if (filled.rows < 2 || filled.columns < 2) {
    result_.cautions.push_back({"statistic.one_group", "Everybody is in one row or in one column: there is nothing to compare."});
    return false;
  }
  if (filled.rows < table.rows || filled.columns < table.columns) {
    result_.cautions.push_back({"statistic.group_empty", "A row or column in which nobody is was left out of the tests."});
  }
  if (question_.strata < 2) {
    test_independence(filled, result_);
    odds_ratio(table, question_.level, result_);
    return false;
  }
  odds_ratio(table, question_.level, result_);
  test_strata(question_, result_);
  return false;
}

}  // namespace skerry::evidence
