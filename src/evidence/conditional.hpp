// The exact distribution of 2 x 2 tables given their margins, one or several strata with the same odds ratio: Fisher's noncentral
// hypergeometric distribution (Cornfield, Proceedings of the 3rd Berkeley Symposium 4 (1956) 135-148; strata: Gart, Biometrika 57 (1970)
// 471-475). Pure and thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "evidence/estimate.hpp"

namespace skerry::evidence {

/// a b / c d.
struct Fourfold {
  std::int64_t a = 0, b = 0, c = 0, d = 0;
  [[nodiscard]] std::int64_t people() const noexcept { return a + b + c + d; }
  /// Given the margins only one table is possible.
  [[nodiscard]] bool fixed() const noexcept { return a + b == 0 || c + d == 0 || a + c == 0 || b + d == 0; }
};

/// Probabilities of the sum of the cells a: p[i] is that of low + i. What is below 1e-300 of the largest is left out.
struct CellDistribution {
  std::int64_t low = 0;
  std::vector<double> p;
};
[[nodiscard]] CellDistribution cell_distribution(std::span<const Fourfold> strata, double log_odds_ratio);
/// About how many multiplications cell_distribution takes.
[[nodiscard]] double cell_distribution_cost(std::span<const Fourfold> strata);

/// Two-sided p of no association: all sums at most as probable (within 1e-7) as the one observed.
[[nodiscard]] double conditional_p(std::span<const Fourfold> strata);
/// The maximum-likelihood log odds ratio given the margins, with the interval of equal exact tails (Cornfield). -inf or +inf where the sum
/// is the least or greatest possible; unset where only one sum is possible.
[[nodiscard]] std::optional<Estimate> conditional_odds_ratio(std::span<const Fourfold> strata, double level);

}  // namespace skerry::evidence
