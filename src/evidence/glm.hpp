// The engine of logistic and Poisson regression (logistic.hpp and poisson.hpp say what it does and where the formulas are from): first
// the rounds of design_scale.hpp, a round for the start, then climbs (climb.hpp), all of them in the same rounds, then one round of what
// belongs to the estimate.
#pragma once

#include <Eigen/Core>
#include <optional>
#include <string>
#include <vector>

#include "evidence/climb.hpp"
#include "evidence/design_scale.hpp"
#include "evidence/regression.hpp"
#include "evidence/statistic.hpp"

namespace skerry::evidence {

class Glm {
 public:
  enum class Family : std::uint8_t { logistic, poisson };
  struct Plan {
    Family family = Family::logistic;
    bool firth = false;
    bool covariate_tests = false;
    bool profile = false;    ///< intervals from the profile, with firth
    std::size_t groups = 0;  ///< y is a group, and the outcome to be in group `target`
    std::size_t target = 0;
  };
  Glm(RegressionQuestion question, Plan plan);

  [[nodiscard]] Totals shape() const;
  void add_local(const Design& part, Totals& out) const;
  Result<bool> take(const Totals& total);
  [[nodiscard]] const RegressionFit& fit() const noexcept { return fit_; }

  // After the last round:
  [[nodiscard]] const DesignScale& scale() const noexcept { return scale_; }
  [[nodiscard]] const Eigen::VectorXd& estimate() const noexcept { return climbs_.front().climb.at(); }  ///< of the columns z
  [[nodiscard]] double null_estimate() const noexcept { return climbs_[1].climb.at()(0); }  ///< of the model without covariates
  /// Linear predictor of rows first..first+count; z as of scale().columns_of.
  static void predict(const Eigen::VectorXd& coefficients, const Design& part, std::size_t first, std::size_t count, std::size_t stride,
                      const double* z, double offset_mean, double* eta);

 private:
  enum class Phase : std::uint8_t { prepare, start, climb, separation, further, finish, done };
  enum class Of : std::uint8_t { all, null, covariate, low, high };
  struct Task {
    Climb climb;
    Of of = Of::all;
    std::size_t coefficient = 0;
    std::size_t width = 0;  ///< columns that are summed
  };
  struct Workspace {
    std::vector<double> z, eta, value, score, information, third, fourth, terms, pair;
    explicit Workspace(std::size_t columns);
  };

  [[nodiscard]] std::size_t cells_of(const Task& task) const noexcept;
  void add_climb(const Task& task, const Design& part, std::size_t first, std::size_t count, Workspace& space, Exact* sums) const;
  void add_start(const Design& part, Totals& out) const;
  void add_separation(const Design& part, Totals& out) const;
  void add_finish(const Design& part, Totals& out) const;
  void add_meat(const Design& part, Exact* sums) const;
  [[nodiscard]] double outcome_of(const Design& part, std::size_t row) const noexcept;
  // glm_firth.cpp:
  [[nodiscard]] bool sums_fourth() const noexcept;  ///< the penalty's second derivative is summed too
  void add_derivatives(std::size_t count, Workspace& space, Exact* sums) const;
  void penalise(Ascent& ascent, const Exact* sums) const;
  // glm_rounds.cpp:
  [[nodiscard]] Ascent ascent_of(const Task& task, const Exact* sums) const;
  [[nodiscard]] Result<bool> take_start(const Totals& total);
  [[nodiscard]] Result<bool> take_climbs(const Totals& total);
  [[nodiscard]] Result<bool> take_separation(const Totals& total);
  void look_for_separation(const Eigen::VectorXd& direction);
  [[nodiscard]] bool plan_further();
  void take_finish(const Totals& total);
  // glm_result.cpp:
  void report(const Totals& total);
  void report_coefficients();
  void report_robust(const Totals& total);
  void report_tests();
  void report_cautions();
  [[nodiscard]] Error separation_error(bool complete) const;

  RegressionQuestion question_;
  Plan plan_;
  DesignScale scale_;
  Phase phase_ = Phase::prepare;
  std::vector<Task> climbs_;  ///< first the model, then the one without covariates, then those of single coefficients
  std::vector<std::size_t> running_;
  std::size_t planned_ = 0;  ///< coefficients whose further climbs are through or under way
  int rounds_ = 0, model_rounds_ = 0;
  double weights_ = 0;
  Eigen::VectorXd suspect_;  ///< a direction that may separate
  RegressionFit fit_;
};

/// log y!, y whole.
[[nodiscard]] double log_factorial(double y);
/// Of chi-square with one degree of freedom.
[[nodiscard]] double chi_square_quantile(double level);
/// Fills low, high and p of an estimate by Wald, with the robust error where there is one.
void wald(Estimate& estimate, double level);

}  // namespace skerry::evidence
