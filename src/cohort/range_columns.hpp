// The columns of a study for a range of people, from their facts.
#pragma once

#include "cohort/range_evaluator.hpp"
#include "cohort/select.hpp"

namespace skerry::cohort {

/// In order of person; attrition (when `explain`) without words: everyone, the parts of the cohort, then statistic_lines().
[[nodiscard]] Columns columns_of(RangeEvaluator& people, bool explain);

/// Rows for those statistics that have several a person; `members` are the people of the columns.
[[nodiscard]] std::optional<Rows> rows_of(RangeEvaluator& people, const std::vector<index::Person>& members, const Columns& columns);

/// The facts of one person after another, in ascending order, that decide the follow-up.
class FollowUpReader {
 public:
  explicit FollowUpReader(RangeEvaluator& people);
  ~FollowUpReader();
  FollowUpReader(const FollowUpReader&) = delete;
  FollowUpReader& operator=(const FollowUpReader&) = delete;
  /// Valid until the next call.
  [[nodiscard]] const struct FollowUpFacts& of(index::Person person);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace skerry::cohort
