#include "evidence/negative_binomial.hpp"

#include <algorithm>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <cmath>
#include <utility>

#include "evidence/climb.hpp"
#include "evidence/glm.hpp"
#include "evidence/tail.hpp"

namespace skerry::evidence {
namespace {

constexpr std::size_t block = DesignScale::block;
constexpr std::size_t table_size = 1024;
constexpr int rounds_max = 150;
constexpr double theta_max = 1e8;  // beyond it the variance is the mean's, as far as doubles tell

/// What depends on y and theta alone, for small y from a table: sums over k < y of log(1 + k/theta), 1/(theta + k), 1/(theta + k)^2.
struct Rising {
  double log_sum = 0, first = 0, second = 0;
};

class RisingTable {
 public:
  void set(double theta) {
    theta_ = theta;
    table_.assign(table_size, {});
    for (std::size_t y = 1; y < table_size; ++y) {
      const auto k = static_cast<double>(y - 1);
      const auto& before = table_[y - 1];
      table_[y] = {before.log_sum + std::log1p(k / theta), before.first + 1 / (theta + k), before.second + 1 / ((theta + k) * (theta + k))};
    }
  }
  [[nodiscard]] Rising operator()(double y) const {
    if (y < static_cast<double>(table_size)) return table_.data()[static_cast<std::size_t>(y)];
    using boost::math::digamma;
    using boost::math::lgamma;
    using boost::math::trigamma;
    return {lgamma(y + theta_) - lgamma(theta_) - y * std::log(theta_), digamma(y + theta_) - digamma(theta_),
            trigamma(theta_) - trigamma(y + theta_)};
  }

 private:
  double theta_ = 1;
  std::vector<Rising> table_;
};

/// A row's log-likelihood without log y!, and its derivatives by the linear predictor and by theta (Lawless 1987, section 2).
struct Row {
  double value, score, expected, observed, by_theta, by_theta_twice, mixed;
};

Row row_of(double y, double eta, double theta, const RisingTable& table) {
  const double mean = std::exp(eta), ratio = mean / theta, more = 1 + ratio;
  const auto rising = table(y);
  Row out{};
  out.value = rising.log_sum + y * eta - (y + theta) * std::log1p(ratio);
  out.score = (y - mean) / more;
  out.expected = mean / more;
  out.observed = mean * (1 + y / theta) / (more * more);
  // Derivatives by theta of: sum of log(theta + k) - (y + theta) log(theta + mean) + theta log theta.
  out.by_theta = rising.first - std::log1p(ratio) - (y - mean) / (theta + mean);
  out.by_theta_twice = -rising.second + mean / (theta * (theta + mean)) + (y - mean) / ((theta + mean) * (theta + mean));
  out.mixed = (y - mean) * mean / ((theta + mean) * (theta + mean));
  return out;
}

RegressionQuestion without_robust(RegressionQuestion question) {
  question.robust = false;
  return question;
}

}  // namespace

struct NegativeBinomialRegression::State {
  enum class Phase : std::uint8_t { poisson, start, climb, finish, done };
  RegressionQuestion question;
  Glm poisson;
  Phase phase = Phase::poisson;
  std::vector<Climb> climbs;  // the model, then the one without covariates; coefficients, then log theta
  std::vector<std::size_t> running;
  std::vector<RisingTable> tables;  // of each climb
  RegressionFit fit;
  std::optional<double> dispersion, dispersion_error;  // theta and its standard error
  int rounds = 0;

  explicit State(RegressionQuestion asked)
      : question(asked), poisson(without_robust(asked), {Glm::Family::poisson, false, false, false, 0, 0}) {}

  [[nodiscard]] std::size_t columns() const { return poisson.scale().columns(); }
  [[nodiscard]] std::size_t width(std::size_t climb) const { return climb == 0 ? columns() : 1; }
  [[nodiscard]] std::size_t cells(std::size_t climb) const {
    const auto q = width(climb);
    return 1 + q + q * (q + 1) + 2 + q;
  }
  void add_climb(std::size_t which, const Design& part, Exact* sums) const;
  void add_finish(const Design& part, Exact* sums) const;
  void add_start(const Design& part, Exact* sums) const;
  [[nodiscard]] Ascent ascent(std::size_t which, const Exact* sums);
  [[nodiscard]] Result<bool> take_start(const Totals& total);
  [[nodiscard]] Result<bool> take_climbs(const Totals& total);
  void settle_for_poisson();
  void report(const Totals& total);
};

void NegativeBinomialRegression::State::add_start(const Design& part, Exact* sums) const {
  std::vector<double> z(columns() * block), eta(block);
  for (std::size_t first = 0; first < part.rows(); first += block) {
    const auto count = std::min(block, part.rows() - first);
    poisson.scale().columns_of(part, first, count, block, z.data());
    Glm::predict(poisson.estimate(), part, first, count, block, z.data(), poisson.scale().offset_mean(), eta.data());
    for (std::size_t i = 0; i < count; ++i) {
      const double weight = weight_of(part, first + i), y = part.y.data()[first + i];
      if (weight == 0) continue;
      const double mean = std::exp(eta[i]);
      sums[0].add(weight * ((y - mean) * (y - mean) - y));
      sums[1].add(weight * mean * mean);
    }
  }
}

void NegativeBinomialRegression::State::add_climb(std::size_t which, const Design& part, Exact* sums) const {
  const auto q = width(which);
  const auto& at = climbs[which].at();
  const double theta = std::exp(at(at.size() - 1));
  std::vector<double> z(columns() * block), eta(block), terms(block);
  std::vector<Row> rows(block);
  std::vector<double> weights(block);
  const auto all = [&](std::size_t count, Exact& sum, auto&& term) {
    for (std::size_t i = 0; i < count; ++i) terms[i] = weights[i] == 0 ? 0.0 : weights[i] * term(i);
    add_all({terms.data(), count}, sum);
  };
  for (std::size_t first = 0; first < part.rows(); first += block) {
    const auto count = std::min(block, part.rows() - first);
    poisson.scale().columns_of(part, first, count, block, z.data());
    Glm::predict(at.head(static_cast<Eigen::Index>(q)), part, first, count, block, z.data(), poisson.scale().offset_mean(), eta.data());
    for (std::size_t i = 0; i < count; ++i) {
      weights[i] = weight_of(part, first + i);
      if (weights[i] != 0) rows[i] = row_of(part.y.data()[first + i], eta[i], theta, tables[which]);
    }
    auto* sum = sums;
    all(count, *sum++, [&](std::size_t i) { return rows[i].value; });
    all(count, *sum++, [&](std::size_t i) { return rows[i].by_theta; });
    all(count, *sum++, [&](std::size_t i) { return rows[i].by_theta_twice; });
    for (std::size_t j = 0; j < q; ++j) {
      const double* a = z.data() + j * block;
      all(count, *sum++, [&](std::size_t i) { return rows[i].score * a[i]; });
      all(count, *sum++, [&](std::size_t i) { return rows[i].mixed * a[i]; });
      for (std::size_t k = 0; k <= j; ++k) {
        const double* b = z.data() + k * block;
        all(count, *sum++, [&](std::size_t i) { return rows[i].observed * a[i] * b[i]; });
        all(count, *sum++, [&](std::size_t i) { return rows[i].expected * a[i] * b[i]; });
      }
    }
  }
}

/// The parameters are the coefficients and t = log theta: d/dt = theta d/dtheta.
Ascent NegativeBinomialRegression::State::ascent(std::size_t which, const Exact* sums) {
  const auto q = static_cast<Eigen::Index>(width(which));
  const double theta = std::exp(climbs[which].at()(q));
  Ascent out{(sums++)->to_double(), Eigen::VectorXd::Zero(q + 1), Eigen::MatrixXd::Zero(q + 1, q + 1), Eigen::MatrixXd::Zero(q + 1, q + 1)};
  const double by_theta = (sums++)->to_double(), twice = (sums++)->to_double();
  out.score(q) = theta * by_theta;
  out.curvature(q, q) = -(theta * theta * twice + theta * by_theta);
  for (Eigen::Index j = 0; j < q; ++j) {
    out.score(j) = (sums++)->to_double();
    out.curvature(j, q) = out.curvature(q, j) = -theta * (sums++)->to_double();
    for (Eigen::Index k = 0; k <= j; ++k) {
      out.curvature(j, k) = out.curvature(k, j) = (sums++)->to_double();
      out.information(j, k) = out.information(k, j) = (sums++)->to_double();
    }
  }
  // Where the likelihood is not concave in t: a step of about 1 the right way.
  out.information(q, q) = std::max(std::fabs(out.curvature(q, q)), std::max(std::fabs(out.score(q)), 1e-3));
  return out;
}

void NegativeBinomialRegression::State::add_finish(const Design& part, Exact* sums) const {
  const auto q = static_cast<Eigen::Index>(columns());
  const double theta = std::exp(climbs[0].at()(q)), null_theta = std::exp(climbs[1].at()(1));
  std::vector<double> z(columns() * block), eta(block), null_eta(block), person(columns(), 0.0);
  const auto deviance = [](double y, double mean, double shape) {
    return 2 * ((y > 0 ? y * std::log(y / mean) : 0) - (y + shape) * std::log((y + shape) / (mean + shape)));
  };
  const auto close = [&] {
    for (std::size_t j = 0; j < columns(); ++j) {
      for (std::size_t k = 0; k <= j; ++k) sums[4 + packed(j, k)].add(person[j] * person[k]);
    }
    std::fill(person.begin(), person.end(), 0.0);
  };
  for (std::size_t first = 0; first < part.rows(); first += block) {
    const auto count = std::min(block, part.rows() - first);
    const double mean_offset = poisson.scale().offset_mean();
    poisson.scale().columns_of(part, first, count, block, z.data());
    Glm::predict(climbs[0].at().head(q), part, first, count, block, z.data(), mean_offset, eta.data());
    Glm::predict(climbs[1].at().head(1), part, first, count, block, z.data(), mean_offset, null_eta.data());
    for (std::size_t i = 0; i < count; ++i) {
      const auto row = first + i;
      const bool next = question.robust && row > 0 && (!question.clustered || part.cluster.data()[row] != part.cluster.data()[row - 1]);
      if (next) close();
      const double weight = weight_of(part, row), y = part.y.data()[row], mean = std::exp(eta[i]);
      if (weight == 0) continue;
      sums[0].add(weight * deviance(y, mean, theta));
      sums[1].add(weight * deviance(y, std::exp(null_eta[i]), null_theta));
      sums[2].add(weight * (y - mean) * (y - mean) / (mean + mean * mean / theta));
      sums[3].add(weight * log_factorial(y));
      if (!question.robust) continue;
      const double score = weight * (y - mean) / (1 + mean / theta);
      for (std::size_t j = 0; j < columns(); ++j) person[j] += score * z[j * block + i];
    }
  }
  if (question.robust) close();
}

Result<bool> NegativeBinomialRegression::State::take_start(const Totals& total) {
  const double extra = total.reals[0].to_double(), squares = total.reals[1].to_double();
  // Half of `extra` is the derivative of the log-likelihood by 1/theta at 0: not above 0, and Poisson's is the highest nearby.
  if (!(extra > 0) || !(squares > 0)) {
    settle_for_poisson();
    return false;
  }
  const auto q = static_cast<Eigen::Index>(columns());
  const double start = std::log(std::clamp(squares / extra, 1e-4, 1e6));
  Eigen::VectorXd at(q + 1), null = Eigen::VectorXd::Zero(2);
  at.head(q) = poisson.estimate();
  at(q) = start;
  null(0) = poisson.null_estimate();
  null(1) = std::min(start, 0.0);
  climbs.emplace_back(at, q + 1);
  climbs.emplace_back(null, 2);
  tables.resize(2);
  for (std::size_t which = 0; which < 2; ++which) tables[which].set(std::exp(climbs[which].at()(climbs[which].at().size() - 1)));
  running = {0, 1};
  phase = Phase::climb;
  return true;
}

Result<bool> NegativeBinomialRegression::State::take_climbs(const Totals& total) {
  const auto* sums = total.reals.data();
  std::vector<std::size_t> going;
  for (const auto which : running) {
    const auto found = ascent(which, sums);
    sums += cells(which);
    climbs[which].take(found);
    const auto& at = climbs[which].at();
    const double theta = std::exp(at(at.size() - 1));
    if (which == 0 && theta > theta_max) {
      settle_for_poisson();
      return false;
    }
    if (which == 1 && !(theta <= theta_max)) continue;  // without covariates no extra variation: taken as it stands
    tables[which].set(theta);
    if (climbs[which].state() == Climb::State::going) going.push_back(which);
  }
  running = going;
  if (climbs[0].state() == Climb::State::stuck || climbs[0].rounds() > rounds_max || climbs[1].rounds() > rounds_max) {
    return fail(ErrorCode::not_computable, "the estimate does not settle: the counts or covariates are too extreme; look for wrong values");
  }
  if (running.empty()) phase = Phase::finish;
  return true;
}

void NegativeBinomialRegression::State::settle_for_poisson() {
  phase = Phase::done;
  fit = poisson.fit();
  fit.rounds = rounds;
  fit.method = "Poisson regression, maximum likelihood (negative binomial asked for)";
  std::erase_if(fit.cautions, [](const Caution& caution) { return caution.key == "statistic.overdispersed"; });
  fit.tests.push_back({"Likelihood-ratio test against Poisson", 0.0, 1, {}, 1.0, false});
  fit.cautions.push_back(
      {"statistic.not_overdispersed",
       "The counts vary no more than a Poisson model allows, so the negative binomial model is the same as Poisson's, which "
       "is what is told."});
}

void NegativeBinomialRegression::State::report(const Totals& total) {
  phase = Phase::done;
  const auto& scale = poisson.scale();
  const auto q = static_cast<Eigen::Index>(columns());
  const auto& last = climbs[0].last();
  fit = poisson.fit();
  fit.method = "Negative binomial regression (NB2), maximum likelihood";
  fit.rounds = rounds;
  dispersion = std::exp(climbs[0].at()(q));
  // d2/dtheta2 from d2/dt2; at the maximum the first derivative is 0.
  dispersion_error = *dispersion / std::sqrt(last.curvature(q, q));
  fit.deviance = total.reals[0].to_double();
  fit.null_deviance.reset();
  if (climbs[1].state() == Climb::State::done) fit.null_deviance = total.reals[1].to_double();
  fit.pearson = total.reals[2].to_double();
  const double factorials = total.reals[3].to_double();
  const double poisson_likelihood = poisson.fit().log_likelihood;
  fit.log_likelihood = last.value - factorials;
  fit.null_log_likelihood = std::max(climbs[1].last().value - factorials, poisson.fit().null_log_likelihood);
  const Eigen::MatrixXd inverse = inverse_of(last.information.topLeftCorner(q, q));
  const Eigen::MatrixXd covariance = scale.back() * inverse * scale.back().transpose();
  const Eigen::VectorXd beta = scale.back() * climbs[0].at().head(q);
  Eigen::MatrixXd sandwich;
  if (question.robust) {
    Eigen::MatrixXd meat(q, q);
    for (Eigen::Index j = 0; j < q; ++j) {
      for (Eigen::Index k = 0; k <= j; ++k) {
        meat(j, k) = meat(k, j) = total.reals[4 + packed(static_cast<std::size_t>(j), static_cast<std::size_t>(k))].to_double();
      }
    }
    sandwich = scale.back() * inverse * meat * inverse * scale.back().transpose();
  }
  for (Eigen::Index j = 0; j < q; ++j) {
    auto& estimate = fit.coefficients[static_cast<std::size_t>(j)];
    estimate.value = beta(j) - (j == 0 ? scale.offset_mean() : 0);
    estimate.standard_error = std::sqrt(covariance(j, j));
    if (question.robust) estimate.robust_error = std::sqrt(std::max(0.0, sandwich(j, j)));
    wald(estimate, question.level);
    for (Eigen::Index k = 0; k < q; ++k) fit.covariance[static_cast<std::size_t>(j)][static_cast<std::size_t>(k)] = covariance(j, k);
  }
  std::erase_if(fit.cautions, [](const Caution& caution) { return caution.key == "statistic.overdispersed"; });
  fit.tests.clear();
  const auto p = static_cast<double>(question.names.size());
  if (p > 0 && climbs[1].state() == Climb::State::done) {
    const double ratio = std::max(0.0, 2 * (fit.log_likelihood - fit.null_log_likelihood));
    fit.tests.push_back({"Likelihood-ratio test", ratio, p, {}, chi_square_upper(ratio, p), false});
  }
  const double against = std::max(0.0, 2 * (fit.log_likelihood - poisson_likelihood));
  fit.tests.push_back(
      {"Likelihood-ratio test against Poisson", against, 1, {}, against > 0 ? chi_square_upper(against, 1) / 2 : 1.0, false});
}

NegativeBinomialRegression::NegativeBinomialRegression(RegressionQuestion question)
    : state_(std::make_unique<State>(std::move(question))) {}
NegativeBinomialRegression::~NegativeBinomialRegression() = default;
NegativeBinomialRegression::NegativeBinomialRegression(NegativeBinomialRegression&&) noexcept = default;
NegativeBinomialRegression& NegativeBinomialRegression::operator=(NegativeBinomialRegression&&) noexcept = default;

Totals NegativeBinomialRegression::shape() const {
  using Phase = State::Phase;
  const auto q = state_->columns();
  switch (state_->phase) {
    case Phase::poisson: return state_->poisson.shape();
    case Phase::start: return Totals(0, 2);
    case Phase::climb: {
      std::size_t cells = 0;
      for (const auto which : state_->running) cells += state_->cells(which);
      return Totals(0, cells);
    }
    case Phase::finish: return Totals(0, 4 + (state_->question.robust ? q * (q + 1) / 2 : 0));
    case Phase::done: break;
  }
  return {};
}

void NegativeBinomialRegression::add_local(const Design& part, Totals& out) const {
  using Phase = State::Phase;
  auto* sums = out.reals.data();
  switch (state_->phase) {
    case Phase::poisson: return state_->poisson.add_local(part, out);
    case Phase::start: return state_->add_start(part, sums);
    case Phase::finish: return state_->add_finish(part, sums);
    case Phase::done: return;
    case Phase::climb: break;
  }
  for (const auto which : state_->running) {
    state_->add_climb(which, part, sums);
    sums += state_->cells(which);
  }
}

Result<bool> NegativeBinomialRegression::take(const Totals& total) {
  using Phase = State::Phase;
  ++state_->rounds;
  switch (state_->phase) {
    case Phase::poisson: {
      auto more = state_->poisson.take(total);
      if (!more) return more;
      if (!*more) state_->phase = Phase::start;
      return true;
    }
    case Phase::start: return state_->take_start(total);
    case Phase::climb: return state_->take_climbs(total);
    case Phase::finish: state_->report(total); return false;
    case Phase::done: break;
  }
  return false;
}

const RegressionFit& NegativeBinomialRegression::fit() const noexcept { return state_->fit; }
std::optional<double> NegativeBinomialRegression::theta() const noexcept { return state_->dispersion; }
std::optional<double> NegativeBinomialRegression::theta_error() const noexcept { return state_->dispersion_error; }

}  // namespace skerry::evidence
