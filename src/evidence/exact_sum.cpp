// add_all(): many terms a nanosecond. Each term is cut into parts on grids so coarse that plain additions of a block's parts are exact;
// the parts' sums then go into the fixed point. Which instructions do it cannot be seen in the result.
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstring>

#include "evidence/exact.hpp"
#include "evidence/instructions.hpp"

namespace skerry::evidence {
namespace {

using Lanes = double __attribute__((vector_size(32)));
using Bits = long long __attribute__((vector_size(32)));

constexpr std::size_t block_terms = 1024;  // 2^10 parts of at most 2^42 units of their grid: below 2^53
constexpr int part_bits = 42;

struct Parts {
  double high = 0, middle = 0, low = 0;
  bool rest = false;  ///< something is left below the grids
};

inline __attribute__((always_inline)) double largest_of(const double* terms, std::size_t count) {
  Lanes most{};
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    Lanes x;
    std::memcpy(&x, terms + i, sizeof x);
    const Lanes magnitude = x < 0 ? -x : x;
    most = magnitude > most ? magnitude : most;
  }
  double out = 0;
  for (int lane = 0; lane < 4; ++lane) out = most[lane] > out ? most[lane] : out;
  for (; i < count; ++i) out = std::fabs(terms[i]) > out ? std::fabs(terms[i]) : out;
  return out;
}

/// With magic = 1.5 * 2^52 grid units, (x + magic) - magic is x on the grid. `third` is 0 for two grids.
template <bool three>
inline __attribute__((always_inline)) Parts cut(const double* terms, std::size_t count, double first, double second, double third) {
  Lanes high{}, middle{}, low{};
  Bits rest{};
  for (std::size_t i = 0; i < count; i += 4) {
    Lanes x{};
    if (i + 4 <= count) {
      std::memcpy(&x, terms + i, sizeof x);
    } else {
      std::memcpy(&x, terms + i, (count - i) * sizeof(double));
    }
    const Lanes a = (x + first) - first;
    high += a;
    x -= a;
    const Lanes b = (x + second) - second;
    middle += b;
    x -= b;
    if (three) {
      const Lanes c = (x + third) - third;
      low += c;
      x -= c;
    }
    rest |= x != 0;
  }
  const auto sum = [](const Lanes& lanes) __attribute__((always_inline)) { return (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]); };
  return {sum(high), sum(middle), sum(low), (rest[0] | rest[1] | rest[2] | rest[3]) != 0};
}

struct Kernel {
  double (*largest)(const double*, std::size_t);
  Parts (*two)(const double*, std::size_t, double, double);
  Parts (*three)(const double*, std::size_t, double, double, double);
};

double largest_plain(const double* terms, std::size_t count) { return largest_of(terms, count); }
Parts two_plain(const double* terms, std::size_t count, double a, double b) { return cut<false>(terms, count, a, b, 0); }
Parts three_plain(const double* terms, std::size_t count, double a, double b, double c) { return cut<true>(terms, count, a, b, c); }
constexpr Kernel plain{largest_plain, two_plain, three_plain};
#ifdef SKERRY_HAS_AVX2
SKERRY_AVX2 double largest_avx2(const double* terms, std::size_t count) { return largest_of(terms, count); }
SKERRY_AVX2 Parts two_avx2(const double* terms, std::size_t count, double a, double b) { return cut<false>(terms, count, a, b, 0); }
SKERRY_AVX2 Parts three_avx2(const double* terms, std::size_t count, double a, double b, double c) {
  return cut<true>(terms, count, a, b, c);
}
constexpr Kernel avx2{largest_avx2, two_avx2, three_avx2};
#endif

void add_slowly(const double* terms, std::size_t count, Exact& total) {
  for (std::size_t i = 0; i < count; ++i) total.add(terms[i]);
}

double magic(int grid_exponent) { return std::ldexp(1.5, 52 + std::max(grid_exponent, -128)); }

void add_block(const Kernel& kernel, const double* terms, std::size_t count, Exact& total) {
  const double most = kernel.largest(terms, count);  // a sum of 2^10 below 2^88 is a term that add() takes
  if (!(most < 0x1p88) || most < 0x1p-43) return add_slowly(terms, count, total);
  const int above = static_cast<int>((std::bit_cast<std::uint64_t>(most) >> 52U) & 0x7ffU) - 1022;  // every term is below 2^above
  const int first = above - part_bits;
  const int second = first - 1 - part_bits;
  auto parts = kernel.two(terms, count, magic(first), magic(second));
  if (parts.rest) parts = kernel.three(terms, count, magic(first), magic(second), magic(second - 1 - part_bits));
  if (parts.rest || !std::isfinite(parts.high)) return add_slowly(terms, count, total);
  total.add(parts.high);
  total.add(parts.middle);
  total.add(parts.low);
}

void add_terms(const Kernel& kernel, std::span<const double> terms, Exact& total) {
  const double* at = terms.data();
  std::size_t left = terms.size();
  while (left >= 8) {
    const std::size_t count = left < block_terms ? left : block_terms;
    add_block(kernel, at, count, total);
    at += count;
    left -= count;
  }
  add_slowly(at, left, total);
}

}  // namespace

void add_all(std::span<const double> terms, Exact& total) noexcept {
#ifdef SKERRY_HAS_AVX2
  static const bool wide = has_avx2();
  if (wide) return add_terms(avx2, terms, total);
#endif
  add_terms(plain, terms, total);
}

void add_all_plainly(std::span<const double> terms, Exact& total) noexcept { add_terms(plain, terms, total); }

}  // namespace skerry::evidence
