// Any bytes are a unit or an error; a unit converts to itself by 1 and to a fixed few there and back.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "vocabulary/units.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(static_cast<const char*>(static_cast<const void*>(data)), size);
  const auto same = skerry::vocabulary::convert(text, text);
  if (!same) {
    if (same.error().message.empty()) std::abort();
    return 0;
  }
  if (std::abs(same->factor - 1) > 1e-12 || std::abs(same->offset) > 1e-6) std::abort();
  for (const std::string_view other : {"mg/dL", "Cel", "a", "mm[Hg]", "1", "U/L"}) {
    const auto there = skerry::vocabulary::conversion(text, other);
    const auto back = skerry::vocabulary::conversion(other, text);
    if (!there != !back) std::abort();
    if (there && !(there->factor > 0 && std::isfinite(there->factor) && std::isfinite(there->offset))) std::abort();
  }
  return 0;
}
