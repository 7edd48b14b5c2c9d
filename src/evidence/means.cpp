#include "evidence/means.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "evidence/product.hpp"
#include "evidence/tail.hpp"

namespace skerry::evidence {
namespace {

constexpr double small = 0x1p-90;  // a mean size below it is lost in sums that end at 2^-128

/// What is known of a group: the mean is centre + shift, with the shift far more precise than the centre's last place.
struct Moments {
  double people = 0, centre = 0, shift = 0, squares = 0;
  [[nodiscard]] double mean() const { return centre + shift; }
  [[nodiscard]] double variance() const { return squares / (people - 1); }
  /// Of its mean; that of a sample that does not vary is 0 (to rounding).
  [[nodiscard]] double error() const { return std::sqrt(variance() / people); }
  [[nodiscard]] bool constant() const { return error() <= 10 * std::numeric_limits<double>::epsilon() * std::fabs(mean()); }
};

double between(const Moments& a, const Moments& b) { return (a.centre - b.centre) + (a.shift - b.shift); }

Estimate t_estimate(std::string id, double value, double error, double df, double level) {
  Estimate out;
  out.id = std::move(id);
  out.value = value;
  out.standard_error = error;
  const double half = t_quantile(level, df) * error;
  out.low = value - half;
  out.high = value + half;
  return out;
}

GroupMean told(const Moments& group, const MeanQuestion& question) {
  GroupMean out;
  out.people = std::llround(group.people);
  if (out.people == 0) return out;
  if (out.people == 1) {
    out.mean.emplace().id = "mean";
    out.mean->value = group.mean();
    return out;
  }
  out.mean = t_estimate("mean", group.mean(), group.error(), group.people - 1, question.level);
  out.variance = group.variance();
  out.deviation = std::sqrt(group.variance());
  if (question.against && !group.constant()) {
    out.mean->p = t_two_sided((group.centre - *question.against + group.shift) / group.error(), group.people - 1);
  }
  return out;
}

void two_groups(const Moments& a, const Moments& b, double level, MeanResult& result) {
  const double difference = between(a, b);
  const double va = a.variance() / a.people;
  const double vb = b.variance() / b.people;
  const double welch_error = std::sqrt(va + vb);
  const double welch_df = (va + vb) * (va + vb) / (va * va / (a.people - 1) + vb * vb / (b.people - 1));
  const double df = a.people + b.people - 2;
  const double pooled = std::sqrt((a.squares + b.squares) / df * (1 / a.people + 1 / b.people));
  const auto test = [](const char* name, double t, double degrees) {
    Test out;
    out.name = name;
    out.statistic = t;
    out.df = degrees;
    out.p = t_two_sided(t, degrees);
    return out;
  };
  result.difference = t_estimate("difference", difference, welch_error, welch_df, level);
  result.difference_equal_variances = t_estimate("difference", difference, pooled, df, level);
  result.tests.push_back(test("Welch's t test", difference / welch_error, welch_df));
  result.tests.push_back(test("Student's t test", difference / pooled, df));
  result.difference->p = result.tests[0].p;
  result.difference_equal_variances->p = result.tests[1].p;
}

Test f_test(const char* name, double f, double df, double df2) {
  Test out;
  out.name = name;
  out.statistic = f;
  out.df = df;
  out.df2 = df2;
  out.p = f_upper(f, df, df2);
  return out;
}

/// Welch 1951, equations 20 to 22.
std::optional<Test> welch_anova(const std::vector<Moments>& groups) {
  double weights = 0;
  double mean = 0;  // weighted, from the first group's
  for (const auto& group : groups) {
    if (group.constant()) return std::nullopt;
    weights += group.people / group.variance();
    mean += group.people / group.variance() * between(group, groups[0]);
  }
  mean /= weights;
  double spread = 0;
  double correction = 0;
  const auto k = static_cast<double>(groups.size());
  for (const auto& group : groups) {
    const double weight = group.people / group.variance();
    const double away = between(group, groups[0]) - mean;
    spread += weight * away * away;
    correction += (1 - weight / weights) * (1 - weight / weights) / (group.people - 1);
  }
  const double lambda = correction / (k * k - 1);
  return f_test("Welch's one-way analysis of variance", spread / ((k - 1) * (1 + 2 * (k - 2) * lambda)), k - 1, 1 / (3 * lambda));
}

Test anova(const std::vector<Moments>& groups) {
  double people = 0;
  double mean = 0;  // from the first group's
  double within = 0;
  for (const auto& group : groups) {
    people += group.people;
    mean += group.people * between(group, groups[0]);
    within += group.squares;
  }
  mean /= people;
  double among = 0;
  for (const auto& group : groups) among += group.people * (between(group, groups[0]) - mean) * (between(group, groups[0]) - mean);
  const auto k = static_cast<double>(groups.size());
  return f_test("One-way analysis of variance", (among / (k - 1)) / (within / (people - k)), k - 1, people - k);
}

void compare(const std::vector<Moments>& groups, std::size_t asked, double level, MeanResult& result) {
  if (asked < 2) return;
  if (groups.size() < 2) {
    result.cautions.push_back({"statistic.one_group", "Fewer than two groups have values: there is nothing to compare."});
    return;
  }
  if (groups.size() < asked) {
    result.cautions.push_back({"statistic.group_empty", "A group without values is left out of the comparison."});
  }
  bool all_constant = true;
  bool single = false;
  for (const auto& group : groups) {
    single = single || group.people < 2;
    all_constant = all_constant && (group.people < 2 || group.constant());
  }
  if (single) {
    result.cautions.push_back(
        {"statistic.group_of_one", "A group has a single value: how much values vary in it is not known, so the groups are not compared."});
    return;
  }
  if (all_constant) {
    result.cautions.push_back({"statistic.no_variation", "Within each group all values are the same: no test of their means is possible."});
    return;
  }
  if (groups.size() == 2) return two_groups(groups[0], groups[1], level, result);
  if (auto test = welch_anova(groups)) {
    result.tests.push_back(*test);
  } else {
    result.cautions.push_back({"statistic.no_variation_in_group",
                               "In one group all values are the same: only the test that assumes equal variances is possible."});
  }
  result.tests.push_back(anova(groups));
}

}  // namespace

Totals Means::shape() const {
  const std::size_t g = question_.groups;
  return round_ == 1 ? Totals(g + 1, g + 1) : Totals(0, 2 * g);
}

void Means::add_local(const Sample& part, Totals& out) const {
  const std::size_t groups = question_.groups;
  Exact* sums = out.reals.data();
  for (std::size_t i = 0; i < part.rows(); ++i) {
    const std::size_t group = part.group.empty() ? 0 : part.group[i];
    if (group >= groups) continue;
    if (round_ == 1) {
      ++out.counts[group];
      sums[group].add(part.y[i]);
      sums[groups].add(std::fabs(part.y[i]));
      if (part.y[i] != 0 && std::fabs(part.y[i]) < small) ++out.counts[groups];
    } else {
      const double z = std::ldexp(part.y[i] - centre_[group], -scale_);
      sums[group].add(z);
      add_product(sums[groups + group], z, z);
    }
  }
}

Result<bool> Means::take(const Totals& total) {
  const auto wanted = shape();
  if (total.counts.size() != wanted.counts.size() || total.reals.size() != wanted.reals.size()) {
    return fail(ErrorCode::not_computable, "these sums were not made for this question");
  }
  if (round_ == 1) {
    if (auto done = take_sums(total); !done) return fail(done.error());
    round_ = 2;
    return true;
  }
  if (auto done = take_squares(total); !done) return fail(done.error());
  return false;
}

Result<void> Means::take_sums(const Totals& total) {
  people_.assign(total.counts.begin(), total.counts.end() - 1);
  double people = 0;
  for (const auto n : people_) people += static_cast<double>(n);
  if (people <= 0) return fail(ErrorCode::not_computable, "there are no values to take a mean of");
  const auto& sizes = total.reals[question_.groups];
  if (!sizes.sound()) return fail(ErrorCode::not_computable, "some values are not numbers, or too large to be added up");
  const double size = sizes.to_double() / people;
  if (size < small && total.counts.back() > 0)
    return fail(ErrorCode::not_computable, "the values are too small to be added up: take a smaller unit of measure");
  scale_ = size > 0 ? std::ilogb(size) : 0;
  centre_.assign(question_.groups, 0);
  for (std::size_t g = 0; g < centre_.size(); ++g) {
    if (people_[g] > 0) centre_[g] = total.reals[g].to_double() / static_cast<double>(people_[g]);
  }
  return {};
}

Result<void> Means::take_squares(const Totals& total) {
  std::vector<Moments> groups;
  result_ = {};
  Moments all;
  for (std::size_t g = 0; g < centre_.size(); ++g) {
    Moments group;
    group.people = static_cast<double>(people_[g]);
    if (people_[g] > 0) {
      if (!total.reals[g].sound() || !total.reals[centre_.size() + g].sound()) {
        return fail(ErrorCode::not_computable, "some values are too large to be added up");
      }
      const double sum = total.reals[g].to_double();
      group.centre = centre_[g];
      group.shift = std::ldexp(sum / group.people, scale_);
      group.squares = std::ldexp(total.reals[centre_.size() + g].to_double() - sum / group.people * sum, 2 * scale_);
      if (group.squares < 0) group.squares = 0;
      groups.push_back(group);
    }
    result_.groups.push_back(told(group, question_));
    all.people += group.people;
  }
  all.centre = groups[0].centre;
  for (const auto& group : groups) all.shift += group.people * (between(group, groups[0]) + groups[0].shift);
  all.shift /= all.people;
  for (const auto& group : groups) {
    const double away = between(group, all);
    all.squares += group.squares + group.people * away * away;
  }
  result_.all = told(all, question_);
  if (question_.against && all.people >= 2 && all.constant()) {
    result_.cautions.push_back({"statistic.no_variation", "All values are the same: no test of their mean is possible."});
  } else if (question_.against && all.people >= 2) {
    Test test;
    test.name = "One-sample t test";
    test.statistic = (all.centre - *question_.against + all.shift) / all.error();
    test.df = all.people - 1;
    test.p = result_.all.mean->p;
    result_.tests.push_back(test);
  }
  if (all.people < 2) {
    result_.cautions.push_back({"statistic.one_value", "There is a single value: nothing can be said of how much values vary."});
  }
  compare(groups, question_.groups, question_.level, result_);
  return {};
}

}  // namespace skerry::evidence
