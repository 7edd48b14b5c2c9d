// The schema of GA4GH phenopackets 2.0 as tables: what protobuf's descriptors say, for reading and writing its JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skerry::exchange::pp {

/// Every message, and in a namespace of each message's name the positions of its fields: Type::Age, Age::iso8601duration.
enum class Type : std::size_t {
#define MESSAGE(name) name,
#define PLAIN(kind, name)
#define TEXTS(name)
#define TEXT_MAP(name)
#define CODED(enumeration, name)
#define PART(message, name)
#define PARTS(message, name)
#define CHOICE(group, message, name)
#define CHOICE_TEXT(group, name)
#define CHOICE_INSTANT(group, name)
#define END()
#include "exchange/phenopacket_schema.def"
#undef MESSAGE
#undef PLAIN
#undef TEXTS
#undef TEXT_MAP
#undef CODED
#undef PART
#undef PARTS
#undef CHOICE
#undef CHOICE_TEXT
#undef CHOICE_INSTANT
#undef END
  count
};

#define MESSAGE(name) \
  namespace name {    \
  enum Slot : std::size_t {
#define PLAIN(kind, name) name,
#define TEXTS(name) name,
#define TEXT_MAP(name) name,
#define CODED(enumeration, name) name,
#define PART(message, name) name,
#define PARTS(message, name) name,
#define CHOICE(group, message, name) name,
#define CHOICE_TEXT(group, name) name,
#define CHOICE_INSTANT(group, name) name,
#define END() \
  slot_count  \
  }           \
  ;           \
  }
#include "exchange/phenopacket_schema.def"
#undef MESSAGE
#undef PLAIN
#undef TEXTS
#undef TEXT_MAP
#undef CODED
#undef PART
#undef PARTS
#undef CHOICE
#undef CHOICE_TEXT
#undef CHOICE_INSTANT
#undef END

enum class FieldKind : std::uint8_t { text, flag, int32, uint32, uint64, number, instant, enumeration, message, text_map };

struct EnumType {
  std::string_view name;  ///< "KaryotypicSex"
  std::string prefix;     ///< of the codes its values become: "skerry:karyotypic-sex/"
  std::vector<std::pair<std::string_view, std::int32_t>> values;

  /// The name of a value; empty when the schema has none of that number.
  [[nodiscard]] std::string_view name_of(std::int32_t number) const noexcept;
  /// Nullptr when there is none of that name.
  [[nodiscard]] const std::int32_t* find(std::string_view value_name) const noexcept;
};

struct MessageType;

struct Field {
  std::string name;   ///< as protobuf writes it in JSON: "timeAtLastEncounter"
  std::string snake;  ///< as the schema has it: "time_at_last_encounter"
  std::string role;   ///< of the qualifier it becomes: "skerry:time-at-last-encounter"
  FieldKind kind = FieldKind::text;
  bool repeated = false;
  std::uint8_t group = 0;  ///< fields of one group exclude each other; 0: in none
  const MessageType* message = nullptr;
  const EnumType* enumeration = nullptr;
};

struct MessageType {
  std::string_view name;
  std::vector<Field> fields;

  [[nodiscard]] const Field& operator[](std::size_t slot) const noexcept { return fields[slot]; }
  /// By either name; `hint` is where to look first. Nullptr when there is none.
  [[nodiscard]] const Field* find(std::string_view key, std::size_t hint = 0) const noexcept;
  /// The field that becomes a qualifier of this role; nullptr when there is none.
  [[nodiscard]] const Field* of_role(std::string_view role) const noexcept;
  [[nodiscard]] std::size_t slot(const Field& field) const noexcept { return static_cast<std::size_t>(&field - fields.data()); }
};

/// Thread-safe; the tables live as long as the program.
[[nodiscard]] const MessageType& type(Type type);

}  // namespace skerry::exchange::pp
