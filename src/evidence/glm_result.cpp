// What the totals of a regression mean: coefficients, intervals, tests, cautions.
#include <Eigen/LU>
#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <limits>

#include "evidence/glm.hpp"
#include "evidence/interval.hpp"
#include "evidence/tail.hpp"

namespace skerry::evidence {
namespace {

constexpr std::int64_t few_people = 30;
constexpr std::int64_t few_clusters = 30;
constexpr std::int64_t events_a_covariate = 10;

}  // namespace

double log_factorial(double y) { return y < 2 ? 0 : boost::math::lgamma(y + 1); }

double chi_square_quantile(double level) { return boost::math::quantile(boost::math::chi_squared(1), level); }

void wald(Estimate& estimate, double level) {
  const auto error = estimate.robust_error ? estimate.robust_error : estimate.standard_error;
  if (!error || !(*error > 0)) return;
  const double z = normal_quantile(level);
  estimate.low = estimate.value - z * *error;
  estimate.high = estimate.value + z * *error;
  estimate.p = normal_two_sided(estimate.value / *error);
}

void Glm::report(const Totals& total) {
  const bool logistic = plan_.family == Family::logistic;
  fit_.method = plan_.firth ? "Logistic regression, Firth's penalised likelihood"
                : logistic  ? "Logistic regression, maximum likelihood"
                            : "Poisson regression, maximum likelihood";
  fit_.rows = scale_.rows();
  fit_.events = scale_.events();
  fit_.clusters = question_.clustered ? scale_.clusters() : 0;
  fit_.counts = scale_.counts();
  fit_.df_residual = static_cast<double>(scale_.rows()) - static_cast<double>(scale_.columns());
  fit_.rounds = rounds_;
  fit_.deviance = total.reals[0].to_double();
  fit_.null_deviance = total.reals[1].to_double();
  fit_.pearson = total.reals[2].to_double();
  for (auto* value : {&fit_.deviance, &fit_.null_deviance, &fit_.pearson}) {
    if (!std::isfinite(**value)) value->reset();
  }
  fit_.log_likelihood = climbs_[0].climb.last().value;
  fit_.null_log_likelihood = climbs_[1].climb.last().value;
  if (plan_.firth) {  // |I| of the covariates as they came
    fit_.log_likelihood -= scale_.log_determinant();
    fit_.null_log_likelihood -= scale_.log_determinant();
  } else if (!logistic) {
    // The mean was taken without the offset's own mean only in the linear predictor, so the likelihood is whole but for log y!.
    fit_.log_likelihood -= total.reals[3].to_double();
    fit_.null_log_likelihood -= total.reals[3].to_double();
  }
  report_coefficients();
  if (question_.robust) report_robust(total);
  for (auto& estimate : fit_.coefficients) wald(estimate, question_.level);
  report_tests();
  report_cautions();
}

void Glm::report_coefficients() {
  const auto& model = climbs_.front().climb;
  const auto& back = scale_.back();
  const Eigen::VectorXd beta = back * model.at();
  const Eigen::MatrixXd covariance = back * inverse_of(model.last().information) * back.transpose();
  for (Eigen::Index j = 0; j < beta.size(); ++j) {
    Estimate estimate;
    estimate.id = j == 0 ? "(intercept)" : question_.names[static_cast<std::size_t>(j) - 1];
    estimate.value = beta(j) - (j == 0 ? scale_.offset_mean() : 0);
    estimate.standard_error = std::sqrt(covariance(j, j));
    estimate.ratio = true;
    fit_.coefficients.push_back(std::move(estimate));
    fit_.covariance.emplace_back();
    for (Eigen::Index k = 0; k < beta.size(); ++k) fit_.covariance.back().push_back(covariance(j, k));
  }
}

void Glm::report_robust(const Totals& total) {
  const auto q = static_cast<Eigen::Index>(scale_.columns());
  Eigen::MatrixXd meat(q, q);
  for (Eigen::Index j = 0; j < q; ++j) {
    for (Eigen::Index k = 0; k <= j; ++k) {
      meat(j, k) = meat(k, j) = total.reals[4 + packed(static_cast<std::size_t>(j), static_cast<std::size_t>(k))].to_double();
    }
  }
  const Eigen::MatrixXd bread = scale_.back() * inverse_of(climbs_.front().climb.last().information);
  const Eigen::MatrixXd sandwich = bread * meat * bread.transpose();
  for (Eigen::Index j = 0; j < q; ++j)
    fit_.coefficients[static_cast<std::size_t>(j)].robust_error = std::sqrt(std::max(0.0, sandwich(j, j)));
}

void Glm::report_tests() {
  const auto p = static_cast<Eigen::Index>(question_.names.size());
  const auto& model = climbs_[0].climb;
  const std::string likelihood = plan_.firth ? "Penalised likelihood-ratio test" : "Likelihood-ratio test";
  if (p > 0) {
    const double ratio = std::max(0.0, 2 * (model.last().value - climbs_[1].climb.last().value));
    const auto df = static_cast<double>(p);
    if (climbs_[1].climb.state() == Climb::State::done)
      fit_.tests.push_back({likelihood, ratio, df, {}, chi_square_upper(ratio, df), false});
    const Eigen::MatrixXd covariance = inverse_of(model.last().information);
    const Eigen::VectorXd slopes = model.at().tail(p);
    const Eigen::MatrixXd weight = inverse_of(covariance.bottomRightCorner(p, p));
    if (weight.size() > 0) {
      const double statistic = slopes.dot(weight * slopes);
      fit_.tests.push_back({"Wald test", statistic, df, {}, chi_square_upper(statistic, df), false});
    }
  }
  if (plan_.family == Family::poisson && fit_.pearson && fit_.df_residual > 0) {
    fit_.tests.push_back(
        {"Pearson's goodness of fit", fit_.pearson, fit_.df_residual, {}, chi_square_upper(*fit_.pearson, fit_.df_residual), false});
  }
  bool open = false;
  for (const auto& task : climbs_) {
    if (task.of == Of::all || task.of == Of::null) continue;
    auto& estimate = fit_.coefficients[task.coefficient];
    const bool done = task.climb.state() == Climb::State::done;
    if (task.of == Of::covariate) {
      Test test{likelihood, {}, 1, {}, {}, false};
      if (done) {
        test.statistic = std::max(0.0, 2 * (model.last().value - task.climb.last().value));
        test.p = chi_square_upper(*test.statistic, 1);
        if (plan_.firth) estimate.p = test.p;
      }
      open = open || !done;
      if (task.coefficient > 0) fit_.covariate_tests.push_back(std::move(test));
      continue;
    }
    open = open || !done;
    if (!done) continue;  // Wald's stays
    const auto row = scale_.back().row(static_cast<Eigen::Index>(task.coefficient));
    const double bound = row.dot(task.climb.at()) - (task.coefficient == 0 ? scale_.offset_mean() : 0);
    (task.of == Of::low ? estimate.low : estimate.high) = bound;
  }
  if (open) {
    fit_.cautions.push_back({"statistic.profile_open",
                             "For some coefficients the likelihood could not be followed to the interval's end; there the interval is "
                             "estimate and standard error only (Wald)."});
  }
}

void Glm::report_cautions() {
  const auto p = static_cast<std::int64_t>(question_.names.size());
  const bool logistic = plan_.family == Family::logistic;
  const auto events = logistic ? std::min(fit_.events, fit_.rows - fit_.events) : fit_.events;
  if (plan_.groups == 0 && events < events_a_covariate * p) {
    fit_.cautions.push_back({"statistic.few_events",
                             "There are fewer than 10 events for each covariate, so the estimates may be too large and the intervals too "
                             "narrow: take fewer covariates."});
  }
  if (logistic && !plan_.firth && fit_.rows <= few_people) {
    fit_.cautions.push_back({"statistic.firth_offered",
                             "With so few people the usual estimate is pulled away from no effect; Firth's correction (\"firth\": true) is "
                             "made for this."});
  }
  if (question_.robust && question_.clustered && fit_.clusters < few_clusters) {
    fit_.cautions.push_back(
        {"statistic.few_clusters", "Robust standard errors of fewer than 30 people are too small more often than not."});
  }
  if (logistic || !fit_.pearson || !(fit_.df_residual > 0)) return;
  if (*fit_.pearson > 1.5 * fit_.df_residual && chi_square_upper(*fit_.pearson, fit_.df_residual) < 0.05) {
    fit_.cautions.push_back(
        {"statistic.overdispersed",
         "The counts vary more than a Poisson model allows, so its standard errors are too small: take robust errors or "
         "the negative binomial model."});
  }
}

Error Glm::separation_error(bool complete) const {
  const Eigen::VectorXd along = scale_.back() * suspect_;
  double most = 0;
  for (std::size_t j = 0; j < question_.names.size(); ++j) {
    most = std::max(most, std::fabs(along(static_cast<Eigen::Index>(j) + 1)) * scale_.spread(j));
  }
  std::vector<std::string> names;
  for (std::size_t j = 0; j < question_.names.size(); ++j) {
    if (std::fabs(along(static_cast<Eigen::Index>(j) + 1)) * scale_.spread(j) > 0.1 * most) names.push_back(question_.names[j]);
  }
  const bool one = names.size() == 1;
  const auto who = quoted(names) + (one ? " tells" : " together tell");
  std::string text;
  if (plan_.groups > 0) {
    text = who + " for some people which group they are in, so there is nobody to compare them with";
  } else if (plan_.family == Family::poisson) {
    text = "In some people, told apart by " + quoted(names) + ", there is no event at all, so " + (one ? "its" : "their") +
           " rate ratio would be 0 or infinite";
  } else {
    text = who +
           (complete ? " exactly who had the outcome (complete separation), so "
                     : " for some people without exception whether they had the outcome (quasi-complete separation), so ") +
           (one ? "its" : "their") + " odds ratio would be infinite or 0: take Firth's correction (\"firth\": true)";
  }
  return Error{ErrorCode::not_computable, std::move(text)};
}

}  // namespace skerry::evidence
