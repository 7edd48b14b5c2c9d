// How many people each line of a study kept, and why the rest left.
#pragma once

#include <string>
#include <vector>

#include "cohort/range_evaluator.hpp"
#include "cohort/select.hpp"

namespace skerry::cohort {

/// The conditions of the cohort that have a line each: the parts of an `all`, or the cohort as a whole; none when it is everyone.
[[nodiscard]] std::vector<const ConditionNode*> cohort_lines(const ConditionNode& cohort);

/// The words of all lines, in order: everyone, the cohort's, the statistic's.
[[nodiscard]] std::vector<std::string> attrition_words(const Study& study, const vocabulary::Vocabulary& vocabulary);

/// Everyone, and those each part of the cohort left; `remaining` becomes the cohort. Counts only.
[[nodiscard]] std::vector<AttritionLine> cohort_attrition(RangeEvaluator& people, Bitset& remaining);
/// The lines of the statistic, from the columns of the cohort's people.
[[nodiscard]] std::vector<AttritionLine> statistic_attrition(const Study& study, const Columns& columns);

}  // namespace skerry::cohort
