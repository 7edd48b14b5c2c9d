// What a Cox model knows between its rounds. Of cox*.cpp alone.
#pragma once

#include <Eigen/Dense>
#include <cstdint>
#include <vector>

#include "evidence/cox.hpp"
#include "evidence/cox_tied.hpp"

namespace skerry::evidence {

/// A step of a stratum in which events happened.
struct CoxCell {
  std::uint16_t stratum = 0;
  std::int32_t step = 0;
  std::int64_t events = 0, at_risk = 0;
  double weight = 0;        ///< of those with the event
  Eigen::VectorXd event_x;  ///< sum of their w x
};

/// The value, gradient and curvature of the log partial likelihood.
struct CoxSurface {
  double log_likelihood = 0;
  Eigen::VectorXd score;
  Eigen::MatrixXd information;
  bool sound = true;
};

/// What is kept of a cell at the final coefficients. In the names of CoxTied, M = w e x moments at risk less f times those of the events:
struct CoxKept {
  double hazard = 0, hazard_shared = 0;  ///< sum of w/M0, and of (1 - f) w/M0: what one who has the event there adds up
  Eigen::VectorXd mean;                  ///< mean of M1/M0
  Eigen::VectorXd drift, drift_shared;   ///< as hazard, of M1/M0 w/M0
  Eigen::MatrixXd variance;              ///< sum of w (M2/M0 - (M1/M0)(M1/M0)')
  double hazard_before = 0;              ///< sums over the stratum's earlier cells
  Eigen::VectorXd drift_before;
};

struct Cox::State {
  enum class Phase : std::uint8_t { count, climb, people, done };
  CoxQuestion question;
  std::size_t p = 0, components = 0;
  Phase phase = Phase::count;
  Eigen::VectorXd centre, scale;                    ///< covariates are read as (x - centre) * scale
  std::vector<CoxCell> cells;                       ///< by stratum, then step
  std::vector<std::int32_t> cell_at;                ///< [stratum * width() + step]: the last cell of the stratum at or before, else -1
  std::vector<std::int64_t> events, left, at_risk;  ///< by step, all strata; left: with the event or without
  double event_offset = 0;                          ///< sum of w * offset over events
  bool first_climb = true;
  Eigen::VectorXd beta, accepted, step;  ///< of covariates as read: now being tried, the best so far, what leads from it to `beta`
  double step_share = 1, last_size = 0;
  CoxSurface null, best;
  Eigen::MatrixXd inverse;  ///< of best.information
  std::vector<bool> infinite;
  std::vector<CoxKept> kept;
  Eigen::MatrixXd middle;  ///< of the sandwich
  CoxResult result;

  [[nodiscard]] bool efron() const { return question.ties == cohort::Ties::efron; }
  [[nodiscard]] std::size_t width() const { return static_cast<std::size_t>(question.steps) + 2; }
  [[nodiscard]] std::int32_t cell_of(std::uint16_t stratum, std::int32_t at) const {
    return cell_at[stratum * width() + static_cast<std::size_t>(at)];
  }
  /// Of a round's vector: everyone who leaves, or with Efron's ties those without and then those with the event; who enters.
  [[nodiscard]] std::size_t blocks() const { return 1U + (efron() ? 1U : 0U) + (question.entries ? 1U : 0U); }
  [[nodiscard]] std::size_t block_length() const { return cells.size() * components; }
};

// cox_surface.cpp
[[nodiscard]] CoxSurface cox_surface(const Cox::State& state, const Totals& total);
void cox_keep_cells(Cox::State& state, const Totals& total);
// cox_people.cpp
void cox_add_people(const Cox::State& state, const CoxRows& part, Totals& out);
void cox_take_people(Cox::State& state, const Totals& total);
// cox_result.cpp
/// Errors: not_computable, naming the covariate that is the same for everyone or follows from the others.
[[nodiscard]] Result<void> cox_check_information(const Cox::State& state, const Eigen::MatrixXd& information);
void cox_finish(Cox::State& state);
[[nodiscard]] std::vector<Test> cox_proportional(const Cox::State& state, TimeTransform transform);

}  // namespace skerry::evidence
