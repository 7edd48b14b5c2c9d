// Comparing curves of groups: the G-rho family of log-rank tests, asymptotic and exact.
#pragma once

#include <cstdint>
#include <vector>

#include "base/error.hpp"
#include "evidence/estimate.hpp"
#include "evidence/life_table.hpp"

namespace skerry::evidence {

struct LogRankGroup {
  std::int64_t people = 0, events = 0;
  double observed = 0, expected = 0;  ///< weighted by S^rho; for rho 0, events and those expected were the curves one
};

struct LogRank {
  std::vector<LogRankGroup> groups;
  Test test;                       ///< chi-square with groups - 1 degrees of freedom, or exact
  std::optional<Test> asymptotic;  ///< beside an exact test
  std::vector<Caution> cautions;
};

enum class Exactness : std::uint8_t {
  by_size,  ///< exact for two groups with at most 30 people or 10 events
  never,
  always  ///< where it can be computed
};

/// The family of Harrington & Fleming, Biometrika 69 (1982) 553-566: in each step and stratum the events of a group less those expected,
/// weighted by S(t-)^rho with S the Kaplan-Meier estimate of the stratum; hypergeometric variances (Mantel 1966), summed over strata. rho 0
/// is the log-rank test, 1 the Peto & Peto modification of the Wilcoxon test. Late entries: risk sets are of who is followed then. Exact,
/// two groups: without late entries and up to 40 people, over all ways in which the groups could have been dealt out to the people of each
/// stratum (a permutation test: it supposes that censoring does not depend on the group); else for rho 0, over the tables that the risk
/// sets allow (Thomas, Comput Biomed Res 8 (1975) 325-331). Two-sided: outcomes at least as far from the expected one as the observed.
/// Unweighted. Events are cause 1; other causes count as censored.
/// Errors: not_computable: one group, no events, nobody of one group ever at risk together with another.
[[nodiscard]] Result<LogRank> log_rank(const LifeTable& table, double rho = 0, Exactness exactness = Exactness::by_size);

}  // namespace skerry::evidence
