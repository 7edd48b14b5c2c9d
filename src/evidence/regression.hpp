// What the regression models share: the question, what is told of each covariate, the fit. All of them are Statistics over Design, in
// rounds of sums; use: construct with the question, run(statistic, parts, threads, limits), then fit().
//
// Every model works on covariates that were centred and made orthogonal by the first rounds (design_scale.hpp), and gives the
// coefficients of the covariates as they came. Rows of weight 0 are left out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evidence/data.hpp"
#include "evidence/estimate.hpp"

namespace skerry::evidence {

struct RegressionQuestion {
  std::vector<std::string> names;  ///< of the covariates, one for each Design::x: "age", "sex=skerry:male"
  double level = 0.95;
  bool robust = false;     ///< sandwich errors as well (HC0: White, Econometrica 48 (1980) 817-838), and intervals and p by them
  bool clustered = false;  ///< Design::cluster is there: robust errors by person (Liang & Zeger, Biometrika 73 (1986) 13-22)
};

/// What the rows say of one covariate, for guards and for reading.
struct CovariateCounts {
  std::int64_t nonzero = 0;         ///< rows in which it is not 0
  std::int64_t events_nonzero = 0;  ///< of those, rows with y > 0
  bool indicator = false;           ///< 0 or 1 in every row
  bool operator==(const CovariateCounts&) const = default;
};

struct RegressionFit {
  std::string method;                           ///< "Logistic regression, maximum likelihood"; a proper name, in English
  std::vector<Estimate> coefficients;           ///< "(intercept)" first, then each covariate; ratio where exp of it is read (odds, rates)
  std::vector<std::vector<double>> covariance;  ///< model-based, of the coefficients
  std::vector<Test> covariate_tests;            ///< likelihood-ratio test of each covariate, where asked for; else empty
  std::vector<Test> tests;                      ///< of the model against one without covariates, and what else belongs to it
  double log_likelihood = 0, null_log_likelihood = 0;
  std::optional<double> deviance, null_deviance, pearson;  ///< pearson: chi-square, sum of (y - mean)^2 / variance
  std::int64_t rows = 0;
  std::int64_t events = 0;    ///< rows with y > 0
  std::int64_t clusters = 0;  ///< when clustered
  double df_residual = 0;
  std::vector<CovariateCounts> counts;  ///< a covariate each
  std::vector<Caution> cautions;
  int rounds = 0;
  bool operator==(const RegressionFit&) const = default;
};

}  // namespace skerry::evidence
