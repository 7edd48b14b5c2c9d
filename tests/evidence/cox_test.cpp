// Cox regression: the worked examples of Therneau & Grambsch (Modeling Survival Data, Springer 2000, appendix E), the same bits for any
// split, and models that data cannot carry.
#include "evidence/cox.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <random>

#include "parts.hpp"

namespace skerry::evidence {
namespace {

Episodes first_example() {
  Episodes out;
  out.exit = {4, 1, 1, 2, 2, 3};
  out.cause = {1, 1, 0, 1, 1, 0};
  out.x = {{0, 1, 1, 1, 0, 0}};
  return out;
}

CoxQuestion question_of(const Episodes& data, cohort::Ties ties = cohort::Ties::efron) {
  CoxQuestion out;
  out.steps = *std::max_element(data.exit.begin(), data.exit.end());
  for (std::size_t j = 0; j < data.x.size(); ++j) out.covariates.push_back("x" + std::to_string(j));
  out.ties = ties;
  out.entries = !data.entry.empty();
  out.weighted = !data.weight.empty();
  out.offset = !data.offset.empty();
  out.strata = data.stratum.empty() ? std::uint16_t{1} : std::uint16_t{2};
  return out;
}

double coefficient(const Episodes& data, cohort::Ties ties) {
  const auto fit = cox({&data, 1}, question_of(data, ties));
  return fit ? fit->coefficients[0].estimate.value : std::nan("");
}

TEST(Cox, FirstBookExampleBreslow) {
  const auto data = first_example();
  const auto fit = cox({&data, 1}, question_of(data, cohort::Ties::breslow));
  ASSERT_TRUE(fit) << fit.error().message;
  const double ratio = (3 + std::sqrt(33.0)) / 2;  // the root of r^2 - 3r - 6
  EXPECT_NEAR(fit->coefficients[0].estimate.value, std::log(ratio), 1e-14);
  const auto log_likelihood = [](double r) { return 2 * std::log(r) - std::log(3 * r + 3) - 2 * std::log(r + 3); };
  EXPECT_NEAR(fit->log_likelihood, log_likelihood(ratio), 1e-14);
  EXPECT_NEAR(fit->log_likelihood_null, log_likelihood(1), 1e-14);
  const double variance = 1 / (ratio / std::pow(ratio + 1, 2) + 6 * ratio / std::pow(ratio + 3, 2));
  EXPECT_NEAR(fit->covariance[0], variance, 1e-13);
}

TEST(Cox, FirstBookExampleEfron) {
  const auto data = first_example();
  const double angle = std::acos(45.0 / 23 * std::sqrt(3.0 / 23));
  EXPECT_NEAR(coefficient(data, cohort::Ties::efron), std::log(2 * std::sqrt(23.0 / 3) * std::cos(angle / 3)), 1e-14);
}

TEST(Cox, SecondBookExampleLateEntries) {
  Episodes data;
  data.entry = {1, 2, 5, 2, 1, 7, 3, 4, 8, 8};
  data.exit = {2, 3, 6, 7, 8, 9, 9, 9, 14, 17};
  data.cause = {1, 1, 1, 1, 1, 1, 1, 0, 0, 0};
  data.x = {{1, 0, 0, 1, 0, 1, 1, 1, 0, 0}};
  EXPECT_NEAR(coefficient(data, cohort::Ties::breslow), -0.084526080661309164, 1e-14);
  EXPECT_NEAR(coefficient(data, cohort::Ties::efron), -0.02110520958017521, 1e-14);
}

TEST(Cox, ThirdBookExampleWeights) {
  Episodes data;
  data.exit = {1, 1, 2, 2, 2, 2, 3, 4, 5};
  data.cause = {1, 0, 1, 1, 1, 0, 0, 1, 0};
  data.x = {{2, 0, 1, 1, 0, 1, 0, 1, 0}};
  data.weight = {1, 2, 3, 4, 3, 2, 1, 2, 1};
  EXPECT_NEAR(coefficient(data, cohort::Ties::breslow), 0.85955744450688154, 1e-14);
  EXPECT_NEAR(coefficient(data, cohort::Ties::efron), 0.87260424639839618, 1e-14);
}

Episodes made(std::mt19937_64& random) {
  Episodes out;
  const auto rows = std::uniform_int_distribution<std::size_t>(8, 150)(random);
  const bool late = random() % 2 == 0, weighted = random() % 2 == 0, persons = random() % 2 == 0;
  std::normal_distribution<double> normal;
  out.x.resize(2);
  std::uint32_t person = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    const auto entry = late ? static_cast<std::int32_t>(random() % 8) : 0;
    if (late) out.entry.push_back(entry);
    out.exit.push_back(entry + 1 + static_cast<std::int32_t>(random() % 12));
    out.cause.push_back(random() % 3 == 0 ? 0 : 1);
    out.stratum.push_back(static_cast<std::uint16_t>(random() % 2));
    out.x[0].push_back(1950 + 15 * normal(random));
    out.x[1].push_back(random() % 2 == 0 ? 1 : 0);
    if (weighted) out.weight.push_back(std::pow(10, 3 * normal(random)));
    out.offset.push_back(normal(random));
    if (random() % 2 == 0) ++person;
    if (persons) out.person.push_back(person);
  }
  return out;
}

RC_GTEST_PROP(Cox, EverySplitAndAnyThreadsGiveTheSameBits, (std::uint32_t seed)) {
  std::mt19937_64 random(seed);
  const auto data = made(random);
  auto question = question_of(data, random() % 2 == 0 ? cohort::Ties::efron : cohort::Ties::breslow);
  question.robust = true;
  question.firth = random() % 4 == 0;
  question.check = TimeTransform::km;
  const auto whole = cox({&data, 1}, question);
  const auto parts = split_at(data, {random() % data.rows(), random() % data.rows(), random() % data.rows()});
  const auto split = cox(parts, question, 3);
  RC_ASSERT(whole.has_value() == split.has_value());
  if (!whole) return;
  for (std::size_t j = 0; j < 2; ++j) {
    RC_ASSERT(whole->coefficients[j].estimate == split->coefficients[j].estimate);
    RC_ASSERT(std::isfinite(whole->coefficients[j].estimate.value));
  }
  RC_ASSERT(whole->robust == split->robust);
  RC_ASSERT(whole->proportional == split->proportional);
  RC_ASSERT(whole->log_likelihood == split->log_likelihood);
  RC_ASSERT(whole->rounds == split->rounds);
}

TEST(Cox, SeparationIsSaidAndFirthGivesAnEstimate) {
  Episodes data;
  data.exit = {1, 2, 3, 4, 5, 6, 7, 8};
  data.cause = {1, 1, 1, 1, 0, 0, 0, 0};
  data.x = {{1, 1, 1, 1, 0, 0, 0, 0}};
  auto question = question_of(data);
  const auto fit = cox({&data, 1}, question);
  ASSERT_TRUE(fit) << fit.error().message;
  EXPECT_TRUE(fit->coefficients[0].infinite);
  EXPECT_FALSE(fit->coefficients[0].estimate.p.has_value());
  ASSERT_FALSE(fit->cautions.empty());
  EXPECT_EQ(fit->cautions.front().key, "cox.separation");
  question.firth = true;
  const auto corrected = cox({&data, 1}, question);
  ASSERT_TRUE(corrected) << corrected.error().message;
  EXPECT_FALSE(corrected->coefficients[0].infinite);
  EXPECT_GT(corrected->coefficients[0].estimate.value, 0.5);
  EXPECT_LT(corrected->coefficients[0].estimate.value, 6);
}

TEST(Cox, FirthIsAtTheTopOfThePenalisedLikelihood) {
  // One covariate, no ties: the penalised likelihood by hand.
  Episodes data;
  data.exit = {1, 2, 3, 4, 5};
  data.cause = {1, 1, 0, 1, 0};
  data.x = {{1, 1, 0, 0, 0}};
  auto question = question_of(data);
  question.firth = true;
  const auto fit = cox({&data, 1}, question);
  ASSERT_TRUE(fit) << fit.error().message;
  const auto penalised = [](double b) {
    const double r = std::exp(b);
    const double information = 2 * r * 3 / std::pow(2 * r + 3, 2) + r * 3 / std::pow(r + 3, 2);
    return 2 * b - std::log(2 * r + 3) - std::log(r + 3) - std::log(2) + std::log(information) / 2;
  };
  const double b = fit->coefficients[0].estimate.value;
  EXPECT_NEAR(fit->log_likelihood, penalised(b), 1e-13);
  EXPECT_NEAR((penalised(b + 1e-4) - penalised(b - 1e-4)) / 2e-4, 0, 1e-8);
}

std::string refusal(const Episodes& data) {
  const auto fit = cox({&data, 1}, question_of(data));
  if (fit) return "";
  EXPECT_EQ(fit.error().code, ErrorCode::not_computable);
  return fit.error().message;
}

TEST(Cox, WhatCannotBeModelledIsSaidInASentence) {
  std::mt19937_64 random(3);
  auto data = made(random);
  data.weight.clear();
  auto constant = data;
  std::fill(constant.x[1].begin(), constant.x[1].end(), 7.5);
  EXPECT_NE(refusal(constant).find("\"x1\" is the same"), std::string::npos) << refusal(constant);
  auto collinear = data;
  for (std::size_t i = 0; i < data.rows(); ++i) collinear.x[1][i] = 3 - 2 * data.x[0][i];
  EXPECT_NE(refusal(collinear).find("\"x1\" follows from"), std::string::npos) << refusal(collinear);
  auto no_events = data;
  std::fill(no_events.cause.begin(), no_events.cause.end(), std::uint8_t{0});
  EXPECT_NE(refusal(no_events).find("nobody had the event"), std::string::npos);
  auto huge = data;
  huge.x[0][3] = 1e300;
  EXPECT_NE(refusal(huge).find("too large"), std::string::npos);
  const Episodes nobody{{}, {}, {}, {}, {}, {}, {}, {}, {{}, {}}};
  CoxQuestion question;
  question.steps = 5;
  question.covariates = {"a", "b"};
  EXPECT_FALSE(cox({&nobody, 1}, question));
}

}  // namespace
}  // namespace skerry::evidence
