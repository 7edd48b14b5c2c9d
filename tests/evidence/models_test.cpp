// Properties of the regression models, and their bad input; values of R: models_golden_test.cpp.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "evidence/bootstrap.hpp"
#include "evidence/logistic.hpp"
#include "evidence/mixed_model.hpp"
#include "evidence/negative_binomial.hpp"
#include "evidence/poisson.hpp"
#include "evidence/propensity.hpp"
#include "parts.hpp"

namespace skerry::evidence {
namespace {

using Random = std::mt19937_64;

RegressionQuestion question_of(const Design& design, bool robust = false) {
  RegressionQuestion out;
  for (std::size_t j = 0; j < design.x.size(); ++j) out.names.push_back("x" + std::to_string(j + 1));
  out.clustered = !design.cluster.empty();
  out.robust = robust;
  return out;
}

/// People of one to four rows; y as `outcome` makes it from a linear predictor.
template <class Outcome>
Design made(Random& random, std::size_t people, Outcome&& outcome) {
  std::normal_distribution<double> normal;
  Design out;
  out.x.resize(3);
  for (std::uint32_t person = 0; person < people; ++person) {
    const double own = normal(random);
    for (std::size_t row = 0; row <= random() % 4; ++row) {
      const double age = 2000 + std::floor(normal(random) * 20), dose = 1e-5 * normal(random), sex = static_cast<double>(random() % 2);
      out.x[0].push_back(age);
      out.x[1].push_back(dose);
      out.x[2].push_back(sex);
      out.y.push_back(outcome(0.02 * (age - 2000) + 4e4 * dose - 0.5 * sex + 0.5 * own));
      out.cluster.push_back(person);
      out.weight.push_back(0.5 + static_cast<double>(random() % 3));
      out.offset.push_back(0.1 * normal(random));
    }
  }
  return out;
}
Design made_binary(Random& random, std::size_t people) {
  return made(random, people,
              [&](double eta) { return std::generate_canonical<double, 53>(random) < 1 / (1 + std::exp(-eta)) ? 1.0 : 0.0; });
}
Design made_counts(Random& random, std::size_t people) {
  return made(random, people, [&](double eta) {
    std::gamma_distribution<double> gamma(0.7, std::exp(eta) / 0.7);
    return static_cast<double>(std::poisson_distribution<int>(gamma(random))(random));
  });
}
Design made_reals(Random& random, std::size_t people) {
  auto out = made(random, people, [&](double eta) { return 1e4 * (eta + std::normal_distribution<double>()(random)); });
  out.weight.clear();
  return out;
}

/// Any split, any order, any number of threads: the same result, bit for bit.
template <class Fresh, class Read>
void expect_the_same_everywhere(const Design& design, Random& random, Fresh&& fresh, Read&& read) {
  auto whole = fresh();
  const auto done = run<Design>(whole, std::span<const Design>(&design, 1), 1);
  ASSERT_TRUE(done.has_value()) << done.error().message;
  for (int i = 0; i < 3; ++i) {
    std::vector<std::size_t> ends(1 + random() % 8);
    for (auto& end : ends) end = random() % (design.rows() + 1);
    auto parts = split_at(design, ends);
    std::shuffle(parts.begin(), parts.end(), random);
    auto model = fresh();
    ASSERT_TRUE(run<Design>(model, parts, 3).has_value());
    ASSERT_TRUE(read(model) == read(whole));
  }
}

TEST(ModelSums, DoNotDependOnTheSplit) {
  Random random(20);
  const auto binary = made_binary(random, 150), counts = made_counts(random, 150), reals = made_reals(random, 60);
  const auto fit = [](const auto& model) { return model.fit(); };
  expect_the_same_everywhere(
      binary, random, [&] { return LogisticRegression(question_of(binary, true), {LogisticMethod::maximum_likelihood, true, true}); }, fit);
  const auto few = made_binary(random, 20);
  expect_the_same_everywhere(few, random, [&] { return LogisticRegression(question_of(few), {LogisticMethod::firth, true, true}); }, fit);
  expect_the_same_everywhere(counts, random, [&] { return PoissonRegression(question_of(counts, true)); }, fit);
  expect_the_same_everywhere(counts, random, [&] { return NegativeBinomialRegression(question_of(counts, true)); }, fit);
  expect_the_same_everywhere(reals, random, [&] { return MixedModel(question_of(reals)); }, fit);
}

TEST(ModelSums, OfWeightsDoNotDependOnTheSplit) {
  Random random(21);
  auto design = made_binary(random, 120);
  for (auto& y : design.y) y += static_cast<double>(random() % 2);  // three groups
  expect_the_same_everywhere(
      design, random, [&] { return PropensityModel(question_of(design), 3); }, [](const auto& model) { return model.groups(); });
  auto outcome = made_reals(random, 100);
  outcome.x = {outcome.x[2]};
  outcome.weight.assign(outcome.rows(), 1.5);
  expect_the_same_everywhere(
      outcome, random, [&] { return WeightedMeanDifference(2, 0.95, true); }, [](const auto& model) { return model.means(); });
}

TEST(ModelSums, OfBootstrapReplicatesDoNotDependOnTheSplit) {
  Random random(22);
  const auto design = made_binary(random, 80);
  const auto fresh = [&] { return Bootstrap<LogisticRegression>(12, 99, [&] { return LogisticRegression(question_of(design)); }); };
  const auto read = [](const auto& bootstrap) {
    return bootstrap.estimates([](const auto& model) { return model.fit().coefficients[1].value; });
  };
  expect_the_same_everywhere(design, random, fresh, read);
  auto model = fresh();
  ASSERT_TRUE(run<Design>(model, std::span<const Design>(&design, 1)).has_value());
  const auto estimates = read(model);
  ASSERT_GE(estimates.size(), 11u);
  EXPECT_NE(estimates[0], estimates[1]);
}

// A table of 2 by 2: the odds ratio and its error are known in closed form (Woolf 1955).
TEST(Logistic, OfATwoByTwoTableIsTheCrossRatio) {
  Design design;
  const double cells[4][3] = {{0, 0, 30}, {0, 1, 12}, {1, 0, 9}, {1, 1, 21}};
  design.x.resize(1);
  for (const auto& cell : cells) {
    design.x[0].push_back(cell[0]);
    design.y.push_back(cell[1]);
    design.weight.push_back(cell[2]);
  }
  LogisticRegression model(question_of(design));
  const auto done = run<Design>(model, std::span<const Design>(&design, 1));
  ASSERT_TRUE(done.has_value()) << done.error().message;
  EXPECT_NEAR(model.fit().coefficients[1].value, std::log(30.0 * 21 / (12.0 * 9)), 1e-14);
  EXPECT_NEAR(*model.fit().coefficients[1].standard_error, std::sqrt(1 / 30.0 + 1 / 12.0 + 1 / 9.0 + 1 / 21.0), 1e-14);
}

// Firth's estimate of one proportion adds half a person to each side.
TEST(Firth, OfAProportionAddsHalves) {
  Design design;
  design.y = {0, 0, 0, 0, 0, 0, 0, 1};
  LogisticRegression model({}, {LogisticMethod::firth, true, true});
  ASSERT_TRUE(run<Design>(model, std::span<const Design>(&design, 1)).has_value());
  EXPECT_NEAR(model.fit().coefficients[0].value, std::log(1.5 / 7.5), 1e-14);
}

TEST(MixedModel, OfABalancedDesignIsTheAnalysisOfVariance) {
  Random random(23);
  std::normal_distribution<double> normal;
  Design design;
  const std::size_t people = 12, rows = 5;
  double between = 0, within = 0, all = 0;
  std::vector<double> means(people, 0.0);
  for (std::uint32_t person = 0; person < people; ++person) {
    const double own = 2 * normal(random);
    for (std::size_t i = 0; i < rows; ++i) {
      design.y.push_back(50 + own + normal(random));
      design.cluster.push_back(person);
      means[person] += design.y.back() / rows;
    }
    all += means[person] / people;
  }
  for (std::size_t i = 0; i < design.rows(); ++i) within += std::pow(design.y[i] - means[design.cluster[i]], 2) / (people * (rows - 1));
  for (const double mean : means) between += rows * std::pow(mean - all, 2) / (people - 1);
  MixedModel model(question_of(design));
  ASSERT_TRUE(run<Design>(model, std::span<const Design>(&design, 1)).has_value());
  EXPECT_NEAR(model.fit().residual_variance, within, 1e-12 * within);
  EXPECT_NEAR(model.fit().between_variance, (between - within) / rows, 1e-11 * between);
  EXPECT_NEAR(model.fit().regression.coefficients[0].value, all, 1e-12 * all);
  EXPECT_LE(model.fit().regression.rounds, 20);
}

TEST(NegativeBinomial, IsPoissonWhereNothingIsLeftOver) {
  Design design;
  for (int i = 0; i < 40; ++i) design.y.push_back(3 + i % 2);
  NegativeBinomialRegression model(question_of(design));
  ASSERT_TRUE(run<Design>(model, std::span<const Design>(&design, 1)).has_value());
  EXPECT_FALSE(model.theta().has_value());
  EXPECT_NEAR(model.fit().coefficients[0].value, std::log(3.5), 1e-14);
  EXPECT_EQ(model.fit().cautions.back().key, "statistic.not_overdispersed");
}

// With the true probabilities known from the design, weighting gives each group the whole population's mean.
TEST(Weights, MakeGroupsComparable) {
  Design design;
  design.x.resize(1);
  for (int i = 0; i < 400; ++i) {
    const bool severe = i % 2 == 0, treated = i % 20 < (severe ? 15 : 5) + (i % 2);
    design.x[0].push_back(severe);
    design.y.push_back(treated);
  }
  PropensityModel propensity(question_of(design), 2);
  const auto done = run<Design>(propensity, std::span<const Design>(&design, 1));
  ASSERT_TRUE(done.has_value()) << done.error().message;
  Design outcome;
  outcome.x = {design.y};
  outcome.weight = propensity.weights(design);
  for (const double severe : design.x[0]) outcome.y.push_back(10 * severe);  // depends on severity alone
  WeightedMeanDifference means(2, 0.95);
  ASSERT_TRUE(run<Design>(means, std::span<const Design>(&outcome, 1)).has_value());
  EXPECT_NEAR(means.means().means[0].value, 5, 1e-10);
  EXPECT_NEAR(means.means().means[1].value, 5, 1e-10);
  EXPECT_NEAR(means.means().differences[0].value, 0, 1e-10);
  EXPECT_NEAR(propensity.groups()[0].sum + propensity.groups()[1].sum, 400, 1e-9);
}

template <class Model>
std::string refused(Model model, const Design& design) {
  const auto done = run<Design>(model, std::span<const Design>(&design, 1));
  if (done) return "";
  EXPECT_EQ(done.error().code, ErrorCode::not_computable);
  EXPECT_FALSE(done.error().message.empty());
  return done.error().message;
}
Design base() {
  Design out;
  out.y = {0, 1, 0, 1, 1, 0, 1, 0};
  out.x = {{1, 2, 3, 4, 5, 6, 7, 8}, {0, 1, 1, 0, 0, 1, 1, 0}};
  return out;
}
std::string logistic(const Design& design) { return refused(LogisticRegression(question_of(design)), design); }
std::string poisson(const Design& design) { return refused(PoissonRegression(question_of(design)), design); }

TEST(ModelsRefuse, WhatCannotBeCalculated) {
  EXPECT_EQ(logistic(base()), "");
  auto design = base();
  design.y.assign(8, 0);
  EXPECT_NE(logistic(design).find("nobody had the outcome"), std::string::npos);
  EXPECT_NE(poisson(design).find("nobody had the outcome"), std::string::npos);
  EXPECT_NE(refused(NegativeBinomialRegression(question_of(design)), design), "");
  design.y.assign(8, 1);
  EXPECT_NE(logistic(design).find("everyone had the outcome"), std::string::npos);
  design = base();
  design.x[1].assign(8, 0.1);
  EXPECT_NE(logistic(design).find("'x2' is the same in everyone"), std::string::npos);
  design = base();
  for (std::size_t i = 0; i < 8; ++i) design.x[1][i] = 0.1 * design.x[0][i] + 3;
  EXPECT_NE(logistic(design).find("'x2' follows from 'x1'"), std::string::npos);
  design = base();
  for (int j = 0; j < 7; ++j) design.x.push_back({0, 1, 0, 0, 1, 1, 0, 1.0 * j});
  EXPECT_NE(logistic(design).find("no more rows"), std::string::npos);
  EXPECT_NE(logistic({}), "");
  for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity()}) {
    design = base();
    design.x[0][3] = bad;
    EXPECT_NE(logistic(design).find("'x1' is not a number"), std::string::npos);
    design = base();
    design.y[3] = bad;
    EXPECT_NE(poisson(design), "");
    design = base();
    design.weight.assign(8, 1);
    design.weight[2] = bad;
    EXPECT_NE(logistic(design).find("weight"), std::string::npos);
    design = base();
    design.offset.assign(8, 0);
    design.offset[1] = -bad;
    EXPECT_NE(poisson(design).find("person-time"), std::string::npos);
  }
  design = base();
  design.y[0] = 2;
  EXPECT_NE(logistic(design).find("0 or 1"), std::string::npos);
  design.y[0] = -1;
  EXPECT_NE(poisson(design).find("whole"), std::string::npos);
  design.y[0] = 1.5;
  EXPECT_NE(poisson(design).find("whole"), std::string::npos);
  design = base();
  design.x[0].pop_back();
  EXPECT_NE(logistic(design), "");
}

TEST(ModelsRefuse, SeparationAndNameTheCovariate) {
  auto design = base();
  design.y = {0, 0, 0, 0, 1, 1, 1, 1};  // x1 above 4
  const auto complete = logistic(design);
  EXPECT_NE(complete.find("'x1'"), std::string::npos) << complete;
  EXPECT_NE(complete.find("(complete separation)"), std::string::npos) << complete;
  EXPECT_NE(complete.find("Firth"), std::string::npos);
  design.y = {0, 1, 1, 0, 1, 1, 1, 0};  // everyone with x2 = 1
  const auto quasi = logistic(design);
  EXPECT_NE(quasi.find("'x2'"), std::string::npos) << quasi;
  EXPECT_NE(quasi.find("quasi-complete"), std::string::npos) << quasi;
  LogisticRegression firth(question_of(design), {LogisticMethod::firth, true, true});
  ASSERT_TRUE(run<Design>(firth, std::span<const Design>(&design, 1)).has_value());
  for (const auto& estimate : firth.fit().coefficients) {
    EXPECT_TRUE(std::isfinite(estimate.value) && estimate.low && estimate.high && *estimate.low < *estimate.high) << estimate.id;
  }
  design.y = {3, 0, 0, 2, 5, 0, 0, 4};  // nothing where x2 = 1
  const auto none = poisson(design);
  EXPECT_NE(none.find("'x2'"), std::string::npos) << none;
}

TEST(ModelsRefuse, MixedModelsWithoutRepeatedMeasures) {
  auto design = base();
  design.cluster = {1, 2, 3, 4, 5, 6, 7, 8};
  EXPECT_NE(refused(MixedModel(question_of(design)), design).find("more than once"), std::string::npos);
  design.cluster.assign(8, 1);
  EXPECT_NE(refused(MixedModel(question_of(design)), design).find("one person"), std::string::npos);
  design.cluster = {1, 1, 2, 2, 3, 3, 4, 4};
  for (std::size_t i = 0; i < 8; ++i) design.y[i] = 2 * design.x[0][i] + 1;
  EXPECT_NE(refused(MixedModel(question_of(design)), design).find("exactly"), std::string::npos);
  design.weight.assign(8, 2);
  EXPECT_NE(refused(MixedModel(question_of(design)), design).find("weights"), std::string::npos);
}

TEST(ModelsRefuse, GroupsThatCannotBeCompared) {
  auto design = base();
  EXPECT_NE(refused(PropensityModel(question_of(design), 3), design).find("nobody in it"), std::string::npos);
  design.y = {0, 0, 0, 0, 1, 1, 1, 1};
  EXPECT_NE(refused(PropensityModel(question_of(design), 2), design).find("nobody to compare"), std::string::npos);
  Design outcome;
  outcome.y = {1, 2};
  outcome.x = {{0, 0}};
  EXPECT_NE(refused(WeightedMeanDifference(2, 0.95), outcome), "");
}

TEST(Models, KeepTheirDigitsWhateverTheUnits) {
  Random random(24);
  auto design = made_binary(random, 200);
  LogisticRegression model(question_of(design));
  ASSERT_TRUE(run<Design>(model, std::span<const Design>(&design, 1)).has_value());
  auto scaled = design;
  for (auto& x : scaled.x[0]) x = x * 1e20;
  for (auto& x : scaled.x[1]) x = x * 1e-20;
  LogisticRegression other(question_of(scaled));
  ASSERT_TRUE(run<Design>(other, std::span<const Design>(&scaled, 1)).has_value());
  const double a = model.fit().coefficients[1].value, b = other.fit().coefficients[1].value * 1e20;
  EXPECT_NEAR(a, b, 1e-11 * std::fabs(a));
  EXPECT_NEAR(model.fit().coefficients[2].value, other.fit().coefficients[2].value * 1e-20,
              1e-11 * std::fabs(model.fit().coefficients[2].value));
  EXPECT_NEAR(model.fit().log_likelihood, other.fit().log_likelihood, 1e-11 * std::fabs(model.fit().log_likelihood));
}

}  // namespace
}  // namespace skerry::evidence
