// JSON to a tree of the schema's messages, as strict and as lenient as protobuf's own JSON reader.
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "exchange/phenopacket_tree.hpp"
#include "exchange/phenopacket_warnings.hpp"

namespace skerry::exchange::pp {

/// What a packet's JSON may be nested at most; protobuf's readers stop at 100 messages.
inline constexpr std::size_t depth_max = 128;

/// Whether a tree's texts point into the parser's document, which must outlive it then, or are copied into its memory.
enum class Texts : std::uint8_t { in_document, copied };

/// Reads one message. Not thread-safe.
class Reader {
 public:
  Reader(Memory& memory, std::vector<Warning>& warnings, NotModelled& not_modelled, std::string_view file, Texts texts = Texts::in_document)
      : memory_(memory), warnings_(warnings), not_modelled_(not_modelled), file_(file), texts_(texts) {}

  /// Errors: wrong_type, unknown_value, duplicate_key, out_of_range, malformed (instants), conflict (two of a group), each with
  /// the place.
  Result<Object> read(const MessageType& type, simdjson::dom::element element);

 private:
  /// Where the reading is; `key` is empty in a list.
  struct Step {
    std::string_view key;
    std::size_t index;
  };
  bool object(const MessageType& type, simdjson::dom::element element, Object& out);
  bool field(const Field& field, simdjson::dom::element element, Node& out);
  bool list(const Field& field, simdjson::dom::element element, Node& out);
  bool single(const Field& field, simdjson::dom::element element, Node& out);
  bool text(simdjson::dom::element element, Node& out);
  bool integer(const Field& field, simdjson::dom::element element, Node& out);
  bool number(simdjson::dom::element element, Node& out);
  bool instant(simdjson::dom::element element, Node& out);
  bool enumeration(const EnumType& type, simdjson::dom::element element, Node& out);
  bool text_map(simdjson::dom::element element, Node& out);
  bool unknown(simdjson::dom::element element);
  bool unique_keys(simdjson::dom::element element);
  bool distinct(std::vector<std::string_view>& keys);
  void look_at_class(const Object& object);
  void look_at_age(const Object& object);

  bool wrong(ErrorCode code, std::string message);
  bool wrong_type(std::string_view expected, simdjson::dom::element found);
  [[nodiscard]] Place place() const;
  [[nodiscard]] std::string path(bool pattern) const;

  Memory& memory_;
  std::vector<Warning>& warnings_;
  NotModelled& not_modelled_;
  std::string_view file_;
  Texts texts_;
  const MessageType* ontology_class_ = &type(Type::OntologyClass);
  const MessageType* age_ = &type(Type::Age);
  std::vector<Step> steps_;
  std::optional<Error> error_;
};

/// The beginning of a key, for places in errors: whole characters, at most 200 bytes.
[[nodiscard]] std::string_view shown_key(std::string_view key);

/// Reads canonical JSON this program wrote. `out` points into `memory`. Errors: malformed and those of Reader.
Result<Object> parse_message(const MessageType& type, std::string_view json, Memory& memory);

}  // namespace skerry::exchange::pp
