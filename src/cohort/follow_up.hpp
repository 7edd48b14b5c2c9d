// One person's time from index to event or censoring, on a study's grid.
#pragma once

#include <optional>
#include <vector>

#include "cohort/select.hpp"
#include "fact/span.hpp"

namespace skerry::cohort {

struct FollowUp {
  struct Moment {
    FactId fact, part_of;
    Span span;
  };
  std::vector<Moment> index, event, absent;
  std::optional<Span> last_encounter;
  Span birth;  ///< the year of it, on the calendar

  void clear();
  struct Outcome {
    Follow follow = Follow::no_index;
    std::int32_t step = 0;
  };
  /// A time whose range is wider than one grid step, or lies before the index, is undecidable: never guessed. Otherwise its
  /// middle is taken, and step i holds the times after i-1 and up to i steps. With several index facts each needs a date:
  /// without, the first cannot be told.
  [[nodiscard]] Outcome outcome(const TimeToEvent& time) const;
};

}  // namespace skerry::cohort
