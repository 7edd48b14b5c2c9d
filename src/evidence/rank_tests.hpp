// Rank tests from the number of people of each group at each value. Pure and thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "evidence/estimate.hpp"

namespace skerry::evidence {

/// [group][value], the values ascending; every group has people.
using Histogram = std::vector<std::vector<std::int64_t>>;

/// P(U2 = i), U2 twice the Mann-Whitney statistic of the first group, given the ties: element i. By the number of ways to choose the first
/// group's people value by value. Only for groups both below 50 people: up to 5000 elements.
[[nodiscard]] std::vector<double> mann_whitney_distribution(const std::vector<std::int64_t>& first,
                                                            const std::vector<std::int64_t>& second);
/// Twice the statistic U of the first group: pairs in which it is higher count 2, ties 1.
[[nodiscard]] std::int64_t mann_whitney_doubled(const std::vector<std::int64_t>& first, const std::vector<std::int64_t>& second);
/// The variance of U given the ties (normal approximation).
[[nodiscard]] double mann_whitney_variance(const std::vector<std::int64_t>& first, const std::vector<std::int64_t>& second);
[[nodiscard]] Test mann_whitney(const std::vector<std::int64_t>& first, const std::vector<std::int64_t>& second);

/// Chi-square approximation, corrected for ties.
[[nodiscard]] Test kruskal_wallis(const Histogram& groups);
/// The permutation distribution of the same statistic; unset when there are too many arrangements to go through.
[[nodiscard]] std::optional<Test> kruskal_wallis_exact(const Histogram& groups);

}  // namespace skerry::evidence
