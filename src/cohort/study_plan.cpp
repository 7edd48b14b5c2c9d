#include "cohort/study_plan.hpp"

#include "fact/concepts.hpp"

namespace skerry::cohort {
namespace {

std::vector<ConditionNode> compile(const std::vector<Item>& items, Leaves& leaves) {
  std::vector<ConditionNode> out;
  out.reserve(items.size());
  for (const auto& item : items) out.push_back(compile(item.condition, leaves));
  return out;
}

bool is_leaf(const Condition& condition) noexcept { return condition.form == Condition::Form::fact; }

}  // namespace

bool has_index(const Study& study) noexcept { return study.time.from_birth || is_leaf(study.time.index); }

bool asks_about_index(const Condition& leaf) noexcept {
  for (const auto& relation : leaf.time) {
    if (relation.other.empty() || asks_about_index(relation.other.front())) return true;
  }
  return false;
}

bool is_time_to_event(StatisticType type) noexcept {
  switch (type) {
    case StatisticType::kaplan_meier:
    case StatisticType::cumulative_incidence:
    case StatisticType::cox:
    case StatisticType::rate:
    case StatisticType::mean_cumulative: return true;
    default: return false;
  }
}

StudyPlan::StudyPlan(const Study& asked) : study(&asked) {
  cohort = cohort::compile(asked.cohort, leaves);
  groups = compile(asked.by.groups, leaves);
  columns = compile(asked.columns.groups, leaves);
  strata = compile(asked.strata.groups, leaves);
  if (asked.type == StatisticType::proportion) items = compile(asked.of, leaves);
  if (!asked.time.from_birth && is_leaf(asked.time.index)) index = leaves.add(asked.time.index);
  follows = is_time_to_event(asked.type) && is_leaf(asked.time.event);
  if (follows) follow_up();
  const auto& model = asked.model;
  if (model.outcome) outcome = variable(*model.outcome);
  if (model.offset) offset = variable(*model.offset);
  if (model.weight) weight = variable(*model.weight);
  for (const auto& covariate : model.covariates) covariates.push_back(variable(covariate));
  for (const auto& one : model.weighted_by) weighted_by.push_back(variable(one));
  feasibility = asked.type == StatisticType::feasibility;
  if (feasibility) {
    willing = cohort::compile(asked.feasibility.willing, leaves);
    reachable = cohort::compile(asked.feasibility.reachable, leaves);
    if (is_leaf(asked.feasibility.enrolled)) enrolled = leaves.add(asked.feasibility.enrolled);
  }
  uses.resize(leaves.size());
  count_uses(cohort);
  for (const auto* list : {&groups, &columns, &strata, &items}) {
    for (const auto& node : *list) count_uses(node);
  }
  if (feasibility) {
    count_uses(willing);
    count_uses(reachable);
  }
  for (const auto* list : {&covariates, &weighted_by}) {
    for (const auto& one : *list) {
      count_uses(one.condition);
      for (const auto& node : one.groups) count_uses(node);
    }
  }
}

void StudyPlan::follow_up() {
  const auto& time = study->time;
  // What was seen after an operation is told with its place: an absence there is one of the operation's own follow-up.
  event = leaves.add(time.event, {.any_place = time.of_index, .numbers = false, .unit = {}});
  for (const auto& item : time.competing) {
    if (is_leaf(item.condition)) competing.push_back(leaves.add(item.condition));
  }
  if (time.entry && is_leaf(*time.entry)) entry = leaves.add(*time.entry);
  if (time.until && is_leaf(*time.until)) until = leaves.add(*time.until);
  if (is_leaf(time.death)) death = leaves.add(time.death);
  if (time.censoring != Censoring::absent) {
    Condition seen;
    seen.form = Condition::Form::fact;
    seen.code = concepts::last_encounter;
    seen.exact = true;
    seen.kind = Kind::person;
    last_encounter = leaves.add(seen);
  }
  births = births || time.from_birth;
}

VariablePlan StudyPlan::variable(const Variable& asked) {
  VariablePlan out{&asked, no_leaf, {}, {}};
  switch (asked.of) {
    case Variable::Of::value:
      if (is_leaf(asked.condition)) out.leaf = leaves.add(asked.condition, {.any_place = false, .numbers = true, .unit = asked.unit});
      break;
    case Variable::Of::indicator:
      if (asked.changes && is_leaf(asked.condition)) out.leaf = leaves.add(asked.condition);
      out.condition = cohort::compile(asked.condition, leaves);
      break;
    case Variable::Of::count:
    case Variable::Of::age:
      if (is_leaf(asked.condition)) out.leaf = leaves.add(asked.condition);
      births = births || asked.of == Variable::Of::age;
      break;
    case Variable::Of::groups: out.groups = compile(asked.grouping.groups, leaves); break;
  }
  return out;
}

void StudyPlan::count_uses(const ConditionNode& node) {
  if (node.leaf != no_leaf) ++uses[node.leaf];
  for (const auto& part : node.parts) count_uses(part);
}

}  // namespace skerry::cohort
