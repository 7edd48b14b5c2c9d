// The quick way to the follow-up of many people: one pass over the streams of index and event, no row a fact. It answers for those whose
// dates are all calendar dates; everyone else is `odd` and left to follow_up.hpp. The same answers.
#pragma once

#include <cstdint>
#include <vector>

#include "cohort/follow_up.hpp"
#include "cohort/range_evaluator.hpp"

namespace skerry::cohort {

class FollowUpScan {
 public:
  /// Whether the study asks for nothing it cannot answer.
  [[nodiscard]] static bool applies(const SegmentStudy& study);

  FollowUpScan(const SegmentStudy& study, PersonRange people, Stop& stop);
  [[nodiscard]] const Bitset& odd() const noexcept { return odd_; }
  /// `i`: the person's number in the range; not odd.
  [[nodiscard]] FollowUp of(std::size_t i) const noexcept;

 private:
  using Days = std::vector<std::int32_t>;
  struct First {
    Days low, high;
  };
  void index();
  void event();
  void ending();
  template <class Visit>
  void scan(index::StreamId stream, Visit&& visit);
  [[nodiscard]] std::int32_t step_at(std::int64_t low, std::int64_t high) const noexcept;

  const SegmentStudy& study_;
  const TimeToEvent& time_;
  PersonRange people_;
  Stop& stop_;
  std::unique_ptr<index::Block> block_;
  Bitset odd_;
  First index_, event_;
  Days end_low_, end_high_;  ///< the last absence or encounter
  std::int64_t step_ticks_ = 1;
  double steps_a_tick_ = 1;
  std::int32_t last_step_ = 0;
};

}  // namespace skerry::cohort
