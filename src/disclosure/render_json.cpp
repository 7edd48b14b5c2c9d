#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cmath>

#include "disclosure/released.hpp"
#include "disclosure/render.hpp"
#include "evidence/in_words.hpp"

namespace skerry::disclosure {
namespace {

namespace json = boost::json;
using evidence::Count;
using evidence::Curve;
using evidence::Label;
using evidence::Row;

/// What is open on one side has no number there.
json::value number_or_null(const std::optional<double>& number) {
  return number && std::isfinite(*number) ? json::value(*number) : json::value(nullptr);
}

json::value to_value(const Count& count) {
  if (count.mark == evidence::Mark::open && count.number) return {{"number", *count.number}};
  return {{"number", nullptr}, {"mark", name_of(count.mark)}};
}

json::value to_value(const std::vector<Count>& counts) {
  json::array out;
  for (const auto& count : counts) out.push_back(to_value(count));
  return out;
}

json::value to_value(const pack::Texts& texts) {
  json::object out;
  for (const auto& [language, text] : texts) out[language] = text;
  return out;
}

json::object label(const std::string& id, const pack::Texts& title, const Code& code) {
  return {{"id", id}, {"title", to_value(title)}, {"code", code.id}};
}
json::value to_value(const Label& of) { return label(of.id, of.title, of.code); }

json::value to_value(const Row& row, cohort::StatisticType type) {
  auto out = label(row.id, row.title, row.code);
  if (!row.group.empty()) out["group"] = label(row.group, row.group_title, row.group_code);
  out["people"] = to_value(row.people);
  if (type != cohort::StatisticType::proportion) return out;
  out["present"] = to_value(row.present);
  out["recorded"] = to_value(row.recorded);
  out["contradictory"] = to_value(row.contradictory);
  out["not_recorded"] = to_value(row.not_recorded);
  out["proportion"] = number_or_null(row.proportion);
  out["interval"] = row.interval ? json::value({{"low", row.interval->low}, {"high", row.interval->high}}) : json::value(nullptr);
  return out;
}

json::value to_value(const evidence::Table& table) {
  json::array rows, columns, cells;
  for (const auto& row : table.rows) rows.push_back(to_value(row));
  for (const auto& column : table.columns) columns.push_back(to_value(column));
  for (const auto& row : table.cells) cells.push_back(to_value(row));
  return {{"row_title", to_value(table.row_title)},
          {"column_title", to_value(table.column_title)},
          {"rows", std::move(rows)},
          {"columns", std::move(columns)},
          {"cells", std::move(cells)},
          {"row_totals", to_value(table.row_totals)},
          {"column_totals", to_value(table.column_totals)},
          {"total", to_value(table.total)},
          {"not_grouped", to_value(table.not_grouped)}};
}

json::value to_value(const Curve& curve) {
  json::array steps;
  for (const auto& step : curve.steps) {
    steps.push_back({{"time", step.time},
                     {"at_risk", step.at_risk},
                     {"events", step.events},
                     {"censored", step.censored},
                     {"survival", step.survival},
                     {"standard_error", step.standard_error},
                     {"low", step.low},
                     {"high", step.high}});
  }
  return {{"group", to_value(curve.group)},
          {"people", to_value(curve.people)},
          {"undecidable", to_value(curve.undecidable)},
          {"not_recorded", to_value(curve.not_recorded)},
          {"grouped", curve.grouped},
          {"median", number_or_null(curve.median)},
          {"steps", std::move(steps)}};
}

/// Nothing is said of some numbers of people.
json::value or_null(const Count& count) {
  return count.mark == evidence::Mark::open && !count.number ? json::value(nullptr) : to_value(count);
}

json::value to_value(const evidence::EstimateRow& row) {
  const auto& one = row.estimate;
  json::object out{{"id", one.id}, {"label", to_value(row.label)}, {"measure", row.measure}, {"told", row.told}};
  if (row.told) {
    out["value"] = number_or_null(evidence::shown(one, one.value));
    out["low"] = number_or_null(one.low ? std::optional(evidence::shown(one, *one.low)) : std::nullopt);
    out["high"] = number_or_null(one.high ? std::optional(evidence::shown(one, *one.high)) : std::nullopt);
    out["log_scale"] = one.ratio;
    out["estimate"] = number_or_null(one.value);
    out["standard_error"] = number_or_null(one.standard_error);
    out["robust_error"] = number_or_null(one.robust_error);
    out["p"] = number_or_null(one.p);
  }
  out["people"] = or_null(row.people);
  out["events"] = or_null(row.events);
  return out;
}

json::value to_value(const evidence::Test& test) {
  return {{"name", test.name},
          {"statistic", number_or_null(test.statistic)},
          {"df", number_or_null(test.df)},
          {"df2", number_or_null(test.df2)},
          {"p", number_or_null(test.p)},
          {"exact", test.exact}};
}

json::value to_value(const evidence::NamedCurve& named) {
  auto out = to_value(named.curve).as_object();
  out["measure"] = named.measure;
  out["cause"] = to_value(named.cause);
  for (const char* part : {"undecidable", "not_recorded", "median"}) out.erase(part);
  for (auto& step : out["steps"].as_array()) {
    auto& of = step.as_object();
    of["estimate"] = of["survival"];
    of.erase("survival");
  }
  return out;
}

json::value to_value(const evidence::ExplainedLine& line) {
  return {{"words", line.words},
          {"kept", to_value(line.kept)},
          {"not_met", to_value(line.not_met)},
          {"not_recorded", to_value(line.not_recorded)},
          {"contradictory", to_value(line.contradictory)},
          {"dates_undecided", to_value(line.dates_undecided)}};
}

template <class T>
json::array all_of(const std::vector<T>& from) {
  json::array out;
  for (const auto& one : from) out.push_back(to_value(one));
  return out;
}

json::value to_value(const evidence::Note& note) {
  json::object arguments;
  for (const auto& [name, value] : note.arguments) {
    std::visit([&, key = name](const auto& argument) { arguments[key] = argument; }, value);
  }
  return {{"key", note.key}, {"arguments", std::move(arguments)}, {"text", note.english}};
}

}  // namespace

std::string to_json(const Released<Figure>& released) {
  const Figure& figure = *released;
  json::object out{
      {"study", figure.study},
      {"digest", to_hex(figure.digest)},
      {"title", to_value(figure.title)},
      {"type", cohort::name_of(figure.type)},
      {"method", figure.method},
      {"level", figure.level},
      {"floor", figure.floor},
      {"snapshot", {{"sequence", figure.snapshot.sequence}, {"chain", to_hex(figure.snapshot.chain)}, {"at", to_text(figure.snapshot.at)}}},
      {"people", to_value(figure.people)}};
  if (!figure.rows.empty()) {
    json::array rows;
    for (const auto& row : figure.rows) rows.push_back(to_value(row, figure.type));
    out["rows"] = std::move(rows);
  }
  if (figure.table) out["table"] = to_value(*figure.table);
  if (figure.type == cohort::StatisticType::kaplan_meier) {
    out["unit"] = cohort::name_of(figure.unit);
    out["horizon"] = figure.horizon;
    json::array curves;
    for (const auto& curve : figure.curves) curves.push_back(to_value(curve));
    out["curves"] = std::move(curves);
  }
  if (figure.in_result) {
    const auto& in = *figure.in_result;
    out["in_result"] = {{"people", to_value(in.people)},
                        {"left_out", to_value(in.left_out)},
                        {"undecidable", to_value(in.undecidable)},
                        {"not_grouped", to_value(in.not_grouped)}};
  }
  if (!figure.estimates.empty()) out["estimates"] = all_of(figure.estimates);
  if (!figure.tests.empty()) out["tests"] = all_of(figure.tests);
  if (!figure.named_curves.empty()) {
    out["unit"] = cohort::name_of(figure.unit);
    out["horizon"] = figure.horizon;
    out["named_curves"] = all_of(figure.named_curves);
  }
  if (!figure.explained.empty()) out["explained"] = all_of(figure.explained);
  if (!figure.in_words.empty()) out["in_words"] = figure.in_words;
  json::array notes;
  for (const auto& note : figure.notes) notes.push_back(to_value(note));
  out["notes"] = std::move(notes);
  return json::serialize(out);
}

}  // namespace skerry::disclosure
