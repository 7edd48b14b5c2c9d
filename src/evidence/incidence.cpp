#include "evidence/incidence.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "evidence/curve_interval.hpp"
#include "evidence/interval.hpp"

namespace skerry::evidence {
namespace {

/// The variance of F(t), of Greenwood's type: the sum over steps s <= t of what the events at s contribute. With S = S(s-), F = F(s),
/// n at risk, d with any event, e with this cause: someone of this cause moves F(t) by S - (F(t) - F(s)) n / (n - d)..., which expands into
/// sums that need only be carried along.
class Variance {
 public:
  /// survival: just before the step; incidence: just after it.
  void add(double survival, double incidence, double n, double d, double e) {
    const double rest = n - d;
    const double jump = survival / n;
    // (F(t) - F(s))^2 d / (n (n - d)), when anybody is left to go on
    if (rest > 0) {
      const double spread = d / (n * rest);
      square_ += spread;
      linear_ += spread * incidence;
      constant_ += spread * incidence * incidence;
      // - 2 (F(t) - F(s)) S e / n^2: F then stands lower for all who follow
      cross_ += jump * e / n;
      cross_constant_ += jump * e / n * incidence;
    }
    own_ += jump * jump * e * (n - e) / n;
  }

  [[nodiscard]] double at(double incidence) const {
    const double later = square_ * incidence * incidence - 2 * linear_ * incidence + constant_;
    const double between = cross_ * incidence - cross_constant_;
    return std::max(0.0, later + own_ - 2 * between);
  }

 private:
  double square_ = 0, linear_ = 0, constant_ = 0, cross_ = 0, cross_constant_ = 0, own_ = 0;
};

}  // namespace

Result<IncidenceCurve> cumulative_incidence(const LifeTable& table, std::uint16_t group, std::uint8_t cause, cohort::CurveInterval interval,
                                            double level) {
  const auto side = table.group(group);
  if (side.rows == 0) return fail(ErrorCode::not_computable, "nobody in this group is followed from the index, so there is no curve");
  if (cause < 1 || cause > side.events.size()) return fail(ErrorCode::not_computable, "there is no such kind of event in the question");
  const double z = normal_quantile(level);
  IncidenceCurve curve{group, cause, side.rows, side.events_of(cause), {}, {}};
  double survival = 1, incidence = 0;
  Variance variance;
  for (std::size_t t = 1; t < side.at_risk.size(); ++t) {
    IncidencePoint point{static_cast<std::int32_t>(t), side.at_risk[t], side.events[cause - 1U][t], 0, side.censored[t], 0, 0, 0, 0};
    double all = 0;
    for (std::size_t k = 0; k < side.events.size(); ++k) {
      all += side.weight_events[k][t];
      if (k + 1U != cause) point.others += side.events[k][t];
    }
    if (point.events + point.others + point.censored == 0) continue;
    const double n = side.weight_at_risk[t];
    const double own = side.weight_events[cause - 1U][t];
    if (survival > 0 && point.events + point.others > 0) {
      incidence += survival * own / n;
      const bool last = point.events + point.others == point.at_risk || all >= n;
      variance.add(survival, incidence, n, last ? n : all, own);
      survival = last ? 0 : survival * (1 - all / n);
    }
    point.incidence = incidence;
    point.standard_error = std::sqrt(variance.at(incidence));
    const double free = 1 - incidence;
    const auto limits = incidence > 0 && free > 0 ? curve_interval(interval, free, point.standard_error / free, z)
                                                  : Interval{free, incidence > 0 && interval != cohort::CurveInterval::plain ? 1.0 : free};
    point.low = 1 - limits.high;
    point.high = 1 - limits.low;
    curve.points.push_back(point);
  }
  if (curve.events == 0) {
    curve.cautions.push_back({"incidence.no_events",
                              "Nobody in this group had this event while followed: the curve stays at 0%, which does not mean "
                              "that it cannot happen."});
  }
  if (table.question().weighted) {
    curve.cautions.push_back(
        {"incidence.weighted", "The errors of a weighted curve take the weights for numbers of people: read them with care."});
  }
  return curve;
}

}  // namespace skerry::evidence
