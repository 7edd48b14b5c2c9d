#include <fmt/format.h>

#include <algorithm>

#include "disclosure/released.hpp"
#include "disclosure/render.hpp"
#include "evidence/in_words.hpp"

namespace skerry::disclosure {
namespace {

using evidence::Count;
using evidence::Mark;

std::string number_text(const Count& count, int floor) {
  if (count.mark == Mark::few) return fmt::format("fewer than {}", floor);
  if (count.mark == Mark::withheld || !count.number) return "not told";
  return std::to_string(*count.number);
}

std::string people_text(const Count& count, int floor) { return number_text(count, floor) + (count.number == 1 ? " person" : " people"); }

std::string percent(double proportion) { return fmt::format("{:.1f}", proportion * 100); }

std::string row_text(const Figure& figure, const evidence::Row& row, std::string_view language) {
  std::string out = "  " + name_in(row.title, row.code, row.id, language);
  if (!row.group.empty() && row.id != row.group) out += ", " + name_in(row.group_title, row.group_code, row.group, language);
  out += ": ";
  if (figure.type == cohort::StatisticType::count) return out + people_text(row.people, figure.floor) + "\n";
  out += number_text(row.present, figure.floor) + " of " + people_text(row.recorded, figure.floor);
  if (row.proportion && row.interval) {
    out += fmt::format(" ({} %, {:g} % interval {} to {} %)", percent(*row.proportion), figure.level * 100, percent(row.interval->low),
                       percent(row.interval->high));
  }
  if (row.contradictory.number != 0) out += "; contradictory: " + number_text(row.contradictory, figure.floor);
  if (row.not_recorded.number != 0) out += "; not recorded: " + number_text(row.not_recorded, figure.floor);
  return out + "\n";
}

std::string aligned(const std::vector<std::vector<std::string>>& lines) {
  std::vector<std::size_t> widths;
  for (const auto& line : lines) {
    widths.resize(std::max(widths.size(), line.size()));
    for (std::size_t c = 0; c < line.size(); ++c) widths[c] = std::max(widths[c], line[c].size());
  }
  std::string out;
  for (const auto& line : lines) {
    out += " ";
    for (std::size_t c = 0; c < line.size(); ++c) {
      out += c == 0 ? fmt::format(" {:<{}}", line[c], widths[c]) : fmt::format("  {:>{}}", line[c], widths[c]);
    }
    out += "\n";
  }
  return out;
}

std::string table_text(const Figure& figure, std::string_view language) {
  const auto& table = *figure.table;
  std::vector<std::vector<std::string>> lines(1, {""});
  for (const auto& column : table.columns) lines[0].push_back(name_in(column.title, column.code, column.id, language));
  lines[0].emplace_back("all");
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    std::vector<std::string> line{name_in(table.rows[r].title, table.rows[r].code, table.rows[r].id, language)};
    for (const auto& cell : table.cells[r]) line.push_back(number_text(cell, figure.floor));
    line.push_back(number_text(table.row_totals[r], figure.floor));
    lines.push_back(std::move(line));
  }
  std::vector<std::string> last{"all"};
  for (const auto& total : table.column_totals) last.push_back(number_text(total, figure.floor));
  last.push_back(number_text(table.total, figure.floor));
  lines.push_back(std::move(last));
  auto out = aligned(lines);
  if (table.not_grouped.number != 0) out += "  in none or several of these: " + number_text(table.not_grouped, figure.floor) + "\n";
  return out;
}

std::string curve_text(const Figure& figure, const evidence::Curve& curve, std::string_view language) {
  std::string out = "  " + (curve.group.id.empty() ? "all" : name_in(curve.group.title, curve.group.code, curve.group.id, language)) +
                    ": " + people_text(curve.people, figure.floor) + " followed";
  if (curve.undecidable.number != 0) out += "; dates undecidable: " + number_text(curve.undecidable, figure.floor);
  if (curve.not_recorded.number != 0) out += "; not recorded: " + number_text(curve.not_recorded, figure.floor);
  out += "\n";
  if (curve.steps.empty()) return out;
  std::vector<std::vector<std::string>> lines{
      {std::string(cohort::name_of(figure.unit)), "at risk", "events", "censored", "free of it", "std. error", "interval"}};
  for (const auto& step : curve.steps) {
    lines.push_back({fmt::format("{:g}", step.time), std::to_string(step.at_risk), std::to_string(step.events),
                     std::to_string(step.censored), fmt::format("{:.4f}", step.survival), fmt::format("{:.4f}", step.standard_error),
                     fmt::format("{:.4f} to {:.4f}", step.low, step.high)});
  }
  out += aligned(lines);
  if (curve.median) out += fmt::format("  median: {:g} {}s\n", *curve.median, cohort::name_of(figure.unit));
  return out;
}

std::string name_of_row(const evidence::EstimateRow& row, std::string_view language) {
  if (row.label.id.empty() && row.label.title.empty() && row.label.code.empty())
    return row.estimate.id.empty() || row.estimate.id == row.measure ? "all" : row.estimate.id;
  return name_in(row.label.title, row.label.code, row.label.id, language);
}

/// "hazard_ratio" as "hazard ratio".
std::string words_of(std::string_view measure) {
  std::string out(measure);
  std::ranges::replace(out, '_', ' ');
  return out;
}

std::string estimate_text(const Figure& figure, const evidence::EstimateRow& row, std::string_view language) {
  const auto& one = row.estimate;
  auto out = fmt::format("  {}, {}: ", name_of_row(row, language), row.measure == "quantile" ? one.id : words_of(row.measure));
  if (!row.told) return out + "not told (too few people)\n";
  const auto number = [&one](double value) { return evidence::plain_number(evidence::shown(one, value)); };
  out += number(one.value);
  if (one.low && one.high) out += fmt::format(" ({:g} % interval {} to {})", figure.level * 100, number(*one.low), number(*one.high));
  if (one.p) out += ", p " + evidence::plain_p(*one.p);
  if (row.people.number || row.people.mark != Mark::open) out += "; " + people_text(row.people, figure.floor);
  if (row.events.number) out += fmt::format(", {} with the event", *row.events.number);
  return out + "\n";
}

std::string test_text(const evidence::Test& test) {
  std::string out = "  " + test.name + ":";
  if (test.statistic) out += " statistic " + evidence::plain_number(*test.statistic);
  if (test.df)
    out += fmt::format(" on {}{} degrees of freedom", evidence::plain_number(*test.df),
                       test.df2 ? " and " + evidence::plain_number(*test.df2) : "");
  if (test.statistic || test.df) out += ",";
  return out + (test.p ? " p " + evidence::plain_p(*test.p) : " no p-value") + (test.exact ? " (exact)" : "") + "\n";
}

std::string named_curve_text(const Figure& figure, const evidence::NamedCurve& named, std::string_view language) {
  const auto& curve = named.curve;
  std::string out = "  " + words_of(named.measure);
  if (!named.cause.id.empty()) out += " of " + name_in(named.cause.title, named.cause.code, named.cause.id, language);
  if (!curve.group.id.empty()) out += ", " + name_in(curve.group.title, curve.group.code, curve.group.id, language);
  out += curve.people.number || curve.people.mark != Mark::open ? ": " + people_text(curve.people, figure.floor) + "\n" : "\n";
  if (curve.steps.empty()) return out + "  too few people to tell a curve\n";
  std::vector<std::vector<std::string>> lines{
      {std::string(cohort::name_of(figure.unit)), "at risk", "events", "censored", "estimate", "std. error", "interval"}};
  for (const auto& step : curve.steps) {
    lines.push_back({fmt::format("{:g}", step.time), std::to_string(step.at_risk), std::to_string(step.events),
                     std::to_string(step.censored), fmt::format("{:.4f}", step.survival), fmt::format("{:.4f}", step.standard_error),
                     fmt::format("{:.4f} to {:.4f}", step.low, step.high)});
  }
  return out + aligned(lines);
}

std::string explained_text(const Figure& figure) {
  if (figure.explained.empty()) return {};
  std::string out = "  How many people each line kept:\n";
  for (const auto& line : figure.explained) {
    out += "    " + number_text(line.kept, figure.floor) + "  " + line.words;
    std::string why;
    const auto add = [&](const char* reason, const Count& count) {
      if (count.number == 0 || count.mark == Mark::withheld) return;
      why += (why.empty() ? "" : ", ") + std::string(reason) + " " + number_text(count, figure.floor);
    };
    add("otherwise", line.not_met);
    add("not recorded", line.not_recorded);
    add("contradictory", line.contradictory);
    add("dates leave it open", line.dates_undecided);
    out += why.empty() ? "\n" : " (left: " + why + ")\n";
  }
  return out;
}

}  // namespace

std::string_view name_of(Mark mark) noexcept {
  switch (mark) {
    case Mark::open: return "open";
    case Mark::few: return "few";
    case Mark::withheld: return "withheld";
  }
  return "";
}

std::string name_in(const pack::Texts& title, const Code& code, std::string_view id, std::string_view language) {
  if (const auto found = title.find(language); found != title.end()) return found->second;
  if (const auto found = title.find("en"); found != title.end()) return found->second;
  if (!title.empty()) return title.begin()->second;
  if (!code.label.empty()) return code.label;
  return code.id.empty() ? std::string(id) : code.id;
}

std::string to_text(const Released<Figure>& released, std::string_view language) {
  const Figure& figure = *released;
  auto out = name_in(figure.title, {}, figure.study, language) + "\n";
  if (figure.people.mark == Mark::open) out += "  People: " + number_text(figure.people, figure.floor) + "\n";
  for (const auto& row : figure.rows) out += row_text(figure, row, language);
  if (figure.table) out += table_text(figure, language);
  for (const auto& curve : figure.curves) out += curve_text(figure, curve, language);
  if (figure.in_result && figure.in_result->people.mark == Mark::open) {
    out += "  In the result: " + people_text(figure.in_result->people, figure.floor) + "\n";
  }
  for (const auto& row : figure.estimates) out += estimate_text(figure, row, language);
  for (const auto& curve : figure.named_curves) out += named_curve_text(figure, curve, language);
  for (const auto& test : figure.tests) out += test_text(test);
  out += explained_text(figure);
  for (const auto& note : figure.notes) out += "  " + note.english + "\n";
  out += fmt::format("  {}. Study {} ({}), snapshot {} of {}.\n", figure.method, figure.study, to_hex(figure.digest).substr(0, 12),
                     figure.snapshot.sequence, to_text(figure.snapshot.at));
  return out;
}

}  // namespace skerry::disclosure
