#include "evidence/crosstab_tests.hpp"

#include <algorithm>
#include <cmath>

#include "evidence/tail.hpp"

namespace skerry::evidence {

std::vector<std::int64_t> CrossTable::row_sums() const {
  std::vector<std::int64_t> out(rows);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) out[r] += at(r, c);
  }
  return out;
}

std::vector<std::int64_t> CrossTable::column_sums() const {
  std::vector<std::int64_t> out(columns);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) out[c] += at(r, c);
  }
  return out;
}

std::int64_t CrossTable::people() const {
  std::int64_t out = 0;
  for (const auto cell : cells) out += cell;
  return out;
}

CrossTable without_empty(const CrossTable& table, const CrossTable& in) {
  const auto row_sums = in.row_sums();
  const auto column_sums = in.column_sums();
  CrossTable out;
  for (const auto sum : row_sums) out.rows += sum > 0 ? 1 : 0;
  for (const auto sum : column_sums) out.columns += sum > 0 ? 1 : 0;
  for (std::size_t r = 0; r < table.rows; ++r) {
    for (std::size_t c = 0; c < table.columns; ++c) {
      if (row_sums[r] > 0 && column_sums[c] > 0) out.cells.push_back(table.at(r, c));
    }
  }
  return out;
}

double smallest_expected(const CrossTable& table) {
  const auto people = static_cast<double>(table.people());
  if (people <= 0) return 0;
  const auto row_sums = table.row_sums();
  const auto column_sums = table.column_sums();
  return static_cast<double>(*std::min_element(row_sums.begin(), row_sums.end())) *
         static_cast<double>(*std::min_element(column_sums.begin(), column_sums.end())) / people;
}

Test pearson(const CrossTable& table, bool yates) {
  const auto row_sums = table.row_sums();
  const auto column_sums = table.column_sums();
  const auto people = static_cast<double>(table.people());
  double correction = yates ? 0.5 : 0;
  if (yates) {
    for (std::size_t r = 0; r < table.rows; ++r) {
      for (std::size_t c = 0; c < table.columns; ++c) {
        const double expected = static_cast<double>(row_sums[r]) * static_cast<double>(column_sums[c]) / people;
        correction = std::min(correction, std::fabs(static_cast<double>(table.at(r, c)) - expected));
      }
    }
  }
  Test out;
  out.name = yates ? "Pearson's chi-square test with Yates' correction" : "Pearson's chi-square test";
  double statistic = 0;
  for (std::size_t r = 0; r < table.rows; ++r) {
    for (std::size_t c = 0; c < table.columns; ++c) {
      const double margins = static_cast<double>(row_sums[r]) * static_cast<double>(column_sums[c]);
      const double away = std::fabs(static_cast<double>(table.at(r, c)) * people - margins) / people - correction;
      statistic += away * away / (margins / people);
    }
  }
  out.statistic = statistic;
  out.df = static_cast<double>((table.rows - 1) * (table.columns - 1));
  out.p = chi_square_upper(statistic, *out.df);
  return out;
}

}  // namespace skerry::evidence
