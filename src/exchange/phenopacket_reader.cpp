#include "exchange/phenopacket_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace skerry::exchange::pp {

namespace dom = simdjson::dom;

namespace {

std::string_view kind_of(dom::element element) {
  switch (element.type()) {
    case dom::element_type::ARRAY: return "a list";
    case dom::element_type::OBJECT: return "an object";
    case dom::element_type::STRING: return "a text";
    case dom::element_type::BOOL: return "true or false";
    case dom::element_type::NULL_VALUE: return "null";
    default: return "a number";
  }
}

void append_pointer(std::string& out, std::string_view key) {
  out += '/';
  for (const char c : shown_key(key)) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
}

bool is_default(const Node& node) {
  if (const auto* flag = std::get_if<bool>(&node.held)) return !*flag;
  if (const auto* integer = std::get_if<std::int64_t>(&node.held)) return *integer == 0;
  if (const auto* natural = std::get_if<std::uint64_t>(&node.held)) return *natural == 0;
  if (const auto* number = std::get_if<double>(&node.held)) return *number == 0;
  if (const auto* text = std::get_if<std::string_view>(&node.held)) return text->empty();
  if (const auto* value = std::get_if<EnumValue>(&node.held)) return value->number == 0;
  return false;
}

template <class Number>
bool whole(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

/// A double that is exactly a whole number of [low, high).
bool whole(double value, double low, double high) { return value >= low && value < high && std::trunc(value) == value; }

}  // namespace

Result<Object> Reader::read(const MessageType& type, dom::element element) {
  Object out;
  steps_.clear();
  error_.reset();
  if (object(type, element, out)) return out;
  return fail(error_ ? std::move(*error_) : Error{});
}

bool Reader::object(const MessageType& type, dom::element element, Object& out) {
  dom::object entries;
  if (element.get_object().get(entries) != simdjson::SUCCESS) return wrong_type("an object", element);
  out = memory_.object(type);
  std::uint64_t seen = 0;
  std::uint32_t groups = 0;
  std::size_t hint = 0;
  std::vector<std::string_view> others;
  for (const auto entry : entries) {
    const Field* known = type.find(entry.key, hint);
    steps_.push_back({entry.key, 0});
    if (known == nullptr) {
      others.push_back(entry.key);
      if (!unknown(entry.value)) return false;
      steps_.pop_back();
      continue;
    }
    const std::size_t slot = type.slot(*known);
    hint = slot + 1;
    const auto bit = std::uint64_t{1} << slot;
    if ((seen & bit) != 0) return wrong(ErrorCode::duplicate_key, "this key stands twice in one object");
    seen |= bit;
    Node& node = out.slots[slot];
    if (!entry.value.is_null()) {
      if (!field(*known, entry.value, node)) return false;
      if (known->group != 0) {
        const auto group = std::uint32_t{1} << known->group;
        if ((groups & group) != 0) return wrong(ErrorCode::conflict, "only one of this field and another before it may be given");
        groups |= group;
      } else if (is_default(node)) {
        node.held = std::monostate{};
      }
    }
    steps_.pop_back();
  }
  if (&type == ontology_class_) look_at_class(out);
  if (&type == age_) look_at_age(out);
  return others.size() < 2 || distinct(others);
}

void Reader::look_at_class(const Object& object) {
  const auto id = object.slots[OntologyClass::id].text();
  if (id.empty()) {
    warnings_.push_back({WarningKind::code_without_id, place(), {}});
  } else if (object.slots[OntologyClass::label].text().empty()) {
    warnings_.push_back({WarningKind::code_without_label, place(), std::string(id)});
  }
}

void Reader::look_at_age(const Object& object) {
  if (!parse_age(object.slots[Age::iso8601duration].text())) warnings_.push_back({WarningKind::age_not_iso8601, place(), {}});
}

bool Reader::field(const Field& field, dom::element element, Node& out) {
  if (field.repeated) return list(field, element, out);
  return single(field, element, out);
}

bool Reader::list(const Field& field, dom::element element, Node& out) {
  dom::array entries;
  if (element.get_array().get(entries) != simdjson::SUCCESS) return wrong_type("a list", element);
  std::size_t count = 0;
  for ([[maybe_unused]] const auto entry : entries) ++count;
  if (count == 0) return true;
  List made{memory_.nodes(count), count};
  steps_.push_back({{}, 0});
  for (const auto entry : entries) {
    if (!single(field, entry, made.items[steps_.back().index])) return false;
    ++steps_.back().index;
  }
  steps_.pop_back();
  out.held = made;
  return true;
}

bool Reader::single(const Field& field, dom::element element, Node& out) {
  switch (field.kind) {
    case FieldKind::text: return text(element, out);
    case FieldKind::flag: {
      bool value = false;
      if (element.get_bool().get(value) != simdjson::SUCCESS) return wrong_type("true or false", element);
      out.held = value;
      return true;
    }
    case FieldKind::int32:
    case FieldKind::uint32:
    case FieldKind::uint64: return integer(field, element, out);
    case FieldKind::number: return number(element, out);
    case FieldKind::instant: return instant(element, out);
    case FieldKind::enumeration: return enumeration(*field.enumeration, element, out);
    case FieldKind::text_map: return text_map(element, out);
    case FieldKind::message: break;
  }
  Object made;
  if (!object(*field.message, element, made)) return false;
  out.held = made;
  return true;
}

bool Reader::text(dom::element element, Node& out) {
  std::string_view value;
  if (element.get_string().get(value) != simdjson::SUCCESS) return wrong_type("a text", element);
  out.held = texts_ == Texts::copied ? memory_.text(value) : value;
  return true;
}

bool Reader::integer(const Field& field, dom::element element, Node& out) {
  const bool natural = field.kind == FieldKind::uint64;
  std::int64_t low = 0;
  std::int64_t high = std::numeric_limits<std::int64_t>::max();
  if (field.kind == FieldKind::int32) low = std::numeric_limits<std::int32_t>::min();
  if (field.kind == FieldKind::int32) high = std::numeric_limits<std::int32_t>::max();
  if (field.kind == FieldKind::uint32) high = std::numeric_limits<std::uint32_t>::max();
  const auto beyond = [&] { return wrong(ErrorCode::out_of_range, "expected a whole number that its type can hold"); };

  std::int64_t value = 0;
  std::uint64_t positive = 0;
  double real = 0;
  std::string_view words;
  if (element.get_string().get(words) == simdjson::SUCCESS) {
    const bool negative = words.starts_with('-');
    if (negative ? !whole(words, value) : !whole(words, positive)) {
      return wrong(ErrorCode::wrong_type, "expected a whole number, found a text that is none");
    }
    if (!negative && !natural && positive > static_cast<std::uint64_t>(high)) return beyond();
    if (!negative && !natural) value = static_cast<std::int64_t>(positive);
  } else if (element.get_int64().get(value) == simdjson::SUCCESS) {
    positive = static_cast<std::uint64_t>(value);
  } else if (element.get_uint64().get(positive) == simdjson::SUCCESS) {
    if (!natural) return beyond();
  } else if (element.get_double().get(real) == simdjson::SUCCESS) {
    if (!whole(real, natural ? 0 : -0x1p63, natural ? 0x1p64 : 0x1p63)) return beyond();
    if (natural) positive = static_cast<std::uint64_t>(real);
    if (!natural) value = static_cast<std::int64_t>(real);
  } else {
    return wrong_type("a whole number", element);
  }
  if (natural) {
    if (value < 0) return beyond();
    out.held = positive;
    return true;
  }
  if (value < low || value > high) return beyond();
  out.held = value;
  return true;
}

bool Reader::number(dom::element element, Node& out) {
  double value = 0;
  std::string_view words;
  if (element.get_string().get(words) == simdjson::SUCCESS) {
    if (words == "NaN" || words == "Infinity" || words == "-Infinity") {
      return wrong(ErrorCode::out_of_range, "expected a finite number");
    }
    const bool starts = !words.empty() && (words[0] == '-' || (words[0] >= '0' && words[0] <= '9'));
    if (!starts || !whole(words, value)) return wrong(ErrorCode::wrong_type, "expected a number, found a text that is none");
  } else if (element.get_double().get(value) != simdjson::SUCCESS) {
    return wrong_type("a number", element);
  }
  if (!std::isfinite(value)) return wrong(ErrorCode::out_of_range, "expected a finite number");
  out.held = value == 0 ? 0.0 : value;
  return true;
}

bool Reader::instant(dom::element element, Node& out) {
  std::string_view words;
  if (element.get_string().get(words) != simdjson::SUCCESS) return wrong_type("a text such as 2019-06-30T12:00:00Z", element);
  auto value = parse_instant(words);
  if (!value) return wrong(value.error().code, value.error().message);
  out.held = *value;
  return true;
}

bool Reader::enumeration(const EnumType& type, dom::element element, Node& out) {
  std::string_view words;
  std::int64_t number = 0;
  if (element.get_string().get(words) == simdjson::SUCCESS) {
    if (const auto* value = type.find(words)) {
      out.held = EnumValue{*value};
      return true;
    }
    std::int32_t stated = 0;
    if (!whole(words, stated)) {
      std::string all;
      for (const auto& [name, value] : type.values) all += (all.empty() ? "" : ", ") + std::string(name);
      return wrong(ErrorCode::unknown_value, "expected one of " + all);
    }
    number = stated;
  } else {
    double real = 0;
    if (element.get_double().get(real) != simdjson::SUCCESS) return wrong_type("a value's name", element);
    if (!whole(real, -0x1p31, 0x1p31)) return wrong(ErrorCode::out_of_range, "expected a value's name or its number");
    number = static_cast<std::int64_t>(real);
  }
  out.held = EnumValue{static_cast<std::int32_t>(number)};
  if (type.name_of(static_cast<std::int32_t>(number)).empty()) {
    warnings_.push_back({WarningKind::unknown_enum_number, place(), std::to_string(number)});
  }
  return true;
}

bool Reader::text_map(dom::element element, Node& out) {
  dom::object entries;
  if (element.get_object().get(entries) != simdjson::SUCCESS) return wrong_type("an object", element);
  std::size_t count = 0;
  for ([[maybe_unused]] const auto entry : entries) ++count;
  if (count == 0) return true;
  TextMap made{memory_.entries(count), 0};
  std::vector<std::string_view> keys;
  for (const auto entry : entries) {
    steps_.push_back({entry.key, 0});
    Node value;
    if (!text(entry.value, value)) return false;
    made.entries[made.count++] = {texts_ == Texts::copied ? memory_.text(entry.key) : entry.key, value.text()};
    keys.push_back(entry.key);
    steps_.pop_back();
  }
  if (!distinct(keys)) return false;
  // A map has no order: the canonical one is that of its keys.
  std::sort(made.entries, made.entries + made.count, [](const MapEntry& a, const MapEntry& b) { return a.key < b.key; });
  out.held = made;
  return true;
}

bool Reader::unknown(dom::element element) {
  const auto pattern = path(true);
  const auto found = not_modelled_.find(pattern);
  if (found != not_modelled_.end()) {
    ++found->second;
  } else {
    not_modelled_.emplace(pattern, 1);
  }
  return unique_keys(element);
}

bool Reader::unique_keys(dom::element element) {
  if (element.is_array()) {
    steps_.push_back({{}, 0});
    const dom::array entries = element.get_array().value_unsafe();  // in the loop's head its owner would be gone
    for (const auto entry : entries) {
      if (!unique_keys(entry)) return false;
      ++steps_.back().index;
    }
    steps_.pop_back();
    return true;
  }
  if (!element.is_object()) return true;
  std::vector<std::string_view> keys;
  const dom::object entries = element.get_object().value_unsafe();
  for (const auto entry : entries) {
    keys.push_back(entry.key);
    steps_.push_back({entry.key, 0});
    if (!unique_keys(entry.value)) return false;
    steps_.pop_back();
  }
  return distinct(keys);
}

bool Reader::distinct(std::vector<std::string_view>& keys) {
  std::sort(keys.begin(), keys.end());
  const auto twice = std::adjacent_find(keys.begin(), keys.end());
  if (twice == keys.end()) return true;
  steps_.push_back({*twice, 0});
  return wrong(ErrorCode::duplicate_key, "this key stands twice in one object");
}

bool Reader::wrong(ErrorCode code, std::string message) {
  error_ = Error{code, std::move(message), place()};
  return false;
}

bool Reader::wrong_type(std::string_view expected, dom::element found) {
  return wrong(ErrorCode::wrong_type, fmt::format("expected {}, found {}", expected, kind_of(found)));
}

Place Reader::place() const { return {std::string(file_), 0, 0, path(false)}; }

std::string Reader::path(bool pattern) const {
  std::string out;
  for (const auto& step : steps_) {
    if (step.key.data() != nullptr) {
      append_pointer(out, step.key);
    } else {
      out += pattern ? std::string("/*") : fmt::format("/{}", step.index);
    }
  }
  return out;
}

std::string_view shown_key(std::string_view key) {
  constexpr std::size_t bytes_max = 200;
  if (key.size() <= bytes_max) return key;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(key[end]) & 0xc0U) == 0x80) --end;
  return key.substr(0, end);
}

Result<Object> parse_message(const MessageType& type, std::string_view json, Memory& memory) {
  dom::parser parser;
  dom::element element;
  const simdjson::padded_string padded(json);
  if (parser.parse(padded).get(element) != simdjson::SUCCESS) return fail(ErrorCode::malformed, "a kept record is not JSON");
  std::vector<Warning> warnings;
  NotModelled not_modelled;
  Reader reader(memory, warnings, not_modelled, {}, Texts::copied);
  return reader.read(type, element);
}

}  // namespace skerry::exchange::pp
