// Robust errors: each person's score residuals, squared (Lin & Wei, JASA 84 (1989) 1074-1078).
#include <cmath>

#include "evidence/cox_state.hpp"
#include "evidence/exponential.hpp"

namespace skerry::evidence {
namespace {

/// Adds w times the score residual of a row to `out`. Rows not followed add nothing.
void add_residual(const Cox::State& state, const Episodes& data, std::size_t row, Eigen::VectorXd& x, Eigen::VectorXd& out) {
  const auto& question = state.question;
  const std::int32_t entry = data.entry.empty() || !question.entries ? 0 : std::max(0, data.entry[row]);
  const std::uint16_t stratum = data.stratum.empty() || question.strata == 1 ? std::uint16_t{0} : data.stratum[row];
  if (data.exit[row] <= entry || entry >= question.steps || stratum >= question.strata) return;
  const bool stays = data.exit[row] > question.steps;
  const auto last = state.cell_of(stratum, stays ? question.steps + 1 : data.exit[row]);
  const auto before = state.cell_of(stratum, entry);
  if (last <= before) return;  // -1 too: no event while followed
  for (std::size_t j = 0; j < state.p; ++j) {
    const auto i = static_cast<Eigen::Index>(j);
    x[i] = (data.x[j][row] - state.centre[i]) * state.scale[i];
  }
  double predictor = data.offset.empty() || !question.offset ? 0 : data.offset[row];
  for (Eigen::Index i = 0; i < x.size(); ++i) predictor += state.accepted[i] * x[i];
  double risk = 0;
  exponentials({&predictor, 1}, &risk);
  const double weight = data.weight.empty() || !question.weighted ? 1 : data.weight[row];
  const bool event = !stays && data.cause[row] == 1;
  const auto& end = state.kept[static_cast<std::size_t>(last)];
  double hazard = end.hazard_before + (event ? end.hazard_shared : end.hazard);
  if (before >= 0)
    hazard -= state.kept[static_cast<std::size_t>(before)].hazard_before + state.kept[static_cast<std::size_t>(before)].hazard;
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    double drift = end.drift_before[i] + (event ? end.drift_shared[i] : end.drift[i]);
    if (before >= 0)
      drift -= state.kept[static_cast<std::size_t>(before)].drift_before[i] + state.kept[static_cast<std::size_t>(before)].drift[i];
    double residual = -risk * (x[i] * hazard - drift);
    if (event) residual += x[i] - end.mean[i];
    out[i] += weight * residual;
  }
}

}  // namespace

void cox_add_people(const Cox::State& state, const CoxRows& part, Totals& out) {
  const auto& data = *part.source;
  const auto size = static_cast<Eigen::Index>(state.p);
  Eigen::VectorXd x(size), residual = Eigen::VectorXd::Zero(size);
  for (auto row = part.first; row < part.last; ++row) {
    add_residual(state, data, row, x, residual);
    const bool ends = data.person.empty() || row + 1 == part.last || data.person[row + 1] != data.person[row];
    if (!ends) continue;
    std::size_t next = 0;
    for (Eigen::Index j = 0; j < size; ++j) {
      for (Eigen::Index k = j; k < size; ++k) out.reals[next++].add(residual[j] * residual[k]);
    }
    residual.setZero();
  }
}

void cox_take_people(Cox::State& state, const Totals& total) {
  const auto size = static_cast<Eigen::Index>(state.p);
  state.middle.resize(size, size);
  std::size_t next = 0;
  for (Eigen::Index j = 0; j < size; ++j) {
    for (Eigen::Index k = j; k < size; ++k) state.middle(j, k) = state.middle(k, j) = total.reals[next++].to_double();
  }
}

}  // namespace skerry::evidence
