// What SQLite alone takes for the inserts that a ledger has made: the same rows of the same table with the same indexes and settings.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "base/error.hpp"

namespace skerry::bench {

struct InsertTimes {
  std::size_t rows = 0;
  double one_row_seconds = 0;    ///< a prepared statement a row
  double many_rows_seconds = 0;  ///< a prepared statement of 64 rows
  [[nodiscard]] double best_seconds() const { return many_rows_seconds < one_row_seconds ? many_rows_seconds : one_row_seconds; }
};

/// Reads the rows of `ledger` into memory, then writes them, `rows_a_transaction` at a time, into new files beside it, which it removes.
[[nodiscard]] Result<InsertTimes> insert_alone(const std::filesystem::path& ledger, std::size_t rows_a_transaction);

}  // namespace skerry::bench
