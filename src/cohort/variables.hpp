// The numbers of a study's model, one a person (docs/study.md, "Variables"). NaN: not recorded, or it cannot be said.
#pragma once

#include <string>
#include <vector>

#include "cohort/range_evaluator.hpp"

namespace skerry::cohort {

/// One column a person of the range; `groups` gives one for each group but the first, the others exactly one.
[[nodiscard]] std::vector<std::vector<double>> columns_of(const VariablePlan& plan, RangeEvaluator& people);

/// "age", or "sex=skerry:male" for each group but the first.
[[nodiscard]] std::vector<std::string> names_of(const Variable& variable);

/// Which of several numbers with their dates is meant. Pure.
[[nodiscard]] double chosen(Variable::Which which, std::span<const Row> rows, const Edge& index, const Birth& birth);

/// A range of ticks in years, by its middle; NaN when it is unknown or wider than `width_years_max`.
[[nodiscard]] double years_of(const Range& range, double width_years_max) noexcept;

}  // namespace skerry::cohort
