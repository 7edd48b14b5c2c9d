// From the maximum of the likelihood to estimates, errors and tests.
#include <cmath>

#include "evidence/cox_state.hpp"
#include "evidence/interval.hpp"
#include "evidence/tail.hpp"

namespace skerry::evidence {

Result<void> cox_check_information(const Cox::State& state, const Eigen::MatrixXd& information) {
  const auto p = information.rows();
  double weight = 0;
  for (const auto& cell : state.cells) weight += cell.weight;
  // A covariate's information is its variance in the risk sets, summed over events; a pivot is what the earlier ones leave of it.
  Eigen::MatrixXd left = information;
  std::vector<Eigen::Index> used;
  for (Eigen::Index j = 0; j < p; ++j) {
    const auto& name = state.question.covariates[static_cast<std::size_t>(j)];
    if (information(j, j) <= 1e-13 * weight) {
      return fail(ErrorCode::not_computable,
                  "\"" + name + "\" is the same for everyone followed when an event happened, so its effect cannot be estimated");
    }
    if (left(j, j) <= 1e-11 * information(j, j)) {
      return fail(
          ErrorCode::not_computable,
          "\"" + name + "\" follows from the other covariates (they are collinear), so their effects cannot be told apart; leave it out");
    }
    for (Eigen::Index i = j + 1; i < p; ++i) {
      const double share = left(i, j) / left(j, j);
      for (Eigen::Index k = j; k < p; ++k) left(i, k) -= share * left(j, k);
    }
  }
  return {};
}

namespace {

/// A quadratic form that is 0 along what is infinite.
Eigen::MatrixXd finite_only(const Cox::State& state, Eigen::MatrixXd matrix) {
  for (Eigen::Index j = 0; j < matrix.rows(); ++j) {
    if (!state.infinite[static_cast<std::size_t>(j)]) continue;
    matrix.row(j).setZero();
    matrix.col(j).setZero();
  }
  return matrix;
}

std::vector<double> unscaled(const Cox::State& state, const Eigen::MatrixXd& matrix) {
  std::vector<double> out;
  for (Eigen::Index j = 0; j < matrix.rows(); ++j) {
    for (Eigen::Index k = 0; k < matrix.cols(); ++k) out.push_back(matrix(j, k) * state.scale[j] * state.scale[k]);
  }
  return out;
}

void tests(const Cox::State& state, bool any_infinite, CoxResult& out) {
  const auto df = static_cast<double>(state.p);
  const auto test = [&](const char* name, double statistic) {
    return Test{name, statistic, df, {}, chi_square_upper(statistic, df), false};
  };
  out.likelihood_ratio = test("Likelihood ratio", std::max(0.0, 2 * (out.log_likelihood - out.log_likelihood_null)));
  out.score.name = "Score";
  out.wald.name = "Wald";
  if (!state.question.firth) out.score = test("Score", state.null.score.dot(state.null.information.ldlt().solve(state.null.score)));
  if (any_infinite) return;
  if (!state.question.robust) {
    out.wald = test("Wald", state.accepted.dot(state.best.information * state.accepted));
    return;
  }
  const Eigen::MatrixXd sandwich = state.inverse * state.middle * state.inverse;
  const double statistic = state.accepted.dot(sandwich.ldlt().solve(state.accepted));
  if (std::isfinite(statistic)) out.wald = test("Wald, robust", statistic);
}

void baseline(const Cox::State& state, CoxResult& out) {
  for (std::size_t at = 0; at < state.cells.size(); ++at) {
    const auto& cell = state.cells[at];
    const auto& kept = state.kept[at];
    out.baseline.push_back({cell.step, cell.stratum, cell.events, cell.at_risk, kept.hazard, kept.hazard_before + kept.hazard});
  }
}

void caution(const Cox::State& state, bool any_infinite, CoxResult& out) {
  if (any_infinite) {
    std::string names;
    for (std::size_t j = 0; j < state.p; ++j) {
      if (!state.infinite[j]) continue;
      names += (names.empty() ? "\"" : ", \"") + state.question.covariates[j] + "\"";
    }
    out.cautions.push_back(
        {"cox.separation", "The events are divided perfectly by " + names +
                               ": its hazard ratio has no finite estimate. Firth's correction gives one (\"firth\": true)."});
  }
  if (out.events < 10 * static_cast<std::int64_t>(state.p)) {
    out.cautions.push_back(
        {"cox.few_events", "There are fewer than ten events for each covariate: the estimates are unstable and the intervals too short."});
  }
  if (state.question.robust && out.people < 40) {
    out.cautions.push_back({"cox.robust_few", "Robust errors are too small with so few people."});
  }
}

}  // namespace

void cox_finish(Cox::State& state) {
  auto& out = state.result;
  bool any_infinite = false;
  for (const bool infinite : state.infinite) any_infinite = any_infinite || infinite;
  const auto inverse = finite_only(state, state.inverse);
  out.covariance = unscaled(state, inverse);
  if (state.question.robust) out.robust = unscaled(state, inverse * state.middle * inverse);
  out.log_likelihood_null = state.null.log_likelihood;
  out.log_likelihood = state.best.log_likelihood;
  if (state.question.firth) {  // the penalty is of the covariates as they came
    for (const double scale : state.scale) {
      out.log_likelihood_null -= std::log(scale);
      out.log_likelihood -= std::log(scale);
    }
  }
  const double z = normal_quantile(state.question.level);
  for (std::size_t j = 0; j < state.p; ++j) {
    const auto i = static_cast<Eigen::Index>(j);
    CoxCoefficient coefficient;
    auto& estimate = coefficient.estimate;
    estimate.id = state.question.covariates[j];
    estimate.ratio = true;
    estimate.value = state.accepted[i] * state.scale[i];
    coefficient.infinite = state.infinite[j];
    if (!coefficient.infinite) {
      estimate.standard_error = std::sqrt(out.covariance[j * state.p + j]);
      if (state.question.robust) estimate.robust_error = std::sqrt(out.robust[j * state.p + j]);
      const double error = estimate.robust_error.value_or(*estimate.standard_error);
      if (error > 0) {
        estimate.low = estimate.value - z * error;
        estimate.high = estimate.value + z * error;
        estimate.p = normal_two_sided(estimate.value / error);
      }
    }
    out.means.push_back(state.centre[i]);
    out.coefficients.push_back(coefficient);
  }
  tests(state, any_infinite, out);
  baseline(state, out);
  caution(state, any_infinite, out);
  if (state.question.check && !any_infinite) out.proportional = cox_proportional(state, *state.question.check);
}

namespace {

/// g(t) by step.
std::vector<double> transformed(const Cox::State& state, TimeTransform transform) {
  std::vector<double> out(state.width(), 0.0);
  double survival = 1, rank = 0;
  for (std::size_t t = 1; t < out.size(); ++t) {
    const auto d = static_cast<double>(state.events[t]);
    switch (transform) {
      case TimeTransform::km: out[t] = 1 - survival; break;
      case TimeTransform::identity: out[t] = static_cast<double>(t); break;
      case TimeTransform::rank: out[t] = rank + (static_cast<double>(state.left[t]) + 1) / 2; break;
      case TimeTransform::log: out[t] = std::log(static_cast<double>(t)); break;
    }
    rank += static_cast<double>(state.left[t]);
    if (d > 0) survival *= 1 - d / static_cast<double>(state.at_risk[t]);
  }
  double mean = 0;
  for (std::size_t t = 1; t < out.size(); ++t)
    mean += out[t] * static_cast<double>(state.events[t]) / static_cast<double>(state.result.events);
  for (double& g : out) g -= mean;  // the tests are the same, the rounding smaller
  return out;
}

}  // namespace

std::vector<Test> cox_proportional(const Cox::State& state, TimeTransform transform) {
  const auto g = transformed(state, transform);
  const auto p = static_cast<Eigen::Index>(state.p);
  Eigen::VectorXd score = Eigen::VectorXd::Zero(p);
  Eigen::MatrixXd with = Eigen::MatrixXd::Zero(p, p), twice = with, plain = with;
  for (std::size_t at = 0; at < state.cells.size(); ++at) {
    const auto& cell = state.cells[at];
    const auto& kept = state.kept[at];
    const double now = g[static_cast<std::size_t>(cell.step)];
    score += now * (cell.event_x - cell.weight * kept.mean);
    plain += kept.variance;
    with += now * kept.variance;
    twice += now * now * kept.variance;
  }
  const Eigen::LDLT<Eigen::MatrixXd> root(plain);
  const Eigen::MatrixXd left = twice - with * root.solve(with);
  std::vector<Test> out;
  for (Eigen::Index j = 0; j < p; ++j) {
    Test test{state.question.covariates[static_cast<std::size_t>(j)], {}, 1.0, {}, {}, false};
    if (left(j, j) > 1e-10 * twice(j, j)) {
      test.statistic = score[j] * score[j] / left(j, j);
      test.p = chi_square_upper(*test.statistic, 1);
    }
    out.push_back(test);
  }
  Test global{"GLOBAL", {}, static_cast<double>(p), {}, {}, false};
  const double statistic = score.dot(left.ldlt().solve(score));
  if (std::isfinite(statistic) && statistic >= 0 && left.ldlt().isPositive()) {
    global.statistic = statistic;
    global.p = chi_square_upper(statistic, *global.df);
  }
  out.push_back(global);
  return out;
}

}  // namespace skerry::evidence
