#include "evidence/rates.hpp"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <limits>

#include "evidence/interval.hpp"
#include "evidence/tail.hpp"

namespace skerry::evidence {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// ln of P(X = k), X binomial.
double log_probability(double k, double n, double p) {
  return log_choose(n, k) + (k > 0 ? k * std::log(p) : 0) + (n - k > 0 ? (n - k) * std::log1p(-p) : 0);
}

/// P(X <= k) and P(X >= k).
double at_most(std::int64_t k, std::int64_t n, double p) {
  if (k < 0) return 0;
  return k >= n ? 1 : boost::math::ibetac(static_cast<double>(k) + 1, static_cast<double>(n - k), p);
}
double at_least(std::int64_t k, std::int64_t n, double p) {
  if (k > n) return 0;
  return k <= 0 ? 1 : boost::math::ibeta(static_cast<double>(k), static_cast<double>(n - k) + 1, p);
}

Test heterogeneity(const std::vector<GroupRate>& groups, bool& small) {
  double events = 0;
  double steps = 0;
  double filled = 0;
  for (const auto& group : groups) {
    if (group.steps == 0) continue;
    events += static_cast<double>(group.events);
    steps += static_cast<double>(group.steps);
    ++filled;
  }
  Test out;
  out.name = "Pearson's chi-square test of rates";
  double statistic = 0;
  for (const auto& group : groups) {
    if (group.steps == 0) continue;
    const double expected = events * (static_cast<double>(group.steps) / steps);
    small = small || expected < 5;
    const double away = static_cast<double>(group.events) - expected;
    statistic += away * away / expected;
  }
  out.statistic = statistic;
  out.df = filled - 1;
  out.p = chi_square_upper(statistic, filled - 1);
  return out;
}

void two_rates(const GroupRate& reference, const GroupRate& other, double level, RateResult& result) {
  const auto all = reference.events + other.events;
  const double reference_time = reference.time;
  const double other_time = other.time;
  Test test;
  test.name = "Exact conditional test of two Poisson rates";
  test.exact = true;
  test.p = binomial_test(other.events, all, other_time / (other_time + reference_time));
  result.tests.push_back(test);
  const auto share = clopper_pearson(other.events, all, level);
  const double times = std::log(reference_time / other_time);
  const auto ratio = [&](double p) { return p <= 0 ? -infinity : p >= 1 ? infinity : std::log(p) - std::log1p(-p) + times; };
  Estimate out;
  out.id = "rate_ratio";
  out.ratio = true;
  out.value = ratio(static_cast<double>(other.events) / static_cast<double>(all));
  out.low = ratio(share.low);
  out.high = ratio(share.high);
  out.p = test.p;
  if (std::isinf(out.value)) {
    result.cautions.push_back(
        {"statistic.rate_ratio_open",
         "One group has no events: the ratio of the rates has no finite estimate, and only one end of its interval is "
         "known."});
  }
  result.ratio = out;
}

}  // namespace

EventsInterval garwood(std::int64_t events, double level) {
  const double tail = (1 - level) / 2;
  const auto k = static_cast<double>(events);
  return {events == 0 ? 0 : gamma_quantile(k, 1, tail), gamma_quantile(k + 1, 1, 1 - tail)};
}

double binomial_test(std::int64_t present, std::int64_t n, double p) {
  const double most = log_probability(static_cast<double>(present), static_cast<double>(n), p) + std::log1p(1e-7);
  const auto as_rare = [&](std::int64_t k) { return log_probability(static_cast<double>(k), static_cast<double>(n), p) <= most; };
  const double mean = static_cast<double>(n) * p;
  if (static_cast<double>(present) == mean) return 1;
  // Probabilities rise up to the mean and fall beyond it: the other tail begins where they are again as small.
  if (static_cast<double>(present) < mean) {
    std::int64_t low = static_cast<std::int64_t>(std::ceil(mean));
    std::int64_t high = n + 1;
    while (low < high) {
      const std::int64_t middle = low + (high - low) / 2;
      (as_rare(middle) ? high : low) = as_rare(middle) ? middle : middle + 1;
    }
    return std::min(1.0, at_most(present, n, p) + at_least(low, n, p));
  }
  std::int64_t low = -1;
  std::int64_t high = static_cast<std::int64_t>(std::floor(mean));
  while (low < high) {
    const std::int64_t middle = high - (high - low) / 2;
    (as_rare(middle) ? low : high) = as_rare(middle) ? middle : middle - 1;
  }
  return std::min(1.0, at_least(present, n, p) + at_most(low, n, p));
}

Totals PersonTime::shape() const { return Totals(3 * question_.groups, 0); }

void PersonTime::add_local(const Episodes& part, Totals& out) const {
  std::int64_t* people = out.counts.data();
  std::int64_t* events = people + question_.groups;
  std::int64_t* steps = events + question_.groups;
  for (std::size_t i = 0; i < part.rows(); ++i) {
    const std::size_t group = part.group.empty() ? 0 : part.group[i];
    if (group >= question_.groups) continue;
    if (part.person.empty() || i == 0 || part.person[i] != part.person[i - 1]) ++people[group];
    events[group] += part.cause[i] == 1 ? 1 : 0;
    steps[group] += part.exit[i] - (part.entry.empty() ? 0 : part.entry[i]);
  }
}

Result<bool> PersonTime::take(const Totals& total) {
  if (total.counts.size() != shape().counts.size()) {
    return fail(ErrorCode::not_computable, "these sums were not made for this question");
  }
  result_ = {};
  std::int64_t events = 0;
  std::size_t followed = 0;
  for (std::size_t g = 0; g < question_.groups; ++g) {
    auto& group = result_.groups.emplace_back();
    group.people = total.counts[g];
    group.events = total.counts[question_.groups + g];
    group.steps = total.counts[2 * question_.groups + g];
    group.time = static_cast<double>(group.steps) * question_.step;
    if (group.steps <= 0) continue;
    ++followed;
    events += group.events;
    const auto interval = garwood(group.events, question_.level);
    auto& rate = group.rate.emplace();
    rate.id = "rate";
    rate.value = static_cast<double>(group.events) / group.time;
    rate.low = interval.low / group.time;
    rate.high = interval.high / group.time;
  }
  if (followed == 0) return fail(ErrorCode::not_computable, "nobody was followed for any time");
  if (question_.groups < 2) return false;
  if (followed < 2) {
    result_.cautions.push_back({"statistic.one_group", "Only one group was followed: there is nothing to compare."});
  } else if (events == 0) {
    result_.cautions.push_back({"statistic.no_events", "Nothing happened in any group: the rates cannot be compared."});
  } else if (question_.groups == 2) {
    two_rates(result_.groups[0], result_.groups[1], question_.level, result_);
  } else {
    bool small = false;
    result_.tests.push_back(heterogeneity(result_.groups, small));
    if (small) {
      result_.cautions.push_back({"statistic.expected_small_rates",
                                  "Fewer than 5 events would be expected in some groups: the chi-square test is a rough guide only."});
    }
  }
  return false;
}

}  // namespace skerry::evidence
