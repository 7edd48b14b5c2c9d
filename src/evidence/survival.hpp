// The product-limit estimate and what is read off it. Pure and thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/error.hpp"
#include "cohort/study.hpp"
#include "evidence/estimate.hpp"
#include "evidence/figure.hpp"
#include "evidence/life_table.hpp"

namespace skerry::evidence {

/// Who left in one step of the grid, and who began to be followed right after it. Events at a time come before censorings at it.
struct Leaving {
  double time = 0;
  std::int64_t events = 0, censored = 0;
  std::int64_t entered = 0;  ///< late entries (left truncation): at risk from the next step on
  bool operator==(const Leaving&) const = default;
};

/// S(t) = product of (1 - d/n) over the steps up to t (Kaplan & Meier, JASA 53 (1958) 457-481); its variance
/// S^2 * sum of d / (n (n - d)) (Greenwood 1926). Intervals, with z the normal quantile and G Greenwood's sum:
///   plain    S +- z S sqrt(G), cut to 0..1
///   log      S exp(+- z sqrt(G)), cut to 1 (Kalbfleisch & Prentice 1980, section 1.3)
///   log_log  S^exp(+- z sqrt(G) / ln S) (the same)
///   logit    ln(S / (1 - S)) +- z sqrt(G) / (1 - S), turned back
///   arcsine  sin^2 of asin(sqrt S) +- z/2 sqrt(G S / (1 - S)), cut to 0..pi/2 (Thomas & Grunkemeier, JASA 70 (1975) 865-871)
/// At S = 1 all are 1 to 1; at S = 0 the variance is not defined: standard error 0 and interval 0 to 0 (plain), and
/// 0 to 1 for the others, for which R gives NA. `leaving` ascends in time; steps in which nobody leaves are left out. `staying`
/// people are still followed after the last step. With late entries the risk set is of who is followed then: whoever began with an event
/// before the first entry is not known, so the curve is of people who are still event-free at the first entry.
[[nodiscard]] std::vector<Step> kaplan_meier(std::span<const Leaving> leaving, cohort::CurveInterval interval, double level,
                                             std::int64_t staying = 0);

struct SurvivalPoint {
  std::int32_t step = 0;
  std::int64_t at_risk = 0, events = 0, censored = 0, entered = 0;  ///< in this step; entered: right after it
  double survival = 1, standard_error = 0, low = 1, high = 1;
  double cumulative_hazard = 0, hazard_error = 0;  ///< sum of d/n and the root of the sum of d/n^2 (Nelson 1972, Aalen 1978)
};

/// Where the curve falls to 1 - p. Unset: it does not get there. Midway when it is exactly 1 - p for a while (as R's quantile()).
struct SurvivalQuantile {
  double p = 0.5;
  std::optional<double> at, low, high;  ///< in steps
};

struct RestrictedMean {
  double until = 0, mean = 0, standard_error = 0, low = 0, high = 0;  ///< in steps
};

struct SurvivalCurve {
  std::uint16_t group = 0;
  std::int64_t people = 0, events = 0;  ///< people: rows that are followed
  std::vector<SurvivalPoint> points;    ///< steps in which somebody left or entered
  std::vector<Caution> cautions;
};

/// The curve of a group of the table, cause 1 being the event and every other leaving a censoring. Weighted tables: weights multiply events
/// and people at risk, and the error is the infinitesimal jackknife's (as survfit(robust = TRUE)), right for weights that are estimated.
/// Errors: not_computable when nobody of the group is followed.
[[nodiscard]] Result<SurvivalCurve> survival_curve(const LifeTable& table, std::uint16_t group, cohort::CurveInterval interval,
                                                   double level);

/// The median is p = 0.5. Limits: where the curve's lower and upper limits fall to 1 - p (Brookmeyer & Crowley, Biometrics 38 (1982)
/// 29-41).
[[nodiscard]] SurvivalQuantile survival_quantile(const SurvivalCurve& curve, double p);

/// The area under the curve up to `until` steps, its error the root of the sum of A(t)^2 d / (n (n - d)), A(t) the area from t on (Irwin, J
/// Hygiene 47 (1949) 188-189; Karrison, J Am Stat Assoc 82 (1987) 1169-1176). From the curve of a table without weights. Errors:
/// not_computable when the curve is not known up to `until` (the last person left earlier, still event-free).
[[nodiscard]] Result<RestrictedMean> restricted_mean(const SurvivalCurve& curve, double until, double level);

}  // namespace skerry::evidence
