// Data of table.mustache.
#pragma once

#include <string>
#include <vector>

#include "web/templates.hpp"

namespace skerry::web {

struct Column {
  std::string title;
  bool numeric = false;
};

struct Cell {
  std::string text;
  std::string bar;  ///< SVG, set in as it is; empty for none
};

/// The first cell of a row is its heading; every row has as many cells as there are columns.
struct TableView {
  std::string caption;
  std::string folded_under;  ///< the words one opens the table with; empty: it is always open
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
};

[[nodiscard]] Data table_data(const TableView& table);
/// A bar as long as `share` (0 to 1) of its whole; says nothing that stands only there, and is hidden from screen readers.
[[nodiscard]] std::string bar_svg(double share);

}  // namespace skerry::web
