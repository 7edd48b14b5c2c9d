// Reads what a study asks of its cohort.
#pragma once

#include "cohort/condition_reader.hpp"

namespace skerry::cohort {

class StatisticReader : public ConditionReader {
 public:
  static constexpr std::int32_t steps_max = 10'000;
  static constexpr std::size_t covariates_max = 50;

  using ConditionReader::ConditionReader;

  /// Fills `study`, whose cohort and groups are read already.
  void statistic(const pack::Node& node, const pack::Node& root, Study& study);

 private:
  void proportion(const pack::Node& node, Study& study);
  void crosstab(const pack::Node& node, Study& study);
  void time_to_event(const pack::Node& node, Study& study);
  void index(const pack::Node& node, TimeToEvent& time);
  void competing(const pack::Node& node, TimeToEvent& time);
  void leaving(const pack::Node& node, TimeToEvent& time);
  void steps(const pack::Node& node, TimeToEvent& time);
  void model(const pack::Node& node, const pack::Node& root, Study& study);
  void model_options(const pack::Node& node, Study& study);
  void cells(const pack::Node& node, Study& study);
  void feasibility(const pack::Node& node, Study& study);
  void outcome_fits(const pack::Node& node, const Study& study);

  Variable variable(const pack::Node& node, StatisticType type);
  void of_variable(const pack::Node& node, Variable& out);
  std::vector<Variable> variables(const pack::Node& node, StatisticType type);
  bool takes(std::string_view key) const;

  std::vector<std::string_view> allowed_;
  const pack::Node* index_needed_ = nullptr;  ///< where a variable needs the index event
};

}  // namespace skerry::cohort
