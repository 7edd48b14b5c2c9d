#include "evidence/ranks.hpp"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <string>

#include "evidence/interval.hpp"
#include "evidence/rank_tests.hpp"

namespace skerry::evidence {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// P(X <= k), X binomial.
double at_most(std::int64_t k, std::int64_t n, double p) {
  if (k < 0) return 0;
  return k >= n ? 1 : boost::math::ibetac(static_cast<double>(k) + 1, static_cast<double>(n - k), p);
}

std::int64_t people_of(const std::vector<std::int64_t>& cells) {
  std::int64_t out = 0;
  for (const auto cell : cells) out += cell;
  return out;
}

/// One group on the grid: cells[0] below it, the last above.
class Ordered {
 public:
  Ordered(const std::int64_t* cells, std::size_t size, const RankQuestion& question) : question_(&question) {
    for (std::size_t i = 0; i < size; ++i) upto_.push_back((i == 0 ? 0 : upto_.back()) + cells[i]);
  }
  [[nodiscard]] std::int64_t people() const { return upto_.back(); }
  /// The k-th value from below, 1 <= k <= people; -inf below the grid, inf above.
  [[nodiscard]] double at(std::int64_t k) const {
    const auto cell = static_cast<std::size_t>(std::lower_bound(upto_.begin(), upto_.end(), k) - upto_.begin());
    if (cell == 0) return -infinity;
    if (cell + 1 == upto_.size()) return infinity;
    return question_->from + static_cast<double>(cell - 1) * question_->step;
  }

 private:
  const RankQuestion* question_;
  std::vector<std::int64_t> upto_;
};

std::optional<Estimate> quantile_of(const Ordered& values, double q, double level) {
  const std::int64_t n = values.people();
  const double place = static_cast<double>(n - 1) * q;  // definition 7
  const auto whole = static_cast<std::int64_t>(std::floor(place + 4 * std::numeric_limits<double>::epsilon() * std::max(1.0, place)));
  const double part = std::max(0.0, place - static_cast<double>(whole));
  const double low = values.at(whole + 1);
  const double high = part > 0 && whole + 2 <= n ? values.at(whole + 2) : low;
  if (std::isinf(low) || std::isinf(high)) return std::nullopt;
  Estimate out;
  out.id = "quantile";
  out.value = low == high ? low : low + part * (high - low);
  const double tail = (1 - level) / 2;
  // The lower limit is the l-th value with P(fewer than l below) <= tail: the largest such l; the upper the same from above.
  std::int64_t l = 0;
  std::int64_t top = n;
  while (l < top) {
    const std::int64_t middle = l + (top - l + 1) / 2;
    (at_most(middle - 1, n, q) <= tail ? l : top) = at_most(middle - 1, n, q) <= tail ? middle : middle - 1;
  }
  std::int64_t u = 1;
  top = n + 1;
  while (u < top) {
    const std::int64_t middle = u + (top - u) / 2;
    const bool enough = 1 - at_most(middle - 1, n, q) <= tail;
    (enough ? top : u) = enough ? middle : middle + 1;
  }
  out.low = l >= 1 ? values.at(l) : -infinity;
  out.high = u <= n ? values.at(u) : infinity;
  return out;
}

/// How many pairs (first, second) differ by each number of grid steps; null when there are too many different ones.
std::optional<std::map<std::int64_t, std::int64_t>> differences(const std::vector<std::int64_t>& first,
                                                                const std::vector<std::int64_t>& second) {
  std::vector<std::pair<std::int64_t, std::int64_t>> a;
  std::vector<std::pair<std::int64_t, std::int64_t>> b;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (first[i] > 0) a.emplace_back(i, first[i]);
    if (second[i] > 0) b.emplace_back(i, second[i]);
  }
  constexpr std::size_t pairs_max = 4'000'000;
  if (a.size() * b.size() > pairs_max) return std::nullopt;
  std::vector<std::int64_t> table(2 * first.size());
  const auto zero = static_cast<std::int64_t>(first.size());
  for (const auto& [x, n] : a) {
    for (const auto& [y, m] : b) table[static_cast<std::size_t>(zero + x - y)] += n * m;
  }
  std::map<std::int64_t, std::int64_t> out;
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i] > 0) out[static_cast<std::int64_t>(i) - zero] = table[i];
  }
  return out;
}

/// The number k of differences outside each end of the interval: the k-th difference from either side is a limit.
std::int64_t outside(const std::vector<std::int64_t>& first, const std::vector<std::int64_t>& second, const Test& test, std::int64_t pairs,
                     double level) {
  const double tail = (1 - level) / 2;
  if (test.exact) {
    const auto distribution = mann_whitney_distribution(first, second);
    double sum = 0;
    std::int64_t k = 0;
    // The largest k with P(U <= k - 1) <= tail.
    for (std::size_t u = 0; u + 1 < distribution.size(); u += 2) {
      sum += distribution[u] + (u > 0 ? distribution[u - 1] : 0);
      if (sum > tail) break;
      k = static_cast<std::int64_t>(u / 2) + 1;
    }
    return k;
  }
  const double half = normal_quantile(level) * std::sqrt(mann_whitney_variance(first, second));
  return std::max<std::int64_t>(0, static_cast<std::int64_t>(std::floor(static_cast<double>(pairs) / 2 - half)));
}

std::optional<Estimate> shift_of(const std::vector<std::int64_t>& first, const std::vector<std::int64_t>& second, const Test& test,
                                 double step, double level) {
  const auto table = differences(first, second);
  if (!table) return std::nullopt;
  std::int64_t pairs = 0;
  for (const auto& [difference, count] : *table) pairs += count;
  const auto at = [&](std::int64_t k) {  // the k-th difference from below
    for (const auto& [difference, count] : *table) {
      if (k <= count) return static_cast<double>(difference) * step;
      k -= count;
    }
    return infinity;
  };
  Estimate out;
  out.id = "shift";
  out.value = (at((pairs + 1) / 2) + at(pairs / 2 + 1)) / 2;
  out.p = test.p;
  const std::int64_t k = outside(first, second, test, pairs, level);
  out.low = k >= 1 ? at(k) : -infinity;
  out.high = k >= 1 ? at(pairs + 1 - k) : infinity;
  return out;
}

void compare(const Histogram& groups, bool on_grid, const RankQuestion& question, RankResult& result) {
  if (question.groups < 2) return;
  if (groups.size() < 2) {
    result.cautions.push_back({"statistic.one_group", "Fewer than two groups have values: there is nothing to compare."});
    return;
  }
  if (groups.size() < question.groups) {
    result.cautions.push_back({"statistic.group_empty", "A group without values is left out of the comparison."});
  }
  std::size_t values = 0;
  for (std::size_t i = 0; i < groups[0].size(); ++i) {
    values += std::any_of(groups.begin(), groups.end(), [i](const auto& group) { return group[i] > 0; }) ? 1 : 0;
  }
  if (values < 2) {
    result.cautions.push_back({"statistic.all_tied", "All values are the same on the grid: there is nothing to compare."});
    return;
  }
  if (groups.size() > 2) {
    const auto exact = kruskal_wallis_exact(groups);
    result.tests.push_back(exact ? *exact : kruskal_wallis(groups));
    return;
  }
  result.tests.push_back(mann_whitney(groups[0], groups[1]));
  if (people_of(groups[0]) < 2 || people_of(groups[1]) < 2) {
    result.tests[0].p.reset();
    result.cautions.push_back({"statistic.group_of_one", "A group has a single value: a p-value would mean nothing."});
    return;
  }
  if (on_grid) {
    result.shift = shift_of(groups[0], groups[1], result.tests[0], question.step, question.level);
    if (!result.shift) {
      result.cautions.push_back({"statistic.grid_fine", "The grid has too many points for an estimate of the shift."});
    }
  } else {
    result.cautions.push_back(
        {"statistic.outside_grid_shift", "Some values lie outside the grid: the shift between the groups is not known."});
  }
}

}  // namespace

Totals Ranks::shape() const { return Totals(question_.groups * (question_.cells + 2) + 1, 0); }

void Ranks::add_local(const Sample& part, Totals& out) const {
  const std::size_t size = question_.cells + 2;
  const auto last = static_cast<double>(question_.cells);
  for (std::size_t i = 0; i < part.rows(); ++i) {
    const std::size_t group = part.group.empty() ? 0 : part.group[i];
    if (group >= question_.groups) continue;
    const double place = std::floor((part.y[i] - question_.from) / question_.step + 0.5) + 1;
    if (std::isnan(place)) {
      ++out.counts.back();
      continue;
    }
    ++out.counts[group * size + static_cast<std::size_t>(std::clamp(place, 0.0, last + 1))];
  }
}

Result<bool> Ranks::take(const Totals& total) {
  if (total.counts.size() != shape().counts.size() || !(question_.step > 0)) {
    return fail(ErrorCode::not_computable, "these sums were not made for this question");
  }
  if (total.counts.back() > 0) return fail(ErrorCode::not_computable, "some values are not numbers");
  result_ = {};
  const std::size_t size = question_.cells + 2;
  Histogram filled;
  std::int64_t outside_grid = 0;
  bool unset = false;
  for (std::size_t g = 0; g < question_.groups; ++g) {
    const std::int64_t* cells = total.counts.data() + g * size;
    const Ordered values(cells, size, question_);
    auto& group = result_.groups.emplace_back();
    group.people = values.people();
    group.below = cells[0];
    group.above = cells[size - 1];
    outside_grid += group.below + group.above;
    group.quantiles.resize(question_.quantiles.size());
    if (group.people == 0) continue;
    filled.emplace_back(cells, cells + size);
    for (std::size_t q = 0; q < group.quantiles.size(); ++q) {
      group.quantiles[q] = quantile_of(values, question_.quantiles[q], question_.level);
      unset = unset || !group.quantiles[q];
    }
  }
  if (filled.empty()) return fail(ErrorCode::not_computable, "there are no values to put in order");
  if (outside_grid > 0) {
    result_.cautions.push_back(
        {"statistic.outside_grid", "Some values lie outside the grid: they count as below or above it, and as ties among themselves."});
  }
  if (unset) result_.cautions.push_back({"statistic.quantile_outside_grid", "A quantile lies outside the grid and is not known."});
  compare(filled, outside_grid == 0, question_, result_);
  return false;
}

}  // namespace skerry::evidence
