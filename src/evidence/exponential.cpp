#include "evidence/exponential.hpp"

#include <cstdint>
#include <cstring>

#include "evidence/instructions.hpp"

namespace skerry::evidence {
namespace {

using Lanes = double __attribute__((vector_size(32)));
using Bits = long long __attribute__((vector_size(32)));

/// exp(x) = 2^k e^r with k = round(x / ln 2), r = x - k ln 2 in two parts (Cody & Waite 1980), e^r by its series to r^13, whose remainder
/// is below 2^-57.
inline __attribute__((always_inline)) void exponential(Lanes& x) {
  constexpr double round = 0x1.8p52;
  constexpr double ln2_high = 0x1.62e42fee00000p-1, ln2_low = 0x1.a39ef35793c76p-33;
  constexpr Lanes limit{700, 700, 700, 700};
  x = x > limit ? limit : x;
  x = x < -limit ? -limit : x;
  const Lanes shifted = x * 0x1.71547652b82fep0 + round;
  const Lanes k = shifted - round;
  const Lanes high = x - k * ln2_high;
  const Lanes low = k * ln2_low;
  const Lanes r = high - low;
  const Lanes lost = (high - r) - low;
  Lanes p = r * (1.0 / 6227020800.0) + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  const Lanes value = 1.0 + (r + (lost + r * r * p));
  Bits bits;
  Bits exponent;
  std::memcpy(&bits, &value, sizeof bits);
  std::memcpy(&exponent, &shifted, sizeof exponent);
  bits += exponent << 52;  // the low bits of `shifted` are k
  std::memcpy(&x, &bits, sizeof x);
}

inline __attribute__((always_inline)) void all(const double* x, std::size_t count, double* out) {
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    Lanes lanes;
    std::memcpy(&lanes, x + i, sizeof lanes);
    exponential(lanes);
    std::memcpy(out + i, &lanes, sizeof lanes);
  }
  if (i == count) return;
  Lanes lanes{};
  std::memcpy(&lanes, x + i, (count - i) * sizeof(double));
  exponential(lanes);
  std::memcpy(out + i, &lanes, (count - i) * sizeof(double));
}

#ifdef SKERRY_HAS_AVX2
SKERRY_AVX2 void all_avx2(const double* x, std::size_t count, double* out) { all(x, count, out); }
#endif

}  // namespace

void exponentials_plainly(std::span<const double> x, double* out) noexcept { all(x.data(), x.size(), out); }

void exponentials(std::span<const double> x, double* out) noexcept {
#ifdef SKERRY_HAS_AVX2
  static const bool wide = has_avx2();
  if (wide) return all_avx2(x.data(), x.size(), out);
#endif
  all(x.data(), x.size(), out);
}

}  // namespace skerry::evidence
