#include "base/bitset.hpp"

#include "base/processor.hpp"

namespace skerry {

SKERRY_WIDE std::size_t count_bits(const std::uint64_t* words, std::size_t count) noexcept {
  // Four sums side by side: popcnt waits for the last result in its register.
  std::size_t a = 0, b = 0, c = 0, d = 0, w = 0;
  for (; w + 4 <= count; w += 4) {
    a += static_cast<std::size_t>(std::popcount(words[w]));
    b += static_cast<std::size_t>(std::popcount(words[w + 1]));
    c += static_cast<std::size_t>(std::popcount(words[w + 2]));
    d += static_cast<std::size_t>(std::popcount(words[w + 3]));
  }
  for (; w < count; ++w) a += static_cast<std::size_t>(std::popcount(words[w]));
  return a + b + c + d;
}

}  // namespace skerry
