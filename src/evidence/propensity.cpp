#include "evidence/propensity.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "evidence/glm.hpp"

namespace skerry::evidence {
namespace {

constexpr std::size_t block = DesignScale::block;
constexpr double large_weight = 10, improbable = 0.01;

/// The group of a row, or `groups` when y is not one.
std::size_t group_of(double y, std::size_t groups) {
  return y >= 0 && y < static_cast<double>(groups) ? static_cast<std::size_t>(y) : groups;
}

}  // namespace

struct PropensityModel::State {
  enum class Phase : std::uint8_t { shares, models, check, done };
  RegressionQuestion question;
  std::size_t groups;
  Phase phase = Phase::shares;
  std::vector<Glm> models;  // two groups: of the second; more: of each against the rest
  std::vector<bool> going;
  std::vector<double> shares;
  std::vector<WeightSummary> summaries;
  std::vector<Caution> cautions;
  std::vector<RegressionFit> fits;

  State(RegressionQuestion asked, std::size_t count) : question(std::move(asked)), groups(count) {
    question.robust = question.clustered = false;
    for (std::size_t g = groups == 2 ? 1 : 0; g < groups; ++g)
      models.emplace_back(question, Glm::Plan{Glm::Family::logistic, false, false, false, groups, g});
    going.assign(models.size(), true);
  }
  /// Of each row its own group's probability.
  [[nodiscard]] std::vector<double> probabilities(const Design& part) const;
  void report(const Totals& total);
};

std::vector<double> PropensityModel::State::probabilities(const Design& part) const {
  std::vector<double> own(part.rows()), all(part.rows(), 0.0), z((question.names.size() + 1) * block), eta(block);
  for (std::size_t m = 0; m < models.size(); ++m) {
    const auto& model = models[m];
    for (std::size_t first = 0; first < part.rows(); first += block) {
      const auto count = std::min(block, part.rows() - first);
      model.scale().columns_of(part, first, count, block, z.data());
      Glm::predict(model.estimate(), part, first, count, block, z.data(), model.scale().offset_mean(), eta.data());
      for (std::size_t i = 0; i < count; ++i) {
        const auto group = group_of(part.y.data()[first + i], groups);
        const auto in = [&](double at) { return at >= 0 ? 1 / (1 + std::exp(-at)) : std::exp(at) / (1 + std::exp(at)); };
        if (groups == 2) {
          own[first + i] = in(group == 1 ? eta[i] : -eta[i]);
        } else {
          if (group == m) own[first + i] = in(eta[i]);
          all[first + i] += in(eta[i]);
        }
      }
    }
  }
  if (groups > 2) {
    for (std::size_t i = 0; i < own.size(); ++i) own[i] /= all[i];
  }
  return own;
}

PropensityModel::PropensityModel(RegressionQuestion question, std::size_t groups)
    : state_(std::make_unique<State>(std::move(question), std::max<std::size_t>(2, groups))) {}
PropensityModel::~PropensityModel() = default;
PropensityModel::PropensityModel(PropensityModel&&) noexcept = default;
PropensityModel& PropensityModel::operator=(PropensityModel&&) noexcept = default;

Totals PropensityModel::shape() const {
  using Phase = State::Phase;
  switch (state_->phase) {
    case Phase::shares: return Totals(0, state_->groups);
    case Phase::check: return Totals(3 * state_->groups, 2 * state_->groups);
    case Phase::done: return {};
    case Phase::models: break;
  }
  Totals out;
  for (std::size_t m = 0; m < state_->models.size(); ++m) {
    if (!state_->going[m]) continue;
    const auto one = state_->models[m].shape();
    out.counts.resize(out.counts.size() + one.counts.size());
    out.reals.resize(out.reals.size() + one.reals.size());
  }
  return out;
}

void PropensityModel::add_local(const Design& part, Totals& out) const {
  using Phase = State::Phase;
  const auto groups = state_->groups;
  if (state_->phase == Phase::shares) {
    for (std::size_t i = 0; i < part.rows(); ++i) {
      const auto group = group_of(part.y.data()[i], groups);
      if (group < groups) out.reals[group].add(part.weight.size() == part.rows() ? part.weight.data()[i] : 1.0);
    }
  } else if (state_->phase == Phase::models) {
    std::size_t count = 0, real = 0;
    for (std::size_t m = 0; m < state_->models.size(); ++m) {
      if (!state_->going[m]) continue;
      auto one = state_->models[m].shape();
      state_->models[m].add_local(part, one);
      for (const auto value : one.counts) out.counts[count++] += value;
      for (const auto& value : one.reals) out.reals[real++] += value;
    }
  } else if (state_->phase == Phase::check) {
    const auto own = state_->probabilities(part);
    for (std::size_t i = 0; i < part.rows(); ++i) {
      const double design_weight = weight_of(part, i);
      const auto group = group_of(part.y.data()[i], groups);
      if (design_weight == 0 || group >= groups) continue;
      const double stabilised = state_->shares[group] / own[i], weight = stabilised * design_weight;
      ++out.counts[3 * group];
      if (stabilised > large_weight) ++out.counts[3 * group + 1];
      if (own[i] < improbable) ++out.counts[3 * group + 2];
      out.reals[2 * group].add(weight);
      out.reals[2 * group + 1].add(weight * weight);
    }
  }
}

Result<bool> PropensityModel::take(const Totals& total) {
  using Phase = State::Phase;
  auto& state = *state_;
  if (state.phase == Phase::shares) {
    double all = 0;
    for (const auto& sum : total.reals) all += sum.to_double();
    for (const auto& sum : total.reals) {
      const double share = sum.to_double() / all;
      if (!(share > 0))
        return fail(ErrorCode::not_computable, "one of the groups has nobody in it, so the groups cannot be made comparable");
      state.shares.push_back(share);
    }
    state.phase = Phase::models;
    return true;
  }
  if (state.phase == Phase::models) {
    std::size_t count = 0, real = 0;
    bool more = false;
    for (std::size_t m = 0; m < state.models.size(); ++m) {
      if (!state.going[m]) continue;
      auto one = state.models[m].shape();
      for (auto& value : one.counts) value = total.counts[count++];
      for (auto& value : one.reals) value = total.reals[real++];
      const auto going = state.models[m].take(one);
      if (!going) return fail(going.error());
      state.going[m] = *going;
      more = more || *going;
    }
    if (!more) state.phase = Phase::check;
    return true;
  }
  if (state.phase == Phase::check) state.report(total);
  return false;
}

void PropensityModel::State::report(const Totals& total) {
  phase = Phase::done;
  bool large = false, unlikely = false, few = false;
  for (std::size_t g = 0; g < groups; ++g) {
    WeightSummary summary;
    summary.rows = total.counts[3 * g];
    summary.above_10 = total.counts[3 * g + 1];
    summary.improbable = total.counts[3 * g + 2];
    summary.sum = total.reals[2 * g].to_double();
    summary.effective = summary.sum * summary.sum / total.reals[2 * g + 1].to_double();
    large = large || summary.above_10 > 0;
    unlikely = unlikely || summary.improbable > 0;
    few = few || summary.effective < 0.5 * static_cast<double>(summary.rows);
    summaries.push_back(summary);
  }
  if (large) cautions.push_back({"statistic.weights_large", "A few people count more than ten times: the result rests on them."});
  if (unlikely) {
    cautions.push_back(
        {"statistic.positivity",
         "Some people were in a group that people like them are almost never in; the groups can hardly be compared for them."});
  }
  if (few) cautions.push_back({"statistic.weights_uneven", "Weighting leaves the information of less than half of the people of a group."});
  for (const auto& model : models) fits.push_back(model.fit());
}

std::vector<double> PropensityModel::weights(const Design& part) const {
  auto out = state_->probabilities(part);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto group = group_of(part.y.data()[i], state_->groups);
    out[i] = group < state_->groups ? weight_of(part, i) * state_->shares[group] / out[i] : 0.0;
  }
  return out;
}
const std::vector<WeightSummary>& PropensityModel::groups() const noexcept { return state_->summaries; }
const std::vector<Caution>& PropensityModel::cautions() const noexcept { return state_->cautions; }
const std::vector<RegressionFit>& PropensityModel::models() const noexcept { return state_->fits; }

}  // namespace skerry::evidence
