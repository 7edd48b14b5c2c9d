#include "exchange/phenopacket_warnings.hpp"

#include <array>
#include <utility>

namespace skerry::exchange {
namespace {

struct Words {
  WarningKind kind;
  std::string_view name, meaning;
};

constexpr std::array<Words, 13> words{{
    {WarningKind::no_publication, "no_publication", "names no publication; its own id stands as the source"},
    {WarningKind::age_not_iso8601, "age_not_iso8601", "an age is not an ISO 8601 duration; its words are kept and never calculated with"},
    {WarningKind::code_without_id, "code_without_id", "a coded concept has no id"},
    {WarningKind::code_without_label, "code_without_label", "a coded concept has no label"},
    {WarningKind::unknown_enum_number, "unknown_enum_number", "an enumeration has no name for this number; the number is kept"},
    {WarningKind::obsolete_term, "obsolete_term", "a term is obsolete and nothing replaces it"},
    {WarningKind::replaced_term, "replaced_term", "a term stands for another by now; what was stated is kept"},
    {WarningKind::unknown_term, "unknown_term", "the loaded vocabulary does not know a term of its code system"},
    {WarningKind::no_meta_data, "no_meta_data", "has no metaData"},
    {WarningKind::no_subject, "no_subject", "has no subject"},
    {WarningKind::same_id_twice, "same_id_twice", "two packets with one id differ; both are kept, as two participants"},
    {WarningKind::link_not_followed, "link_not_followed", "is a symbolic link to a folder and was not followed"},
    {WarningKind::nothing_found, "nothing_found", "holds no file ending in .json or .json.gz"},
}};

}  // namespace

std::string_view name_of(WarningKind kind) noexcept {
  for (const auto& entry : words) {
    if (entry.kind == kind) return entry.name;
  }
  return "unknown";
}

std::string_view meaning_of(WarningKind kind) noexcept {
  for (const auto& entry : words) {
    if (entry.kind == kind) return entry.meaning;
  }
  return "";
}

void add(Warnings& warnings, Warning warning) {
  auto& entry = warnings[warning.kind];
  ++entry.count;
  if (entry.examples.size() < warning_examples_max) entry.examples.push_back(std::move(warning));
}

}  // namespace skerry::exchange
