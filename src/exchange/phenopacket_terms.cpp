#include "exchange/phenopacket_terms.hpp"

#include <algorithm>

namespace skerry::exchange {

/// A source "hp 2024-08-13" is the whole of the system HP; the few terms a pack carries, "hp 2024-08-13 (part)", are not.
bool TermCheck::knows_system(std::string_view system) {
  const auto same = [&](const std::string& version) {
    if (version.ends_with(" (part)")) return false;
    const auto name = std::string_view(version).substr(0, version.find(' '));
    return std::equal(name.begin(), name.end(), system.begin(), system.end(), [](char a, char b) {
      const auto low = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
      return low(a) == low(b);
    });
  };
  return std::any_of(vocabulary_.versions().begin(), vocabulary_.versions().end(), same);
}

std::optional<WarningKind> TermCheck::verdict(const std::string& id) {
  const auto system = system_of(id);
  if (system.empty() || system == "skerry") return std::nullopt;
  const auto known = verdicts_.find(id);
  if (known != verdicts_.end()) return known->second;
  std::optional<WarningKind> out;
  const auto* live = vocabulary_.find(id);
  if (live == nullptr) {
    if (vocabulary_.exact(id) != nullptr) {
      out = WarningKind::obsolete_term;
    } else if (knows_system(system)) {
      out = WarningKind::unknown_term;
    }
  } else if (live->id != id && system_of(live->id) == system) {  // the same disease in another code system is no replacement
    out = WarningKind::replaced_term;
  } else if (live->obsolete) {
    out = WarningKind::obsolete_term;
  }
  constexpr std::size_t remembered_max = 1'000'000;
  if (verdicts_.size() < remembered_max) verdicts_.emplace(id, out);
  return out;
}

void TermCheck::look(const Code& code, Parsed& packet, std::string_view file, std::string_view what) {
  if (const auto kind = verdict(code.id)) packet.warnings.push_back({*kind, {std::string(file), 0, 0, std::string(what)}, code.id});
}

void TermCheck::look(Parsed& packet, std::string_view file) {
  if (vocabulary_.size() == 0) return;
  const auto value = [&](const Value& held, std::string_view what) {
    if (const auto* code = std::get_if<Code>(&held)) look(*code, packet, file, what);
  };
  for (const auto& fact : packet.batch.facts) {
    const auto what = name_of(fact.kind);
    look(fact.code, packet, file, what);
    value(fact.value, what);
    if (!fact.where.site.empty()) look(fact.where.site, packet, file, what);
    if (const auto* coded = std::get_if<Code>(&fact.when.first)) look(*coded, packet, file, what);
    for (const auto& qualifier : fact.qualifiers) value(qualifier.value, what);
  }
}

}  // namespace skerry::exchange
