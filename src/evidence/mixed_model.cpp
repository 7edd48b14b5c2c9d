#include "evidence/mixed_model.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "evidence/mixed_profile.hpp"

namespace skerry::evidence {
struct MixedModel::State {
  enum class Phase : std::uint8_t { prepare, within, ratio, done };
  RegressionQuestion question;
  Options options;
  DesignScale scale;
  Phase phase = Phase::prepare;
  MixedProfile profile;
  double y_mean = 0;
  MixedFit fit;
  int rounds = 0;

  State(RegressionQuestion asked, Options chosen)
      : question(std::move(asked)),
        options(chosen),
        scale(question.names, {Demand::Outcome::real, 0, false}, true),
        profile(options.restricted) {}

  /// Visits every person of the part: rows of z with y (scaled) as last column, [column * size + i].
  template <class Visit>
  void for_people(const Design& part, Visit&& visit) const {
    const auto q = scale.columns(), n = part.rows();
    std::vector<double> z, person;
    for (std::size_t first = 0; first < n;) {
      auto last = first + 1;
      while (last < n && part.cluster.data()[last] == part.cluster.data()[first]) ++last;
      const auto size = last - first;
      person.resize((q + 1) * size);
      scale.columns_of(part, first, size, size, person.data());
      for (std::size_t i = 0; i < size; ++i) {
        const double y = part.y.data()[first + i] - offset_of(part, first + i);
        person[q * size + i] = y / scale.y_scale() - y_mean;
      }
      visit(person.data(), size);
      first = last;
    }
  }
  void add_mean(const Design& part, Exact* sums) const {
    for (std::size_t i = 0; i < part.rows(); ++i) sums->add((part.y.data()[i] - offset_of(part, i)) / scale.y_scale());
  }
  void add_within(const Design& part, Totals& out) const;
  void add_ratios(const Design& part, Totals& out) const;
  void report();
};

/// Cross-products of deviations from people's own means; people by the number of their rows, in powers of two.
void MixedModel::State::add_within(const Design& part, Totals& out) const {
  const auto columns = scale.columns() + 1;
  for_people(part, [&](double* person, std::size_t size) {
    ++out.counts[static_cast<std::size_t>(std::bit_width(size))];
    if (size == 1) return;
    for (std::size_t j = 0; j < columns; ++j) {
      double* column = person + j * size;
      double mean = 0;
      for (std::size_t i = 0; i < size; ++i) mean += column[i];
      mean /= static_cast<double>(size);
      for (std::size_t i = 0; i < size; ++i) column[i] -= mean;
      for (std::size_t k = 0; k <= j; ++k) {
        double product = 0;
        for (std::size_t i = 0; i < size; ++i) product += column[i] * person[k * size + i];
        out.reals[packed(j, k)].add(product);
      }
    }
  });
}

void MixedModel::State::add_ratios(const Design& part, Totals& out) const {
  const auto columns = scale.columns() + 1;
  const auto& ratios = profile.ratios();
  std::vector<double> means(columns);
  for_people(part, [&](const double* person, std::size_t size) {
    const auto n = static_cast<double>(size);
    for (std::size_t j = 0; j < columns; ++j) {
      double sum = 0;
      for (std::size_t i = 0; i < size; ++i) sum += person[j * size + i];
      means[j] = sum / n;
    }
    auto* sums = out.reals.data();
    for (const double ratio : ratios) {
      const double shrink = n / (1 + n * ratio);
      (sums++)->add(std::log1p(n * ratio));
      (sums++)->add(shrink);
      (sums++)->add(shrink * shrink);
      for (std::size_t j = 0; j < columns; ++j) {
        for (std::size_t k = 0; k <= j; ++k) {
          const double product = means[j] * means[k] * shrink;
          (sums++)->add(product);
          (sums++)->add(product * shrink);
          (sums++)->add(product * shrink * shrink);
        }
      }
    }
  });
}

void MixedModel::State::report() {
  phase = Phase::done;
  const auto& best = profile.best();
  const auto q = static_cast<Eigen::Index>(scale.columns());
  const double unit = scale.y_scale();
  auto& regression = fit.regression;
  regression.method = std::string("Linear mixed model with a random intercept, ") +
                      (options.restricted ? "restricted maximum likelihood" : "maximum likelihood");
  regression.rows = scale.rows();
  regression.events = scale.events();
  regression.clusters = scale.clusters();
  regression.counts = scale.counts();
  regression.df_residual = static_cast<double>(scale.rows() - static_cast<std::int64_t>(scale.columns()));
  regression.rounds = rounds;
  fit.restricted = options.restricted;
  fit.boundary = best.ratio == 0;
  fit.residual_variance = best.residual * unit * unit;
  fit.between_variance = best.ratio * fit.residual_variance;
  fit.intraclass_correlation = best.ratio / (1 + best.ratio);
  const double df = std::max(1.0, static_cast<double>(scale.clusters()) - static_cast<double>(q));
  const Eigen::VectorXd beta = scale.back() * best.coefficients * unit;
  const Eigen::MatrixXd covariance = scale.back() * best.inverse * scale.back().transpose() * fit.residual_variance;
  for (Eigen::Index j = 0; j < q; ++j) {
    Estimate estimate;
    estimate.id = j == 0 ? "(intercept)" : question.names[static_cast<std::size_t>(j) - 1];
    estimate.value = beta(j) + (j == 0 ? y_mean * unit : 0);
    estimate.standard_error = std::sqrt(covariance(j, j));
    student(estimate, df, question.level);
    regression.coefficients.push_back(std::move(estimate));
    regression.covariance.emplace_back();
    for (Eigen::Index k = 0; k < q; ++k) regression.covariance.back().push_back(covariance(j, k));
  }
  // y was divided by `unit`; |X'V^-1X| is of the covariates as they came.
  const double freedom = static_cast<double>(scale.rows()) - (options.restricted ? static_cast<double>(q) : 0.0);
  const double shift = -freedom * std::log(unit) + (options.restricted ? scale.log_determinant() : 0.0);
  regression.log_likelihood = best.log_likelihood + shift;
  const double ratio = std::max(0.0, 2 * (best.log_likelihood - profile.without().log_likelihood));
  regression.tests.push_back({"Likelihood-ratio test of the variance between people", ratio, 1, {}, half_chi_square_tail(ratio), false});
  regression.null_log_likelihood = profile.without().log_likelihood + shift;
  auto& cautions = regression.cautions;
  if (fit.boundary) {
    cautions.push_back(
        {"statistic.no_variance_between",
         "People differ no more from each other than their own measurements do, so the variance between them is estimated as 0; "
         "with few people it may well be more."});
  }
  if (scale.clusters() < 30) {
    cautions.push_back(
        {"statistic.few_clusters_mixed",
         "With fewer than 30 people the variance between them is known badly, and the intervals are approximate (t with people "
         "less coefficients degrees of freedom)."});
  }
}

MixedModel::MixedModel(RegressionQuestion question) : MixedModel(std::move(question), Options{}) {}
MixedModel::MixedModel(RegressionQuestion question, Options options) : state_(std::make_unique<State>(std::move(question), options)) {}
MixedModel::~MixedModel() = default;
MixedModel::MixedModel(MixedModel&&) noexcept = default;
MixedModel& MixedModel::operator=(MixedModel&&) noexcept = default;

Totals MixedModel::shape() const {
  using Phase = State::Phase;
  const auto columns = state_->scale.columns() + 1;
  const auto pairs = columns * (columns + 1) / 2;
  switch (state_->phase) {
    case Phase::prepare: {
      auto out = state_->scale.shape();
      out.reals.resize(out.reals.size() + 1);
      return out;
    }
    case Phase::within: return Totals(65, pairs);
    case Phase::ratio: return Totals(0, state_->profile.ratios().size() * (3 + 3 * pairs));
    case Phase::done: break;
  }
  return {};
}

void MixedModel::add_local(const Design& part, Totals& out) const {
  using Phase = State::Phase;
  switch (state_->phase) {
    case Phase::prepare: {
      // A further sum behind those of the scale: of y. Only the last of these rounds' is used, when y is known to be fit.
      Totals own = state_->scale.shape();
      state_->scale.add_local(part, own);
      for (std::size_t i = 0; i < own.counts.size(); ++i) out.counts[i] += own.counts[i];
      for (std::size_t i = 0; i < own.reals.size(); ++i) out.reals[i] += own.reals[i];
      if (state_->rounds > 0) state_->add_mean(part, &out.reals.back());
      return;
    }
    case Phase::within: return state_->add_within(part, out);
    case Phase::ratio: return state_->add_ratios(part, out);
    case Phase::done: return;
  }
}

Result<bool> MixedModel::take(const Totals& total) {
  using Phase = State::Phase;
  ++state_->rounds;
  auto& state = *state_;
  switch (state.phase) {
    case Phase::prepare: {
      const auto more = state.scale.take(total);
      if (!more) return fail(more.error());
      if (*more) return true;
      state.y_mean = total.reals.back().to_double() / static_cast<double>(state.scale.rows());
      if (!std::isfinite(state.y_mean)) return fail(ErrorCode::not_computable, "the outcome is too large to be calculated with");
      if (state.scale.clusters() < 2)
        return fail(ErrorCode::not_computable, "all measurements are of one person, so nothing can be said about people");
      if (state.scale.clusters() == state.scale.rows()) {
        return fail(ErrorCode::not_computable,
                    "nobody was measured more than once, so what differs between people cannot be told from what differs within them");
      }
      state.phase = Phase::within;
      return true;
    }
    case Phase::within: {
      for (std::size_t b = 0; b < total.counts.size(); ++b) {
        if (total.counts[b] > 0) state.fit.largest_cluster = std::int64_t{1} << b;
      }
      state.profile.start(total, state.scale.columns(), state.scale.rows());
      state.phase = Phase::ratio;
      return true;
    }
    case Phase::ratio: {
      const auto more = state.profile.take(total);
      if (!more) return fail(more.error());
      if (!*more) state.report();
      return *more;
    }
    case Phase::done: break;
  }
  return false;
}

const MixedFit& MixedModel::fit() const noexcept { return state_->fit; }

}  // namespace skerry::evidence
