#include "cohort/condition_reader.hpp"

#include <array>
#include <set>

namespace skerry::cohort {

using pack::Node;
using pack::NodeKind;

namespace {

constexpr std::array<std::string_view, 16> leaf_keys{"exact",     "kind",      "status", "value", "site", "side", "origin", "source",
                                                     "reference", "qualifier", "from",   "to",    "age",  "pick", "times",  "when"};
constexpr std::array<std::string_view, 6> form_keys{"code", "all", "any", "not", "everyone", "cohort"};

std::vector<std::string_view> condition_keys(std::initializer_list<std::string_view> more = {}) {
  std::vector<std::string_view> keys(form_keys.begin(), form_keys.end());
  keys.insert(keys.end(), leaf_keys.begin(), leaf_keys.end());
  keys.insert(keys.end(), more.begin(), more.end());
  return keys;
}

}  // namespace

std::size_t leaves_of(const Condition& condition) {
  std::size_t leaves = condition.form == Condition::Form::fact ? 1 : 0;
  for (const auto& part : condition.parts) leaves += leaves_of(part);
  for (const auto& relation : condition.time) {
    for (const auto& other : relation.other) leaves += leaves_of(other);
  }
  return leaves;
}

int depth_of(const Condition& condition) {
  int depth = 0;
  for (const auto& part : condition.parts) depth = std::max(depth, 1 + depth_of(part));
  for (const auto& relation : condition.time) {
    for (const auto& other : relation.other) depth = std::max(depth, 1 + depth_of(other));
  }
  return depth;
}

bool speaks_of_index(const Condition& condition) {
  return std::ranges::any_of(condition.parts, speaks_of_index) || std::ranges::any_of(condition.time, [](const TimeRelation& relation) {
           return relation.other.empty() || std::ranges::any_of(relation.other, speaks_of_index);
         });
}

void ConditionReader::read_lets(const Node& lets) {
  if (!object(lets)) return;
  if (lets.members.size() > items_max) return wrong(lets, "At most " + std::to_string(items_max) + " named cohorts can be given");
  for (const auto& [name, node] : lets.members) {
    if (name.empty()) wrong(node, "A cohort's name is not empty");
    lets_[name].node = &node;
  }
  for (const auto& [name, node] : lets.members) {
    if (!failed()) resolve(node, name);
  }
  leaves_ = 0;  // those of the study itself are counted from here on
}

bool ConditionReader::resolve(const Node& at, const std::string& name) {
  const auto found = lets_.find(name);
  if (found == lets_.end()) {
    std::vector<std::string_view> names;
    for (const auto& entry : lets_) names.push_back(entry.first);
    wrong(at, "No cohort named \"" + name + "\" is given in \"let\"" + suggestion(name, names));
    return false;
  }
  Let& let = found->second;
  if (let.state == Let::State::reading) {
    wrong(at, "The cohort \"" + name + "\" is made of itself");
    return false;
  }
  if (let.state == Let::State::unread) {
    let.state = Let::State::reading;
    let.condition = condition(*let.node);
    let.condition.name = name;
    let.leaves = leaves_of(let.condition);
    let.state = Let::State::read;
  }
  return !failed();
}

bool ConditionReader::count_leaves(const Node& at, std::size_t more) {
  leaves_ += more;
  if (leaves_ > leaves_max) wrong(at, "With its named cohorts written out, a study has at most 10,000 conditions on facts");
  return !failed();
}

Condition ConditionReader::named(const Node& node, int depth) {
  const auto name = string(node);
  if (failed() || !resolve(node, name)) return {};
  const Let& let = lets_.find(name)->second;
  if (depth + depth_of(let.condition) > depth_max) {
    wrong(node, "With the cohort \"" + name + "\" written out, conditions are nested more than " + std::to_string(depth_max) + " deep");
  }
  return count_leaves(node, let.leaves) ? let.condition : Condition{};
}

Condition ConditionReader::condition(const Node& node, int depth) {
  keys(node, condition_keys());
  return condition_part(node, depth);
}

/// The condition among the keys of an item that may have others.
Condition ConditionReader::condition_part(const Node& node, int depth) {
  Condition out;
  if (!object(node)) return out;
  if (depth > depth_max) wrong(node, "Conditions are nested more than " + std::to_string(depth_max) + " deep");
  const Node* said = nullptr;
  std::string_view form;
  for (const auto key : form_keys) {
    const auto* found = node.find(key);
    if (!found) continue;
    if (said) wrong(*found, R"(A condition has only one of "code", "all", "any", "not", "cohort" and "everyone")");
    said = found;
    form = key;
  }
  if (!said) wrong(node, R"(A condition needs one of "code", "all", "any", "not", "cohort" or "everyone")");
  if (failed()) return out;
  if (form == "code") return leaf(node, depth);
  for (const auto key : leaf_keys) {
    if (const auto* found = node.find(key)) wrong(*found, "\"" + std::string(key) + "\" belongs beside a \"code\"");
  }
  if (form == "cohort") return named(*said, depth);
  if (form == "everyone") {
    if (said->kind != NodeKind::boolean || !said->boolean) wrong(*said, "\"everyone\" is true, or left out");
    return out;
  }
  out.form = form == "all" ? Condition::Form::all : form == "any" ? Condition::Form::any : Condition::Form::none;
  parts(*said, out, depth);
  nobody(node, out);
  return out;
}

void ConditionReader::parts(const Node& node, Condition& out, int depth) {
  if (node.kind == NodeKind::object && out.form == Condition::Form::none) {
    out.parts.push_back(condition(node, depth + 1));
    return;
  }
  if (!list(node, "conditions")) return;
  for (const auto& entry : node.items) {
    if (!failed()) out.parts.push_back(condition(entry, depth + 1));
  }
}

/// The obvious ones: something and its own negation, one thing with two statuses, "not everyone".
void ConditionReader::nobody(const Node& node, const Condition& out) {
  if (failed() || out.form == Condition::Form::any) return;
  if (out.form == Condition::Form::none) {
    const auto everyone = [](const Condition& part) { return part.form == Condition::Form::everyone; };
    if (std::ranges::any_of(out.parts, everyone)) wrong(node, "Nobody can be in this: it rules out everyone");
    return;
  }
  std::set<std::string> wanted;
  std::set<std::string> wanted_whatever_status;
  for (const auto& part : out.parts) {
    if (!wanted.insert(canonical_text(part)).second || part.form != Condition::Form::fact) continue;
    auto bare = part;
    bare.asked = Asked::present;
    const bool compatible = part.asked == Asked::recorded;  // with present or absent
    if (!compatible && !wanted_whatever_status.insert(canonical_text(bare)).second) {
      return wrong(node, "Nobody can be in this: \"" + part.code + "\" is asked for with two different statuses");
    }
  }
  for (const auto& part : out.parts) {
    if (part.form != Condition::Form::none) continue;
    for (const auto& ruled_out : part.parts) {
      if (wanted.contains(canonical_text(ruled_out))) {
        return wrong(node, "Nobody can be in this: the same condition is asked for and ruled out");
      }
    }
  }
}

Condition ConditionReader::fact(const Node& node, std::string_view name, int depth) {
  auto out = condition(node, depth);
  if (!failed() && (out.form != Condition::Form::fact || out.asked != Asked::present)) {
    wrong(node, std::string(name) + " is one condition with a \"code\" (no list) and without \"status\"");
  }
  return out;
}

// --- items and groups ---

Item ConditionReader::item(const Node& node) {
  Item out;
  keys(node, condition_keys({"id", "title"}));
  if (failed()) return out;
  out.title = texts(node, "title", false);
  out.condition = condition_part(node, 0);
  out.code.id = out.condition.code;
  out.id = node.find("id") ? text(node, "id", true) : out.condition.name.empty() ? out.code.id : out.condition.name;
  if (!failed() && out.id.empty()) wrong(node, "An \"id\" is needed where there is no \"code\"");
  return out;
}

std::vector<Item> ConditionReader::items(const Node& node) {
  std::vector<Item> out;
  if (node.kind == NodeKind::object) {
    out.push_back(item(node));
  } else if (list(node, "conditions, each with a \"code\",")) {
    for (const auto& entry : node.items) {
      if (!failed()) out.push_back(item(entry));
    }
  }
  if (!failed()) unique(node, out);
  return out;
}

void ConditionReader::unique(const Node& node, const std::vector<Item>& items) {
  std::set<std::string_view> seen;
  for (const auto& entry : items) {
    if (!seen.insert(entry.id).second) wrong(node, "The id \"" + entry.id + "\" stands twice in this list");
  }
}

Grouping ConditionReader::grouping(const Node& node) {
  Grouping out;
  keys(node, {"title", "code", "kind", "exact", "values", "origins", "groups"});
  if (failed()) return out;
  out.title = texts(node, "title", false);
  const auto* named = node.find("groups");
  const auto* values = node.find("values");
  const auto* origins = node.find("origins");
  if ((named != nullptr) + (values != nullptr) + (origins != nullptr) != 1) {
    wrong(node, "Groups are given by exactly one of \"groups\", \"values\" and \"origins\"");
    return out;
  }
  const auto& entries = named ? *named : values ? *values : *origins;
  if (!list(entries, "groups")) return out;
  for (const auto& entry : entries.items) {
    if (failed()) return out;
    out.groups.push_back(named ? item(entry) : value_group(node, entry, origins != nullptr));
  }
  if (failed()) return out;
  if (!named) out.code.id = node.find("code")->string;
  for (const auto key : {"code", "kind", "exact"}) {
    if (named && node.find(key)) wrong(*node.find(key), "\"" + std::string(key) + "\" goes with \"values\" or \"origins\"");
  }
  unique(entries, out.groups);
  return out;
}

/// One group of people whose fact with the grouping's code has this value (or origin).
Item ConditionReader::value_group(const Node& grouping, const Node& entry, bool is_origin) {
  Item out;
  const auto* code = need(grouping, "code");
  if (!code) return out;
  Condition base;
  base.form = Condition::Form::fact;
  base.code = curie(*code);
  leaf_said(grouping, base);
  if (!count_leaves(entry, 1)) return out;
  const bool titled = entry.kind == NodeKind::object;
  if (titled) keys(entry, {"code", "title"});
  const auto* value = titled ? need(entry, "code") : &entry;
  if (!value || failed()) return out;
  if (titled) out.title = texts(entry, "title", false);
  out.code.id = out.id = curie(*value);
  base.value = {{is_origin ? Comparison::Relation::origin : Comparison::Relation::code, 0, "", out.id}};
  out.condition = std::move(base);
  return out;
}

}  // namespace skerry::cohort
