#include "web/table_view.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace skerry::web {

using kainjow::mustache::list;

Data table_data(const TableView& table) {
  Data data;
  data.set("caption", table.caption);
  data.set("folded", Data(!table.folded_under.empty()));
  data.set("summary", table.folded_under);
  Data columns(list{});
  for (const auto& column : table.columns) {
    Data one;
    one.set("text", column.title);
    one.set("numeric", Data(column.numeric));
    columns.push_back(one);
  }
  data.set("columns", columns);
  Data rows(list{});
  for (const auto& row : table.rows) {
    Data cells(list{});
    for (std::size_t i = 0; i < row.size() && i < table.columns.size(); ++i) {
      Data cell;
      cell.set("head", Data(i == 0));
      cell.set("text", row[i].text);
      cell.set("column", table.columns[i].title);
      cell.set("numeric", Data(table.columns[i].numeric));
      cell.set("bar", text_or_nothing(row[i].bar));
      cells.push_back(cell);
    }
    Data one;
    one.set("cells", cells);
    rows.push_back(one);
  }
  data.set("rows", rows);
  return data;
}

std::string bar_svg(double share) {
  return fmt::format(R"(<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">)"
                     R"(<rect class="bar__whole" width="100" height="8"/><rect width="{:.1f}" height="8"/></svg>)",
                     100 * std::clamp(share, 0.0, 1.0));
}

}  // namespace skerry::web
