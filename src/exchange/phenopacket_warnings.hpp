// What is taken in but worth telling: counted by kind, with the first places.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace skerry::exchange {

/// Each is said once a place; none keeps a packet out.
enum class WarningKind : std::uint8_t {
  no_publication,       ///< no external reference is a publication: the source is the packet itself
  age_not_iso8601,      ///< kept as the words it was
  code_without_id,      ///< an ontology class with no id
  code_without_label,   ///< an ontology class with no label
  unknown_enum_number,  ///< a number the enumeration has no name for
  obsolete_term,        ///< obsolete in the loaded vocabulary, with nothing in its place
  replaced_term,        ///< replaced by, or an alternative id of, another term
  unknown_term,         ///< its code system is loaded and does not know it
  no_meta_data,
  no_subject,
  same_id_twice,      ///< two packets of one id with different content: kept as two participants
  link_not_followed,  ///< a symbolic link to a folder
  nothing_found,      ///< a folder without a phenopacket
};

[[nodiscard]] std::string_view name_of(WarningKind kind) noexcept;     ///< "age_not_iso8601"
[[nodiscard]] std::string_view meaning_of(WarningKind kind) noexcept;  ///< a sentence for a person

struct Warning {
  WarningKind kind{};
  Place place;
  std::string detail;  ///< a code or a file's name, never a person's; may be empty
};

struct WarningCount {
  std::uint64_t count = 0;
  std::vector<Warning> examples;  ///< the first of them, at most warning_examples_max
};
inline constexpr std::size_t warning_examples_max = 5;
using Warnings = std::map<WarningKind, WarningCount>;

void add(Warnings& warnings, Warning warning);

/// Places with indexes as "*" ("/phenotypicFeatures/*/foo") of fields the schema does not have, and how often.
using NotModelled = std::map<std::string, std::uint64_t, std::less<>>;

}  // namespace skerry::exchange
