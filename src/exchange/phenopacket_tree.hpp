// A phenopacket as a tree of its schema's messages: defaults left out, numbers and instants read, names resolved.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/date.hpp"
#include "base/error.hpp"
#include "exchange/phenopacket_schema.hpp"

namespace skerry::exchange::pp {

struct Node;

/// One message. `slots` has a node for each field of its type; those of absent fields hold nothing.
struct Object {
  const MessageType* type = nullptr;
  Node* slots = nullptr;
};
struct List {
  Node* items = nullptr;
  std::size_t count = 0;
};
struct MapEntry {
  std::string_view key, value;
};
struct TextMap {
  MapEntry* entries = nullptr;
  std::size_t count = 0;
};
/// An enumeration's value; the schema may have no name for it.
struct EnumValue {
  std::int32_t number = 0;
};

/// Texts point into the memory the tree was made in, or into the document it was read from.
struct Node {
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string_view, Instant, EnumValue, Object, List, TextMap> held;

  [[nodiscard]] bool present() const noexcept { return held.index() != 0; }
  [[nodiscard]] const Object* object() const noexcept { return std::get_if<Object>(&held); }
  [[nodiscard]] std::string_view text() const noexcept {
    const auto* text = std::get_if<std::string_view>(&held);
    return text == nullptr ? std::string_view{} : *text;
  }
  [[nodiscard]] std::span<const Node> items() const noexcept {
    const auto* list = std::get_if<List>(&held);
    return list == nullptr ? std::span<const Node>{} : std::span<const Node>{list->items, list->count};
  }
  [[nodiscard]] const Node& operator[](std::size_t slot) const noexcept;  ///< of an object; an absent node when it is none
};

/// The memory of one tree; everything in it goes at once.
class Memory {
 public:
  [[nodiscard]] Object object(Type type) { return object(pp::type(type)); }
  [[nodiscard]] Object object(const MessageType& type) { return {&type, nodes(type.fields.size())}; }
  [[nodiscard]] Node* nodes(std::size_t count);
  [[nodiscard]] MapEntry* entries(std::size_t count);
  [[nodiscard]] std::string_view text(std::string_view text);

 private:
  alignas(16) std::byte first_[32768];
  std::pmr::monotonic_buffer_resource resource_{first_, sizeof first_};
};

/// Canonical protobuf JSON without white space: fields in the schema's order, defaults left out, 64-bit numbers as text.
void write_json(const Object& object, std::string& out);
[[nodiscard]] std::string to_json(const Object& object);
/// A JSON text of the string, with its quotes.
void write_json_text(std::string_view text, std::string& out);

}  // namespace skerry::exchange::pp
