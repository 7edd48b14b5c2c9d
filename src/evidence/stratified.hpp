// An association within strata. Pure and thread-safe. Strata of fewer than two people, or with an empty margin, say nothing and are passed
// over.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "evidence/conditional.hpp"
#include "evidence/crosstab_tests.hpp"
#include "evidence/estimate.hpp"

namespace skerry::evidence {

/// Cochran, Biometrics 10 (1954) 417-451; Mantel & Haenszel, Journal of the National Cancer Institute 22 (1959) 719-748. `correct`: the
/// difference is made 0.5 smaller, unless it is below 0.5 itself. Unset without informative strata.
[[nodiscard]] std::optional<Test> mantel_haenszel(std::span<const Fourfold> strata, bool correct);
/// The exact conditional test: given all margins, all sums of the first cells at most as probable as the one observed. Unset without
/// informative strata, or when it would take more than about a second.
[[nodiscard]] std::optional<Test> exact_conditional(std::span<const Fourfold> strata);
/// Mantel & Haenszel's odds ratio (log scale) with the variance of Robins, Breslow & Greenland, Biometrics 42 (1986) 311-323. Unset
/// where it would be 0, infinite or undefined.
[[nodiscard]] std::optional<Estimate> common_odds_ratio(std::span<const Fourfold> strata, double level);
/// Whether strata share an odds ratio: Breslow & Day, Statistical Methods in Cancer Research I (1980) section 4.4; `tarone`: corrected by
/// Tarone, Biometrika 72 (1985) 91-95. Unset below two informative strata or without a common odds ratio.
[[nodiscard]] std::optional<Test> breslow_day(std::span<const Fourfold> strata, bool tarone);
/// I x J x K, nominal: Landis, Heyman & Koch, International Statistical Review 46 (1978) 237-254. Tables of one shape. Unset when no
/// stratum is informative or the margins leave the differences dependent.
[[nodiscard]] std::optional<Test> generalised_mantel_haenszel(std::span<const CrossTable> strata);

}  // namespace skerry::evidence
