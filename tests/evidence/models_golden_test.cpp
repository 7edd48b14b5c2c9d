// Against R (oracle/models.R, which tells what was fitted and how): the data sets in golden/models, or those in SKERRY_MODELS_DIR.
#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "evidence/logistic.hpp"
#include "evidence/mixed_model.hpp"
#include "evidence/negative_binomial.hpp"
#include "evidence/poisson.hpp"

namespace skerry::evidence {
namespace {

using Values = std::map<std::string, double>;

std::string folder() {
  const char* fresh = std::getenv("SKERRY_MODELS_DIR");
  return fresh ? fresh : SKERRY_SOURCE_DIR "/tests/evidence/golden/models";
}
std::vector<std::vector<std::string>> read_lines(const std::string& name) {
  std::ifstream in(folder() + "/" + name);
  std::vector<std::vector<std::string>> out;
  for (std::string line; std::getline(in, line);) {
    std::stringstream parts(line);
    out.emplace_back();
    for (std::string field; std::getline(parts, field, ',');) out.back().push_back(field);
  }
  return out;
}
double number(const std::string& text) {
  double out = std::nan("");
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

/// (case, model) -> what R says.
std::map<std::pair<std::string, std::string>, Values> expectations() {
  std::map<std::pair<std::string, std::string>, Values> out;
  for (const auto& line : read_lines("expected.csv")) {
    if (line.size() == 4 && line[0] != "case") out[{line[0], line[1]}][line[2]] = number(line[3]);
  }
  return out;
}

/// The columns all 0 (offset, cluster) or all 1 (weight) were not there.
Design design_of(const std::string& name) {
  Design out;
  const auto lines = read_lines(name + ".csv");
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto& line = lines[i];
    out.y.push_back(number(line[0]));
    out.offset.push_back(number(line[1]));
    out.weight.push_back(number(line[2]));
    out.cluster.push_back(static_cast<std::uint32_t>(number(line[3])));
    out.x.resize(line.size() - 4);
    for (std::size_t j = 4; j < line.size(); ++j) out.x[j - 4].push_back(number(line[j]));
  }
  const auto all = [](const auto& column, auto value) {
    return std::all_of(column.begin(), column.end(), [&](auto v) { return v == value; });
  };
  if (all(out.offset, 0.0)) out.offset.clear();
  if (all(out.weight, 1.0)) out.weight.clear();
  if (all(out.cluster, 0U)) out.cluster.clear();
  return out;
}

RegressionQuestion question_of(const Design& design) {
  RegressionQuestion out;
  for (std::size_t j = 0; j < design.x.size(); ++j) out.names.push_back("x" + std::to_string(j + 1));
  out.clustered = !design.cluster.empty();
  return out;
}

class Comparison {
 public:
  Comparison(std::string what, const Values& expected, double tolerance)
      : what_(std::move(what)), expected_(expected), tolerance_(tolerance) {}
  /// Relative to the larger of R's value and `scale`.
  void operator()(const std::string& quantity, double value, double scale = 0) {
    const auto found = expected_.find(quantity);
    if (found == expected_.end()) return;
    ++compared_;
    const double limit = tolerance_ * std::max(std::fabs(found->second), scale);
    EXPECT_LE(std::fabs(value - found->second), limit)
        << what_ << " " << quantity << ": " << value << ", R " << found->second << ", relative "
        << (value - found->second) / std::max(std::fabs(found->second), scale);
  }
  ~Comparison() { EXPECT_EQ(compared_, expected_.size()) << what_ << ": not everything R says was compared"; }

 private:
  std::string what_;
  const Values& expected_;
  double tolerance_;
  std::size_t compared_ = 0;
};

void compare_coefficients(Comparison& compare, const RegressionFit& fit) {
  for (std::size_t j = 0; j < fit.coefficients.size(); ++j) {
    const auto& b = fit.coefficients[j];
    const auto n = std::to_string(j);
    compare("b" + n, b.value, b.standard_error.value());
    compare("se" + n, b.standard_error.value());
    if (b.robust_error) compare("robust" + n, *b.robust_error);
    if (b.low) compare("low" + n, *b.low, b.standard_error.value());
    if (b.high) compare("high" + n, *b.high, b.standard_error.value());
    if (j > 0 && j <= fit.covariate_tests.size()) compare("lr" + n, fit.covariate_tests[j - 1].statistic.value(), 1);
  }
  compare("log_likelihood", fit.log_likelihood, 1);
  if (fit.deviance) compare("deviance", *fit.deviance, 1);
  if (fit.null_deviance) compare("null_deviance", *fit.null_deviance, 1);
  if (fit.pearson) compare("pearson", *fit.pearson, 1);
}

template <class Model>
bool ran(Model& model, const Design& design, const std::string& name) {
  const std::vector<Design> parts{design};
  const auto result = run<Design>(model, parts, 1);
  EXPECT_TRUE(result.has_value()) << name << ": " << (result ? "" : result.error().message);
  return result.has_value();
}

TEST(Models, AgreeWithR) {
  const auto cases = expectations();
  ASSERT_GE(cases.size(), 5u) << "no expected.csv in " << folder();
  for (const auto& [key, expected] : cases) {
    const auto& [name, model] = key;
    const auto design = design_of(name);
    ASSERT_FALSE(design.y.empty()) << name;
    auto question = question_of(design);
    if (model == "logistic" || model == "firth") {
      question.robust = model == "logistic";
      LogisticRegression logistic(
          question, {model == "firth" ? LogisticMethod::firth : LogisticMethod::maximum_likelihood, expected.contains("lr1"), true});
      if (!ran(logistic, design, name)) continue;
      Comparison compare(name, expected, model == "firth" ? 1e-9 : 1e-12);
      compare_coefficients(compare, logistic.fit());
    } else if (model == "poisson") {
      question.robust = true;
      PoissonRegression poisson(question, {expected.contains("lr1")});
      if (!ran(poisson, design, name)) continue;
      Comparison compare(name, expected, 1e-9);
      compare_coefficients(compare, poisson.fit());
    } else if (model == "negative_binomial") {
      NegativeBinomialRegression negative_binomial(question);
      if (!ran(negative_binomial, design, name)) continue;
      Comparison compare(name, expected, 1e-9);
      compare_coefficients(compare, negative_binomial.fit());
      compare("theta", negative_binomial.theta().value_or(0));
      compare("theta_error", negative_binomial.theta_error().value_or(0));
    } else {
      MixedModel mixed(question, {model == "mixed"});
      if (!ran(mixed, design, name)) continue;
      Comparison compare(name, expected, 1e-9);
      compare_coefficients(compare, mixed.fit().regression);
      compare("between", mixed.fit().between_variance, mixed.fit().residual_variance);
      compare("residual", mixed.fit().residual_variance);
    }
  }
}

}  // namespace
}  // namespace skerry::evidence
