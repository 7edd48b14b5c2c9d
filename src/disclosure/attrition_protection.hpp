// How many people each line of a study kept: what of it may be told.
#pragma once

#include <cstdint>
#include <vector>

#include "cohort/select.hpp"
#include "evidence/figure.hpp"

namespace skerry::disclosure {

/// Told are numbers of people kept that are 0 or at least the floor, as are their differences from every other told one and from the
/// numbers in `told_elsewhere`; and of a line between two told ones why the rest left, when each reason is 0 or at least the floor: else
/// a small one is "few" and the others are withheld. Takes numbers that were opened: called by Control, and by tests.
[[nodiscard]] std::vector<evidence::ExplainedLine> protect_attrition(const std::vector<cohort::AttritionLine>& lines,
                                                                     const std::vector<std::int64_t>& told_elsewhere, int floor);
/// Withholds the number kept of a line, and with it what the lines beside it say of it.
void withhold_line(std::vector<evidence::ExplainedLine>& lines, std::size_t line);

}  // namespace skerry::disclosure
