#include "web/computed_view.hpp"

#include <charconv>
#include <cmath>

#include "evidence/in_words.hpp"

namespace skerry::web {
namespace {

using evidence::Count;
using evidence::EstimateRow;

std::string number_text(double value, const Phrases& phrases) {
  if (std::isinf(value)) return phrases.say(value > 0 ? "computed.unlimited" : "computed.unlimited_below");
  // Three significant digits.
  const double size = std::abs(value);
  if (value == 0 || size < 1e-4) return phrases.number(value);
  const double unit = std::pow(10.0, std::floor(std::log10(size)) - 2);
  return phrases.number(unit >= 1 ? std::round(value / unit) * unit : std::round(value / unit) / std::round(1 / unit));
}

std::string p_text(const std::optional<double>& p, const Phrases& phrases) {
  if (!p) return phrases.say("computed.no_p");
  return *p < 0.001 ? phrases.say("computed.p_small") : number_text(*p, phrases);
}

std::string row_name(const EstimateRow& row, const Phrases& phrases) {
  if (!row.label.id.empty() || !row.label.title.empty() || !row.label.code.empty()) {
    return phrases.name(row.label.title, row.label.code, row.label.id);
  }
  const bool named = !row.estimate.id.empty() && row.estimate.id != row.measure;
  return named ? row.estimate.id : phrases.say("figure.everyone");
}

/// "Hazard ratio"; a measure without words of its own is shown as its name.
std::string measure_name(const std::string& measure, const Phrases& phrases) {
  const auto key = "measure." + measure;
  if (phrases.catalogue().find(phrases.language(), key) != nullptr) return phrases.say(key);
  auto words = measure;
  for (auto& c : words) c = c == '_' ? ' ' : c;
  return words;
}

/// "quantile 0.25": which one the estimate's id says.
std::string measure_of(const EstimateRow& row, const Phrases& phrases) {
  auto name = measure_name(row.measure, phrases);
  const std::string_view id = row.estimate.id;
  if (row.measure != "quantile" || id.find(' ') == std::string_view::npos) return name;
  const auto said = id.substr(id.find(' ') + 1);
  double which = 0;
  const auto read = std::from_chars(said.data(), said.data() + said.size(), which);
  return read.ec == std::errc{} ? name + " " + phrases.number(which) : name;
}

std::string people_or_nothing(const Count& count, int floor, const Phrases& phrases) {
  return count.mark == evidence::Mark::open && !count.number ? std::string("–") : phrases.count(count, floor);
}

TableView estimates_table(const evidence::Figure& figure, const Phrases& phrases) {
  TableView table;
  table.caption = phrases.text(figure.title);
  table.columns = {{phrases.say("column.what")},           {phrases.say("column.measure")},
                   {phrases.say("column.estimate"), true}, {phrases.say("column.interval", {{"level", figure.level}}), true},
                   {phrases.say("column.p"), true},        {phrases.say("column.people"), true},
                   {phrases.say("column.events"), true}};
  for (const auto& row : figure.estimates) {
    const auto& one = row.estimate;
    const auto shown = [&](double value) { return number_text(evidence::shown(one, value), phrases); };
    std::vector<Cell> cells{{row_name(row, phrases), {}}, {measure_of(row, phrases), {}}};
    if (row.told) {
      cells.push_back({shown(one.value), {}});
      const bool both = one.low && one.high;
      cells.push_back({both ? phrases.say("computed.range", {{"low", shown(*one.low)}, {"high", shown(*one.high)}}) : "–", {}});
      cells.push_back({one.p ? p_text(one.p, phrases) : "–", {}});
    } else {
      for (int i = 0; i < 3; ++i) cells.push_back({phrases.say("figure.withheld"), {}});
    }
    cells.push_back({people_or_nothing(row.people, figure.floor, phrases), {}});
    cells.push_back({people_or_nothing(row.events, figure.floor, phrases), {}});
    table.rows.push_back(std::move(cells));
  }
  return table;
}

TableView tests_table(const evidence::Figure& figure, const Phrases& phrases) {
  TableView table;
  table.caption = phrases.say("computed.tests");
  table.columns = {{phrases.say("column.test")},
                   {phrases.say("column.statistic"), true},
                   {phrases.say("column.df"), true},
                   {phrases.say("column.p"), true}};
  for (const auto& test : figure.tests) {
    auto df = test.df ? number_text(*test.df, phrases) : std::string("–");
    if (test.df && test.df2) df += "; " + number_text(*test.df2, phrases);
    table.rows.push_back({{test.exact ? phrases.say("computed.exact", {{"test", test.name}}) : test.name, {}},
                          {test.statistic ? number_text(*test.statistic, phrases) : "–", {}},
                          {df, {}},
                          {p_text(test.p, phrases), {}}});
  }
  return table;
}

TableView curve_table(const evidence::Figure& figure, const evidence::NamedCurve& named, const Phrases& phrases) {
  TableView table;
  table.caption = measure_name(named.measure, phrases);
  if (!named.cause.id.empty()) table.caption += ": " + phrases.name(named.cause.title, named.cause.code, named.cause.id);
  if (!named.curve.group.id.empty()) {
    table.caption += ", " + phrases.name(named.curve.group.title, named.curve.group.code, named.curve.group.id);
  }
  table.folded_under = table.caption;
  const bool share = named.measure == "cumulative_incidence";
  table.columns = {{phrases.say("curve.time." + std::string(name_of(figure.unit)))},
                   {phrases.say("column.at_risk"), true},
                   {phrases.say("column.events"), true},
                   {phrases.say("column.left"), true},
                   {phrases.say("column.estimate"), true},
                   {phrases.say("column.interval", {{"level", figure.level}}), true}};
  const auto whole = [&phrases](std::int64_t number) { return phrases.number(static_cast<double>(number)); };
  const auto value = [&](double number) { return share ? phrases.percent(number) : number_text(number, phrases); };
  for (const auto& step : named.curve.steps) {
    table.rows.push_back({{phrases.number(step.time), {}},
                          {whole(step.at_risk), {}},
                          {whole(step.events), {}},
                          {whole(step.censored), {}},
                          {value(step.survival), {}},
                          {phrases.say("computed.range", {{"low", value(step.low)}, {"high", value(step.high)}}), {}}});
  }
  return table;
}

}  // namespace

std::vector<TableView> computed_tables(const ReleasedFigure& figure, const Phrases& phrases) {
  std::vector<TableView> out;
  if (!figure->estimates.empty()) out.push_back(estimates_table(*figure, phrases));
  for (const auto& named : figure->named_curves) {
    if (!named.curve.steps.empty()) out.push_back(curve_table(*figure, named, phrases));
  }
  if (!figure->tests.empty()) out.push_back(tests_table(*figure, phrases));
  return out;
}

TableView explained_table(const ReleasedFigure& figure, const Phrases& phrases) {
  TableView table;
  table.caption = phrases.say("explained.title");
  table.columns = {{phrases.say("explained.line")},
                   {phrases.say("explained.kept"), true},
                   {phrases.say("explained.not_met"), true},
                   {phrases.say("column.not_recorded"), true},
                   {phrases.say("column.contradictory"), true},
                   {phrases.say("explained.dates"), true}};
  for (const auto& line : figure->explained) {
    std::vector<Cell> cells{{line.words, {}}};
    for (const auto* count : {&line.kept, &line.not_met, &line.not_recorded, &line.contradictory, &line.dates_undecided}) {
      cells.push_back({phrases.count(*count, figure->floor), {}});
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

}  // namespace skerry::web
