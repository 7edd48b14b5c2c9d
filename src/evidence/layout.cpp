#include "evidence/layout.hpp"

#include <algorithm>
#include <iterator>

namespace skerry::evidence {

using cohort::Follow;
using cohort::StatisticType;

Layout::Layout(const cohort::Study& study)
    : type_(study.type),
      late_entries_(study.type == StatisticType::kaplan_meier && study.time.entry.has_value()),
      groups_(study.by.groups.empty() ? 1 : study.by.groups.size()),
      places_(study.by.groups.empty() ? 1 : groups_ + 2),
      columns_(study.columns.groups.size()),
      items_(study.of.size()),
      steps_(study.type == StatisticType::kaplan_meier ? static_cast<std::size_t>(study.time.horizon / study.time.step) + 1 : 0) {
  if (type_ == StatisticType::proportion) place_size_ = items_ * 4;
  if (type_ == StatisticType::crosstab) place_size_ = columns_ + 2;
  if (type_ == StatisticType::kaplan_meier) place_size_ = 3 + (late_entries_ ? 3 : 2) * steps_;
}

void Layout::cells_of(const cohort::Columns& columns, std::size_t i, std::vector<std::uint32_t>& cells) const {
  const auto add = [&](std::size_t cell) { cells.push_back(static_cast<std::uint32_t>(cell)); };
  const std::size_t place = columns.group.empty() ? 0 : columns.group[i];
  switch (type_) {
    case StatisticType::count: return add(count(place));
    case StatisticType::proportion:
      for (std::size_t item = 0; item < items_; ++item) add(answer(place, item, columns.answers[item][i]));
      return;
    case StatisticType::crosstab: return add(cross(place, columns.column[i]));
    case StatisticType::kaplan_meier: {
      const auto step = static_cast<std::size_t>(columns.step[i]);
      const auto follow = columns.follow[i];
      if (follow != Follow::event && follow != Follow::censored) return add(left_out(place, follow));
      const auto entry = late_entries_ && !columns.entry.empty() ? std::max(0, columns.entry[i]) : 0;
      // Who left before being followed was never at risk.
      if (entry > 0 && entry >= columns.step[i]) return add(left_out(place, Follow::not_recorded));
      add(follow == Follow::event ? event(place, step) : censored(place, step));
      if (late_entries_) add(entered(place, entry == 0 ? 0 : static_cast<std::size_t>(entry) + 1));
      return;
    }
    default: return add(count(place));
  }
}

std::vector<ParticipantId> undecided_people(const cohort::Columns& columns) {
  std::vector<ParticipantId> out;
  out.reserve(columns.undecided.size() + columns.undecided_by_dates.size());
  std::ranges::merge(columns.undecided, columns.undecided_by_dates, std::back_inserter(out));
  return out;
}

}  // namespace skerry::evidence
