// The state between rounds of a regression: which climbs are under way, when to look for separation, what comes next.
#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include "evidence/glm.hpp"

namespace skerry::evidence {
namespace {

constexpr std::size_t further_cells_max = 2'000'000;
constexpr int model_rounds_max = 120;
constexpr int further_rounds_max = 80;
constexpr double still_moving = 1e-3;  // length of a step: without separation Newton's steps are far below this by round 12

bool looks_at_separation(int round) { return round == 12 || round == 20 || round == 30 || round == 50 || round == 80; }

}  // namespace

Ascent Glm::ascent_of(const Task& task, const Exact* sums) const {
  const auto q = static_cast<Eigen::Index>(task.width), all = static_cast<Eigen::Index>(scale_.columns());
  Ascent out{(sums++)->to_double(), Eigen::VectorXd::Zero(all), Eigen::MatrixXd::Identity(all, all), {}};
  for (Eigen::Index j = 0; j < q; ++j) out.score(j) = (sums++)->to_double();
  for (Eigen::Index j = 0; j < q; ++j) {
    for (Eigen::Index k = 0; k <= j; ++k) out.information(j, k) = out.information(k, j) = (sums++)->to_double();
  }
  if (plan_.firth) penalise(out, sums);
  return out;
}

void Glm::look_for_separation(const Eigen::VectorXd& direction) {
  suspect_ = direction / direction.norm();
  phase_ = Phase::separation;
}

Result<bool> Glm::take_climbs(const Totals& total) {
  const auto* sums = total.reals.data();
  std::vector<std::size_t> going;
  for (const auto t : running_) {
    auto& task = climbs_[t];
    task.climb.take(ascent_of(task, sums));
    sums += cells_of(task);
    const bool overdue = task.climb.rounds() >= further_rounds_max && task.of != Of::all;
    if (task.climb.state() == Climb::State::going && !overdue) going.push_back(t);
  }
  running_ = going;
  const auto& model = climbs_.front().climb;
  if (phase_ == Phase::climb && model.state() != Climb::State::done) {
    const double length = model.step().norm();
    const bool stuck = model.state() == Climb::State::stuck;
    const bool suspicious = (looks_at_separation(model.rounds()) && length > still_moving) || stuck;
    if (suspicious && !plan_.firth && std::isfinite(length) && length > 0) {
      look_for_separation(model.step());
      return true;
    }
    if (stuck || model.rounds() > model_rounds_max) {
      return fail(
          ErrorCode::not_computable,
          "the estimate does not settle: the covariates or the outcome are too extreme to be calculated with; look for wrong values");
    }
  }
  if (running_.empty() && !plan_further()) phase_ = Phase::finish;
  return true;
}

Result<bool> Glm::take_separation(const Totals& total) {
  if (total.counts[0] == 0) return fail(separation_error(total.counts[1] == 0));
  if (climbs_.front().climb.state() == Climb::State::stuck) {
    return fail(ErrorCode::not_computable,
                "the estimate does not settle: the covariates or the outcome are too extreme to be calculated with; look for wrong values");
  }
  phase_ = Phase::climb;
  return true;
}

bool Glm::plan_further() {
  const auto q = scale_.columns();
  const bool profile = plan_.firth && plan_.profile;
  if (!plan_.firth && !plan_.covariate_tests) return false;
  const Climb model = climbs_.front().climb;  // a copy: climbs_ grows below
  const double quantile = chi_square_quantile(question_.level);
  const auto one = cells_of(climbs_.front());
  std::size_t cells = 0;
  phase_ = Phase::further;
  for (; planned_ < q && (cells == 0 || cells + 3 * one <= further_cells_max); ++planned_) {
    const Eigen::VectorXd row = scale_.back().row(static_cast<Eigen::Index>(planned_));
    const double none = planned_ == 0 ? scale_.offset_mean() : 0.0;
    const auto plan = [&](Climb climb, Of of) {
      running_.push_back(climbs_.size());
      climbs_.push_back({std::move(climb), of, planned_, q});
      cells += one;
    };
    if (planned_ > 0 || plan_.firth) plan(Climb::held(model.at(), row, none), Of::covariate);
    if (profile) {
      const double level = model.last().value - quantile / 2;
      plan(Climb::crossing(model.at(), row, level, false), Of::low);
      plan(Climb::crossing(model.at(), row, level, true), Of::high);
    }
  }
  return !running_.empty();
}

void Glm::take_finish(const Totals& total) {
  phase_ = Phase::done;
  report(total);
}

}  // namespace skerry::evidence
