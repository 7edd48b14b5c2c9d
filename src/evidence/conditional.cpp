#include "evidence/conditional.hpp"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <limits>

namespace skerry::evidence {
namespace {

constexpr double negligible = 1e-300;
constexpr double as_probable = 1 + 1e-7;
constexpr double infinity = std::numeric_limits<double>::infinity();

std::int64_t least(const Fourfold& table) { return std::max<std::int64_t>(0, table.a - table.d); }
std::int64_t greatest(const Fourfold& table) { return table.a + std::min(table.b, table.c); }

/// p(k + 1) / p(k)
double ratio(const Fourfold& table, std::int64_t k, double odds_ratio) {
  const auto row = table.a + table.b;
  const auto column = table.a + table.c;
  return static_cast<double>(row - k) * static_cast<double>(column - k) / static_cast<double>(k + 1) /
         static_cast<double>(table.d - table.a + k + 1) * odds_ratio;
}

/// Outwards from the most probable cell, so that no factorials of large numbers cancel.
CellDistribution of_one(const Fourfold& table, double log_odds_ratio) {
  const double odds_ratio = std::exp(log_odds_ratio);
  std::int64_t low = least(table);
  std::int64_t high = greatest(table);
  std::int64_t from = low;
  std::int64_t to = high;
  while (from < to) {  // the ratio falls with k: the first k whose ratio is at most 1
    const std::int64_t middle = from + (to - from) / 2;
    (ratio(table, middle, odds_ratio) > 1 ? from : to) = ratio(table, middle, odds_ratio) > 1 ? middle + 1 : middle;
  }
  const std::int64_t mode = from;
  std::vector<double> below;
  double weight = 1;
  for (std::int64_t k = mode; k > low && weight > negligible; --k) below.push_back(weight /= ratio(table, k - 1, odds_ratio));
  CellDistribution out;
  out.low = mode - static_cast<std::int64_t>(below.size());
  out.p.assign(below.rbegin(), below.rend());
  out.p.push_back(weight = 1);
  for (std::int64_t k = mode; k < high && weight > negligible; ++k) out.p.push_back(weight *= ratio(table, k, odds_ratio));
  double sum = 0;
  for (const double p : out.p) sum += p;
  for (double& p : out.p) p /= sum;
  return out;
}

CellDistribution convolved(const CellDistribution& a, const CellDistribution& b) {
  CellDistribution out{a.low + b.low, std::vector<double>(a.p.size() + b.p.size() - 1)};
  for (std::size_t i = 0; i < a.p.size(); ++i) {
    double* to = out.p.data() + i;
    for (std::size_t j = 0; j < b.p.size(); ++j) to[j] += a.p[i] * b.p[j];
  }
  return out;
}

std::int64_t observed(std::span<const Fourfold> strata) {
  std::int64_t out = 0;
  for (const auto& table : strata) out += table.a;
  return out;
}

struct Tails {
  double mean = 0, at_most = 0, at_least = 0;
};

Tails tails(std::span<const Fourfold> strata, double log_odds_ratio) {
  const auto distribution = cell_distribution(strata, log_odds_ratio);
  const auto seen = observed(strata);
  Tails out;
  for (std::size_t i = 0; i < distribution.p.size(); ++i) {
    const std::int64_t k = distribution.low + static_cast<std::int64_t>(i);
    out.mean += distribution.p[i] * static_cast<double>(k - seen);
    if (k <= seen) out.at_most += distribution.p[i];
    if (k >= seen) out.at_least += distribution.p[i];
  }
  return out;
}

/// Where `rising` crosses 0, found outwards from `start`.
template <class F>
double crossing(const F& rising, double start) {
  double step = 1;
  double low = start;
  double high = start;
  while (rising(low) > 0 && step < 1e4) low -= step *= 2;
  step = 1;
  while (rising(high) < 0 && step < 1e4) high += step *= 2;
  if (low == high) return low;
  std::uintmax_t steps = 200;
  const auto found = boost::math::tools::toms748_solve(rising, low, high, boost::math::tools::eps_tolerance<double>(52), steps);
  return (found.first + found.second) / 2;
}

}  // namespace

CellDistribution cell_distribution(std::span<const Fourfold> strata, double log_odds_ratio) {
  CellDistribution out{0, {1}};
  for (const auto& table : strata) out = convolved(out, of_one(table, log_odds_ratio));
  return out;
}

double cell_distribution_cost(std::span<const Fourfold> strata) {
  double length = 1;
  double cost = 0;
  for (const auto& table : strata) {
    const auto support = static_cast<double>(greatest(table) - least(table) + 1);
    const double people = std::max(1.0, static_cast<double>(table.people()));
    const double own = std::min(support, 40 * std::sqrt(people) + 10);  // cells that are not negligible
    cost += length * own;
    length += own;
  }
  return cost;
}

double conditional_p(std::span<const Fourfold> strata) {
  const auto distribution = cell_distribution(strata, 0);
  const auto place = observed(strata) - distribution.low;
  if (place < 0 || place >= static_cast<std::int64_t>(distribution.p.size())) return 0;  // below 1e-300
  const double most = distribution.p[static_cast<std::size_t>(place)] * as_probable;
  double sum = 0;
  for (const double p : distribution.p) {
    if (p <= most) sum += p;
  }
  return std::min(1.0, sum);
}

std::optional<Estimate> conditional_odds_ratio(std::span<const Fourfold> strata, double level) {
  std::int64_t low = 0;
  std::int64_t high = 0;
  double start_up = 0;
  double start_down = 0;
  for (const auto& table : strata) {
    low += least(table);
    high += greatest(table);
    const auto n = std::max(1.0, static_cast<double>(table.people()));
    start_up += (static_cast<double>(table.a) + 0.5) * (static_cast<double>(table.d) + 0.5) / n;
    start_down += (static_cast<double>(table.b) + 0.5) * (static_cast<double>(table.c) + 0.5) / n;
  }
  if (low == high) return std::nullopt;
  const auto seen = observed(strata);
  const double start = std::log(start_up / start_down);
  const double tail = (1 - level) / 2;
  Estimate out;
  out.id = "odds_ratio";
  out.ratio = true;
  out.low = -infinity;
  out.high = infinity;
  if (seen > low) {
    out.low = crossing([&](double t) { return std::log(std::max(tails(strata, t).at_least, 1e-320) / tail); }, start);
  }
  if (seen < high) {
    out.high = crossing([&](double t) { return std::log(tail / std::max(tails(strata, t).at_most, 1e-320)); }, start);
  }
  if (seen == low) {
    out.value = -infinity;
  } else if (seen == high) {
    out.value = infinity;
  } else {
    out.value = crossing([&](double t) { return tails(strata, t).mean; }, start);
  }
  return out;
}

}  // namespace skerry::evidence
