#include "cohort/words.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string_view>
#include <vector>

namespace skerry::cohort {
namespace {

using vocabulary::Vocabulary;

constexpr std::size_t parts_shown = 5;

std::string concept_words(std::string_view id, const Vocabulary& vocabulary) {
  const auto* term = vocabulary.find(id);
  return term && !term->label.empty() ? fmt::format("{} ({})", term->label, id) : std::string(id);
}

/// Within a sentence the label is enough.
std::string label_words(std::string_view id, const Vocabulary& vocabulary) {
  const auto* term = vocabulary.find(id);
  return term && !term->label.empty() ? term->label : std::string(id);
}

std::string_view unit_words(std::string_view unit) { return unit.starts_with("UCUM:") ? unit.substr(5) : unit; }

std::string value_words(const std::vector<Comparison>& value, const Vocabulary& vocabulary) {
  using Relation = Comparison::Relation;
  std::string out;
  for (const auto& comparison : value) {
    std::string_view relation;
    switch (comparison.relation) {
      case Relation::equal: relation = "equal to"; break;
      case Relation::less: relation = "below"; break;
      case Relation::at_most: relation = "at most"; break;
      case Relation::greater: relation = "above"; break;
      case Relation::at_least: relation = "at least"; break;
      case Relation::code: relation = "being"; break;
      case Relation::origin: relation = "with origin"; break;
    }
    if (!out.empty()) out += " and ";
    if (!comparison.code.empty()) {
      out += fmt::format("{} {}", relation, label_words(comparison.code, vocabulary));
    } else {
      const auto unit = unit_words(comparison.unit);
      out += fmt::format("{} {}{}{}", relation, comparison.number, unit.empty() ? "" : " ", unit);
    }
  }
  return out;
}

std::string range_of_days(double least, const std::optional<double>& most) {
  if (least > 0 && most) return fmt::format("{} to {}", days_in_words(least), days_in_words(*most));
  if (most) return "within " + days_in_words(*most);
  return least > 0 ? "at least " + days_in_words(least) : std::string{};
}

std::string relation_words(const TimeRelation& relation, const Vocabulary& vocabulary) {
  const auto other = relation.other.empty() ? std::string("the index event") : in_words(relation.other.front(), vocabulary);
  auto range = range_of_days(relation.least_days, relation.most_days);
  if (!range.empty()) range += " ";
  switch (relation.relation) {
    case TimeRelation::Relation::after: return fmt::format("{}after {}", range, other);
    case TimeRelation::Relation::before: return fmt::format("{}before {}", range, other);
    case TimeRelation::Relation::within: return fmt::format("{}of {}", range, other);
    case TimeRelation::Relation::during: return fmt::format("during {}", other);
  }
  return {};
}

std::string sources_words(const std::vector<SourceKind>& sources) {
  std::string out;
  for (const auto source : sources) out += (out.empty() ? "said by " : " or ") + std::string(name_of(source));
  return out;
}

std::string dates_words(const Condition& leaf) {
  if (leaf.from && leaf.to) return fmt::format("from {} to {}", to_text(*leaf.from), to_text(*leaf.to));
  if (leaf.from) return "from " + to_text(*leaf.from);
  return leaf.to ? "until " + to_text(*leaf.to) : std::string{};
}

std::string age_words(const Condition& leaf) {
  if (leaf.age_from_days && leaf.age_to_days) {
    return fmt::format("from age {} to below {}", days_in_words(*leaf.age_from_days), days_in_words(*leaf.age_to_days));
  }
  if (leaf.age_from_days) return fmt::format("at age {} or above", days_in_words(*leaf.age_from_days));
  return leaf.age_to_days ? fmt::format("below age {}", days_in_words(*leaf.age_to_days)) : std::string{};
}

std::string times_words(const Condition& leaf) {
  if (leaf.at_most && *leaf.at_most == leaf.at_least) return fmt::format("exactly {} times", leaf.at_least);
  if (leaf.at_most) return fmt::format("{} to {} times", leaf.at_least, *leaf.at_most);
  return leaf.at_least > 1 ? fmt::format("at least {} times", leaf.at_least) : std::string{};
}

std::string place_words(const Condition& leaf, const Vocabulary& vocabulary) {
  if (leaf.site.empty()) return leaf.side ? fmt::format("on the {} side", name_of(*leaf.side)) : std::string{};
  if (!leaf.side) return "at " + label_words(leaf.site, vocabulary);
  return fmt::format("at {} ({})", label_words(leaf.site, vocabulary), name_of(*leaf.side));
}

std::string status_words(Asked asked) {
  switch (asked) {
    case Asked::present: return {};
    case Asked::absent: return "absent";
    case Asked::recorded: return "recorded, present or absent";
    case Asked::not_recorded: return "not recorded";
  }
  return {};
}

std::string leaf_words(const Condition& leaf, const Vocabulary& vocabulary) {
  auto out = concept_words(leaf.code, vocabulary);
  const auto add = [&out](std::string_view before, const std::string& words) {
    if (!words.empty()) out += std::string(before) + words;
  };
  if (leaf.exact) out += ", this code alone";
  add(" ", value_words(leaf.value, vocabulary));
  add(" ", place_words(leaf, vocabulary));
  const bool said_by_more = !leaf.value.empty() || !leaf.time.empty() || leaf.pick != Pick::any;
  add(" ", leaf.asked == Asked::present && leaf.kind == Kind::feature && !said_by_more ? "present" : status_words(leaf.asked));
  for (const auto& test : leaf.qualifiers) {
    const auto value = value_words(test.value, vocabulary);
    out += fmt::format(", {} {}", label_words(test.role, vocabulary), value.empty() ? "told" : value);
  }
  add(", ", sources_words(leaf.sources));
  if (!leaf.source_reference.empty()) out += ", from " + leaf.source_reference;
  if (leaf.pick != Pick::any) out += leaf.pick == Pick::first ? ", the first" : ", the last";
  const std::string_view joint = leaf.pick != Pick::any ? " " : ", ";
  add(joint, age_words(leaf));
  add(leaf.age_from_days || leaf.age_to_days ? ", " : joint, dates_words(leaf));
  for (const auto& relation : leaf.time) add(", ", relation_words(relation, vocabulary));
  add(", ", times_words(leaf));
  return out;
}

std::string list_words(const std::vector<Condition>& parts, std::string_view joint, const Vocabulary& vocabulary) {
  std::string out;
  for (std::size_t i = 0; i < parts.size() && i < parts_shown; ++i) {
    auto words = in_words(parts[i], vocabulary);
    const bool nested = parts.size() > 1 && parts[i].name.empty() && parts[i].parts.size() > 1;
    if (nested) words = "(" + words + ")";
    if (!out.empty()) out += joint;
    out += words;
  }
  if (parts.size() > parts_shown) out += fmt::format("{}{} more", joint, parts.size() - parts_shown);
  return out;
}

}  // namespace

std::string days_in_words(double days) {
  const auto whole = [days](double unit) {
    const double count = days / unit;
    return count >= 1 && std::abs(count - std::round(count)) < 1e-9;
  };
  const auto say = [days](double unit, std::string_view name) {
    const double count = days / unit;
    const double shown = std::abs(count - std::round(count)) < 1e-9 ? std::round(count) : count;
    return fmt::format("{:.6g} {}{}", shown, name, shown == 1 ? "" : "s");
  };
  if (whole(365.25)) return say(365.25, "year");
  if (whole(30.4375)) return say(30.4375, "month");
  if (whole(7)) return say(7, "week");
  return say(1, "day");
}

std::string in_words(const Condition& condition, const Vocabulary& vocabulary) {
  if (!condition.name.empty()) return condition.name;
  switch (condition.form) {
    case Condition::Form::everyone: return "everyone";
    case Condition::Form::fact: return leaf_words(condition, vocabulary);
    case Condition::Form::all: return list_words(condition.parts, " and ", vocabulary);
    case Condition::Form::any: return list_words(condition.parts, " or ", vocabulary);
    case Condition::Form::none:
      return condition.parts.size() == 1 ? "not " + list_words(condition.parts, "", vocabulary)
                                         : "none of: " + list_words(condition.parts, "; ", vocabulary);
  }
  return {};
}

}  // namespace skerry::cohort
