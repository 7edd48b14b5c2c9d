// The floor: which numbers of a total may be told. docs/disclosure.md states the rules and what they do not cover.
#pragma once

#include <cstdint>
#include <vector>

#include "cohort/study.hpp"
#include "disclosure/policy.hpp"
#include "evidence/meaning.hpp"
#include "evidence/sum.hpp"

namespace skerry::disclosure {

/// Every number told, its complement and the margins it belongs to are 0 or at least the floor; nothing below it can be
/// calculated from what is told. Deterministic: the same sums always give the same result.
/// Takes sums that were opened: called by Control, and by tests with made-up sums.
[[nodiscard]] evidence::Told protect(const cohort::Study& study, const evidence::Layout& layout, const evidence::Sums& sums,
                                     const Policy& policy);

/// A table with its margins: cells[r][c], the last row and the last column are the totals. Marks every number that may not be
/// told `withheld`; afterwards the range each of them may lie in, as far as all the told ones say, spans at least `floor`
/// (exact, by maximum flow). Told totals and cells are 0 or at least `floor`.
[[nodiscard]] std::vector<std::vector<evidence::Count>> protect_table(const std::vector<std::vector<std::int64_t>>& cells, int floor);

/// How far each withheld number may lie from the truth, for tests: low and high as the told numbers bound it.
struct Range {
  std::int64_t low = 0, high = 0;  ///< high is `unbounded` when nothing bounds it
  bool operator==(const Range&) const = default;
};
inline constexpr std::int64_t unbounded = std::int64_t{1} << 40;
[[nodiscard]] Range range_of(const std::vector<std::vector<std::int64_t>>& cells, const std::vector<std::vector<evidence::Count>>& told,
                             std::size_t row, std::size_t column);

/// Steps put together from the left until in each at least `floor` people leave, and those with the event, those censored and those who
/// come in are each none or at least `floor`, as are those who go on after it. `entered` here: who is followed from that step on; who comes
/// in within a step put together counts as followed from its beginning. What remains at the end is nobody or at least `floor` people, of
/// whom no step tells. Empty when no such steps can be made.
[[nodiscard]] std::vector<evidence::Leaving> merge_steps(const std::vector<evidence::Leaving>& steps, int floor);

}  // namespace skerry::disclosure
