#include "exchange/phenopacket_values.hpp"

#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "exchange/phenopacket_reader.hpp"

namespace skerry::exchange::pp {
namespace {

/// `exact` becomes false when the age would be written back in other words.
std::optional<Moment> moment_of_age(const Node& age, bool& exact) {
  if (age.object() == nullptr) return std::nullopt;
  const auto words = age[Age::iso8601duration].text();
  auto read = parse_age(words);
  if (!read) return Moment{StatedTime{std::string(words)}};
  if (to_text(*read) != words) exact = false;
  return Moment{std::move(*read)};
}

std::optional<Moment> moment_of_instant(const Node& node) {
  if (const auto* instant = std::get_if<Instant>(&node.held)) return Moment{*instant};
  return std::nullopt;
}

bool empty_words(const std::optional<Moment>& moment) {
  if (!moment) return false;
  const auto* words = std::get_if<StatedTime>(&*moment);
  return words != nullptr && words->text.empty();
}

/// A missing end of a range is told by empty words, so an end that is there must not be empty, and one end must be there.
std::optional<When> between(std::optional<Moment> first, std::optional<Moment> last) {
  if (empty_words(first) || empty_words(last) || (!first && !last)) return std::nullopt;
  return When::between(first ? std::move(*first) : Moment{StatedTime{}}, last ? std::move(*last) : Moment{StatedTime{}});
}

Node object_node(Object object) {
  Node out;
  out.held = object;
  return out;
}

Node text_node(std::string_view text, Memory& memory) {
  Node out;
  if (!text.empty()) out.held = memory.text(text);
  return out;
}

Node age_node(std::string_view words, Memory& memory) {
  const Object age = memory.object(Type::Age);
  age.slots[Age::iso8601duration] = text_node(words, memory);
  return object_node(age);
}

/// An end of a range: an age, an instant, or nothing for empty words.
Node end_node(const Moment& moment, Memory& memory) {
  Node out;
  if (const auto* age = std::get_if<skerry::Age>(&moment)) return age_node(to_text(*age), memory);
  if (const auto* words = std::get_if<StatedTime>(&moment); words != nullptr && !words->text.empty()) return age_node(words->text, memory);
  if (const auto* instant = std::get_if<Instant>(&moment)) out.held = *instant;
  return out;
}

/// "2019-06" as the first instant of it: a phenopacket has no partial dates.
Instant instant_of(PartialDate date) { return {static_cast<std::int64_t>(days_of(date).first) * 86'400, 0}; }

Node point_node(const Moment& moment, Memory& memory) {
  const Object out = memory.object(Type::TimeElement);
  if (const auto* instant = std::get_if<Instant>(&moment)) {
    out.slots[TimeElement::timestamp].held = *instant;
  } else if (const auto* date = std::get_if<PartialDate>(&moment)) {
    out.slots[TimeElement::timestamp].held = instant_of(*date);
  } else if (const auto* age = std::get_if<skerry::Age>(&moment)) {
    out.slots[TimeElement::age] = age_node(to_text(*age), memory);
  } else if (const auto* gestation = std::get_if<skerry::GestationalAge>(&moment)) {
    const Object made = memory.object(Type::GestationalAge);
    if (gestation->weeks != 0) made.slots[GestationalAge::weeks].held = std::int64_t{gestation->weeks};
    if (gestation->days != 0) made.slots[GestationalAge::days].held = std::int64_t{gestation->days};
    out.slots[TimeElement::gestational_age] = object_node(made);
  } else if (const auto* code = std::get_if<Code>(&moment)) {
    out.slots[TimeElement::ontology_class] = node_of(*code, memory);
  } else if (const auto* words = std::get_if<StatedTime>(&moment)) {
    out.slots[TimeElement::age] = age_node(words->text, memory);
  }
  return object_node(out);
}

std::int32_t int_of(const Node& node) {
  const auto* value = std::get_if<std::int64_t>(&node.held);
  return value == nullptr ? 0 : static_cast<std::int32_t>(*value);
}

double number_of(const Node& node) {
  const auto* value = std::get_if<double>(&node.held);
  return value == nullptr ? 0 : *value;
}

Node number_node(double value) {
  Node out;
  if (value != 0) out.held = value;
  return out;
}

std::optional<When> read_when(const Node& node, bool& exact) {
  if (node.object() == nullptr) return std::nullopt;
  if (const Node& age = node[TimeElement::age]; age.present()) return When::at(*moment_of_age(age, exact));
  if (const Node& time = node[TimeElement::timestamp]; time.present()) return When::at(*moment_of_instant(time));
  if (const Node& coded = node[TimeElement::ontology_class]; coded.present()) {
    auto code = code_of(coded);
    if (!code) return std::nullopt;
    return When::at(std::move(*code));
  }
  if (const Node& gestation = node[TimeElement::gestational_age]; gestation.present()) {
    return When::at(skerry::GestationalAge{int_of(gestation[GestationalAge::weeks]), int_of(gestation[GestationalAge::days])});
  }
  if (const Node& range = node[TimeElement::age_range]; range.present()) {
    return between(moment_of_age(range[AgeRange::start], exact), moment_of_age(range[AgeRange::end], exact));
  }
  if (const Node& interval = node[TimeElement::interval]; interval.present()) {
    return between(moment_of_instant(interval[TimeInterval::start]), moment_of_instant(interval[TimeInterval::end]));
  }
  return std::nullopt;
}

/// Absent and an empty code are the same here; nothing when there is a class that says nothing.
std::optional<Code> unit_of(const Node& node) {
  if (!node.present()) return Code{};
  return code_of(node);
}

Value message_value(const Field& field, const Node& node) {
  if (field.message == &type(Type::OntologyClass)) {
    if (auto code = code_of(node)) return std::move(*code);
  } else if (field.message == &type(Type::TimeElement)) {
    if (auto when = when_of(node)) return std::move(*when);
  } else if (field.message == &type(Type::Quantity)) {
    if (auto quantity = quantity_of(node)) return std::move(*quantity);
  }
  return Record{to_json(*node.object())};
}

}  // namespace

std::optional<Code> code_of(const Node& node) {
  if (node.object() == nullptr) return std::nullopt;
  Code out{std::string(node[OntologyClass::id].text()), std::string(node[OntologyClass::label].text())};
  if (out.empty()) return std::nullopt;
  return out;
}

std::optional<When> when_of(const Node& node) {
  bool exact = true;
  auto out = read_when(node, exact);
  if (!exact) return std::nullopt;
  return out;
}

std::optional<When> readable_when_of(const Node& node) {
  bool exact = true;
  return read_when(node, exact);
}

std::optional<skerry::Quantity> quantity_of(const Node& node) {
  if (node.object() == nullptr) return std::nullopt;
  skerry::Quantity out;
  auto unit = unit_of(node[Quantity::unit]);
  if (!unit) return std::nullopt;
  out.unit = std::move(*unit);
  out.number = number_of(node[Quantity::value]);
  if (const Node& range = node[Quantity::reference_range]; range.present()) {
    auto range_unit = unit_of(range[ReferenceRange::unit]);
    if (!range_unit) return std::nullopt;
    out.reference = {number_of(range[ReferenceRange::low]), number_of(range[ReferenceRange::high]), std::move(*range_unit)};
  }
  return out;
}

Node node_of(const Code& code, Memory& memory) {
  const Object out = memory.object(Type::OntologyClass);
  out.slots[OntologyClass::id] = text_node(code.id, memory);
  out.slots[OntologyClass::label] = text_node(code.label, memory);
  return object_node(out);
}

Node node_of(const When& when, Memory& memory) {
  if (when.kind == WhenKind::unknown) return {};
  if (when.kind != WhenKind::between) return point_node(when.first, memory);
  const Object out = memory.object(Type::TimeElement);
  const Node first = end_node(when.first, memory);
  const Node last = end_node(when.last, memory);
  const bool instants = std::holds_alternative<Instant>(first.held) || std::holds_alternative<Instant>(last.held);
  const Object range = memory.object(instants ? Type::TimeInterval : Type::AgeRange);
  range.slots[0] = first;
  range.slots[1] = last;
  out.slots[instants ? TimeElement::interval : TimeElement::age_range] = object_node(range);
  return object_node(out);
}

Node node_of(const skerry::Quantity& quantity, Memory& memory) {
  const Object out = memory.object(Type::Quantity);
  if (!quantity.unit.empty()) out.slots[Quantity::unit] = node_of(quantity.unit, memory);
  out.slots[Quantity::value] = number_node(quantity.number);
  if (quantity.reference) {
    const Object range = memory.object(Type::ReferenceRange);
    if (!quantity.reference->unit.empty()) range.slots[ReferenceRange::unit] = node_of(quantity.reference->unit, memory);
    range.slots[ReferenceRange::low] = number_node(quantity.reference->low);
    range.slots[ReferenceRange::high] = number_node(quantity.reference->high);
    out.slots[Quantity::reference_range] = object_node(range);
  }
  return object_node(out);
}

Value value_of(const Field& field, const Node& node) {
  if (const auto* flag = std::get_if<bool>(&node.held)) return *flag;
  if (const auto* integer = std::get_if<std::int64_t>(&node.held)) return *integer;
  if (const auto* number = std::get_if<double>(&node.held)) return skerry::Quantity{*number, {}, {}};
  if (const auto* text = std::get_if<std::string_view>(&node.held)) return skerry::Text{std::string(*text)};
  if (const auto* instant = std::get_if<Instant>(&node.held)) return When::at(*instant);
  if (const auto* value = std::get_if<EnumValue>(&node.held)) return code_of(*field.enumeration, *value);
  if (node.object() != nullptr) return message_value(field, node);
  return {};
}

Result<Node> node_of(const Field& field, const Value& value, Memory& memory) {
  const auto misfit = [&] { return fail(ErrorCode::wrong_type, "a qualifier's value does not fit " + field.name); };
  Node out;
  if (const auto* record = std::get_if<Record>(&value)) {
    if (field.message == nullptr) return misfit();
    auto read = parse_message(*field.message, record->json, memory);
    if (!read) return fail(std::move(read.error()));
    return object_node(*read);
  }
  if (const auto* code = std::get_if<Code>(&value)) {
    if (field.kind == FieldKind::enumeration) {
      auto read = enum_of(*field.enumeration, code->id);
      if (!read) return fail(std::move(read.error()));
      if (read->number != 0 || field.repeated) out.held = *read;
      return out;
    }
    return field.message == &type(Type::OntologyClass) ? Result<Node>(node_of(*code, memory)) : misfit();
  }
  if (const auto* when = std::get_if<When>(&value)) {
    const auto* instant = std::get_if<Instant>(&when->first);
    if (field.kind == FieldKind::instant && instant != nullptr) {
      out.held = *instant;
      return out;
    }
    return field.message == &type(Type::TimeElement) ? Result<Node>(node_of(*when, memory)) : misfit();
  }
  if (const auto* quantity = std::get_if<skerry::Quantity>(&value)) {
    if (field.kind == FieldKind::number) return number_node(quantity->number);
    return field.message == &type(Type::Quantity) ? Result<Node>(node_of(*quantity, memory)) : misfit();
  }
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    if (field.kind != FieldKind::int32 && field.kind != FieldKind::uint32) return misfit();
    if (*integer != 0) out.held = *integer;
    return out;
  }
  if (const auto* flag = std::get_if<bool>(&value)) {
    if (field.kind != FieldKind::flag) return misfit();
    if (*flag) out.held = true;
    return out;
  }
  const auto* text = std::get_if<skerry::Text>(&value);
  if (text == nullptr || field.kind != FieldKind::text) return misfit();
  if (!text->text.empty() || field.repeated || field.group != 0) out.held = memory.text(text->text);
  return out;
}

void qualify(std::vector<Qualifier>& qualifiers, const Object& object, std::size_t slot) {
  const Node& node = object.slots[slot];
  if (!node.present()) return;
  const Field& field = (*object.type)[slot];
  const auto add = [&](const Node& one) { qualifiers.push_back({{field.role, {}}, value_of(field, one)}); };
  if (!field.repeated) return add(node);
  for (const Node& item : node.items()) add(item);
}

Code code_of(const EnumType& type, EnumValue value) {
  const auto name = type.name_of(value.number);
  return {type.prefix + (name.empty() ? std::to_string(value.number) : std::string(name)), {}};
}

Result<EnumValue> enum_of(const EnumType& type, std::string_view text) {
  if (text.starts_with(type.prefix)) text.remove_prefix(type.prefix.size());
  if (const auto* known = type.find(text)) return EnumValue{*known};
  std::int32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return fail(ErrorCode::unknown_value, fmt::format("not a value of {}", type.name));
  }
  return EnumValue{number};
}

std::string enum_text(const EnumType& type, const Node& node) {
  const auto* value = std::get_if<EnumValue>(&node.held);
  if (value == nullptr || value->number == 0) return {};
  const auto name = type.name_of(value->number);
  return name.empty() ? std::to_string(value->number) : std::string(name);
}

}  // namespace skerry::exchange::pp
