// From a study and its columns to a result, whatever the statistic: what disclosure/ asks for, for all statistics that are not plain sums
// of counts (layout.hpp).
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "cohort/select.hpp"
#include "cohort/study.hpp"
#include "evidence/estimate.hpp"
#include "evidence/figure.hpp"
#include "evidence/layout.hpp"
#include "evidence/sealed.hpp"
#include "evidence/statistic.hpp"

namespace skerry::evidence {

/// A number of people behind a result. Every one must be 0 or at least the floor, or the result is not told.
struct Guard {
  std::string of;  ///< "events, group skerry:male": for tests; never told
  std::int64_t people = 0;
};

struct Outcome {
  std::string method;
  std::int64_t people = 0;       ///< in the result
  std::int64_t left_out = 0;     ///< of the cohort, because something was not recorded
  std::int64_t undecidable = 0;  ///< of the cohort, because of their dates
  std::vector<EstimateRow> estimates;
  std::vector<Test> tests;
  std::vector<NamedCurve> curves;
  std::vector<Caution> cautions;
  std::vector<Guard> guards;
  std::size_t numbers_opened = 0;  ///< how many real numbers the result tells (federation: at most people * (parameters + 1))
  std::size_t parameters = 0;      ///< refused when above people / 3
};

/// Errors: not_computable with a sentence for people; those of the limits.
[[nodiscard]] Result<Sealed<Outcome>> compute(const cohort::Study& study, const cohort::Columns& columns, unsigned threads = 1,
                                              const Limits& limits = {});
/// What each person contributes, for comparing releases: cells are digests of the person's values, so a changed value is a change.
[[nodiscard]] Sealed<Contributions> outcome_contributions(const cohort::Study& study, const cohort::Columns& columns);

}  // namespace skerry::evidence
