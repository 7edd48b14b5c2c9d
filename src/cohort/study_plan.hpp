// A study with its leaves numbered: the same for every segment.
#pragma once

#include <optional>
#include <vector>

#include "cohort/leaf.hpp"
#include "cohort/study.hpp"

namespace skerry::cohort {

struct VariablePlan {
  const Variable* variable = nullptr;
  LeafId leaf = no_leaf;              ///< value, count, age, changes; no_leaf: age at the index event
  ConditionNode condition;            ///< indicator
  std::vector<ConditionNode> groups;  ///< groups
};

struct StudyPlan {
  explicit StudyPlan(const Study& asked);

  const Study* study;
  Leaves leaves;
  ConditionNode cohort;
  std::vector<ConditionNode> groups, columns, strata, items;
  bool follows = false;  ///< columns of follow-up are asked for
  LeafId index = no_leaf, event = no_leaf, entry = no_leaf, until = no_leaf, death = no_leaf, last_encounter = no_leaf;
  std::vector<LeafId> competing;
  std::optional<VariablePlan> outcome, offset, weight;
  std::vector<VariablePlan> covariates, weighted_by;
  bool feasibility = false;
  ConditionNode willing, reachable;
  LeafId enrolled = no_leaf;
  bool births = false;              ///< years of birth are needed whatever the rows
  std::vector<std::uint32_t> uses;  ///< of each leaf, by conditions

 private:
  VariablePlan variable(const Variable& asked);
  void follow_up();
  void count_uses(const ConditionNode& node);
};

[[nodiscard]] bool has_index(const Study& study) noexcept;
/// Whether a leaf, or another it lies in time to, asks about the study's index event.
[[nodiscard]] bool asks_about_index(const Condition& leaf) noexcept;
/// Statistics about time from an index to an event.
[[nodiscard]] bool is_time_to_event(StatisticType type) noexcept;

}  // namespace skerry::cohort
