// One text for each meaning. What the first version of the language could say is always written out; what has come since only where it
// is not the default, so that figures released under an old study's digest still find it.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>
#include <map>
#include <string>
#include <utility>

#include "cohort/study.hpp"
#include "consent/view.hpp"

namespace skerry::cohort {
namespace {

namespace json = boost::json;

/// An object whose keys come out in alphabetical order: boost::json keeps the order of insertion.
class Fields {
 public:
  template <class T>
  void put(const std::string& key, T&& value) {
    fields_[key] = std::forward<T>(value);
  }
  template <class T>
  void put_unless(bool is_default, const std::string& key, T&& value) {
    if (!is_default) put(key, std::forward<T>(value));
  }
  [[nodiscard]] json::value value() const {
    json::object out;
    for (const auto& [key, value] : fields_) out[key] = value;
    return out;
  }

 private:
  std::map<std::string, json::value> fields_;
};

json::value canonical(const Comparison& comparison);
json::value canonical(const QualifierTest& test);
json::value canonical(const TimeRelation& relation);
json::value canonical(const Condition& condition);
json::value canonical(const Item& item);
json::value canonical(const Variable& variable);

template <class T>
json::value list_of(const std::vector<T>& entries) {
  json::array out;
  for (const auto& entry : entries) out.push_back(canonical(entry));
  return out;
}

std::string_view name_of(Asked asked) noexcept {
  switch (asked) {
    case Asked::present: return "present";
    case Asked::absent: return "absent";
    case Asked::recorded: return "recorded";
    case Asked::not_recorded: return "not_recorded";
  }
  return "";
}

std::string_view name_of(Comparison::Relation relation) noexcept {
  switch (relation) {
    case Comparison::Relation::equal: return "equal";
    case Comparison::Relation::less: return "less";
    case Comparison::Relation::at_most: return "at_most";
    case Comparison::Relation::greater: return "greater";
    case Comparison::Relation::at_least: return "at_least";
    case Comparison::Relation::code: return "code";
    case Comparison::Relation::origin: return "origin";
  }
  return "";
}

std::string_view name_of(Condition::Form form) noexcept {
  switch (form) {
    case Condition::Form::everyone: return "everyone";
    case Condition::Form::fact: return "fact";
    case Condition::Form::all: return "all";
    case Condition::Form::any: return "any";
    case Condition::Form::none: return "not";
  }
  return "";
}

std::string_view name_of(TimeRelation::Relation relation) noexcept {
  switch (relation) {
    case TimeRelation::Relation::after: return "after";
    case TimeRelation::Relation::before: return "before";
    case TimeRelation::Relation::within: return "within";
    case TimeRelation::Relation::during: return "during";
  }
  return "";
}

std::string_view name_of(Censoring censoring) noexcept {
  switch (censoring) {
    case Censoring::absent: return "absent";
    case Censoring::last_encounter: return "last_encounter";
    case Censoring::death: return "death";
  }
  return "";
}

std::string_view name_of(Variable::Of of) noexcept {
  switch (of) {
    case Variable::Of::value: return "value";
    case Variable::Of::indicator: return "indicator";
    case Variable::Of::count: return "count";
    case Variable::Of::age: return "age";
    case Variable::Of::groups: return "groups";
  }
  return "";
}

std::string_view name_of(Variable::Which which) noexcept {
  switch (which) {
    case Variable::Which::first: return "first";
    case Variable::Which::last: return "last";
    case Variable::Which::lowest: return "lowest";
    case Variable::Which::highest: return "highest";
    case Variable::Which::mean: return "mean";
    case Variable::Which::at_index: return "at_index";
  }
  return "";
}

std::string_view name_of(Feasibility::Design design) noexcept {
  switch (design) {
    case Feasibility::Design::single_arm: return "single_arm";
    case Feasibility::Design::two_arms: return "two_arms";
    case Feasibility::Design::randomised_withdrawal: return "randomised_withdrawal";
    case Feasibility::Design::n_of_1: return "n_of_1";
  }
  return "";
}

json::value canonical(const Comparison& comparison) {
  Fields out;
  out.put("relation", name_of(comparison.relation));
  if (!comparison.code.empty()) {
    out.put("code", comparison.code);
  } else {
    out.put("number", comparison.number);
    out.put("unit", comparison.unit);
  }
  return out.value();
}

json::value canonical(const QualifierTest& test) {
  Fields out;
  out.put("role", test.role);
  out.put("value", list_of(test.value));
  return out.value();
}

json::value canonical(const TimeRelation& relation) {
  Fields out;
  out.put("relation", name_of(relation.relation));
  out.put("other", list_of(relation.other));
  out.put("least_days", relation.least_days);
  out.put("most_days", relation.most_days ? json::value(*relation.most_days) : json::value());
  return out.value();
}

json::value canonical(const Condition& condition) {
  Fields out;
  out.put("form", name_of(condition.form));
  if (condition.form != Condition::Form::fact) {
    out.put("parts", list_of(condition.parts));
    return out.value();
  }
  out.put("code", condition.code);
  out.put("exact", condition.exact);
  out.put("kind", condition.kind ? skerry::name_of(*condition.kind) : std::string_view{});
  out.put("side", condition.side ? skerry::name_of(*condition.side) : std::string_view{});
  out.put("site", condition.site);
  out.put("status", name_of(condition.asked));
  out.put("value", list_of(condition.value));

  json::array sources;
  for (const auto source : condition.sources) sources.emplace_back(skerry::name_of(source));
  out.put_unless(sources.empty(), "sources", sources);
  out.put_unless(condition.source_reference.empty(), "reference", condition.source_reference);
  out.put_unless(condition.qualifiers.empty(), "qualifiers", list_of(condition.qualifiers));
  if (condition.from) out.put("from", to_text(*condition.from));
  if (condition.to) out.put("to", to_text(*condition.to));
  if (condition.age_from_days) out.put("age_from_days", *condition.age_from_days);
  if (condition.age_to_days) out.put("age_to_days", *condition.age_to_days);
  out.put_unless(condition.pick == Pick::any, "pick", condition.pick == Pick::first ? "first" : "last");
  out.put_unless(condition.time.empty(), "time", list_of(condition.time));
  out.put_unless(condition.at_least == 1, "at_least", condition.at_least);
  if (condition.at_most) out.put("at_most", *condition.at_most);
  return out.value();
}

json::value canonical(const Item& item) {
  Fields out;
  out.put("condition", canonical(item.condition));
  out.put("id", item.id);
  return out.value();
}

json::value canonical(const TimeToEvent& time) {
  Fields out;
  out.put("censoring", name_of(time.censoring));
  out.put("event", canonical(time.event));
  out.put("from_birth", time.from_birth);
  out.put("horizon", time.horizon);
  out.put("index", canonical(time.index));
  out.put("interval", name_of(time.interval));
  out.put("of_index", time.of_index);
  out.put("step", time.step);
  out.put("unit", name_of(time.unit));

  out.put_unless(time.competing.empty(), "competing", list_of(time.competing));
  if (time.entry) out.put("entry", canonical(*time.entry));
  if (time.until) out.put("until", canonical(*time.until));
  out.put_unless(time.rho == 0, "rho", time.rho);
  if (time.restricted_to) out.put("restricted_to", *time.restricted_to);
  out.put_unless(time.death.form == Condition::Form::everyone, "death", canonical(time.death));
  return out.value();
}

json::value canonical(const Variable& variable) {
  Fields out;
  out.put("changes", variable.changes);
  out.put("condition", canonical(variable.condition));
  out.put("groups", list_of(variable.grouping.groups));
  out.put("id", variable.id);
  out.put("of", name_of(variable.of));
  out.put("per", variable.per);
  out.put("unit", variable.unit);
  out.put("which", name_of(variable.which));
  return out.value();
}

json::value canonical(const Model& model) {
  Fields out;
  out.put("bootstrap", model.bootstrap);
  out.put("covariates", list_of(model.covariates));
  out.put("firth", model.firth);
  out.put("grid", json::array{model.grid_from, model.grid_to, model.grid_step});
  out.put("offset", model.offset ? canonical(*model.offset) : json::value());
  out.put("outcome", model.outcome ? canonical(*model.outcome) : json::value());
  out.put("quantiles", json::value_from(model.quantiles));
  out.put("repeated", model.repeated);
  out.put("robust", model.robust);
  out.put("seed", model.seed ? json::value(*model.seed) : json::value());
  out.put("ties", model.ties == Ties::efron ? "efron" : "breslow");
  out.put("weight", model.weight ? canonical(*model.weight) : json::value());
  out.put("weighted_by", list_of(model.weighted_by));
  return out.value();
}

json::value canonical(const Feasibility& feasibility) {
  Fields out;
  out.put("alpha", feasibility.alpha);
  out.put("control", feasibility.control);
  out.put("cycles", feasibility.cycles);
  out.put("design", name_of(feasibility.design));
  out.put("drop_out", feasibility.drop_out);
  out.put("enrolled", canonical(feasibility.enrolled));
  out.put("lookback_years", feasibility.lookback_years);
  out.put("power", feasibility.power);
  out.put("reachable", canonical(feasibility.reachable));
  out.put("recruits_a_year", feasibility.recruits_a_year ? json::value(*feasibility.recruits_a_year) : json::value());
  out.put("willing", canonical(feasibility.willing));
  return out.value();
}

}  // namespace

std::string canonical_text(const Study& study) {
  Fields out;
  out.put("by", list_of(study.by.groups));
  out.put("cohort", canonical(study.cohort));
  out.put("floor", study.floor.value_or(0));
  out.put("format", 1);
  out.put("id", study.id);
  out.put("level", study.level);
  out.put("purpose", consent::name_of(study.purpose));
  out.put("snapshot", study.snapshot.value_or(0));
  out.put("type", name_of(study.type));
  if (study.type == StatisticType::crosstab) out.put("columns", list_of(study.columns.groups));
  if (study.type == StatisticType::proportion) {
    out.put("of", list_of(study.of));
    out.put("proportion_interval", name_of(study.proportion_interval));
  }
  out.put_unless(study.strata.groups.empty(), "strata", list_of(study.strata.groups));
  out.put_unless(study.time == TimeToEvent{}, "time", canonical(study.time));
  out.put_unless(study.model == Model{}, "model", canonical(study.model));
  if (study.type == StatisticType::feasibility) out.put("feasibility", canonical(study.feasibility));
  return json::serialize(out.value());
}

std::string canonical_text(const Condition& condition) { return json::serialize(canonical(condition)); }

}  // namespace skerry::cohort
