#include "evidence/log_rank.hpp"

#include <Eigen/Dense>
#include <cmath>
#include <string>

#include "evidence/log_rank_exact.hpp"
#include "evidence/tail.hpp"

namespace skerry::evidence {
namespace {

std::string name_of(double rho) {
  if (rho == 0) return "Log-rank";
  if (rho == 1) return "Peto-Peto";
  return "G-rho";
}

struct Score {
  Eigen::VectorXd difference;  ///< observed less expected
  Eigen::MatrixXd variance;
};

void add_stratum(const LifeTable& table, std::uint16_t stratum, double rho, LogRank& out, Score& score) {
  const auto groups = table.question().groups;
  const auto steps = static_cast<std::size_t>(table.question().steps);
  double survival = 1;
  Eigen::VectorXd at_risk(groups);
  for (std::size_t t = 1; t <= steps; ++t) {
    double d = 0, n = 0;
    for (std::uint16_t g = 0; g < groups; ++g) {
      const auto& side = table.side(stratum, g);
      d += static_cast<double>(side.events[0][t]);
      at_risk[g] = static_cast<double>(side.at_risk[t]);
      n += at_risk[g];
    }
    if (d <= 0) continue;
    const double weight = rho == 0 ? 1 : std::pow(survival, rho);
    for (std::uint16_t g = 0; g < groups; ++g) {
      auto& group = out.groups[g];
      const auto own = static_cast<double>(table.side(stratum, g).events[0][t]);
      group.observed += weight * own;
      group.expected += weight * d * at_risk[g] / n;
      score.difference[g] += weight * (own - d * at_risk[g] / n);
    }
    if (n > 1) {
      const double spread = weight * weight * d * (n - d) / (n - 1) / n;
      score.variance += spread * at_risk.asDiagonal().toDenseMatrix() - spread / n * at_risk * at_risk.transpose();
    }
    survival *= 1 - d / n;
  }
}

/// The quadratic form over the groups that can be compared, the last of them left out.
std::optional<Test> chi_square(const Score& score, double rho) {
  std::vector<Eigen::Index> used;
  for (Eigen::Index g = 0; g < score.difference.size(); ++g) {
    if (score.variance(g, g) > 0) used.push_back(g);
  }
  if (used.size() < 2) return {};
  used.pop_back();
  const auto m = static_cast<Eigen::Index>(used.size());
  Eigen::VectorXd u(m);
  Eigen::MatrixXd v(m, m);
  for (Eigen::Index i = 0; i < m; ++i) {
    u[i] = score.difference[used[static_cast<std::size_t>(i)]];
    for (Eigen::Index j = 0; j < m; ++j) v(i, j) = score.variance(used[static_cast<std::size_t>(i)], used[static_cast<std::size_t>(j)]);
  }
  const double statistic = u.dot(v.ldlt().solve(u));
  if (!std::isfinite(statistic)) return {};
  const auto df = static_cast<double>(m);
  return Test{name_of(rho), statistic, df, {}, chi_square_upper(statistic, df), false};
}

}  // namespace

Result<LogRank> log_rank(const LifeTable& table, double rho, Exactness exactness) {
  const auto groups = table.question().groups;
  if (groups < 2) return fail(ErrorCode::not_computable, "there is only one group, so there is nothing to compare");
  LogRank out;
  out.groups.resize(groups);
  std::int64_t people = 0, events = 0;
  std::size_t filled = 0;
  for (std::uint16_t g = 0; g < groups; ++g) {
    for (std::uint16_t s = 0; s < table.question().strata; ++s) {
      out.groups[g].people += table.side(s, g).rows;
      out.groups[g].events += table.side(s, g).events_of(1);
    }
    people += out.groups[g].people;
    events += out.groups[g].events;
    filled += out.groups[g].people > 0 ? 1 : 0;
  }
  if (filled < 2) return fail(ErrorCode::not_computable, "only one group has people who are followed, so there is nothing to compare");
  if (events == 0) return fail(ErrorCode::not_computable, "nobody had the event while followed, so the groups cannot be compared");
  Score score{Eigen::VectorXd::Zero(groups), Eigen::MatrixXd::Zero(groups, groups)};
  for (std::uint16_t s = 0; s < table.question().strata; ++s) add_stratum(table, s, rho, out, score);
  auto test = chi_square(score, rho);
  if (!test) {
    return fail(ErrorCode::not_computable,
                "whenever an event happened, people of only one group were followed, so the groups cannot be compared");
  }
  out.test = *test;
  const bool tiny = people <= 30 || events <= 10;
  if (exactness == Exactness::never || (exactness == Exactness::by_size && !tiny)) return out;
  if (const auto exact = groups == 2 ? exact_log_rank(table, rho) : std::nullopt) {
    out.asymptotic = out.test;
    out.test = *exact;
  } else if (tiny) {
    out.cautions.push_back(
        {"log_rank.approximate", "So few people or events are too few for the test's p-value, which is approximate: read it with care."});
  }
  if (table.question().weighted) {
    out.cautions.push_back({"log_rank.unweighted", "The test counts people and takes no account of their weights; a Cox model does."});
  }
  return out;
}

}  // namespace skerry::evidence
