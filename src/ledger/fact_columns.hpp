// What the columns of table `fact` mean, beyond their names. Private to the room.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <variant>

#include "fact/fact.hpp"

namespace skerry::ledger {

// The variant's index is stored as value_kind: its order is fixed by this list.
template <std::size_t I, class T>
constexpr bool stands_at = std::is_same_v<std::variant_alternative_t<I, Value>, T>;
static_assert(stands_at<1, Code> && stands_at<2, Quantity> && stands_at<3, std::int64_t> && stands_at<4, bool> && stands_at<5, Text> &&
              stands_at<6, When> && stands_at<7, Variant> && stands_at<8, Record>);

/// As many names as `fact_columns`, in the same order.
enum Column {
  c_id,
  c_participant,
  c_sequence,
  c_kind,
  c_concept,
  c_status,
  c_source_kind,
  c_source,
  c_site,
  c_side,
  c_part_of,
  c_supersedes,
  c_value_kind,
  c_value_number,
  c_value_code,
  c_value_body,
  c_value_content,
  c_when_exact,
  c_qualifiers,
  c_when_kind,
  c_first_day,
  c_last_day
};

inline constexpr std::string_view fact_columns =
    "f.id, f.participant, f.sequence, f.kind, f.concept, f.status, f.source_kind, f.source, f.site, f.side, f.part_of, f.supersedes, "
    "f.value_kind, f.value_number, f.value_code, f.value_body, f.value_content, f.when_exact, f.qualifiers";
/// The rest, which reading does not need: verification compares them with the fact.
inline constexpr std::string_view derived_columns = ", f.when_kind, f.first_day, f.last_day";

struct DayBounds {
  std::optional<std::int32_t> first, last;
};
/// The days the time may lie on, as far as calendar dates bound it (inclusive).
[[nodiscard]] DayBounds bounds_of(const When& when);

}  // namespace skerry::ledger
