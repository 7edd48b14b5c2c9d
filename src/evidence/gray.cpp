// Gray's test (incidence.hpp).
#include <Eigen/Dense>
#include <cmath>

#include "evidence/incidence.hpp"
#include "evidence/tail.hpp"

namespace skerry::evidence {
namespace {

struct Sums {
  Eigen::VectorXd score;
  Eigen::MatrixXd variance;
};

/// One group at one step; before: just before it.
struct Group {
  double at_risk = 0, events = 0, others = 0;
  double survival_before = 1, survival = 1;    ///< of being free of every event
  double incidence_before = 0, incidence = 0;  ///< of the cause
};

/// At one step, what is integrated for the variance: of group r, V_r = sum of terms (a - b c(t) + b c(end))^2 f.
struct Term {
  std::size_t group = 0;
  double share = 0, factor = 0;  ///< b and f
  Eigen::VectorXd value;         ///< a - b c(t), by group compared
};

class Stratum {
 public:
  Stratum(std::size_t groups, double rho)
      : rho_(rho), groups_(groups), drift_(Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(groups), static_cast<Eigen::Index>(groups))) {}

  void step(Sums& sums, const std::vector<double>& at_risk, const std::vector<double>& events, const std::vector<double>& others) {
    double d = 0, rest = 0, size = 0, expected = 0;
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      auto& group = groups_[g];
      group.at_risk = at_risk[g];
      group.events = events[g];
      group.others = others[g];
      d += events[g];
      rest += others[g];
      if (at_risk[g] <= 0) continue;
      group.survival = group.survival_before * (at_risk[g] - events[g] - others[g]) / at_risk[g];
      group.incidence = group.incidence_before + group.survival_before * events[g] / at_risk[g];
      size += at_risk[g] / group.survival_before;
      expected += at_risk[g] * (1 - group.incidence_before) / group.survival_before;
    }
    if (d + rest <= 0) return;
    const double after = pooled_ + d / size;
    if (d > 0) add_score(sums, d, expected);
    const auto weights = weights_of(size);
    if (d > 0) drift_ += weights * (d / (size * (1 - pooled_)));
    keep_terms(weights, after, d, rest, size);
    pooled_ = after;
    for (auto& group : groups_) {
      group.survival_before = group.survival;
      group.incidence_before = group.incidence;
    }
  }

  void finish(Sums& sums) const {
    for (const auto& term : terms_) {
      const Eigen::VectorXd value = term.value + term.share * drift_.col(static_cast<Eigen::Index>(term.group));
      sums.variance += term.factor * value * value.transpose();
    }
  }

 private:
  void add_score(Sums& sums, double d, double expected) const {
    const double weight = std::pow(1 - pooled_, rho_);
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      const auto& group = groups_[g];
      if (group.at_risk <= 0) continue;
      sums.score[static_cast<Eigen::Index>(g)] +=
          weight * (group.events - d * group.at_risk * (1 - group.incidence_before) / group.survival_before / expected);
    }
  }

  /// (k, r): how group k's score reacts to a hazard in group r.
  [[nodiscard]] Eigen::MatrixXd weights_of(double size) const {
    const auto count = static_cast<Eigen::Index>(groups_.size());
    Eigen::MatrixXd out = Eigen::MatrixXd::Zero(count, count);
    const double weight = std::pow(1 - pooled_, rho_);
    for (Eigen::Index k = 0; k < count; ++k) {
      const auto& own = groups_[static_cast<std::size_t>(k)];
      if (own.at_risk <= 0) continue;
      const double mine = own.at_risk / own.survival_before;
      for (Eigen::Index r = 0; r < count; ++r) {
        const auto& other = groups_[static_cast<std::size_t>(r)];
        if (other.at_risk <= 0) continue;
        out(k, r) = weight * mine * ((k == r ? 1.0 : 0.0) - other.at_risk / other.survival_before / size);
      }
    }
    return out;
  }

  /// With the corrections for ties of a finite sample.
  void keep_terms(const Eigen::MatrixXd& weights, double after, double d, double rest, double size) {
    for (std::size_t r = 0; r < groups_.size(); ++r) {
      const auto& group = groups_[r];
      if (group.at_risk <= 0) continue;
      const auto column = static_cast<Eigen::Index>(r);
      if (d > 0) {
        const double share = group.survival > 0 ? 1 - (1 - after) / group.survival : 1;
        const double ties = d > 1 ? 1 - (d - 1) / (size * group.survival_before - 1) : 1;
        terms_.push_back(
            {r, share, ties * group.survival_before * d / (size * group.at_risk), weights.col(column) - share * drift_.col(column)});
      }
      if (rest > 0 && group.survival > 0 && group.others > 0) {
        const double share = -(1 - after) / group.survival;
        const double ties = group.others > 1 ? 1 - (group.others - 1) / (group.at_risk - 1) : 1;
        const double factor = ties * group.survival_before * group.survival_before * group.others / (group.at_risk * group.at_risk);
        terms_.push_back({r, share, factor, -share * drift_.col(column)});
      }
    }
  }

  double rho_;
  std::vector<Group> groups_;
  Eigen::MatrixXd drift_;  ///< c(t): (k, r)
  double pooled_ = 0;      ///< incidence were the groups one, just before the step
  std::vector<Term> terms_;
};

void add_stratum(const LifeTable& table, std::uint16_t stratum, std::uint8_t cause, double rho, Sums& sums) {
  const std::size_t groups = table.question().groups;
  Stratum walk(groups, rho);
  std::vector<double> at_risk(groups), events(groups), others(groups);
  for (std::size_t t = 1; t <= static_cast<std::size_t>(table.question().steps); ++t) {
    for (std::size_t g = 0; g < groups; ++g) {
      const auto& side = table.side(stratum, static_cast<std::uint16_t>(g));
      at_risk[g] = static_cast<double>(side.at_risk[t]);
      events[g] = others[g] = 0;
      for (std::size_t k = 0; k < side.events.size(); ++k)
        (k + 1U == cause ? events[g] : others[g]) += static_cast<double>(side.events[k][t]);
    }
    walk.step(sums, at_risk, events, others);
  }
  walk.finish(sums);
}

}  // namespace

Result<GrayTest> gray_test(const LifeTable& table, std::uint8_t cause, double rho) {
  const auto groups = static_cast<Eigen::Index>(table.question().groups);
  if (groups < 2) return fail(ErrorCode::not_computable, "there is only one group, so there is nothing to compare");
  if (table.question().entries)
    return fail(ErrorCode::not_computable, "Gray's test is not defined when people enter late; a Cox model of the cause is");
  if (cause < 1 || cause > table.question().causes)
    return fail(ErrorCode::not_computable, "there is no such kind of event in the question");
  std::int64_t events = 0;
  std::vector<Eigen::Index> used;
  for (Eigen::Index g = 0; g < groups; ++g) {
    const auto side = table.group(static_cast<std::uint16_t>(g));
    events += side.events_of(cause);
    if (side.rows > 0) used.push_back(g);
  }
  if (events == 0) return fail(ErrorCode::not_computable, "nobody had this event while followed, so the groups cannot be compared");
  if (used.size() < 2) return fail(ErrorCode::not_computable, "only one group has people who are followed, so there is nothing to compare");
  Sums sums{Eigen::VectorXd::Zero(groups), Eigen::MatrixXd::Zero(groups, groups)};
  for (std::uint16_t s = 0; s < table.question().strata; ++s) add_stratum(table, s, cause, rho, sums);
  used.pop_back();
  const Eigen::VectorXd score = sums.score(used);
  const Eigen::MatrixXd variance = sums.variance(used, used);
  const double statistic = score.dot(variance.ldlt().solve(score));
  if (!std::isfinite(statistic) || statistic < 0) {
    return fail(ErrorCode::not_computable,
                "whenever the event happened, people of only one group were followed, so the groups cannot be compared");
  }
  const auto df = static_cast<double>(used.size());
  GrayTest out{{"Gray", statistic, df, {}, chi_square_upper(statistic, df), false}, {}};
  if (events < 10) {
    out.test.p.reset();
    out.cautions.push_back({"gray.few_events", "No p-value: with fewer than ten events this test's would not mean anything."});
  }
  return out;
}

}  // namespace skerry::evidence
