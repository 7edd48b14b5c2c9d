// When something was so, with the precision it was told with.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "base/date.hpp"
#include "base/patient_data.hpp"
#include "fact/code.hpp"

namespace skerry {

/// Weeks and days of pregnancy.
struct GestationalAge {
  std::int32_t weeks = 0;
  std::int32_t days = 0;
  bool operator==(const GestationalAge&) const = default;
};

/// Words that could not be read as a date or an age; kept, shown, and never calculated with.
struct StatedTime {
  std::string text;
  bool operator==(const StatedTime&) const = default;
};

/// One moment: an instant, a partial date, an age, an age of gestation, a coded life stage (HP:0003577 "Congenital onset"),
/// or words.
using Moment = std::variant<Instant, PartialDate, Age, GestationalAge, Code, StatedTime>;

/// unknown: nothing was told. at: `first`. before and after: `first`, exclusive. between: `first` to `last`, inclusive;
/// either may be missing words (an empty StatedTime) for "still going on" or "since before anyone wrote it down".
enum class WhenKind : std::uint8_t { unknown = 0, at = 1, before = 2, after = 3, between = 4 };

struct When {
  WhenKind kind = WhenKind::unknown;
  Moment first{};  ///< Instant{} when kind is unknown
  Moment last{};   ///< Instant{} unless kind is between

  [[nodiscard]] bool known() const noexcept { return kind != WhenKind::unknown; }
  bool operator==(const When&) const = default;

  [[nodiscard]] static When at(Moment moment) { return {WhenKind::at, std::move(moment), {}}; }
  [[nodiscard]] static When before(Moment moment) { return {WhenKind::before, std::move(moment), {}}; }
  [[nodiscard]] static When after(Moment moment) { return {WhenKind::after, std::move(moment), {}}; }
  [[nodiscard]] static When between(Moment from, Moment to) { return {WhenKind::between, std::move(from), std::move(to)}; }
};

template <>
inline constexpr bool is_patient_data<When> = true;

}  // namespace skerry
