// Weights that a study gives or has made, and intervals from its bootstrap. For the outcome*.cpp files of this room.
#pragma once

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "evidence/bootstrap.hpp"
#include "evidence/outcome_data.hpp"
#include "evidence/statistic_run.hpp"

namespace skerry::evidence {

/// Puts into the parts the inverse-probability weights that `weighted_by` asks for, with what there is to know of them. With these or the
/// study's own weights: guards of the people who count and of those who do not, and what one person's weight is of the whole, by group.
/// False when the weights cannot be made: the outcome says why. Errors: those of the limits; too_large.
[[nodiscard]] Result<bool> weigh(const cohort::Study& study, const Columns& columns, const Complete& complete, unsigned threads,
                                 const Limits& limits, std::vector<Design>& parts, Outcome& outcome);
/// The guards of weights, one for each of complete.people.
void guard_weights(const cohort::Study& study, const Columns& columns, const Complete& complete, const std::vector<double>& weights,
                   Outcome& outcome);

/// Puts the percentiles of `study.model.bootstrap` replicates in place of the estimates' intervals, where the study asks for it. Each
/// replicate is a `fresh()` model over the parts; `read(model)` gives its numbers, in the order of `estimates`.
template <class Fresh, class Read>
[[nodiscard]] Result<void> bootstrap(const cohort::Study& study, const Columns& columns, const Complete& complete, unsigned threads,
                                     const Limits& limits, std::vector<Design> parts, const std::vector<Estimate*>& estimates,
                                     Outcome& outcome, Fresh&& fresh, Read&& read) {
  constexpr std::size_t at_once = 64;  // so that their sums fit in memory however many are asked for
  const auto asked = static_cast<std::size_t>(std::max(0, study.model.bootstrap));
  if (asked == 0 || estimates.empty()) return {};
  std::size_t next = 0;
  for (auto& part : parts) {
    part.cluster.clear();
    for (std::size_t i = 0; i < part.rows(); ++i) {
      part.cluster.push_back(static_cast<std::uint32_t>(columns.participants[complete.people[next++]].number));
    }
  }
  std::vector<std::vector<double>> found(estimates.size());
  for (std::size_t first = 0; first < asked; first += at_once) {
    Bootstrap<decltype(fresh())> replicates(std::min(at_once, asked - first), study.model.seed.value_or(0), fresh, first);
    if (auto ran = run<Design>(replicates, parts, threads, limits); !ran) return fail(std::move(ran.error()));
    for (std::size_t e = 0; e < estimates.size(); ++e) {
      const auto more = replicates.estimates([&](const auto& model) { return read(model)[e]; });
      found[e].insert(found[e].end(), more.begin(), more.end());
    }
  }
  bool failed = false;
  for (std::size_t e = 0; e < estimates.size(); ++e) {
    // A replicate that could not be computed counts among those asked for.
    found[e].resize(asked, std::numeric_limits<double>::quiet_NaN());
    const auto interval = percentiles(std::move(found[e]), study.level);
    failed = failed || !interval.low || !interval.high;
    estimates[e]->low = interval.low;
    estimates[e]->high = interval.high;
  }
  outcome.method += ", intervals from " + std::to_string(asked) + " bootstrap replicates";
  if (failed) {
    outcome.cautions.push_back({"statistic.bootstrap_failed",
                                "No interval: in more than 1 of 10 bootstrap replicates there were too few people to calculate with."});
  }
  return {};
}

}  // namespace skerry::evidence
