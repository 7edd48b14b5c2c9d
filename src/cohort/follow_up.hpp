// One person's time from index to event or censoring, on a study's grid (docs/study.md, "Follow-up"). Pure.
#pragma once

#include <optional>
#include <vector>

#include "cohort/person_facts.hpp"
#include "cohort/range_evaluator.hpp"
#include "cohort/select.hpp"

namespace skerry::cohort {

/// What is recorded of one person.
struct FollowUpFacts {
  const IndexEvent* index = nullptr;
  Birth birth;
  std::span<const Row> event;  ///< presences and absences
  std::vector<std::span<const Row>> competing;
  std::span<const Row> entry, until, death, last_encounter;
};

struct FollowUp {
  Follow follow = Follow::no_index;
  std::int32_t step = 0, entry = 0;
  std::uint8_t cause = 0;  ///< 0 none, 1 the event, 2 + i the i-th competing event
};

[[nodiscard]] FollowUp follow_up(const TimeToEvent& time, const FollowUpFacts& facts);

/// Of someone followed to an event or a censoring: the steps of all events up to where that person leaves, ascending; nothing when one of
/// them cannot be put on the grid. Facts of one and the same day are one event. `end`: where the person leaves.
struct Recurrences {
  std::vector<std::int32_t> steps;
  std::int32_t end = 0;
};
[[nodiscard]] std::optional<Recurrences> recurrences(const TimeToEvent& time, const FollowUpFacts& facts);

}  // namespace skerry::cohort
