// What was told of a computed result, as it stands in a row of the release ledger: numbers as the shortest text that reads back to the
// same bits.
#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <stdexcept>

#include "disclosure/release_ledger.hpp"

namespace skerry::disclosure {
namespace {

namespace json = boost::json;
using evidence::Count;
using evidence::Mark;

json::value put(double number) { return json::value(fmt::format("{}", number)); }
json::value put(const std::optional<double>& number) { return number ? put(*number) : json::value(nullptr); }
json::value put(const Count& count) {
  return {static_cast<int>(count.mark), count.number ? json::value(*count.number) : json::value(nullptr)};
}
json::value put(const evidence::Label& label) {
  json::object title;
  for (const auto& [language, text] : label.title) title[language] = text;
  return {{"id", label.id}, {"title", std::move(title)}, {"code", label.code.id}, {"name", label.code.label}};
}
json::value put(const evidence::Estimate& one) {
  return {{"id", one.id},
          {"value", put(one.value)},
          {"se", put(one.standard_error)},
          {"robust", put(one.robust_error)},
          {"low", put(one.low)},
          {"high", put(one.high)},
          {"p", put(one.p)},
          {"ratio", one.ratio}};
}
json::value put(const evidence::EstimateRow& row) {
  return {{"label", put(row.label)},   {"measure", row.measure},    {"estimate", put(row.estimate)},
          {"people", put(row.people)}, {"events", put(row.events)}, {"told", row.told}};
}
json::value put(const evidence::Test& test) {
  return {{"name", test.name},  {"statistic", put(test.statistic)}, {"df", put(test.df)}, {"df2", put(test.df2)}, {"p", put(test.p)},
          {"exact", test.exact}};
}
json::value put(const evidence::NamedCurve& named) {
  const auto& curve = named.curve;
  json::array steps;
  for (const auto& step : curve.steps) {
    steps.push_back({put(step.time), step.at_risk, step.events, step.censored, put(step.survival), put(step.standard_error), put(step.low),
                     put(step.high)});
  }
  return {{"measure", named.measure},
          {"cause", put(named.cause)},
          {"group", put(curve.group)},
          {"people", put(curve.people)},
          {"undecidable", put(curve.undecidable)},
          {"not_recorded", put(curve.not_recorded)},
          {"steps", std::move(steps)},
          {"grouped", curve.grouped},
          {"median", put(curve.median)}};
}
template <class T>
json::array put_all(const std::vector<T>& from) {
  json::array out;
  for (const auto& one : from) out.push_back(put(one));
  return out;
}

double number(const json::value& value) {
  const std::string_view text(value.as_string());
  double out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size()) throw std::invalid_argument("number");
  return out;
}
std::optional<double> perhaps(const json::value& value) { return value.is_null() ? std::nullopt : std::optional(number(value)); }
Count count(const json::value& value) {
  const auto mark = value.at(0).to_number<int>();
  if (mark < 0 || mark > 2) throw std::invalid_argument("mark");
  Count out{std::nullopt, static_cast<Mark>(mark)};
  if (!value.at(1).is_null()) out.number = value.at(1).to_number<std::int64_t>();
  return out;
}
std::string text(const json::value& value) { return std::string(value.as_string()); }
evidence::Label label(const json::value& value) {
  evidence::Label out{text(value.at("id")), {}, Code{text(value.at("code")), text(value.at("name"))}};
  for (const auto& [language, title] : value.at("title").as_object()) out.title[std::string(language)] = text(title);
  return out;
}
evidence::EstimateRow row(const json::value& value) {
  const auto& from = value.at("estimate");
  evidence::EstimateRow out;
  out.label = label(value.at("label"));
  out.measure = text(value.at("measure"));
  out.estimate = {text(from.at("id")),     number(from.at("value")), perhaps(from.at("se")), perhaps(from.at("robust")),
                  perhaps(from.at("low")), perhaps(from.at("high")), perhaps(from.at("p")),  from.at("ratio").as_bool()};
  out.people = count(value.at("people"));
  out.events = count(value.at("events"));
  out.told = value.at("told").as_bool();
  return out;
}
evidence::Test test(const json::value& value) {
  return {text(value.at("name")),   perhaps(value.at("statistic")), perhaps(value.at("df")),
          perhaps(value.at("df2")), perhaps(value.at("p")),         value.at("exact").as_bool()};
}
evidence::NamedCurve curve(const json::value& value) {
  evidence::NamedCurve out;
  out.measure = text(value.at("measure"));
  out.cause = label(value.at("cause"));
  out.curve.group = label(value.at("group"));
  out.curve.people = count(value.at("people"));
  out.curve.undecidable = count(value.at("undecidable"));
  out.curve.not_recorded = count(value.at("not_recorded"));
  for (const auto& step : value.at("steps").as_array()) {
    out.curve.steps.push_back({number(step.at(0)), step.at(1).to_number<std::int64_t>(), step.at(2).to_number<std::int64_t>(),
                               step.at(3).to_number<std::int64_t>(), number(step.at(4)), number(step.at(5)), number(step.at(6)),
                               number(step.at(7))});
  }
  out.curve.grouped = value.at("grouped").as_bool();
  out.curve.median = perhaps(value.at("median"));
  return out;
}

}  // namespace

std::string computed_text(const evidence::Told& told) {
  if (!told.computed) return {};
  const auto& computed = *told.computed;
  json::array cautions;
  for (const auto& caution : computed.cautions) cautions.push_back({caution.key, caution.english});
  const json::object out{{"floor", told.floor},
                         {"cohort", put(told.people)},
                         {"undecided", put(told.undecided)},
                         {"method", computed.method},
                         {"people", put(computed.people)},
                         {"left_out", put(computed.left_out)},
                         {"undecidable", put(computed.undecidable)},
                         {"not_grouped", put(computed.not_grouped)},
                         {"estimates", put_all(computed.estimates)},
                         {"tests", put_all(computed.tests)},
                         {"curves", put_all(computed.curves)},
                         {"cautions", std::move(cautions)}};
  return json::serialize(out);
}

Result<evidence::Told> read_computed(std::string_view given) {
  try {
    const auto from = json::parse(given);
    evidence::Told told;
    told.floor = from.at("floor").to_number<int>();
    told.people = count(from.at("cohort"));
    told.undecided = count(from.at("undecided"));
    auto& computed = told.computed.emplace();
    computed.method = text(from.at("method"));
    computed.people = count(from.at("people"));
    computed.left_out = count(from.at("left_out"));
    computed.undecidable = count(from.at("undecidable"));
    computed.not_grouped = count(from.at("not_grouped"));
    for (const auto& one : from.at("estimates").as_array()) computed.estimates.push_back(row(one));
    for (const auto& one : from.at("tests").as_array()) computed.tests.push_back(test(one));
    for (const auto& one : from.at("curves").as_array()) computed.curves.push_back(curve(one));
    for (const auto& one : from.at("cautions").as_array()) computed.cautions.push_back({text(one.at(0)), text(one.at(1))});
    return told;
  } catch (const std::exception&) {
    return fail(ErrorCode::malformed, "A row of the release ledger is damaged");
  }
}

}  // namespace skerry::disclosure
