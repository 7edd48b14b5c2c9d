// A coded concept as it was stated.
#pragma once

#include <string>
#include <string_view>

namespace skerry {

/// `id` is a CURIE ("HP:0034282", "LOINC:2731-8", "skerry:sex"); `label` is the text its source gave with it and may be
/// empty or differ from the vocabulary's. Two codes mean the same concept when their ids are equal.
struct Code {
  std::string id;
  std::string label;

  [[nodiscard]] bool empty() const noexcept { return id.empty() && label.empty(); }
  bool operator==(const Code&) const = default;
};

[[nodiscard]] inline bool same_concept(const Code& a, const Code& b) noexcept { return a.id == b.id; }
/// "HP" of "HP:0034282"; empty when there is no colon.
[[nodiscard]] inline std::string_view system_of(std::string_view curie) noexcept {
  const auto colon = curie.find(':');
  return colon == std::string_view::npos ? std::string_view{} : curie.substr(0, colon);
}

}  // namespace skerry
