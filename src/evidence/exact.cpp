#include "evidence/exact.hpp"

#include <bit>
#include <cmath>
#include <cstddef>
#include <limits>

namespace skerry::evidence {
namespace {

__extension__ typedef unsigned __int128 Wide;
using Limbs = std::array<std::uint64_t, 4>;

constexpr int fraction_bits = 128;
constexpr int magnitude_bits_max = 99;  // of a term: 2^28 of them stay below 2^127
constexpr int mantissa_bits = 52;
constexpr int exponent_bias = 1075;  // a double is mantissa * 2^(exponent - 1075), the mantissa with its hidden bit

bool negative(const Limbs& limbs) { return limbs[3] >> 63U != 0; }

void add_limbs(Limbs& to, const Limbs& more, std::uint64_t carry) {
  for (std::size_t i = 0; i < 4; ++i) {
    const Wide sum = static_cast<Wide>(to[i]) + more[i] + carry;
    to[i] = static_cast<std::uint64_t>(sum);
    carry = static_cast<std::uint64_t>(sum >> 64U);
  }
}

Limbs inverted(Limbs limbs) {
  for (auto& limb : limbs) limb = ~limb;
  return limbs;
}

/// mantissa / 2^down, to the nearest, ties to even; 1 <= down.
std::uint64_t rounded_down(std::uint64_t mantissa, unsigned down) {
  if (down > 54) return 0;  // below half of the last place
  const std::uint64_t kept = mantissa >> down;
  const std::uint64_t rest = mantissa & ((std::uint64_t{1} << down) - 1);
  const std::uint64_t half = std::uint64_t{1} << (down - 1);
  return kept + ((rest > half || (rest == half && (kept & 1U) != 0)) ? 1 : 0);
}

}  // namespace

void Exact::add(double term) noexcept {
  const auto bits = std::bit_cast<std::uint64_t>(term);
  const auto exponent = static_cast<int>((bits >> mantissa_bits) & 0x7ffU);
  if (exponent == 0) return;  // zero, or far below half of 2^-128
  if (exponent >= 1023 + magnitude_bits_max) {
    const bool limit_itself = std::fabs(term) == std::ldexp(1.0, magnitude_bits_max);
    if (!limit_itself) {
      sound_ = false;
      return;
    }
  }
  std::uint64_t mantissa = (bits & ((std::uint64_t{1} << mantissa_bits) - 1)) | (std::uint64_t{1} << mantissa_bits);
  int shift = exponent - exponent_bias + fraction_bits;
  if (shift < 0) {
    mantissa = rounded_down(mantissa, static_cast<unsigned>(-shift));
    shift = 0;
  }
  const auto limb = static_cast<std::size_t>(shift) / 64;
  const auto wide = static_cast<Wide>(mantissa) << (static_cast<unsigned>(shift) % 64);
  Limbs magnitude{};
  magnitude[limb] = static_cast<std::uint64_t>(wide);
  if (limb < 3) magnitude[limb + 1] = static_cast<std::uint64_t>(wide >> 64U);
  const bool minus = (bits >> 63U) != 0;
  const bool before = negative(limbs_);
  add_limbs(limbs_, minus ? inverted(magnitude) : magnitude, minus ? 1 : 0);
  if (mantissa != 0 && before == minus && negative(limbs_) != before) sound_ = false;
}

Exact& Exact::operator+=(const Exact& other) noexcept {
  const bool mine = negative(limbs_);
  const bool theirs = negative(other.limbs_);
  add_limbs(limbs_, other.limbs_, 0);
  sound_ = sound_ && other.sound_ && (mine != theirs || negative(limbs_) == mine);
  return *this;
}

Exact& Exact::operator-=(const Exact& other) noexcept {
  Exact negated;
  add_limbs(negated.limbs_, inverted(other.limbs_), 1);
  negated.sound_ = other.sound_ && (negated.limbs_ != other.limbs_ || !negative(other.limbs_));
  return *this += negated;
}

double Exact::to_double() const noexcept {
  if (!sound_) return std::numeric_limits<double>::quiet_NaN();
  Limbs magnitude = limbs_;
  const bool minus = negative(limbs_);
  if (minus) {
    magnitude = Limbs{};
    add_limbs(magnitude, inverted(limbs_), 1);
  }
  int top = 3;
  while (top >= 0 && magnitude[static_cast<std::size_t>(top)] == 0) --top;
  if (top < 0) return 0;
  const auto highest = static_cast<std::size_t>(top);
  // The leading 64 bits, with whatever lies below them told by the lowest: enough to round once.
  const auto zeros = static_cast<unsigned>(std::countl_zero(magnitude[highest]));
  std::uint64_t leading = magnitude[highest] << zeros;
  bool below = false;
  if (highest > 0) {
    if (zeros > 0) leading |= magnitude[highest - 1] >> (64 - zeros);
    below = (magnitude[highest - 1] << zeros) != 0;
    for (std::size_t i = 0; i + 1 < highest; ++i) below = below || magnitude[i] != 0;
  }
  if (below) leading |= 1U;
  const double rounded = static_cast<double>(rounded_down(leading, 11));
  const double value = std::ldexp(rounded, top * 64 - static_cast<int>(zeros) + 11 - fraction_bits);
  return minus ? -value : value;
}

Exact Exact::from_limbs(const std::array<std::uint64_t, 4>& limbs, bool sound) noexcept {
  Exact out;
  out.limbs_ = limbs;
  out.sound_ = sound;
  return out;
}

}  // namespace skerry::evidence
