#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "disclosure/released.hpp"
#include "disclosure/render.hpp"
#include "evidence/in_words.hpp"

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

std::string finite(const std::optional<double>& value) { return value && std::isfinite(*value) ? number(value) : std::string{}; }

/// Nothing is said of some numbers of people.
std::string perhaps(const Count& count) { return count.mark == evidence::Mark::open && !count.number ? std::string(",") : number(count); }

std::string estimates_csv(const Figure& figure, const std::string& origin) {
  std::string out =
      "study,snapshot,id,group,measure,value,low,high,estimate,standard_error,robust_error,p,people,people_mark,events,events_mark\r\n";
  for (const auto& row : figure.estimates) {
    const auto& one = row.estimate;
    const auto read = [&one](const std::optional<double>& value) {
      return finite(value ? std::optional(evidence::shown(one, *value)) : std::nullopt);
    };
    out += origin + field(one.id) + "," + field(row.label.id) + "," + field(row.measure) + ",";
    if (row.told) {
      out += read(one.value) + "," + read(one.low) + "," + read(one.high) + "," + finite(one.value) + "," + finite(one.standard_error) +
             "," + finite(one.robust_error) + "," + finite(one.p);
    } else {
      out += ",,,,,,";
    }
    out += "," + perhaps(row.people) + "," + perhaps(row.events) + "\r\n";
  }
  return out;
}

std::string named_curves_csv(const Figure& figure, const std::string& origin) {
  std::string out = "study,snapshot,measure,cause,group,time,at_risk,events,censored,estimate,standard_error,low,high\r\n";
  for (const auto& named : figure.named_curves) {
    for (const auto& step : named.curve.steps) {
      out += origin + field(named.measure) + "," + field(named.cause.id) + "," + field(named.curve.group.id) +
             fmt::format(",{},{},{},{},{},{},{},{}\r\n", step.time, step.at_risk, step.events, step.censored, step.survival,
                         step.standard_error, step.low, step.high);
    }
  }
  return out;
}

std::string tests_csv(const Figure& figure, const std::string& origin) {
  std::string out = "study,snapshot,test,statistic,df,df2,p,exact\r\n";
  for (const auto& test : figure.tests) {
    out += origin + field(test.name) + "," + finite(test.statistic) + "," + finite(test.df) + "," + finite(test.df2) + "," +
           finite(test.p) + "," + (test.exact ? "yes" : "no") + "\r\n";
  }
  return out;
}

std::string explained_csv(const Figure& figure, const std::string& origin) {
  std::string out =
      "study,snapshot,line,kept,kept_mark,not_met,not_met_mark,not_recorded,not_recorded_mark,contradictory,contradictory_mark,"
      "dates_undecided,dates_undecided_mark\r\n";
  for (const auto& line : figure.explained) {
    out += origin + field(line.words);
    for (const auto* count : {&line.kept, &line.not_met, &line.not_recorded, &line.contradictory, &line.dates_undecided}) {
      out += "," + number(*count);
    }
    out += "\r\n";
  }
  return out;
}

/// The main table of the figure's type.
std::string main_csv(const Figure& figure, const std::string& origin) {
  if (figure.table) return table_csv(*figure.table, origin);
  if (figure.type == cohort::StatisticType::kaplan_meier) return curves_csv(figure, origin);
  if (!figure.named_curves.empty()) return named_curves_csv(figure, origin);
  return rows_csv(figure, origin);
}

}  // namespace

std::string to_csv(const Released<Figure>& released) {
  const Figure& figure = *released;
  const auto origin = field(figure.study) + "," + std::to_string(figure.snapshot.sequence) + ",";
  // One table after another with an empty line between; the types of the first path have one.
  std::string out;
  const auto add = [&out](std::string table) { out += (out.empty() ? "" : "\r\n") + std::move(table); };
  if (!figure.in_result || !figure.named_curves.empty()) add(main_csv(figure, origin));
  if (!figure.estimates.empty() || out.empty()) add(estimates_csv(figure, origin));
  if (!figure.tests.empty()) add(tests_csv(figure, origin));
  if (!figure.explained.empty()) add(explained_csv(figure, origin));
  return out;
}

}  // namespace skerry::disclosure
