// From facts to compact columns: who is in a study's cohort, in which group, and what is known of each. One pass.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/error.hpp"
#include "base/patient_data.hpp"
#include "cohort/study.hpp"
#include "consent/view.hpp"
#include "vocabulary/vocabulary.hpp"

namespace skerry::cohort {

/// What is recorded of one thing in one person (docs/study.md). `contradictory`: both present and absent, and their dates
/// do not tell them apart. A concept is present when it or one below it is; absent when it or one above it is.
enum class Answer : std::uint8_t { not_recorded, absent, present, contradictory };

/// How one person's time ends. `undecidable`: a date is missing, too imprecise for the grid, or before the index.
enum class Follow : std::uint8_t { no_index, undecidable, not_recorded, censored, event };

/// Column by column; entry i of each belongs to participants[i].
struct Columns {
  std::vector<ParticipantId> participants;  ///< of the cohort, ascending
  std::vector<ParticipantId> undecided;     ///< whether they belong to it cannot be said: their facts contradict each other
  /// Index into the grouping; its size means "in none", size + 1 "in several". Empty without groups.
  std::vector<std::uint16_t> group, column;
  std::vector<std::vector<Answer>> answers;  ///< proportion: [item][person]
  std::vector<Follow> follow;                ///< kaplan_meier
  std::vector<std::int32_t> step;            ///< kaplan_meier: the grid step, 0 to horizon/step, of event or censoring

  bool operator==(const Columns&) const = default;
};

/// Feed it facts in order of participant. Not thread-safe.
class Selector {
 public:
  /// Keeps references to both.
  Selector(const Study& study, const vocabulary::Vocabulary& vocabulary);
  ~Selector();
  Selector(const Selector&) = delete;
  Selector& operator=(const Selector&) = delete;

  /// Begins a participant, who may have no facts; ends the one before.
  void begin(ParticipantId participant);
  /// A fact of a participant, begun here when need be.
  void add(const Fact& fact);
  [[nodiscard]] Columns finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Everyone of the View. Errors: those of reading.
[[nodiscard]] Result<Columns> select(const Study& study, const consent::View& view, const vocabulary::Vocabulary& vocabulary);
[[nodiscard]] Columns select(const Study& study, std::span<const Fact> facts, const vocabulary::Vocabulary& vocabulary);

}  // namespace skerry::cohort

template <>
inline constexpr bool skerry::is_patient_data<skerry::cohort::Columns> = true;
