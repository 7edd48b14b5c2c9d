// From the sums of a round to the log partial likelihood, its gradient and curvature.
#include <cmath>

#include "evidence/cox_state.hpp"

namespace skerry::evidence {
namespace {

/// Moments of one cell as doubles: 1, then p, then j <= k, then j <= k <= l.
struct Moments {
  std::vector<double> risk, events;
};

/// visit(cell, moments): from each stratum's last cell to its first, the risk sets adding up.
template <class Visit>
bool for_cells(const Cox::State& state, const Totals& total, const Visit& visit) {
  const auto m = state.components;
  const Exact* leaving = total.reals.data();
  const Exact* having = state.efron() ? leaving + state.block_length() : nullptr;
  const Exact* entering = state.question.entries ? leaving + (state.blocks() - 1) * state.block_length() : nullptr;
  std::vector<Exact> risk(m);
  Moments moments{std::vector<double>(m), std::vector<double>(m, 0.0)};
  for (std::size_t cell = state.cells.size(); cell-- > 0;) {
    if (cell + 1 == state.cells.size() || state.cells[cell + 1].stratum != state.cells[cell].stratum) risk.assign(m, Exact{});
    for (std::size_t c = 0; c < m; ++c) {
      auto& sum = risk[c];
      sum += leaving[cell * m + c];
      if (having != nullptr) {
        sum += having[cell * m + c];
        moments.events[c] = having[cell * m + c].to_double();
      }
      if (entering != nullptr) sum -= entering[cell * m + c];
      if (!sum.sound()) return false;
      moments.risk[c] = sum.to_double();
    }
    if (!(moments.risk[0] > 0)) return false;
    visit(cell, moments);
  }
  return true;
}

/// Place of j <= k, or j <= k <= l, in the vector of moments.
class Places {
 public:
  explicit Places(std::size_t p) : p_(p), pairs_(p * p), triples_(p * p * p) {
    std::size_t next = 1 + p;
    for (std::size_t j = 0; j < p; ++j) {
      for (std::size_t k = j; k < p; ++k) pairs_[j * p + k] = pairs_[k * p + j] = next++;
    }
    for (std::size_t j = 0; j < p; ++j) {
      for (std::size_t k = j; k < p; ++k) {
        for (std::size_t l = k; l < p; ++l, ++next) {
          for (const auto place : {(j * p + k) * p + l, (j * p + l) * p + k, (k * p + j) * p + l, (k * p + l) * p + j, (l * p + j) * p + k,
                                   (l * p + k) * p + j}) {
            triples_[place] = next;
          }
        }
      }
    }
  }
  [[nodiscard]] std::size_t pair(std::size_t j, std::size_t k) const { return pairs_[j * p_ + k]; }
  [[nodiscard]] std::size_t triple(std::size_t j, std::size_t k, std::size_t l) const { return triples_[(j * p_ + k) * p_ + l]; }

 private:
  std::size_t p_;
  std::vector<std::size_t> pairs_, triples_;
};

/// Adds weight * sum of the variances at risk, j >= k.
void add_variance(const Moments& m, const CoxTied& tied, double weight, std::size_t p, std::vector<double>& out) {
  const double* s1 = m.risk.data() + 1;
  const double* d1 = m.events.data() + 1;
  std::size_t pair = 1 + p;
  for (std::size_t j = 0; j < p; ++j) {
    for (std::size_t k = j; k < p; ++k, ++pair) {
      const double raw = m.risk[pair] * tied.u - m.events[pair] * tied.fu;
      const double squared = s1[j] * s1[k] * tied.uu - (s1[j] * d1[k] + d1[j] * s1[k]) * tied.fuu + d1[j] * d1[k] * tied.ffuu;
      out[pair - 1 - p] += weight * (raw - squared);
    }
  }
}

/// Adds weight * the third central moments, [r][j][k] (Firth).
void add_thirds(const Moments& m, const Places& places, const CoxCell& cell, double weight, bool efron, std::size_t p,
                std::vector<double>& out) {
  for (std::int64_t tie = 0; tie < cell.events; ++tie) {
    const double f = efron ? static_cast<double>(tie) / static_cast<double>(cell.events) : 0;
    const double total = m.risk[0] - f * m.events[0];
    const auto moment = [&](std::size_t place) { return (m.risk[place] - f * m.events[place]) / total; };
    for (std::size_t r = 0; r < p; ++r) {
      for (std::size_t j = 0; j < p; ++j) {
        for (std::size_t k = 0; k < p; ++k) {
          const double a = moment(1 + r), b = moment(1 + j), c = moment(1 + k);
          const double third = moment(places.triple(r, j, k)) - moment(places.pair(r, j)) * c - moment(places.pair(r, k)) * b -
                               moment(places.pair(j, k)) * a + 2 * a * b * c;
          out[(r * p + j) * p + k] += weight * third;
        }
      }
    }
  }
}

void penalise(const std::vector<double>& thirds, CoxSurface& out) {
  const auto p = out.score.size();
  const Eigen::LLT<Eigen::MatrixXd> root(out.information);
  if (root.info() != Eigen::Success) {
    out.sound = false;
    return;
  }
  const Eigen::MatrixXd inverse = root.solve(Eigen::MatrixXd::Identity(p, p));
  for (Eigen::Index j = 0; j < p; ++j) out.log_likelihood += std::log(root.matrixLLT()(j, j));
  for (Eigen::Index r = 0; r < p; ++r) {
    double trace = 0;
    for (Eigen::Index j = 0; j < p; ++j) {
      for (Eigen::Index k = 0; k < p; ++k) trace += inverse(j, k) * thirds[static_cast<std::size_t>((r * p + j) * p + k)];
    }
    out.score[r] += trace / 2;
  }
}

}  // namespace

CoxSurface cox_surface(const Cox::State& state, const Totals& total) {
  const auto p = state.p;
  const auto size = static_cast<Eigen::Index>(p);
  const Places places(state.question.firth ? p : 0);
  CoxSurface out{state.event_offset, Eigen::VectorXd::Zero(size), Eigen::MatrixXd::Zero(size, size), true};
  std::vector<double> variance(p * (p + 1) / 2, 0.0), thirds(state.question.firth ? p * p * p : 0, 0.0);
  out.sound = for_cells(state, total, [&](std::size_t at, const Moments& moments) {
    const auto& cell = state.cells[at];
    const auto tied = cox_tied(moments.risk[0], moments.events[0], cell.events, state.efron());
    const double weight = cell.weight / static_cast<double>(cell.events);
    out.log_likelihood -= weight * tied.log_sum;
    for (std::size_t j = 0; j < p; ++j) {
      const auto i = static_cast<Eigen::Index>(j);
      out.log_likelihood += state.beta[i] * cell.event_x[i];
      out.score[i] += cell.event_x[i] - weight * (moments.risk[1 + j] * tied.u - moments.events[1 + j] * tied.fu);
    }
    add_variance(moments, tied, weight, p, variance);
    if (state.question.firth) add_thirds(moments, places, cell, weight, state.efron(), p, thirds);
  });
  std::size_t next = 0;
  for (Eigen::Index j = 0; j < size; ++j) {
    for (Eigen::Index k = j; k < size; ++k) out.information(j, k) = out.information(k, j) = variance[next++];
  }
  out.sound = out.sound && std::isfinite(out.log_likelihood) && out.score.allFinite() && out.information.allFinite();
  if (out.sound && state.question.firth) penalise(thirds, out);
  return out;
}

void cox_keep_cells(Cox::State& state, const Totals& total) {
  const auto p = state.p;
  const auto size = static_cast<Eigen::Index>(p);
  state.kept.assign(state.cells.size(), {});
  std::vector<double> variance(p * (p + 1) / 2);
  for_cells(state, total, [&](std::size_t at, const Moments& moments) {
    const auto& cell = state.cells[at];
    const auto tied = cox_tied(moments.risk[0], moments.events[0], cell.events, state.efron());
    const double weight = cell.weight / static_cast<double>(cell.events);
    const Eigen::Map<const Eigen::VectorXd> s1(moments.risk.data() + 1, size), d1(moments.events.data() + 1, size);
    auto& kept = state.kept[at];
    kept.hazard = weight * tied.u;
    kept.hazard_shared = weight * (tied.u - tied.fu);
    kept.mean = (s1 * tied.u - d1 * tied.fu) / static_cast<double>(cell.events);
    kept.drift = weight * (s1 * tied.uu - d1 * tied.fuu);
    kept.drift_shared = weight * (s1 * (tied.uu - tied.fuu) - d1 * (tied.fuu - tied.ffuu));
    variance.assign(variance.size(), 0.0);
    add_variance(moments, tied, weight, p, variance);
    kept.variance.resize(size, size);
    std::size_t next = 0;
    for (Eigen::Index j = 0; j < size; ++j) {
      for (Eigen::Index k = j; k < size; ++k) kept.variance(j, k) = kept.variance(k, j) = variance[next++];
    }
  });
  for (std::size_t at = 0; at < state.cells.size(); ++at) {
    auto& kept = state.kept[at];
    const bool first = at == 0 || state.cells[at - 1].stratum != state.cells[at].stratum;
    kept.hazard_before = first ? 0 : state.kept[at - 1].hazard_before + state.kept[at - 1].hazard;
    kept.drift_before = first ? Eigen::VectorXd::Zero(size) : Eigen::VectorXd(state.kept[at - 1].drift_before + state.kept[at - 1].drift);
  }
}

}  // namespace skerry::evidence
