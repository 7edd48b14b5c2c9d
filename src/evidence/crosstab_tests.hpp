// Tests of a single cross-table. Pure and thread-safe. Cells are row by row, none negative.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "evidence/estimate.hpp"

namespace skerry::evidence {

struct CrossTable {
  std::size_t rows = 0, columns = 0;
  std::vector<std::int64_t> cells;
  [[nodiscard]] std::int64_t at(std::size_t row, std::size_t column) const { return cells[row * columns + column]; }
  [[nodiscard]] std::vector<std::int64_t> row_sums() const;
  [[nodiscard]] std::vector<std::int64_t> column_sums() const;
  [[nodiscard]] std::int64_t people() const;
};

/// Without the rows and columns in which nobody is in the table `in`, of the same shape.
[[nodiscard]] CrossTable without_empty(const CrossTable& table, const CrossTable& in);
/// The smallest cell expected under independence; 0 without people.
[[nodiscard]] double smallest_expected(const CrossTable& table);
/// Pearson's chi-square (Philosophical Magazine 50 (1900) 157-175); `yates`: each difference 0.5 nearer to 0, and not beyond it (Journal of
/// the Royal Statistical Society, Supplement 1 (1934) 217-235). Needs two rows and two columns, none of them empty.
[[nodiscard]] Test pearson(const CrossTable& table, bool yates);

/// Fisher's exact test (Journal of the Royal Statistical Society 98 (1935) 39-54; r x c: Freeman & Halton, Biometrika 38 (1951) 141-149):
/// the probability, given the margins, of all tables at most as probable (within 1e-7) as the one observed. r x c by Mehta & Patel's
/// network (JASA 78 (1983) 427-434). Unset when that would take more than about a second. Needs a table without empty rows and columns.
[[nodiscard]] std::optional<Test> fisher(const CrossTable& table);

}  // namespace skerry::evidence
