// Numbers for example participants, the same with every compiler.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "exchange/synthetic_model.hpp"
#include "fact/when.hpp"

namespace skerry::exchange {

/// SplitMix64 (Steele, Lea and Flood 2014): the same numbers with every compiler, which std's distributions do not promise.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  /// In [0, 1).
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  bool chance(double probability) { return unit() < probability; }
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(unit() * static_cast<double>(high - low + 1));
  }
  /// Exponential with the given median.
  double waiting(double median) { return -std::log1p(-unit()) * median / std::log(2.0); }
  double normal() {
    constexpr double two_pi = 6.283185307179586;
    return std::sqrt(-2.0 * std::log1p(-unit())) * std::cos(two_pi * unit());
  }
  const WeightedCode& pick(const std::vector<WeightedCode>& choices) {
    double total = 0;
    for (const auto& choice : choices) total += choice.weight;
    double at = unit() * total;
    for (const auto& choice : choices) {
      at -= choice.weight;
      if (at < 0) return choice;
    }
    return choices.back();
  }

 private:
  std::uint64_t state_;
};

inline constexpr std::int32_t reference_day = 20'454;  // 2026-01-01: fixed, so that a seed gives the same registry on any day

[[nodiscard]] inline Age age_in_months(std::int64_t months) {
  Age age;
  if (months >= 12) age.years = static_cast<std::int32_t>(months / 12);
  if (months % 12 != 0 || months < 12) age.months = static_cast<std::int32_t>(months % 12);
  return age;
}

}  // namespace skerry::exchange
