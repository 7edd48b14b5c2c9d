#include "evidence/survival.hpp"

#include <algorithm>
#include <cmath>

#include "evidence/curve_interval.hpp"
#include "evidence/interval.hpp"

namespace skerry::evidence {

std::vector<Step> kaplan_meier(std::span<const Leaving> leaving, cohort::CurveInterval interval, double level, std::int64_t staying) {
  const double z = normal_quantile(level);
  std::int64_t at_risk = staying;
  for (const auto& step : leaving) at_risk += step.events + step.censored - step.entered;
  std::vector<Step> out;
  double survival = 1;
  double greenwood = 0;
  for (const auto& left : leaving) {
    if (left.events + left.censored > 0) {
      const auto n = static_cast<double>(at_risk);
      const auto d = static_cast<double>(left.events);
      Step step{left.time, at_risk, left.events, left.censored, 0, 0, 0, 0};
      if (left.events == at_risk || survival <= 0) {
        survival = 0;
        if (interval != cohort::CurveInterval::plain) step.high = 1;
      } else {
        survival *= 1 - d / n;
        greenwood += d / (n * (n - d));
        const auto limits = curve_interval(interval, survival, std::sqrt(greenwood), z);
        step.standard_error = survival * std::sqrt(greenwood);
        step.low = limits.low;
        step.high = limits.high;
      }
      step.survival = survival;
      out.push_back(step);
    }
    at_risk += left.entered - left.events - left.censored;
  }
  return out;
}

namespace {

/// Sums up the infinitesimal jackknife's variance of ln S: with A the sum of d / (n (n - d)), a person who left at s with the event has
/// the influence A(s) - 1 / (n - d), without it A(s), and one who is still followed at t has A(t).
class Jackknife {
 public:
  Jackknife(const std::vector<std::vector<double>>& squares, double everyone) : squares_(squares), staying_(everyone) {}

  double step(std::size_t t, double d, double n) {
    const double left = n - d;
    if (d > 0) {
      sum_ += d / (n * left);
      const double of_event = sum_ - 1 / left;
      gone_ += squares_[1][t] * of_event * of_event;
    }
    staying_ -= squares_[1][t];
    for (std::size_t kind = 0; kind < squares_.size(); ++kind) {
      if (kind == 1) continue;
      gone_ += squares_[kind][t] * sum_ * sum_;
      staying_ -= squares_[kind][t];
    }
    return gone_ + std::max(0.0, staying_) * sum_ * sum_;
  }

 private:
  const std::vector<std::vector<double>>& squares_;
  double staying_;
  double sum_ = 0, gone_ = 0;
};

double sum_of(const std::vector<std::vector<double>>& table) {
  double sum = 0;
  for (const auto& line : table) {
    for (const double x : line) sum += x;
  }
  return sum;
}

void caution_small_risk_set(SurvivalCurve& curve) {
  std::int64_t most = 0;
  for (const auto& point : curve.points) most = std::max(most, point.at_risk);
  std::int64_t before = 0;  // the largest risk set so far
  for (const auto& point : curve.points) {
    const bool grows_later = most > point.at_risk && before < most;
    if (point.events > 0 && grows_later && (point.survival <= 0 || point.at_risk < 5)) {
      curve.cautions.push_back(
          {"survival.small_risk_set",
           point.survival <= 0
               ? "The curve falls to 0 while most people had not yet entered: everyone followed so early had the event. What "
                 "it says of later times is not usable; start the curve later."
               : "Early in the curve only a few people were followed, because most entered later: it rests on these few."});
      return;
    }
    before = std::max(before, point.at_risk);
  }
}

}  // namespace

Result<SurvivalCurve> survival_curve(const LifeTable& table, std::uint16_t group, cohort::CurveInterval interval, double level) {
  const auto side = table.group(group);
  if (side.rows == 0) return fail(ErrorCode::not_computable, "nobody in this group is followed from the index, so there is no curve");
  const double z = normal_quantile(level);
  const bool weighted = table.question().weighted;
  const bool late = table.question().entries;
  SurvivalCurve curve{group, side.rows, side.events_of(1), {}, {}};
  Jackknife jackknife(side.squares, weighted ? sum_of(side.squares) : 0);
  double survival = 1, log_variance = 0, hazard = 0, hazard_variance = 0;
  for (std::size_t t = 1; t < side.at_risk.size(); ++t) {
    SurvivalPoint point{static_cast<std::int32_t>(t), side.at_risk[t], side.events[0][t], side.censored[t], side.entered[t]};
    for (std::size_t cause = 1; cause < side.events.size(); ++cause) point.censored += side.events[cause][t];
    if (point.events + point.censored + point.entered == 0) continue;
    const double n = side.weight_at_risk[t];
    const double d = side.weight_events[0][t];
    const bool last = point.events > 0 && (point.events == point.at_risk || d >= n);
    if (last) survival = 0;
    if (point.events > 0) {
      hazard += d / n;
      hazard_variance += d / (n * n);
    }
    if (survival > 0) {
      if (point.events > 0) survival *= 1 - d / n;
      if (weighted) {
        log_variance = jackknife.step(t, d, n);
      } else if (point.events > 0) {
        log_variance += d / (n * (n - d));
      }
    }
    const double error = survival > 0 ? std::sqrt(log_variance) : 0;
    const auto limits = curve_interval(interval, survival, error, z);
    point.survival = survival;
    point.standard_error = survival * error;
    point.low = limits.low;
    point.high = limits.high;
    point.cumulative_hazard = hazard;
    point.hazard_error = std::sqrt(hazard_variance);
    curve.points.push_back(point);
  }
  if (curve.events == 0) {
    curve.cautions.push_back({"survival.no_events",
                              "Nobody in this group had the event while followed: the curve stays at 100%, which does not "
                              "mean that the event cannot happen."});
  }
  if (late) caution_small_risk_set(curve);
  if (late && weighted) {
    curve.cautions.push_back({"survival.weighted_late", "With late entries and weights the errors are approximate."});
  }
  return curve;
}

namespace {

/// Where a falling line is at `target` or below it for the first time; midway to where it is below when it stays there.
template <class Value, class Counts>
std::optional<double> falls_to(const SurvivalCurve& curve, double target, const Value& value, const Counts& counts) {
  constexpr double near = 1.4901161193847656e-08;  // R's tolerance for "exactly"
  std::optional<double> reached;
  for (const auto& point : curve.points) {
    if (!counts(point)) continue;
    const double y = value(point);
    if (!reached && y <= target + near) reached = point.step;
    if (reached && y < target - near) return (*reached + point.step) / 2;
  }
  if (!reached) return reached;
  double last = *reached;
  for (const auto& point : curve.points) {
    if (point.events + point.censored > 0) last = point.step;
  }
  return (*reached + last) / 2;
}

}  // namespace

SurvivalQuantile survival_quantile(const SurvivalCurve& curve, double p) {
  const auto all = [](const SurvivalPoint&) { return true; };
  const auto known = [](const SurvivalPoint& point) { return point.survival > 0; };
  SurvivalQuantile out{p, {}, {}, {}};
  out.at = falls_to(curve, 1 - p, [](const SurvivalPoint& point) { return point.survival; }, all);
  out.low = falls_to(curve, 1 - p, [](const SurvivalPoint& point) { return point.low; }, known);
  out.high = falls_to(curve, 1 - p, [](const SurvivalPoint& point) { return point.high; }, known);
  return out;
}

Result<RestrictedMean> restricted_mean(const SurvivalCurve& curve, double until, double level) {
  if (!(until > 0)) return fail(ErrorCode::not_computable, "a restricted mean needs a time above 0");
  // Backwards: the area from each point to `until`.
  double area = 0, variance = 0;
  double right = until;
  for (auto point = curve.points.rbegin(); point != curve.points.rend(); ++point) {
    if (point->step >= until) continue;
    area += point->survival * (right - point->step);
    right = point->step;
    const auto n = static_cast<double>(point->at_risk);
    const auto d = static_cast<double>(point->events);
    if (point->events > 0 && point->events < point->at_risk) variance += area * area * d / (n * (n - d));
  }
  area += right;
  if (!curve.points.empty()) {
    const auto& last = curve.points.back();
    const bool gone = last.at_risk == last.events + last.censored && last.entered == 0;
    if (last.step < until && gone && last.survival > 0) {
      return fail(ErrorCode::not_computable, "the mean up to step " + std::to_string(static_cast<std::int64_t>(until)) +
                                                 " cannot be said: nobody of the group is followed that long; choose an earlier time");
    }
  }
  const double z = normal_quantile(level);
  const double error = std::sqrt(variance);
  return RestrictedMean{until, area, error, std::max(0.0, area - z * error), std::min(until, area + z * error)};
}

}  // namespace skerry::evidence
