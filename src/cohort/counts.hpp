// How many people a study's cohort has, by group: the quick way, without a row a person. From sets of people at hand.
#pragma once

#include <cstdint>
#include <vector>

#include "cohort/select.hpp"

namespace skerry::cohort {

/// `by` goes down, `columns` across. A grouping of G groups has G + 2 places: its groups, "in none", "in several"; without groups it has
/// one, everyone.
struct Counts {
  std::size_t rows = 1, columns = 1;
  std::vector<std::int64_t> cells;  ///< [row * columns + column]
  std::int64_t undecided = 0;       ///< as in Columns
  std::int64_t undecided_by_dates = 0;
  bool operator==(const Counts&) const = default;
};

/// The same numbers as counting the columns of select(). Errors: those of select().
[[nodiscard]] Result<Counts> count_groups(const Study& study, const index::Reading& reading, const vocabulary::Vocabulary& vocabulary,
                                          const SelectOptions& options = {});

}  // namespace skerry::cohort
