// What the facts of one person say about one leaf. Pure functions over that person's rows (rows.hpp), in whatever order these come.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "cohort/rows.hpp"

namespace skerry::cohort {

enum class LeafState : std::uint8_t { not_recorded, absent, present, contradictory, undecided };

/// Keeps of the rows said so those that may be the first (or last) of them. One of them that need not be it becomes `open`, and all that
/// are left are marked `one_of` when some row certainly matched.
void keep_picked(Pick pick, Said said, const Birth& birth, std::vector<Row>& rows);

/// Whether the fact lies as asked to one of the others (or to the one of them that was picked).
[[nodiscard]] Truth related(const TimeRelation& relation, const Row& fact, std::span<const Row> others, Said said, const Birth& birth);

/// The day of the first (or last) of several facts, as a range.
struct Edge {
  bool recorded = false;  ///< there is such a fact, or there may be
  bool certain = false;   ///< there certainly is
  Range when;             ///< unknown when a date is missing, or they are on different clocks
};
[[nodiscard]] Edge first_of(std::span<const Row> rows, Said said, const Birth& birth);
[[nodiscard]] Edge last_of(std::span<const Row> rows, Said said, const Birth& birth);

/// `leaf` says how often it must have been.
[[nodiscard]] LeafState state_of(const Condition& leaf, std::span<const Row> rows, const Birth& birth);

/// How many different days the presences fall on.
[[nodiscard]] Times times_of(std::span<const Row> rows);

}  // namespace skerry::cohort
