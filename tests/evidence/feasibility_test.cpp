// Trials: power by adding up every outcome, and what is asked for out of range.
#include "evidence/feasibility.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "evidence/conditional.hpp"

namespace skerry::evidence {
namespace {

double binomial(int k, int n, double p) {
  double out = 1;
  for (int i = 1; i <= k; ++i) out = out * (n - k + i) / i;
  return out * std::pow(p, k) * std::pow(1 - p, n - k);
}

TEST(Feasibility, OneArmByAddingUp) {
  TrialQuestion question;
  question.control = 0.3;
  // Ten people, each tail at most 0.025: 7 or more (0.0106) or 0 (0.0282: not).
  const auto power = power_of(question, 10, 0.7).value();
  double above = 0;
  double alpha = 0;
  for (int k = 7; k <= 10; ++k) {
    above += binomial(k, 10, 0.7);
    alpha += binomial(k, 10, 0.3);
  }
  EXPECT_NEAR(power.power, above, 1e-14);
  EXPECT_NEAR(power.alpha, alpha, 1e-14);
  EXPECT_EQ(power_of(question, 10, 0.0).value().power, 0);
}

TEST(Feasibility, TwoArmsByTestingEveryTable) {
  TrialQuestion question;
  question.design = TrialDesign::two_arms;
  question.control = 0.2;
  for (const int people : {6, 11, 24}) {
    const int treated = people - people / 2;
    const int controls = people / 2;
    double above = 0;
    double alpha = 0;
    for (int x = 0; x <= treated; ++x) {
      for (int y = 0; y <= controls; ++y) {
        const Fourfold table{x, treated - x, y, controls - y};
        if (conditional_p(std::span(&table, 1)) > 0.05) continue;
        alpha += binomial(x, treated, 0.2) * binomial(y, controls, 0.2);
        if (x * controls > y * treated) above += binomial(x, treated, 0.8) * binomial(y, controls, 0.2);
      }
    }
    const auto power = power_of(question, people, 0.8).value();
    EXPECT_NEAR(power.power, above, 1e-13) << people;
    EXPECT_NEAR(power.alpha, alpha, 1e-13) << people;
  }
}

TEST(Feasibility, OnePersonNeedsSixPairsOfPeriods) {
  TrialQuestion question;
  question.design = TrialDesign::n_of_1;
  question.cycles = 5;  // 2 / 2^5 is above 0.05
  EXPECT_FALSE(detectable(question, 1).value().above);
  question.cycles = 6;
  const auto found = detectable(question, 1).value();
  ASSERT_TRUE(found.above);
  EXPECT_NEAR(*found.above, std::pow(0.8, 1.0 / 6), 1e-12);  // all six
  EXPECT_NEAR(found.alpha, 2.0 / 64, 1e-15);
}

TEST(Feasibility, WhatIsDetectableHasThePowerWished) {
  for (const auto design : {TrialDesign::single_arm, TrialDesign::two_arms, TrialDesign::randomised_withdrawal}) {
    TrialQuestion question;
    question.design = design;
    question.control = 0.4;
    question.drop_out = 0.1;
    question.responders = 0.7;
    const auto found = detectable(question, 60).value();
    ASSERT_TRUE(found.above && found.below);
    EXPECT_NEAR(power_of(question, 60, *found.above).value().power, 0.8, 1e-9);
    EXPECT_NEAR(power_of(question, 60, *found.below).value().power, 0.8, 1e-9);
    EXPECT_LE(found.alpha, 0.05);
  }
}

TEST(Feasibility, PeopleNeededStayEnough) {
  TrialQuestion question;
  question.control = 0.1;
  const auto needed = people_needed(question, 0.4, 100).value();
  ASSERT_TRUE(needed);
  EXPECT_LT(power_of(question, *needed - 1, 0.4).value().power, 0.8);
  for (std::int64_t people = *needed; people <= 100; ++people) EXPECT_GE(power_of(question, people, 0.4).value().power, 0.8);
  EXPECT_FALSE(people_needed(question, 0.11, 100).value());
}

TEST(Feasibility, LossesAreTakenOffFirst) {
  TrialQuestion question;
  question.design = TrialDesign::randomised_withdrawal;
  question.drop_out = 0.2;
  question.responders = 0.5;
  EXPECT_EQ(power_of(question, 100, 0.5).value().analysed, 40);
  EXPECT_EQ(power_of(question, 0, 0.5).value().power, 0);
}

TEST(Feasibility, RecruitmentHasAClosedFormForOnePerson) {
  // One more person, two seen in three years: P(T <= t) = 1 - (3 / (3 + t))^2.5.
  const auto time = recruitment({1, 2, 3, {}, 0.9}).value();
  EXPECT_NEAR(time.median, 3 * (std::pow(0.5, -1 / 2.5) - 1), 1e-12);
  EXPECT_NEAR(time.low, 3 * (std::pow(0.95, -1 / 2.5) - 1), 1e-12);
  EXPECT_NEAR(time.high, 3 * (std::pow(0.05, -1 / 2.5) - 1), 1e-11);
  const auto known = recruitment({1, 0, 3, 2.0, 0.9}).value();
  EXPECT_NEAR(known.median, std::log(2.0) / 2, 1e-14);
  EXPECT_EQ(recruitment({0, 2, 3, {}, 0.9}).value().high, 0);
}

TEST(Feasibility, OutOfRangeIsRefused) {
  TrialQuestion question;
  question.control = 1.5;
  EXPECT_EQ(detectable(question, 10).error().code, ErrorCode::out_of_range);
  question.control = std::nan("");
  EXPECT_EQ(detectable(question, 10).error().code, ErrorCode::out_of_range);
  question.control = 0.5;
  EXPECT_EQ(power_of(question, -1, 0.7).error().code, ErrorCode::out_of_range);
  EXPECT_EQ(power_of(question, 10, 7).error().code, ErrorCode::out_of_range);
  EXPECT_EQ(power_of(question, 30'000, 0.7).error().code, ErrorCode::too_large);
  question.design = TrialDesign::two_arms;
  EXPECT_EQ(power_of(question, 3000, 0.7).error().code, ErrorCode::too_large);
  question.drop_out = 1;
  EXPECT_EQ(detectable(question, 10).error().code, ErrorCode::out_of_range);
  EXPECT_EQ(recruitment({5, 0, 3, {}, 0.9}).error().code, ErrorCode::not_computable);
  EXPECT_EQ(recruitment({5, 1, 0, {}, 0.9}).error().code, ErrorCode::out_of_range);
  EXPECT_EQ(recruitment({5, 1, 3, 0.0, 0.9}).error().code, ErrorCode::out_of_range);
}

TEST(Feasibility, SaysInWordsWhatItCan) {
  TrialQuestion question;
  question.control = 0.3;
  const auto result = trial(question, 24, RecruitmentQuestion{10, 6, 3, {}, 0.9}).value();
  ASSERT_EQ(result.sentences.size(), 5U);
  EXPECT_NE(result.sentences[1].find("power of 80 %"), std::string::npos) << result.sentences[1];
  EXPECT_EQ(result.needed.front().expected, 0.4);
  ASSERT_TRUE(result.recruitment);
  const auto tiny = trial(question, 2, RecruitmentQuestion{10, 0, 3, {}, 0.9}).value();
  EXPECT_EQ(tiny.cautions.size(), 2U);
  EXPECT_FALSE(tiny.recruitment);
}

}  // namespace
}  // namespace skerry::evidence
