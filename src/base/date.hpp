// Points in time that keep the precision they were told with.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace skerry {

/// A point on the UTC time line. Range: years 0001 to 9999, as RFC 3339 allows.
struct Instant {
  std::int64_t seconds = 0;      ///< since 1970-01-01T00:00:00Z
  std::int32_t nanoseconds = 0;  ///< 0 to 999,999,999

  [[nodiscard]] static Instant now();
  auto operator<=>(const Instant&) const = default;
};

/// RFC 3339, any offset; the result is UTC. Errors: malformed, out_of_range.
[[nodiscard]] Result<Instant> parse_instant(std::string_view text);
/// RFC 3339 in UTC with as many of 0, 3, 6 or 9 fraction digits as are needed (as protobuf writes it).
[[nodiscard]] std::string to_text(Instant instant);

/// A day, a month or a year of the proleptic Gregorian calendar; month 0 and day 0 mean "not told".
struct PartialDate {
  std::int16_t year = 0;   ///< 1 to 9999
  std::uint8_t month = 0;  ///< 1 to 12, or 0
  std::uint8_t day = 0;    ///< 1 to 31, or 0; 0 when month is 0

  auto operator<=>(const PartialDate&) const = default;
  [[nodiscard]] bool valid() const noexcept;
};

/// "2019", "2019-06" or "2019-06-30". Errors: malformed, out_of_range.
[[nodiscard]] Result<PartialDate> parse_partial_date(std::string_view text);
[[nodiscard]] std::string to_text(PartialDate date);

/// Days since 1970-01-01 of the first and the last day the date may mean (both inclusive).
struct DayRange {
  std::int32_t first = 0;
  std::int32_t last = 0;
  auto operator<=>(const DayRange&) const = default;
};
[[nodiscard]] DayRange days_of(PartialDate date);
[[nodiscard]] std::int32_t day_of(Instant instant);
[[nodiscard]] PartialDate date_of_day(std::int32_t day);

/// An age as ISO 8601 duration, component by component as it was told: "P12M" and "P1Y" are equal in length, not in words.
struct Age {
  std::optional<std::int32_t> years, months, weeks, days, hours, minutes, seconds;
  /// The decimal fraction of the last component told, with its point ("0.5" in P1.5Y is ".5"); empty when whole.
  std::string fraction;

  bool operator==(const Age&) const = default;
  /// The age's length in days with 365.25 days a year and 30.4375 days a month, for ordering and grids.
  [[nodiscard]] double length_days() const noexcept;
};

/// Errors: malformed.
[[nodiscard]] Result<Age> parse_age(std::string_view text);
[[nodiscard]] std::string to_text(const Age& age);

}  // namespace skerry
