// What to sum: a vector of counts whose length and meaning follow from the study alone (design: every statistic is a sum).
#pragma once

#include <cstdint>
#include <vector>

#include "base/patient_data.hpp"
#include "cohort/select.hpp"
#include "cohort/study.hpp"

namespace skerry::evidence {

/// Every person adds 1 to a few cells. Cell 0: people of whom it cannot be said whether they belong to the cohort. Then:
///   count         one cell a group
///   proportion    for each group and item four cells: not recorded, absent, present, contradictory
///   crosstab      for each row and column one cell
///   kaplan_meier  for each group: no index, undecidable, not recorded, then events and censored for each grid step 0..n; with late
///                 entries also who is followed from that step on
/// A grouping of G groups has G + 2 places: its groups, "in none", "in several"; without groups it has one, everyone.
class Layout {
 public:
  explicit Layout(const cohort::Study& study);

  [[nodiscard]] std::size_t size() const noexcept { return 1 + places_ * place_size_; }
  [[nodiscard]] std::size_t groups() const noexcept { return groups_; }    ///< the study's own, or 1 for everyone
  [[nodiscard]] std::size_t places() const noexcept { return places_; }    ///< with "in none" and "in several"
  [[nodiscard]] std::size_t columns() const noexcept { return columns_; }  ///< crosstab: the study's own
  [[nodiscard]] std::size_t items() const noexcept { return items_; }
  [[nodiscard]] std::size_t steps() const noexcept { return steps_; }  ///< kaplan_meier: n + 1

  static constexpr std::size_t undecided() noexcept { return 0; }
  [[nodiscard]] std::size_t count(std::size_t place) const noexcept { return 1 + place; }
  [[nodiscard]] std::size_t answer(std::size_t place, std::size_t item, cohort::Answer answer) const noexcept {
    return 1 + place * place_size_ + item * 4 + static_cast<std::size_t>(answer);
  }
  [[nodiscard]] std::size_t cross(std::size_t place, std::size_t column) const noexcept { return 1 + place * place_size_ + column; }
  /// For no_index, undecidable and not_recorded.
  [[nodiscard]] std::size_t left_out(std::size_t place, cohort::Follow follow) const noexcept {
    return 1 + place * place_size_ + static_cast<std::size_t>(follow);
  }
  [[nodiscard]] std::size_t event(std::size_t place, std::size_t step) const noexcept { return 1 + place * place_size_ + 3 + step; }
  [[nodiscard]] std::size_t censored(std::size_t place, std::size_t step) const noexcept { return event(place, steps_ + step); }

  /// With late entries: who is at risk from this step on; 0 from the index.
  [[nodiscard]] std::size_t entered(std::size_t place, std::size_t step) const noexcept { return event(place, 2 * steps_ + step); }
  [[nodiscard]] bool late_entries() const noexcept { return late_entries_; }

  /// The cells person `i` of the columns adds 1 to, appended to `cells`; ascending.
  void cells_of(const cohort::Columns& columns, std::size_t i, std::vector<std::uint32_t>& cells) const;

 private:
  cohort::StatisticType type_;
  bool late_entries_;
  std::size_t groups_, places_, columns_, items_, steps_, place_size_ = 1;
};

/// Of whom it cannot be said whether they belong to the cohort, for whatever reason; ascending.
[[nodiscard]] std::vector<ParticipantId> undecided_people(const cohort::Columns& columns);

/// Everyone's cells, a row a person, in order of participant: what a total is made of, for comparing releases.
struct Contributions {
  std::vector<ParticipantId> participants;
  std::vector<std::uint32_t> cells;
  std::vector<std::uint32_t> ends;  ///< cells of person i: from ends[i-1] (0) to ends[i]
  bool operator==(const Contributions&) const = default;
};

}  // namespace skerry::evidence

template <>
inline constexpr bool skerry::is_patient_data<skerry::evidence::Contributions> = true;
