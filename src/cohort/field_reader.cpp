#include "cohort/field_reader.hpp"

#include <cmath>

#include "vocabulary/units.hpp"

namespace skerry::cohort {

using pack::Node;
using pack::NodeKind;

namespace {

/// 0.5, 100, 0.001: no more digits than are needed.
std::string text_of(double number) {
  auto out = std::to_string(number);
  while (out.ends_with('0')) out.pop_back();
  if (out.ends_with('.')) out.pop_back();
  return out;
}

}  // namespace

void FieldReader::wrong(const Node& at, std::string message) {
  if (!error_) error_ = Error{ErrorCode::invalid_study, std::move(message), at.place(file_)};
}

std::string FieldReader::suggestion(std::string_view word, std::span<const std::string_view> candidates) {
  const auto near = pack::nearest(word, candidates);
  return near.empty() ? std::string{} : "; did you mean \"" + near + "\"?";
}

void FieldReader::not_one_of(const Node& node, std::string_view word, std::span<const std::string_view> names) {
  std::string list;
  for (const auto name : names) list += (list.empty() ? "" : ", ") + std::string(name);
  wrong(node, "\"" + std::string(word) + "\" is not one of " + list + suggestion(word, names));
}

bool FieldReader::object(const Node& node) {
  if (node.kind != NodeKind::object) wrong(node, "An object is expected here");
  return !error_;
}

bool FieldReader::list(const Node& node, std::string_view what) {
  if (node.kind != NodeKind::array || node.items.empty() || node.items.size() > items_max) {
    wrong(node, "A list of 1 to " + std::to_string(items_max) + " " + std::string(what) + " is expected here");
  }
  return !error_;
}

void FieldReader::keys(const Node& node, std::span<const std::string_view> allowed) {
  if (!object(node)) return;
  for (const auto& [key, value] : node.members) {
    if (std::ranges::find(allowed, key) != allowed.end()) continue;
    return wrong(value, "The key \"" + key + "\" is not known here" + suggestion(key, allowed));
  }
}

const Node* FieldReader::need(const Node& node, std::string_view key) {
  if (!object(node)) return nullptr;
  const auto* found = node.find(key);
  if (!found) wrong(node, "The key \"" + std::string(key) + "\" is missing");
  return found;
}

std::string FieldReader::string(const Node& node) {
  if (node.kind != NodeKind::string || node.string.empty()) wrong(node, "A text that is not empty is expected here");
  return node.string;
}

std::string FieldReader::text(const Node& node, std::string_view key, bool required) {
  const auto* found = required ? need(node, key) : node.find(key);
  return found && !error_ ? string(*found) : std::string{};
}

std::string FieldReader::curie(const Node& node) {
  auto id = string(node);
  const auto colon = id.find(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == id.size()) {
    wrong(node, "A code is SYSTEM:ID, as \"HP:0034282\" or \"skerry:sex\"");
  }
  return id;
}

pack::Texts FieldReader::texts(const Node& node, std::string_view key, bool required) {
  pack::Texts out;
  const auto* found = required ? need(node, key) : node.find(key);
  if (!found || error_ || !object(*found)) return out;
  for (const auto& [language, value] : found->members) out[language] = string(value);
  if (out.empty()) wrong(*found, "A title has at least one language: {\"en\": \"...\"}");
  return out;
}

std::int64_t FieldReader::integer(const Node& node, std::int64_t least, std::int64_t most) {
  if (node.kind != NodeKind::number || !node.integer || node.number < static_cast<double>(least) ||
      node.number > static_cast<double>(most)) {
    wrong(node, "A whole number from " + std::to_string(least) + " to " + std::to_string(most) + " is expected here");
    return least;
  }
  return static_cast<std::int64_t>(node.number);
}

double FieldReader::number(const Node& node) {
  if (node.kind != NodeKind::number || !std::isfinite(node.number)) wrong(node, "A number is expected here");
  return node.number;
}

double FieldReader::number(const Node& node, double least, double most) {
  if (node.kind != NodeKind::number || !(node.number >= least && node.number <= most)) {
    wrong(node, "A number from " + text_of(least) + " to " + text_of(most) + " is expected here");
    return least;
  }
  return node.number;
}

bool FieldReader::boolean(const Node& node, std::string_view key) {
  const auto* found = node.find(key);
  if (!found) return false;
  if (found->kind != NodeKind::boolean) wrong(*found, "true or false is expected here");
  return found->boolean;
}

PartialDate FieldReader::date(const Node& node) {
  const auto parsed = parse_partial_date(string(node));
  if (!parsed) wrong(node, "A date is a year, a month or a day: \"2019\", \"2019-06\" or \"2019-06-30\"");
  return parsed.value_or(PartialDate{});
}

double FieldReader::duration_days(const Node& node) {
  const auto parsed = parse_age(string(node));
  if (!parsed) wrong(node, "A length of time is written as ISO 8601 has it: \"P2Y\", \"P18M\", \"P10D\"");
  return parsed ? parsed->length_days() : 0;
}

std::string FieldReader::unit(const Node& node) {
  auto unit = string(node);
  if (!unit.starts_with("UCUM:")) unit = "UCUM:" + unit;
  const auto known = vocabulary::convert(unit, unit);
  if (!known) wrong(node, known.error().message);
  return unit;
}

}  // namespace skerry::cohort
