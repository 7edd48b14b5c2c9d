#include <algorithm>
#include <cmath>

#include "evidence/design_scale.hpp"
#include "evidence/glm.hpp"
#include "evidence/propensity.hpp"

namespace skerry::evidence {

struct WeightedMeanDifference::State {
  std::size_t groups;
  double level;
  bool clustered;
  int round = 0;
  std::vector<double> weights, means;  // by group
  WeightedMeans result;

  [[nodiscard]] std::size_t group_of(const Design& part, std::size_t row) const {
    const double group = part.x[0].data()[row];
    return group >= 0 && group < static_cast<double>(groups) && group == std::floor(group) ? static_cast<std::size_t>(group) : groups;
  }
  void add_sums(const Design& part, Totals& out) const;
  void add_squares(const Design& part, Totals& out) const;
  void report(const Totals& total);
};

void WeightedMeanDifference::State::add_sums(const Design& part, Totals& out) const {
  const auto n = part.rows();
  const auto fits = [&](const auto& column) { return column.empty() || column.size() == n; };
  if (part.x.size() != 1 || part.x[0].size() != n || !fits(part.weight) || (clustered && part.cluster.size() != n)) {
    ++out.counts[groups];
    return;
  }
  for (std::size_t i = 0; i < n; ++i) {
    const double weight = weight_of(part, i), y = part.y.data()[i];
    if (weight == 0) continue;
    const auto group = group_of(part, i);
    if (group >= groups || !(weight > 0) || !std::isfinite(weight) || !std::isfinite(y)) {
      ++out.counts[groups];
      continue;
    }
    ++out.counts[group];
    out.reals[2 * group].add(weight);
    out.reals[2 * group + 1].add(weight * y);
  }
}

void WeightedMeanDifference::State::add_squares(const Design& part, Totals& out) const {
  std::vector<double> person(groups, 0.0);
  const auto close = [&] {
    for (std::size_t g = 0; g < groups; ++g) {
      for (std::size_t h = 0; h <= g; ++h) out.reals[packed(g, h)].add(person[g] * person[h]);
    }
    std::fill(person.begin(), person.end(), 0.0);
  };
  for (std::size_t i = 0; i < part.rows(); ++i) {
    if (i > 0 && (!clustered || part.cluster.data()[i] != part.cluster.data()[i - 1])) close();
    const double weight = weight_of(part, i);
    if (weight == 0) continue;
    const auto group = group_of(part, i);
    person[group] += weight / weights[group] * (part.y.data()[i] - means[group]);
  }
  close();
}

void WeightedMeanDifference::State::report(const Totals& total) {
  const auto estimate = [&](std::string id, double value, double variance) {
    Estimate out;
    out.id = std::move(id);
    out.value = value;
    if (variance > 0) out.robust_error = std::sqrt(variance);
    wald(out, level);
    return out;
  };
  const auto covariance = [&](std::size_t g, std::size_t h) { return total.reals[packed(g, h)].to_double(); };
  for (std::size_t g = 0; g < groups; ++g) {
    auto mean = estimate("group " + std::to_string(g), means[g], covariance(g, g));
    mean.p.reset();  // that a mean is 0 is nobody's question
    result.means.push_back(std::move(mean));
    if (g == 0) continue;
    const double variance = covariance(g, g) + covariance(0, 0) - 2 * covariance(g, 0);
    result.differences.push_back(estimate("group " + std::to_string(g) + " - group 0", means[g] - means[0], variance));
  }
}

WeightedMeanDifference::WeightedMeanDifference(std::size_t groups, double level, bool clustered)
    : state_(std::make_unique<State>(State{std::max<std::size_t>(1, groups), level, clustered, 0, {}, {}, {}})) {}
WeightedMeanDifference::~WeightedMeanDifference() = default;
WeightedMeanDifference::WeightedMeanDifference(WeightedMeanDifference&&) noexcept = default;
WeightedMeanDifference& WeightedMeanDifference::operator=(WeightedMeanDifference&&) noexcept = default;

Totals WeightedMeanDifference::shape() const {
  const auto groups = state_->groups;
  return state_->round == 0 ? Totals(groups + 1, 2 * groups) : Totals(0, groups * (groups + 1) / 2);
}

void WeightedMeanDifference::add_local(const Design& part, Totals& out) const {
  state_->round == 0 ? state_->add_sums(part, out) : state_->add_squares(part, out);
}

Result<bool> WeightedMeanDifference::take(const Totals& total) {
  auto& state = *state_;
  if (++state.round == 2) {
    state.report(total);
    return false;
  }
  if (total.counts[state.groups] > 0)
    return fail(ErrorCode::not_computable, "a weight, a group or an outcome is not a usable number in some rows");
  for (std::size_t g = 0; g < state.groups; ++g) {
    state.result.rows.push_back(total.counts[g]);
    if (total.counts[g] == 0) return fail(ErrorCode::not_computable, "one of the groups has nobody in it, so there is no mean to compare");
    state.weights.push_back(total.reals[2 * g].to_double());
    state.means.push_back(total.reals[2 * g + 1].to_double() / state.weights.back());
    if (!std::isfinite(state.means.back())) return fail(ErrorCode::not_computable, "the outcome is too large to be calculated with");
  }
  return true;
}

const WeightedMeans& WeightedMeanDifference::means() const noexcept { return state_->result; }

}  // namespace skerry::evidence
