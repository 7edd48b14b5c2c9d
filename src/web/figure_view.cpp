#include "web/figure_view.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "web/computed_view.hpp"
#include "web/curve_view.hpp"
#include "web/table_view.hpp"

namespace skerry::web {
namespace {

using evidence::Count;
using kainjow::mustache::list;

bool any_of(const std::vector<evidence::Row>& rows, Count evidence::Row::* part) {
  // A mark other than open stands for some people, too.
  return std::any_of(rows.begin(), rows.end(), [part](const auto& row) {
    const Count& count = row.*part;
    return count.mark != evidence::Mark::open || (count.number && *count.number > 0);
  });
}

std::string of_text(const evidence::Row& row, int floor, const Phrases& phrases) {
  return phrases.say("figure.of", {{"present", phrases.count(row.present, floor)}, {"recorded", phrases.count(row.recorded, floor)}});
}

std::string range_text(const evidence::Interval& interval, const Phrases& phrases) {
  return phrases.say("figure.range", {{"low", interval.low}, {"high", interval.high}});
}

std::string group_name(const evidence::Row& row, const Phrases& phrases) {
  if (row.group.empty() && row.group_title.empty()) return phrases.say("figure.everyone");
  return phrases.name(row.group_title, row.group_code, row.group);
}

TableView proportions(const evidence::Figure& figure, const Phrases& phrases) {
  const bool grouped = std::any_of(figure.rows.begin(), figure.rows.end(), [](const auto& row) { return !row.group.empty(); });
  const bool contradictory = any_of(figure.rows, &evidence::Row::contradictory);
  TableView table;
  table.caption = phrases.text(figure.title);
  table.columns = {{phrases.say("column.what")}};
  if (grouped) table.columns.push_back({phrases.say("column.group")});
  table.columns.push_back({phrases.say("column.present"), true});
  table.columns.push_back({phrases.say("column.share"), true});
  table.columns.push_back({phrases.say("column.interval", {{"level", figure.level}}), true});
  table.columns.push_back({phrases.say("column.not_recorded"), true});
  if (contradictory) table.columns.push_back({phrases.say("column.contradictory"), true});
  for (const auto& row : figure.rows) {
    std::vector<Cell> cells{{phrases.name(row.title, row.code, row.id), {}}};
    if (grouped) cells.push_back({group_name(row, phrases), {}});
    cells.push_back({of_text(row, figure.floor, phrases), {}});
    if (row.proportion) {
      cells.push_back({phrases.percent(*row.proportion), bar_svg(*row.proportion)});
    } else {
      const bool open = row.present.number && row.recorded.number;
      cells.push_back({phrases.say(open ? "figure.too_few_for_percent" : "figure.withheld"), {}});
    }
    cells.push_back({row.interval ? range_text(*row.interval, phrases) : phrases.say("figure.withheld"), {}});
    cells.push_back({phrases.count(row.not_recorded, figure.floor), {}});
    if (contradictory) cells.push_back({phrases.count(row.contradictory, figure.floor), {}});
    table.rows.push_back(std::move(cells));
  }
  return table;
}

TableView counts(const evidence::Figure& figure, const Phrases& phrases) {
  TableView table;
  table.caption = phrases.text(figure.title);
  table.columns = {{phrases.say("column.group")}, {phrases.say("column.people"), true}};
  for (const auto& row : figure.rows) {
    const bool named = !row.title.empty() || !row.code.empty();
    const auto name = named ? phrases.name(row.title, row.code, row.id) : group_name(row, phrases);
    table.rows.push_back({{name, {}}, {phrases.count(row.people, figure.floor), {}}});
  }
  return table;
}

TableView cross_table(const evidence::Figure& figure, const Phrases& phrases) {
  const auto& cross = *figure.table;
  TableView table;
  table.caption = phrases.text(figure.title);
  const auto corner = phrases.name(cross.row_title, {}, "");
  table.columns = {{corner.empty() ? phrases.say("column.group") : corner}};
  for (const auto& column : cross.columns) table.columns.push_back({phrases.name(column.title, column.code, column.id), true});
  table.columns.push_back({phrases.say("column.total"), true});
  for (std::size_t r = 0; r < cross.rows.size() && r < cross.cells.size(); ++r) {
    std::vector<Cell> cells{{phrases.name(cross.rows[r].title, cross.rows[r].code, cross.rows[r].id), {}}};
    for (const auto& count : cross.cells[r]) cells.push_back({phrases.count(count, figure.floor), {}});
    if (r < cross.row_totals.size()) cells.push_back({phrases.count(cross.row_totals[r], figure.floor), {}});
    table.rows.push_back(std::move(cells));
  }
  std::vector<Cell> totals{{phrases.say("column.total"), {}}};
  for (const auto& count : cross.column_totals) totals.push_back({phrases.count(count, figure.floor), {}});
  totals.push_back({phrases.count(cross.total, figure.floor), {}});
  table.rows.push_back(std::move(totals));
  return table;
}

Data sentences(const std::vector<std::string>& texts) {
  Data data(list{});
  for (const auto& text : texts) {
    Data one;
    one.set("text", text);
    data.push_back(one);
  }
  return data;
}

Data empty_figure() {
  Data data;
  for (const char* part : {"problem", "lead", "chart", "remarks", "tables", "based_on", "method", "notes"}) data.set(part, Data(false));
  return data;
}

}  // namespace

std::string based_on(const ReleasedFigure& figure, const Phrases& phrases) {
  const auto& people = figure->people;
  const char* key = people.mark == evidence::Mark::few ? "figure.based_on_few"
                    : people.number                    ? "figure.based_on"
                                                       : "figure.based_on_withheld";
  return phrases.say(key, {{"people", people.number.value_or(0)},
                           {"floor", std::int64_t{figure->floor}},
                           {"date", day_argument(figure->snapshot.at)},
                           {"sequence", phrases.number(static_cast<double>(figure->snapshot.sequence))}});
}

std::string headline(const ReleasedFigure& figure, const Phrases& phrases) {
  if (figure->type != cohort::StatisticType::proportion || figure->rows.empty()) return {};
  const auto& row = figure->rows.front();
  auto line = phrases.name(row.title, row.code, row.id) + ": " + of_text(row, figure->floor, phrases);
  if (row.proportion) line += " (" + phrases.percent(*row.proportion) + ")";
  return line;
}

Data figure_data(const ReleasedFigure& figure, const Phrases& phrases, const std::string& id) {
  auto data = empty_figure();
  std::vector<TableView> tables;
  std::vector<std::string> notes;
  switch (figure->type) {
    case cohort::StatisticType::count: tables = {counts(*figure, phrases)}; break;
    case cohort::StatisticType::proportion: tables = {proportions(*figure, phrases)}; break;
    case cohort::StatisticType::crosstab:
      if (figure->table) tables = {cross_table(*figure, phrases)};
      break;
    case cohort::StatisticType::kaplan_meier: {
      auto view = curve_view(figure, phrases, id);
      data.set("chart", text_or_nothing(view.chart));
      data.set("remarks", sentences(view.remarks));
      tables = std::move(view.tables);
      break;
    }
    case cohort::StatisticType::cumulative_incidence:
    case cohort::StatisticType::mean_cumulative: data.set("chart", text_or_nothing(named_curve_chart(figure, phrases, id))); break;
    default: break;
  }
  for (auto& table : computed_tables(figure, phrases)) tables.push_back(std::move(table));
  if (!figure->explained.empty()) tables.push_back(explained_table(figure, phrases));
  Data table_list(list{});
  for (const auto& table : tables) table_list.push_back(table_data(table));
  data.set("tables", table_list);
  data.set("based_on", based_on(figure, phrases));
  data.set("method", figure->method.empty() ? Data(false) : Data(phrases.say("figure.method", {{"method", figure->method}})));
  for (const auto& note : figure->notes) notes.push_back(phrases.note(note));
  data.set("notes", sentences(notes));
  return data;
}

Data figure_problem(const Error& error, const Phrases& phrases) {
  auto data = empty_figure();
  const bool refused = error.code == ErrorCode::disclosure_refused || error.code == ErrorCode::consent_refused;
  const bool too_much = error.code == ErrorCode::timeout || error.code == ErrorCode::too_large || error.code == ErrorCode::overloaded;
  const bool not_computable = error.code == ErrorCode::not_computable;
  if (!refused && !not_computable) log::error("a figure cannot be shown: {}", error.text());
  data.set("problem", phrases.say(refused          ? "figure.not_released"
                                  : not_computable ? "figure.not_computable"
                                  : too_much       ? "figure.too_much"
                                                   : "figure.not_available"));
  return data;
}

}  // namespace skerry::web
