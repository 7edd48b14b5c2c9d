// From facts to compact columns: who is in a study's cohort, in which group, and what is known of each. Read from the index, by concept.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/patient_data.hpp"
#include "cohort/study.hpp"
#include "consent/view.hpp"
#include "index/reading.hpp"
#include "vocabulary/vocabulary.hpp"

namespace skerry::cohort {

/// What is recorded of one thing in one person (docs/study.md). `contradictory`: both present and absent, and their dates
/// do not tell them apart. A concept is present when it or one below it is; absent when it or one above it is.
enum class Answer : std::uint8_t { not_recorded, absent, present, contradictory };

/// How one person's time ends. `undecidable`: a date is missing, too imprecise for the grid, or before the index.
enum class Follow : std::uint8_t { no_index, undecidable, not_recorded, censored, event };

/// Rows of which a person may have several or none: episodes of follow-up, recurrent events, repeated measures. By person, then time.
struct Rows {
  std::vector<std::uint32_t> person;      ///< index into Columns::participants, ascending
  std::vector<std::int32_t> entry, exit;  ///< grid steps; equal for a further event of the same step; repeated measures: both are empty
  std::vector<std::uint8_t> cause;        ///< how the row ended: 0 censored, 1 the event, 2 + i the i-th competing event
  std::vector<double> years;              ///< repeated measures: time since the index
  std::vector<double> outcome;            ///< repeated measures
  std::vector<std::vector<double>> x;     ///< [covariate column][row]
  bool operator==(const Rows&) const = default;
};

/// Why people who passed a line of a study did not pass the next.
struct AttritionLine {
  std::string words;  ///< the condition in plain words: "SNOMED:65801008 (Excision), at least 2"
  std::int64_t kept = 0;
  std::int64_t not_met = 0;  ///< recorded otherwise
  std::int64_t not_recorded = 0;
  std::int64_t contradictory = 0;
  std::int64_t dates_undecided = 0;
  bool operator==(const AttritionLine&) const = default;
};

/// Column by column; entry i of each belongs to participants[i].
struct Columns {
  std::vector<ParticipantId> participants;        ///< of the cohort, ascending
  std::vector<ParticipantId> undecided;           ///< whether they belong to it cannot be said: their facts contradict each other
  std::vector<ParticipantId> undecided_by_dates;  ///< the same, because dates are missing or too imprecise; ascending, not in `undecided`
  /// Index into the grouping; its size means "in none", size + 1 "in several". Empty without groups.
  std::vector<std::uint16_t> group, column;
  std::vector<std::vector<Answer>> answers;  ///< proportion: [item][person]
  std::vector<Follow> follow;                ///< kaplan_meier
  std::vector<std::int32_t> step;            ///< kaplan_meier: the grid step, 0 to horizon/step, of event or censoring

  // Of the statistics that have them:
  std::vector<std::uint16_t> stratum;            ///< as group
  std::vector<std::uint8_t> cause;               ///< which event ended the time: 0 none, 1 the event, 2 + i the i-th competing event
  std::vector<std::int32_t> entry;               ///< grid step from which the person was followed (0 without left truncation)
  std::vector<double> outcome;                   ///< of the model; NaN: not recorded
  std::vector<double> offset, weight;            ///< NaN: not recorded
  std::vector<std::vector<double>> x;            ///< [covariate column][person]; NaN: not recorded
  std::vector<std::string> x_names;              ///< "age", "sex=skerry:male"
  std::vector<std::vector<double>> weighted_by;  ///< as x, for inverse-probability weights
  std::optional<Rows> rows;                      ///< of those in it; people with a NaN above have none
  std::vector<std::uint8_t> willing, reachable;  ///< feasibility: 1, 0
  std::vector<double> enrolled;                  ///< feasibility: day of enrolment, NaN unknown
  std::vector<AttritionLine> attrition;          ///< when asked for: everyone, then a line a condition of the cohort, then of the statistic

  bool operator==(const Columns&) const = default;
};

struct SelectOptions {
  bool explain = false;  ///< fills `attrition`
  unsigned threads = 1;
  std::optional<std::chrono::steady_clock::time_point> deadline;
  const std::atomic<bool>* cancelled = nullptr;
  std::size_t memory_bytes_max = std::size_t{2} << 30;
};

/// Everyone of the reading. The same columns, bit for bit, whatever the threads and however people are spread over segments.
/// Errors: timeout, cancelled, too_large.
[[nodiscard]] Result<Columns> select(const Study& study, const index::Reading& reading, const vocabulary::Vocabulary& vocabulary,
                                     const SelectOptions& options = {});
/// Everyone of the View. Errors: those of reading, and as above.
[[nodiscard]] Result<Columns> select(const Study& study, const consent::View& view, const vocabulary::Vocabulary& vocabulary,
                                     const SelectOptions& options = {});
/// Everyone of these facts, in order of participant.
[[nodiscard]] Columns select(const Study& study, std::span<const Fact> facts, const vocabulary::Vocabulary& vocabulary);

}  // namespace skerry::cohort

template <>
inline constexpr bool skerry::is_patient_data<skerry::cohort::Columns> = true;
