#include "evidence/trial_power.hpp"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>

#include "evidence/conditional.hpp"
#include "evidence/tail.hpp"

namespace skerry::evidence {
namespace {

double at_least(std::int64_t k, std::int64_t n, double p) {
  if (k <= 0) return 1;
  return k > n ? 0 : boost::math::ibeta(static_cast<double>(k), static_cast<double>(n - k) + 1, p);
}
double at_most(std::int64_t k, std::int64_t n, double p) {
  if (k >= n) return 1;
  return k < 0 ? 0 : boost::math::ibetac(static_cast<double>(k) + 1, static_cast<double>(n - k), p);
}

std::vector<double> binomial(std::int64_t n, double p) {
  std::vector<double> out(static_cast<std::size_t>(n) + 1);
  if (p <= 0 || p >= 1) {
    out[p <= 0 ? 0 : out.size() - 1] = 1;
    return out;
  }
  // Outwards from the most probable number.
  const auto mode = std::min(n, static_cast<std::int64_t>(static_cast<double>(n + 1) * p));
  const double odds = p / (1 - p);
  const auto place = static_cast<std::size_t>(mode);
  out[place] = std::exp(log_choose(static_cast<double>(n), static_cast<double>(mode)) + static_cast<double>(mode) * std::log(p) +
                        static_cast<double>(n - mode) * std::log1p(-p));
  for (std::size_t k = place; k + 1 < out.size(); ++k) {
    out[k + 1] = out[k] * static_cast<double>(static_cast<std::size_t>(n) - k) / static_cast<double>(k + 1) * odds;
  }
  for (std::size_t k = place; k > 0; --k) {
    out[k - 1] = out[k] * static_cast<double>(k) / static_cast<double>(static_cast<std::size_t>(n) - k + 1) / odds;
  }
  return out;
}

}  // namespace

BinomialTrial::BinomialTrial(std::int64_t people, double null, double alpha) : people_(people), above_(0), below_(people) {
  std::int64_t top = people + 1;
  while (above_ < top) {
    const std::int64_t middle = above_ + (top - above_) / 2;
    const bool rejected = at_least(middle, people, null) <= alpha / 2;
    (rejected ? top : above_) = rejected ? middle : middle + 1;
  }
  std::int64_t bottom = -1;
  while (bottom < below_) {
    const std::int64_t middle = below_ - (below_ - bottom) / 2;
    const bool rejected = at_most(middle, people, null) <= alpha / 2;
    (rejected ? bottom : below_) = rejected ? middle : middle - 1;
  }
}

Chances BinomialTrial::rejects(double expected) const { return {at_least(above_, people_, expected), at_most(below_, people_, expected)}; }

FisherTrial::FisherTrial(std::int64_t treated, std::int64_t controls, double alpha) : treated_(treated), controls_(controls) {
  for (std::int64_t events = 0; events <= treated + controls; ++events) {
    const std::int64_t x = std::min(treated, events);
    const Fourfold table{x, treated - x, events - x, controls - (events - x)};
    const auto distribution = cell_distribution(std::span(&table, 1), 0);
    // From both ends inwards, the less probable first, ties together: what is gathered so far is the p-value.
    auto low = std::int64_t{0};
    auto high = static_cast<std::int64_t>(distribution.p.size()) - 1;
    const double* p = distribution.p.data();
    double gathered = 0;
    std::int64_t rejected_low = -1;
    std::int64_t rejected_high = high + 1;
    while (low <= high) {
      const double next = std::min(p[low], p[high]) * (1 + 1e-7);
      while (low <= high && p[low] <= next) gathered += p[low++];
      while (high >= low && p[high] <= next) gathered += p[high--];
      if (gathered > alpha) break;
      rejected_low = low - 1;
      rejected_high = high + 1;
    }
    below_.push_back(distribution.low + rejected_low);
    above_.push_back(distribution.low + rejected_high);
  }
}

Chances FisherTrial::rejects(double expected_treated, double expected_controls) const {
  const auto treated = binomial(treated_, expected_treated);
  const auto controls = binomial(controls_, expected_controls);
  Chances out;
  for (std::int64_t events = 0; events <= treated_ + controls_; ++events) {
    const auto least = std::max<std::int64_t>(0, events - controls_);
    const auto most = std::min(treated_, events);
    const auto above = above_[static_cast<std::size_t>(events)];
    const auto below = below_[static_cast<std::size_t>(events)];
    const auto probability = [&](std::int64_t x) { return treated.data()[x] * controls.data()[events - x]; };
    for (std::int64_t x = std::max(least, above); x <= most; ++x) out.above += probability(x);
    for (std::int64_t x = least; x <= std::min(most, below); ++x) out.below += probability(x);
  }
  return out;
}

}  // namespace skerry::evidence
