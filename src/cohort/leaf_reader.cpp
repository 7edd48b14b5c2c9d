// The part of ConditionReader that reads one condition on a fact.
#include <array>
#include <limits>

#include "cohort/condition_reader.hpp"

namespace skerry::cohort {

using pack::Node;
using pack::NodeKind;

Condition ConditionReader::leaf(const Node& node, int depth) {
  Condition out;
  out.form = Condition::Form::fact;
  leaf_said(node, out);
  leaf_source(node, out);
  leaf_time(node, out, depth);
  leaf_times(node, out);
  const auto& code = *node.find("code");
  if (failed()) return out;
  if (code.kind != NodeKind::array) {
    out.code = curie(code);
    count_leaves(node, leaves_of(out));
    return out;
  }
  if (!list(code, "codes")) return out;
  if (code.items.size() > 1 && (node.find("pick") || node.find("times"))) {
    wrong(code, "\"pick\" and \"times\" look at the facts of one code; give each code its own condition");
  }
  // Of several codes: any is present or recorded; all are absent or not recorded.
  Condition several;
  several.form = out.asked == Asked::present || out.asked == Asked::recorded ? Condition::Form::any : Condition::Form::all;
  for (const auto& entry : code.items) {
    out.code = curie(entry);
    if (!count_leaves(entry, leaves_of(out))) return out;
    several.parts.push_back(out);
  }
  return several.parts.size() == 1 ? std::move(several.parts.front()) : several;
}

/// Kind, status, value and place.
void ConditionReader::leaf_said(const Node& node, Condition& out) {
  out.exact = boolean(node, "exact");
  if (const auto* kind = node.find("kind")) {
    const auto parsed = parse_kind(string(*kind));
    static constexpr std::array<std::string_view, 8> kinds{"person",  "feature",   "measurement", "diagnosis",
                                                           "variant", "procedure", "treatment",   "experience"};
    if (!parsed) wrong(*kind, "\"" + kind->string + "\" is not a kind of fact" + suggestion(kind->string, kinds));
    if (parsed) out.kind = *parsed;
  }
  if (const auto* status = node.find("status")) {
    static constexpr std::array<Named<Asked>, 4> allowed{
        {{"present", Asked::present}, {"absent", Asked::absent}, {"recorded", Asked::recorded}, {"not_recorded", Asked::not_recorded}}};
    out.asked = one_of<Asked>(*status, allowed);
  }
  if (const auto* site = node.find("site")) out.site = curie(*site);
  if (const auto* side = node.find("side")) {
    static constexpr std::array<Named<Side>, 4> allowed{
        {{"left", Side::left}, {"right", Side::right}, {"both", Side::both}, {"midline", Side::midline}}};
    out.side = one_of<Side>(*side, allowed);
  }
  if (const auto* value = node.find("value")) out.value = comparisons(*value);
  if (const auto* origin = node.find("origin")) out.value.push_back({Comparison::Relation::origin, 0, "", curie(*origin)});
}

/// Who said it, and what else was said.
void ConditionReader::leaf_source(const Node& node, Condition& out) {
  static constexpr std::array<Named<SourceKind>, 5> kinds{{{"participant", SourceKind::participant},
                                                           {"proxy", SourceKind::proxy},
                                                           {"clinician", SourceKind::clinician},
                                                           {"device", SourceKind::device},
                                                           {"publication", SourceKind::publication}}};
  if (const auto* source = node.find("source"); source && source->kind == NodeKind::string) {
    out.sources = {one_of<SourceKind>(*source, kinds)};
  } else if (source && list(*source, "sources")) {
    for (const auto& entry : source->items) out.sources.push_back(one_of<SourceKind>(entry, kinds));
    std::ranges::sort(out.sources);
    if (std::ranges::adjacent_find(out.sources) != out.sources.end()) wrong(*source, "A source stands twice in this list");
  }
  out.source_reference = text(node, "reference", false);
  if (const auto* told = node.find("qualifier"); told && told->kind == NodeKind::array) {
    if (!list(*told, "qualifiers")) return;
    for (const auto& entry : told->items) out.qualifiers.push_back(qualifier(entry));
  } else if (told) {
    out.qualifiers = {qualifier(*told)};
  }
}

QualifierTest ConditionReader::qualifier(const Node& node) {
  QualifierTest out;
  const auto* role = need(node, "role");
  if (!role || failed()) return out;
  out.role = curie(*role);
  if (node.members.size() > 1) {
    out.value = comparisons(node, {"role"});
  }
  return out;
}

/// The comparisons of an object, which may have the keys `beside` too.
std::vector<Comparison> ConditionReader::comparisons(const Node& node, std::initializer_list<std::string_view> beside) {
  std::vector<Comparison> out;
  std::vector<std::string_view> allowed(beside);
  for (const auto key : {"equal", "less", "at_most", "greater", "at_least", "between", "unit", "code"}) allowed.emplace_back(key);
  keys(node, allowed);
  if (failed()) return out;
  if (const auto* code = node.find("code")) {
    if (node.members.size() > beside.size() + 1) wrong(node, "A value is compared with a code or with numbers, not with both");
    out.push_back({Comparison::Relation::code, 0, "", curie(*code)});
    return out;
  }
  const auto* unit_node = node.find("unit");
  const auto unit_text = unit_node ? unit(*unit_node) : std::string{};
  using Relation = Comparison::Relation;
  static constexpr std::array<Named<Relation>, 5> relations{{{"equal", Relation::equal},
                                                             {"less", Relation::less},
                                                             {"at_most", Relation::at_most},
                                                             {"greater", Relation::greater},
                                                             {"at_least", Relation::at_least}}};
  for (const auto& [key, relation] : relations) {
    if (const auto* limit = node.find(key)) out.push_back({relation, number(*limit), unit_text, ""});
  }
  if (const auto* between = node.find("between")) {
    if (between->kind != NodeKind::array || between->items.size() != 2) {
      wrong(*between, "\"between\" is a list of two numbers, the least and the most: [3, 7]");
      return out;
    }
    out.push_back({Relation::at_least, number(between->items[0]), unit_text, ""});
    out.push_back({Relation::at_most, number(between->items[1]), unit_text, ""});
  }
  if (out.empty()) wrong(node, "A value needs \"code\" or one of equal, less, at_most, greater, at_least, between");
  possible(node, out);
  return out;
}

void ConditionReader::possible(const Node& node, const std::vector<Comparison>& comparisons) {
  using Relation = Comparison::Relation;
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
  for (const auto& [relation, number, unit, code] : comparisons) {
    if (relation == Relation::equal || relation == Relation::at_least || relation == Relation::greater) least = std::max(least, number);
    if (relation == Relation::equal || relation == Relation::at_most || relation == Relation::less) most = std::min(most, number);
  }
  bool none = least > most;
  for (const auto& [relation, number, unit, code] : comparisons) {
    none = none || (relation == Relation::greater && number >= most) || (relation == Relation::less && number <= least);
  }
  if (none) wrong(node, "No number can be in this range: its lower end is above its upper end");
}

/// Dates, ages, which of the facts, and how they lie to others.
void ConditionReader::leaf_time(const Node& node, Condition& out, int depth) {
  if (const auto* from = node.find("from")) out.from = date(*from);
  if (const auto* to = node.find("to")) out.to = date(*to);
  if (!failed() && out.from && out.to && days_of(*out.from).first > days_of(*out.to).last) {
    wrong(*node.find("to"), "\"to\" lies before \"from\": no date is between them");
  }
  if (const auto* age = node.find("age")) {
    keys(*age, {"at_least", "below"});
    if (failed()) return;
    if (const auto* least = age->find("at_least")) out.age_from_days = duration_days(*least);
    if (const auto* below = age->find("below")) out.age_to_days = duration_days(*below);
    if (!out.age_from_days && !out.age_to_days) wrong(*age, "An age needs \"at_least\" or \"below\"");
    if (out.age_from_days && out.age_to_days && *out.age_from_days >= *out.age_to_days) {
      wrong(*age, "No age is at least the first and below the second");
    }
  }
  if (const auto* pick = node.find("pick")) {
    static constexpr std::array<Named<Pick>, 3> allowed{{{"any", Pick::any}, {"first", Pick::first}, {"last", Pick::last}}};
    out.pick = one_of<Pick>(*pick, allowed);
  }
  const auto* when = node.find("when");
  if (when && when->kind == NodeKind::array) {
    if (!list(*when, "relations in time")) return;
    for (const auto& entry : when->items) {
      if (!failed()) out.time.push_back(time_relation(entry, depth));
    }
  } else if (when) {
    out.time.push_back(time_relation(*when, depth));
  }
  if (out.asked == Asked::not_recorded && (out.pick != Pick::any || !out.time.empty() || out.from || out.to)) {
    wrong(node, "What is not recorded has no date");
  }
}

TimeRelation ConditionReader::time_relation(const Node& node, int depth) {
  TimeRelation out;
  keys(node, {"after", "before", "within", "during", "at_least", "at_most"});
  if (failed()) return out;
  using Relation = TimeRelation::Relation;
  static constexpr std::array<Named<Relation>, 4> relations{
      {{"after", Relation::after}, {"before", Relation::before}, {"within", Relation::within}, {"during", Relation::during}}};
  const Node* other = nullptr;
  for (const auto& [key, relation] : relations) {
    const auto* found = node.find(key);
    if (!found) continue;
    if (other) wrong(*found, "A relation in time has only one of \"after\", \"before\", \"within\" and \"during\"");
    other = found;
    out.relation = relation;
  }
  if (!other) wrong(node, R"(A relation in time needs one of "after", "before", "within" or "during")");
  if (failed()) return out;
  if (other->kind == NodeKind::string) {
    if (other->string != "index") wrong(*other, "The other is a condition with a \"code\", or \"index\"");
    if (!index_spoken_of_) index_spoken_of_ = other;
  } else {
    out.other.push_back(fact(*other, "The other event", depth + 1));
    leaves_ -= std::min(leaves_, leaves_of(out.other.back()));  // counted with the fact it belongs to
  }
  const auto* least = node.find("at_least");
  const auto* most = node.find("at_most");
  if (least) out.least_days = duration_days(*least);
  if (most) out.most_days = duration_days(*most);
  if (failed()) return out;
  if (out.relation == Relation::within && !most) wrong(node, "\"within\" needs \"at_most\": how far away it may be, as \"P6M\"");
  if (out.relation == Relation::within && least) wrong(*least, "\"within\" has only \"at_most\"");
  if (out.relation == Relation::during && (least || most)) wrong(least ? *least : *most, "\"during\" has no \"at_least\" or \"at_most\"");
  if (most && out.least_days > *out.most_days) wrong(*most, "\"at_most\" is shorter than \"at_least\": no time is between them");
  return out;
}

void ConditionReader::leaf_times(const Node& node, Condition& out) {
  const auto* times = node.find("times");
  if (!times) return;
  keys(*times, {"at_least", "at_most"});
  if (failed()) return;
  const auto* least = times->find("at_least");
  const auto* most = times->find("at_most");
  if (!least && !most) wrong(*times, "\"times\" needs \"at_least\" or \"at_most\"");
  if (least) out.at_least = static_cast<std::int32_t>(integer(*least, 1, 1'000'000));
  if (most) out.at_most = static_cast<std::int32_t>(integer(*most, 1, 1'000'000));
  if (!failed() && most && *out.at_most < out.at_least) wrong(*most, "\"at_most\" is less than \"at_least\"");
  if (out.asked != Asked::present) wrong(*times, "Only what is present is counted: \"times\" takes no \"status\"");
  if (out.pick != Pick::any) wrong(*times, "\"pick\" leaves one fact, which \"times\" cannot count");
}

}  // namespace skerry::cohort
