// The way up a likelihood, a step a round: given value, score and information at a place, where to look next. Pure; knows no data.
#pragma once

#include <Eigen/Core>
#include <cstdint>

namespace skerry::evidence {

/// What a round found at Climb::at().
struct Ascent {
  double value = 0;  ///< log-likelihood, penalised or not
  Eigen::VectorXd score;
  Eigen::MatrixXd information;  ///< expected: standard errors are its inverse's
  Eigen::MatrixXd curvature;    ///< minus the second derivative of `value` where that is another matrix; else empty
};

/// Inverse of a symmetric positive definite matrix, scaled to a unit diagonal first; empty when it is not positive definite to within
/// rounding.
[[nodiscard]] Eigen::MatrixXd inverse_of(const Eigen::MatrixXd& information);

/// Newton's method (Fisher's scoring where there is no curvature, or one that is not positive definite) with step halving. Three goals:
///   highest   the maximum, of all coefficients or of the first few with the others held
///   held      the maximum where row * coefficients = value (Lagrange)
///   crossing  the place on the profile of row * coefficients where the value has fallen to `level`, below or above: held climbs, the
///             held value moved by Newton's method on the signed root of the fall, which is near a line, inside a bracket
/// It is done when a step no longer changes anything: its length in standard errors is below 1e-13, or rounding keeps it from shrinking.
class Climb {
 public:
  /// `free`: how many of the first coefficients may move.
  Climb(Eigen::VectorXd start, Eigen::Index free);
  static Climb held(Eigen::VectorXd start, Eigen::VectorXd row, double value);
  static Climb crossing(Eigen::VectorXd start, Eigen::VectorXd row, double level, bool upper);

  enum class State : std::uint8_t { going, done, stuck };
  [[nodiscard]] State state() const noexcept { return state_; }
  [[nodiscard]] const Eigen::VectorXd& at() const noexcept { return at_; }  ///< where the next round looks; the result once done
  /// Of the round before the last step: at() moved by less than rounding since.
  [[nodiscard]] const Ascent& last() const noexcept { return last_; }
  [[nodiscard]] const Eigen::VectorXd& step() const noexcept { return step_; }  ///< the last whole step
  [[nodiscard]] int rounds() const noexcept { return rounds_; }
  void take(const Ascent& found);

 private:
  enum class Goal : std::uint8_t { highest, held, crossing };
  struct Course {
    Eigen::VectorXd step;
    Eigen::VectorXd tangent;  ///< of the profile: how the coefficients move with the held value
    double length = 0;        ///< of the step, without what brings it onto the line, squared, in standard errors
  };
  /// Empty step: `curvature` is not positive definite where it matters.
  [[nodiscard]] Course course(const Ascent& found, const Eigen::MatrixXd& curvature) const;
  void shorten();
  void cross(const Ascent& found, const Course& course, double error);

  Goal goal_ = Goal::highest;
  State state_ = State::going;
  Eigen::Index free_ = 0;
  Eigen::VectorXd at_, from_, step_, row_;
  double level_ = 0, sign_ = 1, value_ = 0, length_before_ = 0;
  double top_ = 0, inside_ = 0, outside_ = 0;  // crossing: the highest value; held values above the level and below it
  int rounds_ = 0, halvings_ = 0;
  bool comparable_ = false;  // the next value is to be no lower than the last
  Ascent last_;
};

}  // namespace skerry::evidence
