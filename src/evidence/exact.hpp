// Exact sums of real numbers: fixed point, 256 bits, 128 of them after the point. Addition is integer addition, so any split of the
// people, in any order and over any number of threads, gives the same bits.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace skerry::evidence {

/// A sum. A term is exact when it is a multiple of 2^-128 (every double of at least 2^-76 is), else rounded to the nearest, ties to
/// even. `sound` is false once a term was not finite or beyond 2^99 (so that a sum of 2^28 terms, 268 million, always fits) or the sum
/// left the range of +-2^127; it stays false, and to_double() is NaN.
class Exact {
 public:
  Exact() = default;
  explicit Exact(double term) { add(term); }

  void add(double term) noexcept;
  Exact& operator+=(const Exact& other) noexcept;
  Exact& operator-=(const Exact& other) noexcept;
  [[nodiscard]] bool sound() const noexcept { return sound_; }
  /// The nearest double, ties to even.
  [[nodiscard]] double to_double() const noexcept;
  [[nodiscard]] const std::array<std::uint64_t, 4>& limbs() const noexcept { return limbs_; }  ///< two's complement, lowest first
  [[nodiscard]] static Exact from_limbs(const std::array<std::uint64_t, 4>& limbs, bool sound = true) noexcept;
  bool operator==(const Exact&) const = default;

 private:
  std::array<std::uint64_t, 4> limbs_{};
  bool sound_ = true;
};

/// total += every term; the same bits as adding them one by one, and faster.
void add_all(std::span<const double> terms, Exact& total) noexcept;
/// The same without wide instructions: for tests.
void add_all_plainly(std::span<const double> terms, Exact& total) noexcept;

}  // namespace skerry::evidence
