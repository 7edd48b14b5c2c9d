#include <fmt/format.h>

#include <algorithm>

#include "disclosure/released.hpp"
#include "disclosure/render.hpp"

namespace skerry::disclosure {
namespace {

using evidence::Count;

/// RFC 4180 quoting; a field that a spreadsheet would take for a formula begins with an apostrophe.
std::string field(std::string_view text) {
  std::string safe(text);
  if (!safe.empty() && std::string_view("=+-@\t\r").find(safe.front()) != std::string_view::npos) safe.insert(0, 1, '\'');
  if (safe.find_first_of(",\"\r\n") == std::string::npos) return safe;
  std::string out = "\"";
  for (const char c : safe) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::string number(const Count& count) {
  return (count.number ? std::to_string(*count.number) : std::string{}) + "," + std::string(name_of(count.mark));
}
std::string number(const std::optional<double>& value) { return value ? fmt::format("{}", *value) : std::string{}; }

std::string rows_csv(const Figure& figure, const std::string& origin) {
  std::string out =
      "study,snapshot,group,id,people,people_mark,present,present_mark,recorded,recorded_mark,contradictory,contradictory_mark,"
      "not_recorded,not_recorded_mark,proportion,low,high\r\n";
  const bool proportion = figure.type == cohort::StatisticType::proportion;
  for (const auto& row : figure.rows) {
    out += origin + field(row.group) + "," + field(row.id) + "," + number(row.people);
    for (const auto* count : {&row.present, &row.recorded, &row.contradictory, &row.not_recorded}) {
      out += "," + (proportion ? number(*count) : std::string(","));
    }
    out += "," + number(row.proportion);
    out += row.interval ? fmt::format(",{},{}", row.interval->low, row.interval->high) : ",,";
    out += "\r\n";
  }
  return out;
}

std::string table_csv(const evidence::Table& table, const std::string& origin) {
  std::string out = "study,snapshot,row,column,people,people_mark\r\n";
  const auto line = [&](std::string_view row, std::string_view column, const Count& count) {
    out += origin + field(row) + "," + field(column) + "," + number(count) + "\r\n";
  };
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    for (std::size_t c = 0; c < table.columns.size(); ++c) line(table.rows[r].id, table.columns[c].id, table.cells[r][c]);
    line(table.rows[r].id, "", table.row_totals[r]);
  }
  for (std::size_t c = 0; c < table.columns.size(); ++c) line("", table.columns[c].id, table.column_totals[c]);
  line("", "", table.total);
  return out;
}

std::string curves_csv(const Figure& figure, const std::string& origin) {
  std::string out = "study,snapshot,group,time,at_risk,events,censored,survival,standard_error,low,high\r\n";
  for (const auto& curve : figure.curves) {
    for (const auto& step : curve.steps) {
      out += origin + field(curve.group.id) +
             fmt::format(",{},{},{},{},{},{},{},{}\r\n", step.time, step.at_risk, step.events, step.censored, step.survival,
                         step.standard_error, step.low, step.high);
    }
  }
  return out;
}

}  // namespace

std::string to_csv(const Released<Figure>& released) {
  const Figure& figure = *released;
  const auto origin = field(figure.study) + "," + std::to_string(figure.snapshot.sequence) + ",";
  if (figure.table) return table_csv(*figure.table, origin);
  if (figure.type == cohort::StatisticType::kaplan_meier) return curves_csv(figure, origin);
  return rows_csv(figure, origin);
}

}  // namespace skerry::disclosure
