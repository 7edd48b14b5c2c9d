// A released Kaplan-Meier figure as charts, tables and sentences.
#pragma once

#include <string>
#include <vector>

#include "web/figure_desk.hpp"
#include "web/phrases.hpp"
#include "web/table_view.hpp"

namespace skerry::web {

struct CurveView {
  std::string chart;  ///< SVG, once for wide and once for narrow pages; empty when there is nothing to draw
  std::vector<std::string> remarks;
  std::vector<TableView> tables;  ///< one a group, with every step of its curve
};

[[nodiscard]] CurveView curve_view(const ReleasedFigure& figure, const Phrases& phrases, const std::string& id);

/// Cumulative incidence or mean number of events as SVG, for wide and narrow pages; empty when no curve is told.
[[nodiscard]] std::string named_curve_chart(const ReleasedFigure& figure, const Phrases& phrases, const std::string& id);

}  // namespace skerry::web
