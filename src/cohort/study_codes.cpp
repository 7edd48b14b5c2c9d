#include "cohort/study_codes.hpp"

namespace skerry::cohort {
namespace {

using Codes = std::set<std::string>;

void add(const std::string& code, Codes& out) {
  if (!code.empty()) out.insert(code);
}

void add(const std::vector<Comparison>& value, Codes& out) {
  for (const auto& comparison : value) add(comparison.code, out);
}

void add(const Condition& condition, Codes& out) {
  add(condition.code, out);
  add(condition.site, out);
  add(condition.value, out);
  for (const auto& test : condition.qualifiers) {
    add(test.role, out);
    add(test.value, out);
  }
  for (const auto& relation : condition.time) {
    for (const auto& other : relation.other) add(other, out);
  }
  for (const auto& part : condition.parts) add(part, out);
}

void add(const std::vector<Item>& items, Codes& out) {
  for (const auto& item : items) add(item.condition, out);
}

void add(const Variable& variable, Codes& out) {
  add(variable.condition, out);
  add(variable.grouping.groups, out);
}

void add(const TimeToEvent& time, Codes& out) {
  for (const auto* condition : {&time.index, &time.event, &time.death}) add(*condition, out);
  if (time.entry) add(*time.entry, out);
  if (time.until) add(*time.until, out);
  add(time.competing, out);
}

void add(const Model& model, Codes& out) {
  for (const auto* variable : {&model.outcome, &model.offset, &model.weight}) {
    if (*variable) add(**variable, out);
  }
  for (const auto& covariate : model.covariates) add(covariate, out);
  for (const auto& covariate : model.weighted_by) add(covariate, out);
}

}  // namespace

std::set<std::string> codes_of(const Study& study) {
  Codes out;
  add(study.cohort, out);
  for (const auto* items : {&study.of, &study.by.groups, &study.columns.groups, &study.strata.groups}) add(*items, out);
  add(study.time, out);
  add(study.model, out);
  for (const auto* condition : {&study.feasibility.willing, &study.feasibility.reachable, &study.feasibility.enrolled})
    add(*condition, out);
  return out;
}

}  // namespace skerry::cohort
