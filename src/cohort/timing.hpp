// What partial dates can decide. Times are whole ticks (index/reading.hpp: sixteenths of a day); what the dates leave open is `open`, never
// guessed (docs/study.md, "Time"). Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "cohort/study.hpp"
#include "fact/span.hpp"
#include "index/reading.hpp"

namespace skerry::cohort {

using Tick = std::int64_t;
inline constexpr Tick day_ticks = 16;
inline constexpr Tick year_ticks = 5844;  ///< 365.25 days
static_assert(day_ticks == static_cast<Tick>(index::ticks_per_day));

/// Yes, no, or the dates leave it open (Kleene).
enum class Truth : std::uint8_t { no, open, yes };
[[nodiscard]] constexpr Truth both(Truth a, Truth b) noexcept { return a < b ? a : b; }
[[nodiscard]] constexpr Truth either(Truth a, Truth b) noexcept { return a < b ? b : a; }

/// The days something may have been on. A calendar date is its days, each a whole number; an age told in years lasts until just before
/// the next one, so its last tick is the one before `high`.
struct Range {
  Span::Axis axis = Span::Axis::none;
  Tick low = 0, high = 0;
  [[nodiscard]] bool known() const noexcept { return axis != Span::Axis::none; }
  [[nodiscard]] Tick last() const noexcept { return axis == Span::Axis::age && high > low ? high - 1 : high; }
  bool operator==(const Range&) const = default;
};

/// The days a person may have been born on; from the year of birth.
struct Birth {
  bool known = false;
  Tick low = 0, high = 0;
};

/// On the calendar: an age of someone whose year of birth is recorded becomes the days it may have been. Unknown when it cannot.
[[nodiscard]] Range on_calendar(const Range& range, const Birth& birth) noexcept;
/// As an age; likewise.
[[nodiscard]] Range as_age(const Range& range, const Birth& birth) noexcept;
/// Brings two ranges onto one axis; false when that cannot be done.
[[nodiscard]] bool align(Range& a, Range& b, const Birth& birth) noexcept;

/// Known, and no day in common.
[[nodiscard]] bool told_apart(Range a, Range b, const Birth& birth) noexcept;
/// From one to the other, in ticks, as a range; unknown when they cannot be compared.
[[nodiscard]] Range elapsed(Range from, Range to, const Birth& birth) noexcept;

/// A leaf's `from`, `to` and ages.
struct Window {
  std::optional<Tick> from, to;            ///< calendar, inclusive
  std::optional<double> age_from, age_to;  ///< ticks of age: at least, below
  [[nodiscard]] bool any() const noexcept { return from || to || age_from || age_to; }
};
[[nodiscard]] Window window_of(const Condition& leaf);
[[nodiscard]] Truth inside(const Window& window, const Range& when, const Birth& birth) noexcept;

/// Whether `fact` lies to `other` as the relation says.
[[nodiscard]] Truth relates(const TimeRelation& relation, const Range& fact, const Range& other, const Birth& birth) noexcept;

/// On how many different days the facts may have been: at least and at most. `sure` are certain, `open` may not count at all.
struct Times {
  std::int64_t least = 0, most = 0;
};
[[nodiscard]] Times different_days(std::span<const Range> sure, std::span<const Range> open);

/// The grid step of a time in ticks: none when its range is wider than a step or lies before 0 (docs/study.md). Step i holds the times
/// after i-1 and up to i steps, by the middle of the range.
[[nodiscard]] std::optional<std::int32_t> step_of(const TimeToEvent& time, const Range& elapsed) noexcept;

}  // namespace skerry::cohort
