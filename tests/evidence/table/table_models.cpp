// Regressions of a table (Design: columns y, x..., optional offset, weight, cluster).
#include <fmt/format.h>

#include "evidence/logistic.hpp"
#include "evidence/mixed_model.hpp"
#include "evidence/negative_binomial.hpp"
#include "evidence/poisson.hpp"
#include "evidence/propensity.hpp"
#include "table.hpp"

namespace skerry::evidence::table {
namespace {

Design design_of(const Table& table) {
  return {table.reals("y"), table.all("x"), table.reals("offset"), table.reals("weight"), table.people("cluster")};
}
RegressionQuestion question_of(const Table& table, const Options& options) {
  return {table.names_of("x"), options.number("level", 0.95), options.flag("robust"), table.find("cluster") != nullptr};
}

void add_fit(Answer& answer, const RegressionFit& fit) {
  for (std::size_t j = 0; j < fit.coefficients.size(); ++j) answer.add(fmt::format("b{}", j), fit.coefficients[j]);
  for (std::size_t j = 0; j < fit.covariate_tests.size(); ++j) answer.add(fmt::format("lr{}", j + 1), fit.covariate_tests[j].statistic);
  answer.add("test", fit.tests);
  answer.add("log_likelihood", fit.log_likelihood);
  answer.add("deviance", fit.deviance);
  answer.add("null_deviance", fit.null_deviance);
  answer.add("pearson", fit.pearson);
  answer.add("rows", fit.rows);
  answer.add("rounds", static_cast<std::int64_t>(fit.rounds));
  answer.add(fit.cautions);
}

Result<void> logistic(const Table& table, const Options& options, Answer& answer) {
  LogisticRegression model(question_of(table, options), {options.flag("firth") ? LogisticMethod::firth : LogisticMethod::maximum_likelihood,
                                                         options.flag("tests"), true});
  if (auto done = run_on(model, design_of(table), options); !done) return done;
  add_fit(answer, model.fit());
  return {};
}

Result<void> firth(const Table& table, const Options& options, Answer& answer) {
  LogisticRegression model(question_of(table, options), {LogisticMethod::firth, true, true});
  if (auto done = run_on(model, design_of(table), options); !done) return done;
  add_fit(answer, model.fit());
  return {};
}

Result<void> poisson(const Table& table, const Options& options, Answer& answer) {
  PoissonRegression model(question_of(table, options), {options.flag("tests")});
  if (auto done = run_on(model, design_of(table), options); !done) return done;
  add_fit(answer, model.fit());
  return {};
}

Result<void> negative_binomial(const Table& table, const Options& options, Answer& answer) {
  NegativeBinomialRegression model(question_of(table, options));
  if (auto done = run_on(model, design_of(table), options); !done) return done;
  add_fit(answer, model.fit());
  answer.add("theta", model.theta());
  answer.add("theta_error", model.theta_error());
  return {};
}

Result<void> mixed(const Table& table, const Options& options, Answer& answer) {
  MixedModel model(question_of(table, options), {options.text("method", "reml") == "reml"});
  if (auto done = run_on(model, design_of(table), options); !done) return done;
  add_fit(answer, model.fit().regression);
  answer.add("between", model.fit().between_variance);
  answer.add("residual", model.fit().residual_variance);
  return {};
}

/// y is the group, `outcome` what is compared.
Result<void> ipw(const Table& table, const Options& options, Answer& answer) {
  const auto design = design_of(table);
  const auto groups = options.size("groups", 2);
  PropensityModel propensity(question_of(table, options), groups);
  if (auto done = run_on(propensity, design, options); !done) return done;
  for (std::size_t g = 0; g < propensity.groups().size(); ++g) {
    answer.add(fmt::format("group.{}.sum", g), propensity.groups()[g].sum);
    answer.add(fmt::format("group.{}.effective", g), propensity.groups()[g].effective);
  }
  answer.add(propensity.cautions());
  const Design outcome{table.reals("outcome"), {design.y}, {}, propensity.weights(design), {}};
  WeightedMeanDifference means(groups, options.number("level", 0.95));
  if (auto done = run_on(means, outcome, options); !done) return done;
  for (std::size_t g = 0; g < groups; ++g) answer.add(fmt::format("mean.{}", g), means.means().means[g]);
  for (std::size_t g = 1; g < groups; ++g) answer.add(fmt::format("difference.{}", g), means.means().differences[g - 1]);
  return {};
}

const Registration logistic_values{"logistic", logistic};
const Registration firth_values{"firth", firth};
const Registration poisson_values{"poisson", poisson};
const Registration negative_binomial_values{"negative_binomial", negative_binomial};
const Registration mixed_values{"mixed", mixed};
const Registration ipw_values{"ipw", ipw};

}  // namespace
}  // namespace skerry::evidence::table
