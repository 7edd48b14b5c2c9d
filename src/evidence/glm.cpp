#include "evidence/glm.hpp"

#include <algorithm>
#include <cmath>

namespace skerry::evidence {
namespace {

constexpr std::size_t block = DesignScale::block;
constexpr double separated = 1e-3;  // how far, relative to its length, a separating direction may be overstepped

/// What a row adds, by its linear predictor: value, its first derivative, minus its second, third and fourth.
struct Row {
  double value, score, information, third, fourth;
};

Row logistic_row(double y, double eta) {
  const double e = std::exp(-std::fabs(eta));
  const double unlikely = e / (1 + e), likely = 1 / (1 + e);  // of the two outcomes
  const bool expected = (eta >= 0) == (y > 0.5);
  const double information = e / ((1 + e) * (1 + e));
  const double value = -std::log1p(e) - (expected ? 0 : std::fabs(eta));
  const double miss = expected ? unlikely : likely;
  return {value, y > 0.5 ? miss : -miss, information, eta >= 0 ? information * (unlikely - likely) : information * (likely - unlikely),
          information * (1 - 6 * information)};
}

Row poisson_row(double y, double eta) {
  const double mean = std::exp(eta);
  return {y * eta - mean, y - mean, mean, mean, mean};
}

}  // namespace

Glm::Workspace::Workspace(std::size_t columns)
    : z(columns * block),
      eta(block),
      value(block),
      score(block),
      information(block),
      third(block),
      fourth(block),
      terms(block),
      pair(block) {}

Glm::Glm(RegressionQuestion question, Plan plan)
    : question_(std::move(question)),
      plan_(plan),
      scale_(question_.names,
             {plan.groups > 0                   ? Demand::Outcome::group
              : plan.family == Family::logistic ? Demand::Outcome::binary
                                                : Demand::Outcome::count,
              plan.groups, true},
             question_.clustered) {}

double Glm::outcome_of(const Design& part, std::size_t row) const noexcept {
  const double y = part.y.data()[row];
  return plan_.groups == 0 ? y : y == static_cast<double>(plan_.target) ? 1.0 : 0.0;
}

std::size_t Glm::cells_of(const Task& task) const noexcept {
  const auto q = task.width;
  const auto third = q * (q + 1) * (q + 2) / 6;
  return 1 + q + q * (q + 1) / 2 + (plan_.firth ? third : 0) + (sums_fourth() ? third * (q + 3) / 4 : 0);
}

Totals Glm::shape() const {
  const auto q = scale_.columns();
  switch (phase_) {
    case Phase::prepare: return scale_.shape();
    case Phase::start: return Totals(0, 3);
    case Phase::climb:
    case Phase::further: {
      std::size_t cells = 0;
      for (const auto t : running_) cells += cells_of(climbs_[t]);
      return Totals(0, cells);
    }
    case Phase::separation: return Totals(2, 0);
    case Phase::finish: return Totals(0, 4 + (question_.robust ? q * (q + 1) / 2 : 0));
    case Phase::done: break;
  }
  return {};
}

void Glm::predict(const Eigen::VectorXd& coefficients, const Design& part, std::size_t first, std::size_t count, std::size_t stride,
                  const double* z, double offset_mean, double* eta) {
  if (part.offset.empty()) {
    std::fill(eta, eta + count, 0.0);
  } else {
    const double* offset = part.offset.data() + first;
    for (std::size_t i = 0; i < count; ++i) eta[i] = offset[i] - offset_mean;
  }
  for (Eigen::Index j = 0; j < coefficients.size(); ++j) {
    const double b = coefficients(j);
    if (b == 0) continue;
    const double* column = z + static_cast<std::size_t>(j) * stride;
    for (std::size_t i = 0; i < count; ++i) eta[i] += b * column[i];
  }
}

void Glm::add_start(const Design& part, Totals& out) const {
  for (std::size_t i = 0; i < part.rows(); ++i) {
    const double weight = weight_of(part, i);
    if (weight == 0) continue;
    out.reals[0].add(weight);
    out.reals[1].add(weight * outcome_of(part, i));
    if (plan_.family == Family::poisson) out.reals[2].add(weight * std::exp(offset_of(part, i) - scale_.offset_mean()));
  }
}

void Glm::add_climb(const Task& task, const Design& part, std::size_t first, std::size_t count, Workspace& space, Exact* sums) const {
  predict(task.climb.at(), part, first, count, block, space.z.data(), scale_.offset_mean(), space.eta.data());
  for (std::size_t i = 0; i < count; ++i) {
    const double weight = weight_of(part, first + i);
    const double y = outcome_of(part, first + i);
    const auto row = weight == 0                        ? Row{0, 0, 0, 0, 0}
                     : plan_.family == Family::logistic ? logistic_row(y, space.eta.data()[i])
                                                        : poisson_row(y, space.eta.data()[i]);
    space.value[i] = weight * row.value;
    space.score[i] = weight * row.score;
    space.information[i] = weight * row.information;
    space.third[i] = weight * row.third;
    space.fourth[i] = weight * row.fourth;
  }
  add_all({space.value.data(), count}, *sums++);
  double* terms = space.terms.data();
  for (std::size_t j = 0; j < task.width; ++j) {
    const double* a = space.z.data() + j * block;
    for (std::size_t i = 0; i < count; ++i) terms[i] = space.score.data()[i] * a[i];
    add_all({terms, count}, *sums++);
  }
  for (std::size_t j = 0; j < task.width; ++j) {
    const double* a = space.z.data() + j * block;
    for (std::size_t k = 0; k <= j; ++k) {
      const double* b = space.z.data() + k * block;
      for (std::size_t i = 0; i < count; ++i) terms[i] = space.information.data()[i] * a[i] * b[i];
      add_all({terms, count}, *sums++);
    }
  }
  if (plan_.firth) add_derivatives(count, space, sums);
}

void Glm::add_separation(const Design& part, Totals& out) const {
  Workspace space(scale_.columns());
  for (std::size_t first = 0; first < part.rows(); first += block) {
    const auto count = std::min(block, part.rows() - first);
    scale_.columns_of(part, first, count, block, space.z.data());
    for (std::size_t i = 0; i < count; ++i) {
      if (weight_of(part, first + i) == 0) continue;
      double along = 0;
      for (Eigen::Index j = 0; j < suspect_.size(); ++j) along += suspect_(j) * space.z[static_cast<std::size_t>(j) * block + i];
      const double y = outcome_of(part, first + i);
      const bool event = y > 0;
      const bool against = plan_.family == Family::logistic ? (event ? along < -separated : along > separated)
                                                            : (event ? std::fabs(along) > separated : along > separated);
      if (against) ++out.counts[0];
      if (std::fabs(along) <= separated) ++out.counts[1];
    }
  }
}

void Glm::add_meat(const Design& part, Exact* sums) const {
  const auto q = scale_.columns();
  Workspace space(q);
  std::vector<double> person(q, 0.0);
  const auto close = [&] {
    for (std::size_t j = 0; j < q; ++j) {
      for (std::size_t k = 0; k <= j; ++k) sums[packed(j, k)].add(person[j] * person[k]);
    }
    std::fill(person.begin(), person.end(), 0.0);
  };
  for (std::size_t first = 0; first < part.rows(); first += block) {
    const auto count = std::min(block, part.rows() - first);
    scale_.columns_of(part, first, count, block, space.z.data());
    predict(estimate(), part, first, count, block, space.z.data(), scale_.offset_mean(), space.eta.data());
    for (std::size_t i = 0; i < count; ++i) {
      const auto row = first + i;
      const bool next = !question_.clustered || (row > 0 && part.cluster.data()[row] != part.cluster.data()[row - 1]);
      if (next && row > 0) close();
      const double weight = weight_of(part, row);
      if (weight == 0) continue;
      const double y = outcome_of(part, row);
      const double score = weight * (plan_.family == Family::logistic ? logistic_row(y, space.eta[i]) : poisson_row(y, space.eta[i])).score;
      for (std::size_t j = 0; j < q; ++j) person[j] += score * space.z[j * block + i];
    }
  }
  close();
}

void Glm::add_local(const Design& part, Totals& out) const {
  switch (phase_) {
    case Phase::prepare: return scale_.add_local(part, out);
    case Phase::start: return add_start(part, out);
    case Phase::separation: return add_separation(part, out);
    case Phase::finish: return add_finish(part, out);
    case Phase::done: return;
    case Phase::climb:
    case Phase::further: break;
  }
  Workspace space(scale_.columns());
  for (std::size_t first = 0; first < part.rows(); first += block) {
    const auto count = std::min(block, part.rows() - first);
    scale_.columns_of(part, first, count, block, space.z.data());
    auto* sums = out.reals.data();
    for (const auto t : running_) {
      add_climb(climbs_[t], part, first, count, space, sums);
      sums += cells_of(climbs_[t]);
    }
  }
}

void Glm::add_finish(const Design& part, Totals& out) const {
  Workspace space(scale_.columns());
  std::vector<double> null_eta(block);
  auto* sums = out.reals.data();
  for (std::size_t first = 0; first < part.rows(); first += block) {
    const auto count = std::min(block, part.rows() - first);
    scale_.columns_of(part, first, count, block, space.z.data());
    predict(estimate(), part, first, count, block, space.z.data(), scale_.offset_mean(), space.eta.data());
    predict(climbs_[1].climb.at(), part, first, count, block, space.z.data(), scale_.offset_mean(), null_eta.data());
    for (std::size_t i = 0; i < count; ++i) {
      const double weight = weight_of(part, first + i);
      if (weight == 0) continue;
      const double y = outcome_of(part, first + i);
      if (plan_.family == Family::logistic) {
        const auto row = logistic_row(y, space.eta[i]);
        sums[0].add(weight * -2 * row.value);
        sums[1].add(weight * -2 * logistic_row(y, null_eta[i]).value);
        sums[2].add(weight * std::exp(y > 0.5 ? -space.eta[i] : space.eta[i]));  // miss^2 / (p (1 - p))
      } else {
        const double mean = std::exp(space.eta[i]), null = std::exp(null_eta[i]);
        const double own = y > 0 ? y * std::log(y / mean) : 0;
        sums[0].add(2 * weight * (own - (y - mean)));
        sums[1].add(2 * weight * ((y > 0 ? y * std::log(y / null) : 0) - (y - null)));
        sums[2].add(weight * (y - mean) * (y - mean) / mean);
        sums[3].add(weight * log_factorial(y));
      }
    }
  }
  if (question_.robust) add_meat(part, sums + 4);
}

Result<bool> Glm::take(const Totals& total) {
  ++rounds_;
  switch (phase_) {
    case Phase::prepare: {
      auto more = scale_.take(total);
      if (!more) return fail(more.error());
      if (!*more) phase_ = Phase::start;
      return true;
    }
    case Phase::start: return take_start(total);
    case Phase::climb:
    case Phase::further: return take_climbs(total);
    case Phase::separation: return take_separation(total);
    case Phase::finish: take_finish(total); return false;
    case Phase::done: break;
  }
  return false;
}

Result<bool> Glm::take_start(const Totals& total) {
  weights_ = total.reals[0].to_double();
  const double events = total.reals[1].to_double();
  if (!(weights_ > 0) || !std::isfinite(weights_)) return fail(ErrorCode::not_computable, "the weights are too large to be added up");
  if (events <= 0) return fail(ErrorCode::not_computable, "nobody had the outcome, so nothing goes along with it");
  const bool logistic = plan_.family == Family::logistic;
  if (logistic && events >= weights_) return fail(ErrorCode::not_computable, "everyone had the outcome, so nothing goes along with it");
  const double base = logistic ? std::log(events / (weights_ - events)) : std::log(events / total.reals[2].to_double());
  if (!std::isfinite(base)) return fail(ErrorCode::not_computable, "the outcome or the offset is too large to be calculated with");
  const auto q = static_cast<Eigen::Index>(scale_.columns());
  Eigen::VectorXd start = Eigen::VectorXd::Zero(q);
  start(0) = base;
  climbs_.push_back({Climb(start, q), Of::all, 0, scale_.columns()});
  climbs_.push_back({Climb(start, 1), Of::null, 0, plan_.firth ? scale_.columns() : 1});
  running_ = {0, 1};
  phase_ = Phase::climb;
  return true;
}

}  // namespace skerry::evidence
