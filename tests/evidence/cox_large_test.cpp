// Cox regression over more rows than a block of terms holds, cut into slices, beside the score written out person by person in long
// double: Efron's ties as in his paper (JASA 72 (1977) 557-565), nothing of ours but the estimate.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>

#include "evidence/cox.hpp"

namespace skerry::evidence {
namespace {

constexpr std::size_t covariates = 3;
constexpr std::int32_t steps = 120;
using Vector = std::array<long double, covariates>;

struct Moments {
  long double zero = 0;
  Vector first{};
};

Episodes made(std::size_t rows) {
  std::mt19937_64 random(20260707);
  const auto unit = [&] { return static_cast<double>(random() >> 11U) * 0x1p-53; };
  Episodes out;
  out.x.resize(covariates);
  for (std::size_t i = 0; i < rows; ++i) {
    const double age = 20 + 40 * unit(), dose = unit() + unit() + unit() - 1.5, carrier = random() % 3 == 0 ? 1 : 0;
    const double time = -60 * std::log(1 - unit()) / std::exp(0.02 * (age - 40) - 0.3 * dose + 0.5 * carrier);
    const double censored = 1 + std::floor(180 * unit());
    out.exit.push_back(static_cast<std::int32_t>(std::ceil(std::max(0.5, std::min({time, censored, 1.0 * steps})))));
    out.cause.push_back(time <= censored && time <= steps ? 1 : 0);
    out.x[0].push_back(age);
    out.x[1].push_back(dose);
    out.x[2].push_back(carrier);
  }
  return out;
}

/// The derivative of Efron's log partial likelihood at `beta`.
Vector score(const Episodes& data, const Vector& beta) {
  std::vector<Moments> leaving(steps + 1), events(steps + 1);
  std::vector<std::int64_t> deaths(steps + 1, 0);
  Vector out{};
  for (std::size_t i = 0; i < data.rows(); ++i) {
    Vector x{};
    long double predictor = 0;
    for (std::size_t j = 0; j < covariates; ++j) {
      x[j] = static_cast<long double>(data.x[j][i]) - (j == 0 ? 40 : 0);  // the score is the same wherever x is centred
      predictor += beta[j] * x[j];
    }
    const long double hazard = std::exp(predictor);
    const auto step = static_cast<std::size_t>(data.exit[i]);
    const auto add = [&](Moments& to) {
      to.zero += hazard;
      for (std::size_t j = 0; j < covariates; ++j) to.first[j] += hazard * x[j];
    };
    add(leaving[step]);
    if (data.cause[i] != 1) continue;
    add(events[step]);
    ++deaths[step];
    for (std::size_t j = 0; j < covariates; ++j) out[j] += x[j];
  }
  Moments risk;
  for (std::size_t step = steps + 1; step-- > 0;) {
    risk.zero += leaving[step].zero;
    for (std::size_t j = 0; j < covariates; ++j) risk.first[j] += leaving[step].first[j];
    for (std::int64_t tie = 0; tie < deaths[step]; ++tie) {
      const long double share = static_cast<long double>(tie) / static_cast<long double>(deaths[step]);
      for (std::size_t j = 0; j < covariates; ++j)
        out[j] -= (risk.first[j] - share * events[step].first[j]) / (risk.zero - share * events[step].zero);
    }
  }
  return out;
}

class CoxLarge : public testing::TestWithParam<unsigned> {};

TEST_P(CoxLarge, TheEstimateIsWhereAnIndependentScoreIsZero) {
  const unsigned threads = GetParam();
  const auto data = made(25'000);  // two slices from 20,000 rows
  CoxQuestion question;
  question.steps = steps;
  question.covariates = {"age", "dose", "carrier"};
  const auto fit = cox({&data, 1}, question, threads);
  ASSERT_TRUE(fit) << fit.error().message;
  Vector beta{}, error{};
  for (std::size_t j = 0; j < covariates; ++j) {
    beta[j] = static_cast<long double>(fit->coefficients[j].estimate.value);
    error[j] = static_cast<long double>(fit->coefficients[j].estimate.standard_error.value());
  }
  const auto at_estimate = score(data, beta);
  auto aside = beta;
  aside[2] += 1e-9L * error[2];
  for (std::size_t j = 0; j < covariates; ++j) {
    // score * error is about the distance from the maximum in standard errors
    EXPECT_LT(std::fabs(at_estimate[j] * error[j]), 1e-12L) << "covariate " << j;
    // and so is the step that is left, by the covariance the fit gives
    long double step = 0;
    for (std::size_t k = 0; k < covariates; ++k) step += static_cast<long double>(fit->covariance[j * covariates + k]) * at_estimate[k];
    EXPECT_LT(std::fabs(step / error[j]), 1e-12L) << "covariate " << j;
  }
  EXPECT_GT(std::fabs(score(data, aside)[2] * error[2]), 1e-10L) << "the comparison cannot tell a wrong estimate";
}

INSTANTIATE_TEST_SUITE_P(Threads, CoxLarge, testing::Values(1U, 3U));

}  // namespace
}  // namespace skerry::evidence
