// From a study and its columns to a result, whatever the statistic: what disclosure/ asks for, for all statistics that are not plain sums
// of counts (layout.hpp). Each result comes with the numbers of people behind it, for disclosure/ to decide what of it may be told.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "cohort/select.hpp"
#include "cohort/study.hpp"
#include "evidence/estimate.hpp"
#include "evidence/figure.hpp"
#include "evidence/layout.hpp"
#include "evidence/sealed.hpp"
#include "evidence/statistic.hpp"

namespace skerry::evidence {

/// A number of people behind a result. Every one must be 0 or at least the floor, or the result is not told.
struct Guard {
  std::string of;  ///< "events, group skerry:male": for tests; never told
  std::int64_t people = 0;
};

/// The absolute values behind a sum that is told: when one person's is most of it, telling the sum tells theirs.
struct Magnitude {
  std::string of;
  double total = 0, largest = 0, second = 0;
};

/// An estimate that stands by itself: when its own guards fail it alone is not told (and no test is).
struct OutcomeRow {
  EstimateRow row;  ///< people and events are the true numbers
  std::vector<Guard> guards;
  std::vector<Magnitude> magnitudes;
};

struct Outcome {
  std::string method;
  std::int64_t people = 0;       ///< in the result
  std::int64_t left_out = 0;     ///< of the cohort, because something was not recorded
  std::int64_t undecidable = 0;  ///< of the cohort, because of their dates
  std::int64_t not_grouped = 0;  ///< of the cohort, in none or several of the groups or strata
  std::vector<OutcomeRow> estimates;
  std::vector<Test> tests;
  std::vector<NamedCurve> curves;
  std::vector<Caution> cautions;
  std::vector<Guard> guards;
  std::vector<Magnitude> magnitudes;
  /// Set: the statistic cannot be computed, and only what stands above says anything. Kept apart from an Error so that the guards are
  /// looked at first: a sentence may hold numbers of people.
  std::string not_computable;
  std::size_t numbers_opened = 0;  ///< how many real numbers the result tells (federation: at most people * (parameters + 1))
  std::size_t parameters = 0;      ///< refused when above people / 3
};

/// One step of the grid in one group: who had which event, left, or came in (left truncation) in it. Counts of people; of rows where
/// events recur.
struct GridStep {
  std::vector<std::int64_t> events;  ///< by cause, the event first
  std::int64_t censored = 0;
  std::int64_t entered = 0;          ///< followed from this step on
  std::vector<std::uint32_t> who{};  ///< where events recur: people with one in this step, one entry an event
  bool operator==(const GridStep&) const = default;
};
using Grid = std::vector<GridStep>;  ///< from step 0 to the horizon

/// Where the steps of a told curve end, by group: numbers of grid steps, ascending. What is after the last is not told.
using Cuts = std::vector<std::vector<std::int32_t>>;

/// False for count and proportion, and for a crosstab or a curve with nothing to compare.
[[nodiscard]] bool has_outcome(const cohort::Study& study);
/// All a study of this type says is its outcome: every type but the four that are sums of counts (layout.hpp).
[[nodiscard]] bool only_outcome(cohort::StatisticType type) noexcept;
/// cumulative_incidence, mean_cumulative: curves whose steps must be put together before they are told.
[[nodiscard]] bool has_grid(cohort::StatisticType type) noexcept;

/// Of a study with a grid: its counts, a grid a group.
[[nodiscard]] Sealed<std::vector<Grid>> grid_counts(const cohort::Study& study, const cohort::Columns& columns);

/// `cuts`: of a study with a grid; times are put together to them before anything is computed. Someone who comes in within a step counts as
/// followed from its beginning. nullptr: step by step. The same bits for any number of threads.
/// A statistic that cannot be computed is an Outcome that says so. Errors: those of the limits; too_large.
[[nodiscard]] Result<Sealed<Outcome>> compute(const cohort::Study& study, const cohort::Columns& columns, unsigned threads = 1,
                                              const Limits& limits = {}, const Cuts* cuts = nullptr);

/// What each person contributes, for comparing releases. The first cell is where they are counted: 1 + group when in the result, else
/// `outcome_left_out`. Then one cell each of outcome_variables(), and one for all else that goes into the result: digests of the person's
/// values, so that a changed value is a change (but for one in a million).
[[nodiscard]] Sealed<Contributions> outcome_contributions(const cohort::Study& study, const cohort::Columns& columns);
/// The time and the outcome, where the study has them: for each the codes it is made from, sorted and separated by spaces. Sums of two
/// studies with a code in common could be subtracted from each other.
[[nodiscard]] std::vector<std::string> outcome_variables(const cohort::Study& study);
inline constexpr std::uint32_t outcome_left_out = 0xffff;

}  // namespace skerry::evidence

template <>
inline constexpr bool skerry::is_patient_data<skerry::evidence::Outcome> = true;
