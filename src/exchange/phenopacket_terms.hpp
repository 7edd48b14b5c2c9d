// What the loaded vocabulary says of a packet's codes; facts keep what was stated whatever it says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "exchange/phenopackets.hpp"

namespace skerry::exchange {

/// One a thread: it remembers what it has looked up.
class TermCheck {
 public:
  explicit TermCheck(const vocabulary::Vocabulary& vocabulary) : vocabulary_(vocabulary) {}
  /// Adds warnings for the codes of the packet's facts: their own, their values', sites', times' and qualifiers'.
  void look(Parsed& packet, std::string_view file);

 private:
  void look(const Code& code, Parsed& packet, std::string_view file, std::string_view what);
  std::optional<WarningKind> verdict(const std::string& id);
  [[nodiscard]] bool knows_system(std::string_view system);

  vocabulary::Vocabulary vocabulary_;
  std::unordered_map<std::string, std::optional<WarningKind>> verdicts_;
};

}  // namespace skerry::exchange
