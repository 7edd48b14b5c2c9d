#include "evidence/rank_tests.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "evidence/tail.hpp"

namespace skerry::evidence {
namespace {

constexpr std::int64_t exact_below = 50;

std::int64_t people_of(const std::vector<std::int64_t>& cells) {
  std::int64_t out = 0;
  for (const auto cell : cells) out += cell;
  return out;
}

/// Sum of t^3 - t over the values: what ties take from the variance.
double ties_of(const std::vector<std::int64_t>& together) {
  double out = 0;
  for (const auto cell : together) {
    const auto t = static_cast<double>(cell);
    out += t * (t - 1) * (t + 1);
  }
  return out;
}

std::vector<std::int64_t> together(const Histogram& groups) {
  std::vector<std::int64_t> out(groups[0].size());
  for (const auto& group : groups) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] += group[i];
  }
  return out;
}

double choose(std::int64_t n, std::int64_t k) {
  double out = 1;
  for (std::int64_t i = 1; i <= k; ++i) out = out * static_cast<double>(n - k + i) / static_cast<double>(i);
  return out;
}

}  // namespace

std::int64_t mann_whitney_doubled(const std::vector<std::int64_t>& first, const std::vector<std::int64_t>& second) {
  std::int64_t out = 0;
  std::int64_t below = 0;  // of the second group
  for (std::size_t i = 0; i < first.size(); ++i) {
    out += first[i] * (2 * below + second[i]);
    below += second[i];
  }
  return out;
}

double mann_whitney_variance(const std::vector<std::int64_t>& first, const std::vector<std::int64_t>& second) {
  const auto m = static_cast<double>(people_of(first));
  const auto n = static_cast<double>(people_of(second));
  return m * n / 12 * (m + n + 1 - ties_of(together({first, second})) / ((m + n) * (m + n - 1)));
}

std::vector<double> mann_whitney_distribution(const std::vector<std::int64_t>& first, const std::vector<std::int64_t>& second) {
  const std::int64_t m = people_of(first);
  const std::int64_t n = people_of(second);
  const auto sums = static_cast<std::size_t>(2 * m * n + 1);
  // ways[k][u]: k of the people up to here are the first group's, with doubled statistic u among them.
  std::vector<std::vector<double>> ways(static_cast<std::size_t>(m) + 1, std::vector<double>(sums));
  ways[0][0] = 1;
  std::int64_t before = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const std::int64_t t = first[i] + second[i];
    if (t == 0) continue;
    std::vector<std::vector<double>> next(ways.size(), std::vector<double>(sums));
    for (std::int64_t k = 0; k <= std::min(m, before); ++k) {
      const std::int64_t others = before - k;  // of the second group, below
      if (others > n) continue;
      for (std::int64_t x = std::max<std::int64_t>(0, t - (n - others)); x <= std::min(t, m - k); ++x) {
        const auto shift = static_cast<std::size_t>(x * (2 * others + (t - x)));
        const double arrangements = choose(t, x);
        const auto& from = ways[static_cast<std::size_t>(k)];
        double* to = next[static_cast<std::size_t>(k + x)].data() + shift;
        for (std::size_t u = 0; u + shift < sums; ++u) to[u] += from[u] * arrangements;
      }
    }
    ways = std::move(next);
    before += t;
  }
  auto out = ways[static_cast<std::size_t>(m)];
  const double all = choose(m + n, m);
  for (double& p : out) p /= all;
  return out;
}

Test mann_whitney(const std::vector<std::int64_t>& first, const std::vector<std::int64_t>& second) {
  const std::int64_t m = people_of(first);
  const std::int64_t n = people_of(second);
  const std::int64_t doubled = mann_whitney_doubled(first, second);
  Test out;
  out.name = "Mann-Whitney test";
  out.statistic = static_cast<double>(doubled) / 2;
  const std::int64_t away = std::abs(doubled - m * n);
  if (m < exact_below && n < exact_below) {
    out.exact = true;
    const auto distribution = mann_whitney_distribution(first, second);
    double p = 0;
    for (std::size_t u = 0; u < distribution.size(); ++u) {
      if (std::abs(static_cast<std::int64_t>(u) - m * n) >= away) p += distribution[u];
    }
    out.p = std::min(1.0, p);
    return out;
  }
  const double variance = mann_whitney_variance(first, second);
  if (variance <= 0) return out;
  const double corrected = away == 0 ? 0 : static_cast<double>(away) / 2 - 0.5;
  out.p = std::min(1.0, normal_two_sided(corrected / std::sqrt(variance)));
  return out;
}

namespace {

/// Doubled midranks of the values.
std::vector<std::int64_t> doubled_ranks(const std::vector<std::int64_t>& counts) {
  std::vector<std::int64_t> out;
  std::int64_t before = 0;
  for (const auto count : counts) {
    out.push_back(2 * before + count + 1);
    before += count;
  }
  return out;
}

/// Sum of R^2 / n over the groups, for doubled rank sums.
double spread(const std::vector<std::int64_t>& sums, const std::vector<std::int64_t>& sizes) {
  double out = 0;
  for (std::size_t g = 0; g < sums.size(); ++g) {
    out += static_cast<double>(sums[g]) * static_cast<double>(sums[g]) / static_cast<double>(sizes[g]);
  }
  return out / 4;
}

std::vector<std::int64_t> rank_sums(const Histogram& groups, const std::vector<std::int64_t>& ranks) {
  std::vector<std::int64_t> out;
  for (const auto& group : groups) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < ranks.size(); ++i) sum += group[i] * ranks[i];
    out.push_back(sum);
  }
  return out;
}

/// People already placed in each group and their doubled rank sums, of all groups but the last.
using Placed = std::vector<std::int64_t>;

}  // namespace

Test kruskal_wallis(const Histogram& groups) {
  const auto counts = together(groups);
  const auto n = static_cast<double>(people_of(counts));
  std::vector<std::int64_t> sizes;
  for (const auto& group : groups) sizes.push_back(people_of(group));
  const double rank_spread = spread(rank_sums(groups, doubled_ranks(counts)), sizes);
  Test out;
  out.name = "Kruskal-Wallis test";
  out.df = static_cast<double>(groups.size() - 1);
  const double untied = 1 - ties_of(counts) / (n * (n - 1) * (n + 1));
  if (untied <= 0) return out;
  out.statistic = std::max(0.0, (12 * rank_spread / (n * (n + 1)) - 3 * (n + 1)) / untied);
  out.p = chi_square_upper(*out.statistic, *out.df);
  return out;
}

std::optional<Test> kruskal_wallis_exact(const Histogram& groups) {
  constexpr double arrangements_max = 200'000;  // three groups of 4 have 34,650, three of 5 have 756,756
  const auto counts = together(groups);
  const auto ranks = doubled_ranks(counts);
  std::vector<std::int64_t> sizes;
  for (const auto& group : groups) sizes.push_back(people_of(group));
  const std::size_t k = groups.size();
  double arrangements = 1;
  std::int64_t so_far = 0;
  for (const auto size : sizes) arrangements *= choose(so_far += size, size);
  if (arrangements > arrangements_max) return std::nullopt;
  std::map<Placed, double> states{{Placed(2 * k), 1.0}};  // probability of each way to place the people with the values so far
  std::int64_t left = people_of(counts);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    for (std::int64_t person = 0; person < counts[i]; ++person, --left) {
      std::map<Placed, double> next;
      for (const auto& [placed, p] : states) {
        for (std::size_t g = 0; g < k; ++g) {
          const std::int64_t open = sizes[g] - placed[g];
          if (open == 0) continue;
          Placed after = placed;
          ++after[g];
          after[k + g] += ranks[i];
          next[after] += p * static_cast<double>(open) / static_cast<double>(left);
        }
      }
      states = std::move(next);
    }
  }
  Test out = kruskal_wallis(groups);
  if (!out.statistic) return std::nullopt;
  const double seen = spread(rank_sums(groups, ranks), sizes);
  double p = 0;
  for (const auto& [placed, probability] : states) {
    const double other = spread({placed.begin() + static_cast<std::ptrdiff_t>(k), placed.end()}, sizes);
    if (other >= seen * (1 - 1e-12)) p += probability;
  }
  out.exact = true;
  out.p = std::min(1.0, p);
  return out;
}

}  // namespace skerry::evidence
