// Means and variances of a number in groups, and their comparison. Two rounds: sums, then squares about the means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "evidence/data.hpp"
#include "evidence/estimate.hpp"
#include "evidence/statistic.hpp"

namespace skerry::evidence {

struct MeanQuestion {
  std::size_t groups = 1;
  double level = 0.95;
  std::optional<double> against;  ///< one-sample t test of this mean, in each group
};

struct GroupMean {
  std::int64_t people = 0;
  std::optional<Estimate> mean;     ///< with t interval from 2 people on; p against MeanQuestion::against; unset when empty
  std::optional<double> variance;   ///< divided by n-1; from 2 people on
  std::optional<double> deviation;  ///< its square root
};

struct MeanResult {
  std::vector<GroupMean> groups;
  GroupMean all;  ///< over the groups
  /// Two groups with people: mean of the first such minus that of the second. Welch's first: it does not assume equal variances.
  std::optional<Estimate> difference, difference_equal_variances;
  std::vector<Test> tests;  ///< the first is the one to report
  std::vector<Caution> cautions;
};

/// t interval and tests: Student, Biometrika 6 (1908) 1-25; unequal variances: Welch, Biometrika 34 (1947) 28-35 with Satterthwaite's
/// degrees of freedom; several groups: one-way analysis of variance (Fisher 1925) and Welch, Biometrika 38 (1951) 330-336.
/// Tests' names: "One-sample t test", "Welch's t test", "Student's t test", "Welch's one-way analysis of variance",
/// "One-way analysis of variance".
/// Errors of take(): not_computable when there are no values, or values are not finite or beyond 2^99.
class Means : public Statistic<Sample> {
 public:
  explicit Means(MeanQuestion question) : question_(question) {}
  [[nodiscard]] Totals shape() const override;
  void add_local(const Sample& part, Totals& out) const override;
  Result<bool> take(const Totals& total) override;
  [[nodiscard]] const MeanResult& result() const noexcept { return result_; }

 private:
  Result<void> take_sums(const Totals& total);
  Result<void> take_squares(const Totals& total);

  MeanQuestion question_;
  int round_ = 1;
  std::vector<std::int64_t> people_;
  std::vector<double> centre_;  ///< of each group
  int scale_ = 0;               ///< differences are divided by 2^scale_
  MeanResult result_;
};

}  // namespace skerry::evidence
