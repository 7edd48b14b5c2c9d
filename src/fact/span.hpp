// When something was, as the range of days it may mean: for grids, columns and for telling times apart.
#pragma once

#include <cstdint>

#include "fact/when.hpp"

namespace skerry {

/// Days on the calendar (since 1970-01-01) or days of age. `none`: not known, or known only as "before", "after" or in words.
struct Span {
  enum class Axis : std::uint8_t { none, calendar, age };
  Axis axis = Axis::none;
  double low = 0, high = 0;  ///< first and last day it may mean; an age told in whole years may mean any day of that year

  [[nodiscard]] bool known() const noexcept { return axis != Axis::none; }
  [[nodiscard]] double middle() const noexcept { return (low + high) / 2; }
};

[[nodiscard]] Span span_of(const When& when);

/// Whether the two can be told apart in time: both known on one axis and without a day in common.
[[nodiscard]] bool apart(const Span& a, const Span& b) noexcept;

/// From one to the other in days; none when they are on different axes. May be negative.
[[nodiscard]] Span duration(const Span& from, const Span& to) noexcept;

}  // namespace skerry
