#include "evidence/bootstrap.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace skerry::evidence {

std::uint64_t random_bits(std::uint64_t seed, std::uint64_t participant, std::uint64_t replicate) noexcept {
  const auto low = [](std::uint64_t value) { return static_cast<std::uint32_t>(value); };
  const auto high = [](std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32); };
  std::array<std::uint32_t, 4> counter{low(participant), high(participant), low(replicate), high(replicate)};
  std::uint32_t key0 = low(seed), key1 = high(seed);
  for (int round = 0; round < 10; ++round) {
    const auto first = std::uint64_t{0xD2511F53} * counter[0];
    const auto second = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {high(second) ^ counter[1] ^ key0, low(second), high(first) ^ counter[3] ^ key1, low(first)};
    key0 += 0x9E3779B9;
    key1 += 0xBB67AE85;
  }
  return std::uint64_t{counter[1]} << 32 | counter[0];
}

unsigned poisson_one(std::uint64_t bits) noexcept {
  // 2^64 (1 + 1 + 1/2 + 1/6 + ...) / e, added up from the small end; the last is the largest number.
  static const auto limits = [] {
    std::array<std::uint64_t, 20> out{};
    long double term = std::ldexp(std::exp(-1.0L), 64), sum = 0;
    for (std::size_t k = 0; k < out.size(); ++k) {
      sum += term;
      out[k] = sum >= std::ldexp(1.0L, 64) ? ~std::uint64_t{0} : static_cast<std::uint64_t>(sum);
      term /= static_cast<long double>(k + 1);
    }
    return out;
  }();
  return static_cast<unsigned>(std::upper_bound(limits.begin(), limits.end() - 1, bits) - limits.begin());
}

Percentiles percentiles(std::vector<double> estimates, double level) {
  const auto asked = estimates.size();
  std::erase_if(estimates, [](double value) { return !std::isfinite(value); });
  Percentiles out;
  out.replicates = estimates.size();
  if (estimates.empty() || estimates.size() * 10 < asked * 9) return out;
  std::sort(estimates.begin(), estimates.end());
  const auto quantile = [&](double p) {
    const double at = p * static_cast<double>(estimates.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const auto above = std::min(below + 1, estimates.size() - 1);
    return estimates[below] + (at - static_cast<double>(below)) * (estimates[above] - estimates[below]);
  };
  out.low = quantile((1 - level) / 2);
  out.high = quantile((1 + level) / 2);
  return out;
}

}  // namespace skerry::evidence
