#include "evidence/climb.hpp"

#include <Eigen/Cholesky>
#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace skerry::evidence {
namespace {

constexpr double settled = 1e-26;  // squared length of a step, in standard errors
constexpr double nearly = 1e-16;   // below this a step that does not shrink is rounding
constexpr int halvings_max = 40;

}  // namespace

Eigen::MatrixXd inverse_of(const Eigen::MatrixXd& information) {
  const auto q = information.rows();
  if (q == 0) return {};
  if (!information.allFinite() || (information.diagonal().array() <= 0).any()) return {};
  const Eigen::VectorXd scale = information.diagonal().cwiseSqrt().cwiseInverse();
  if (!scale.allFinite()) return {};
  const Eigen::MatrixXd scaled = scale.asDiagonal() * information * scale.asDiagonal();
  const Eigen::LLT<Eigen::MatrixXd> factor(scaled);
  if (factor.info() != Eigen::Success) return {};
  const Eigen::MatrixXd lower = factor.matrixL();
  if (lower.diagonal().cwiseAbs2().minCoeff() < 1e-14) return {};
  const Eigen::MatrixXd half = lower.triangularView<Eigen::Lower>().solve(Eigen::MatrixXd::Identity(q, q));
  return scale.asDiagonal() * (half.transpose() * half) * scale.asDiagonal();
}

Climb::Climb(Eigen::VectorXd start, Eigen::Index free)
    : free_(free), at_(std::move(start)), from_(at_), step_(Eigen::VectorXd::Zero(at_.size())) {}

Climb Climb::held(Eigen::VectorXd start, Eigen::VectorXd row, double value) {
  const auto all = start.size();
  Climb out(std::move(start), all);
  out.goal_ = Goal::held;
  out.row_ = std::move(row);
  out.value_ = value;
  return out;
}

Climb Climb::crossing(Eigen::VectorXd start, Eigen::VectorXd row, double level, bool upper) {
  auto out = held(std::move(start), std::move(row), 0);
  out.goal_ = Goal::crossing;
  out.level_ = level;
  out.sign_ = upper ? 1 : -1;
  return out;
}

Climb::Course Climb::course(const Ascent& found, const Eigen::MatrixXd& curvature) const {
  Course out;
  if (curvature.size() == 0) return out;
  if (goal_ == Goal::highest) {
    const Eigen::MatrixXd inverse = inverse_of(curvature.topLeftCorner(free_, free_));
    if (inverse.size() == 0) return out;
    out.step = Eigen::VectorXd::Zero(at_.size());
    out.step.head(free_) = inverse * found.score.head(free_);
    out.length = out.step.head(free_).dot(found.score.head(free_));
    return out;
  }
  // Within the plane at right angles to the row; only there must the curvature be positive definite.
  const auto q = at_.size();
  const double norm = row_.norm();
  const Eigen::VectorXd unit = row_ / norm;
  const Eigen::MatrixXd plane = Eigen::MatrixXd(Eigen::HouseholderQR<Eigen::MatrixXd>(unit).householderQ()).rightCols(q - 1);
  const Eigen::MatrixXd inverse = inverse_of(plane.transpose() * curvature * plane);
  if (inverse.size() == 0 && q > 1) return out;
  const Eigen::MatrixXd solve = q > 1 ? Eigen::MatrixXd(plane * inverse * plane.transpose()) : Eigen::MatrixXd::Zero(q, q);
  out.tangent = (unit - solve * (curvature * unit)) / norm;
  const Eigen::VectorXd inside = solve * found.score;
  out.length = inside.dot(found.score);
  out.step = inside + out.tangent * (value_ - row_.dot(at_));
  return out;
}

void Climb::cross(const Ascent& found, const Course& course, double error) {
  const double here = row_.dot(from_), wanted = std::sqrt(2 * (top_ - level_));
  if (std::fabs(here - value_) > 1e-9 * error) return;  // not on the line yet
  const double above = found.value - level_;
  const bool settling = course.length < nearly && course.length > 0.8 * length_before_;
  length_before_ = course.length;
  if (course.length > std::clamp(1e-6 * above * above, 100 * settled, nearly * 1e8) && !settling) return;
  const double root = std::sqrt(2 * std::max(0.0, top_ - found.value));
  const double slope = -sign_ * row_.dot(found.score) / row_.squaredNorm() / std::max(root, 1e-300);  // of the root, outwards
  double next = value_ + sign_ * (wanted - root) / slope;
  // Rounding leaves the value uncertain by some units in its last place, and the held value with it.
  const double rounding = 1e-15 * (1 + std::fabs(level_)) / wanted;
  const bool there = std::fabs(next - value_) < error * std::max(1e-12, 4 * rounding);
  if (!there) {
    (above >= 0 ? inside_ : outside_) = value_;
    const double reach = std::fabs(value_ - inside_) + error;
    const bool bounded = std::isfinite(outside_);
    next = std::clamp(next, value_ - 4 * reach, value_ + 4 * reach);
    if (!std::isfinite(next) || (next - inside_) * sign_ <= 0 || (bounded && (outside_ - next) * sign_ <= 0)) {
      next = bounded ? (inside_ + outside_) / 2 : value_ + sign_ * 2 * reach;
    }
  }
  step_ += course.tangent * (next - value_);
  at_ = from_ + step_;
  value_ = next;
  comparable_ = false;
  if (there) state_ = State::done;
}

void Climb::shorten() {
  if (++halvings_ > halvings_max || rounds_ == 1) {
    state_ = State::stuck;
    return;
  }
  step_ /= 2;
  at_ = from_ + step_;
}

void Climb::take(const Ascent& found) {
  if (state_ != State::going) return;
  ++rounds_;
  const bool finite = std::isfinite(found.value) && found.score.allFinite();
  if (!finite) return shorten();
  if (comparable_ && found.value < last_.value - 1e-12 * (1 + std::fabs(last_.value))) return shorten();
  auto course = this->course(found, found.curvature);
  if (course.step.size() == 0) course = this->course(found, found.information);
  if (course.step.size() == 0) {
    if (rounds_ > 1 && halvings_ < halvings_max) return shorten();
    state_ = State::stuck;
    return;
  }
  last_ = found;
  halvings_ = 0;
  from_ = at_;
  step_ = course.step;
  at_ = from_ + step_;
  comparable_ = true;
  if (goal_ != Goal::highest) {
    const Eigen::MatrixXd inverse = inverse_of(found.information);
    const double error = inverse.size() == 0 ? 0 : std::sqrt(row_.dot(inverse * row_));
    comparable_ = std::fabs(row_.dot(from_) - value_) <= 1e-9 * error;
    if (goal_ == Goal::crossing && rounds_ > 1) return cross(found, course, error);
    if (goal_ == Goal::crossing) {
      top_ = found.value;
      inside_ = row_.dot(from_);
      outside_ = sign_ * std::numeric_limits<double>::infinity();
      value_ = inside_ + sign_ * std::sqrt(2 * (top_ - level_)) * error;
      step_ = course.tangent * (value_ - inside_);
      at_ = from_ + step_;
      return;
    }
  }
  const bool same = course.length < settled || (course.length < nearly && course.length > 0.8 * length_before_ && rounds_ > 1);
  length_before_ = course.length;
  if (same && comparable_) state_ = State::done;
}

}  // namespace skerry::evidence
