// Competing risks: how likely each kind of event is by a time, when another may come first. Pure and thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "cohort/study.hpp"
#include "evidence/estimate.hpp"
#include "evidence/life_table.hpp"

namespace skerry::evidence {

struct IncidencePoint {
  std::int32_t step = 0;
  std::int64_t at_risk = 0, events = 0, others = 0, censored = 0;  ///< in this step; others: events of other causes
  double incidence = 0, standard_error = 0, low = 0, high = 0;
};

struct IncidenceCurve {
  std::uint16_t group = 0;
  std::uint8_t cause = 1;
  std::int64_t people = 0, events = 0;
  std::vector<IncidencePoint> points;  ///< steps in which somebody left
  std::vector<Caution> cautions;
};

/// F(t) = sum over steps of S(s-) d(s) / n(s), S the Kaplan-Meier estimate of being free of every event (Aalen & Johansen, Scand J Statist
/// 5 (1978) 141-150). The variance is Greenwood's type (Andersen, Borgan, Gill & Keiding 1993, (4.4.20)), which without late entries and
/// weights is R's survfit() for several states (infinitesimal jackknife), not that of cmprsk::cuminc(). Intervals as in survival.hpp, made
/// for 1 - F and turned over: log, log_log, arcsine and logit stay within 0 to 1. `cause` from 1, `group` of the table, all strata
/// together.
[[nodiscard]] Result<IncidenceCurve> cumulative_incidence(const LifeTable& table, std::uint16_t group, std::uint8_t cause,
                                                          cohort::CurveInterval interval, double level);

struct GrayTest {
  Test test;  ///< chi-square with groups - 1 degrees of freedom
  std::vector<Caution> cautions;
};

/// Gray's K-sample test for equal incidence of one cause, Annals of Statistics 16 (1988) 1141-1154, with weights (1 - F)^rho, stratified by
/// adding scores and variances. Errors: not_computable: one group, no events of the cause; late entries (the test is not defined for
/// them); weights.
[[nodiscard]] Result<GrayTest> gray_test(const LifeTable& table, std::uint8_t cause = 1, double rho = 0);

}  // namespace skerry::evidence
