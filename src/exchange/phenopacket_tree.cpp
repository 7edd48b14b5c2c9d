#include "exchange/phenopacket_tree.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>

namespace skerry::exchange::pp {
namespace {

template <class Number>
void write_number(Number number, std::string& out) {
  char text[40];
  const auto end = std::to_chars(text, text + sizeof text, number).ptr;
  out.append(text, end);
}

void write_node(const Field& field, const Node& node, std::string& out);

struct Writer {
  const Field& field;
  std::string& out;

  void operator()(std::monostate) const { out += "null"; }
  void operator()(bool value) const { out += value ? "true" : "false"; }
  void operator()(std::int64_t value) const { write_number(value, out); }
  void operator()(std::uint64_t value) const {
    out += '"';
    write_number(value, out);
    out += '"';
  }
  void operator()(double value) const {
    // 600000 rather than the shorter 6e+05.
    if (std::abs(value) < 1e15 && std::trunc(value) == value) return write_number(static_cast<std::int64_t>(value), out);
    write_number(value, out);
  }
  void operator()(std::string_view value) const { write_json_text(value, out); }
  void operator()(Instant value) const { write_json_text(to_text(value), out); }
  void operator()(EnumValue value) const {
    const auto name = field.enumeration->name_of(value.number);
    if (name.empty()) {
      write_number(value.number, out);
    } else {
      write_json_text(name, out);
    }
  }
  void operator()(const Object& value) const { write_json(value, out); }
  void operator()(const List& value) const {
    out += '[';
    for (std::size_t i = 0; i < value.count; ++i) {
      if (i != 0) out += ',';
      write_node(field, value.items[i], out);
    }
    out += ']';
  }
  void operator()(const TextMap& value) const {
    out += '{';
    for (std::size_t i = 0; i < value.count; ++i) {
      if (i != 0) out += ',';
      write_json_text(value.entries[i].key, out);
      out += ':';
      write_json_text(value.entries[i].value, out);
    }
    out += '}';
  }
};

void write_node(const Field& field, const Node& node, std::string& out) { std::visit(Writer{field, out}, node.held); }

}  // namespace

const Node& Node::operator[](std::size_t slot) const noexcept {
  static const Node absent;
  const auto* self = object();
  return self == nullptr ? absent : self->slots[slot];
}

Node* Memory::nodes(std::size_t count) {
  auto* const place = static_cast<Node*>(resource_.allocate(std::max<std::size_t>(count, 1) * sizeof(Node), alignof(Node)));
  std::uninitialized_value_construct_n(place, count);
  return place;
}

MapEntry* Memory::entries(std::size_t count) {
  auto* const place = static_cast<MapEntry*>(resource_.allocate(std::max<std::size_t>(count, 1) * sizeof(MapEntry), alignof(MapEntry)));
  std::uninitialized_value_construct_n(place, count);
  return place;
}

std::string_view Memory::text(std::string_view text) {
  if (text.empty()) return {};
  auto* const place = static_cast<char*>(resource_.allocate(text.size(), 1));
  std::copy(text.begin(), text.end(), place);
  return {place, text.size()};
}

namespace {

/// How many bytes from `at` on need no escape, as far as whole groups of eight tell.
std::size_t plain_bytes(std::string_view text, std::size_t at) {
  constexpr std::uint64_t ones = 0x0101010101010101U, highs = 0x8080808080808080U;
  const auto holds_zero = [](std::uint64_t bytes) { return (bytes - ones) & ~bytes & highs; };
  const auto start = at;
  for (; text.size() - at >= sizeof(std::uint64_t); at += sizeof(std::uint64_t)) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text.data() + at, sizeof bytes);
    const auto control = (bytes - ones * 0x20) & ~bytes & highs;
    if ((control | holds_zero(bytes ^ (ones * '"')) | holds_zero(bytes ^ (ones * '\\'))) != 0) break;
  }
  return at - start;
}

}  // namespace

void write_json_text(std::string_view text, std::string& out) {
  constexpr std::string_view hex = "0123456789abcdef";
  out += '"';
  std::size_t plain = 0;
  for (std::size_t i = plain_bytes(text, 0); i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, plain, i - plain);
    plain = i + 1;
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        out += "\\u00";
        out += hex[byte >> 4];
        out += hex[byte & 15];
    }
  }
  out.append(text, plain, text.size() - plain);
  out += '"';
}

void write_json(const Object& object, std::string& out) {
  out += '{';
  bool first = true;
  for (std::size_t i = 0; i < object.type->fields.size(); ++i) {
    if (!object.slots[i].present()) continue;
    if (!first) out += ',';
    first = false;
    const Field& field = (*object.type)[i];
    out += '"';
    out += field.name;
    out += "\":";
    write_node(field, object.slots[i], out);
  }
  out += '}';
}

std::string to_json(const Object& object) {
  std::string out;
  write_json(object, out);
  return out;
}

}  // namespace skerry::exchange::pp
