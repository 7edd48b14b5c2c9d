// A released figure that was computed from values: estimates, tests, curves and the lines of the study, as tables and sentences.
#pragma once

#include <vector>

#include "web/figure_desk.hpp"
#include "web/phrases.hpp"
#include "web/table_view.hpp"

namespace skerry::web {

/// Estimates, tests and named curves; empty tables are left away.
[[nodiscard]] std::vector<TableView> computed_tables(const ReleasedFigure& figure, const Phrases& phrases);
/// How many people each line of the study kept; no rows when nobody asked.
[[nodiscard]] TableView explained_table(const ReleasedFigure& figure, const Phrases& phrases);

}  // namespace skerry::web
