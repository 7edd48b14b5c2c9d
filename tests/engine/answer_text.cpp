#include "engine/answer_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <functional>
#include <optional>
#include <utility>

#include "engine/scene.hpp"

namespace skerry::engine {
namespace {

using cohort::Columns;
using cohort::Study;
using Lines = std::vector<std::string>;

std::string ids_text(const std::vector<ParticipantId>& ids) {
  std::string out;
  for (const auto id : ids) out += (out.empty() ? "" : " ") + std::to_string(id.number);
  return out;
}

/// "1=a 2=b": a word a person of the cohort.
template <class Column, class Word>
std::string by_person(const Columns& columns, const Column& column, Word&& word) {
  std::string out;
  for (std::size_t i = 0; i < column.size() && i < columns.participants.size(); ++i) {
    out += fmt::format("{}{}={}", i == 0 ? "" : " ", columns.participants[i].number, word(column[i]));
  }
  return out;
}

Lines groups_text(const Columns& columns, const std::vector<std::uint16_t>& column, const cohort::Grouping& grouping) {
  if (column.empty()) return {};
  return {by_person(columns, column, [&](std::uint16_t group) -> std::string {
    if (group < grouping.groups.size()) return grouping.groups[group].id;
    return group == grouping.groups.size() ? "none" : "several";
  })};
}

std::string_view word_of(cohort::Answer answer) {
  static constexpr std::array<std::string_view, 4> words{"not_recorded", "absent", "present", "contradictory"};
  return words.at(static_cast<std::size_t>(answer));
}

Lines follow_text(const Columns& columns) {
  static constexpr std::array<std::string_view, 5> words{"no_index", "undecidable", "not_recorded", "censored", "event"};
  if (columns.follow.empty()) return {};
  std::string out;
  for (std::size_t i = 0; i < columns.follow.size(); ++i) {
    const auto follow = columns.follow[i];
    out += fmt::format("{}{}={}", i == 0 ? "" : " ", columns.participants[i].number, words.at(static_cast<std::size_t>(follow)));
    if (follow == cohort::Follow::censored || follow == cohort::Follow::event) out += fmt::format("@{}", columns.step[i]);
  }
  return {out};
}

std::string cause_word(std::uint8_t cause) { return cause == 0 ? "none" : cause == 1 ? "event" : fmt::format("other{}", cause - 1); }

Lines numbers_text(const Columns& columns, const std::vector<double>& column) {
  if (column.empty()) return {};
  return {by_person(columns, column, number_text)};
}

/// "1:0-3=event 1:3-5=none": person, entry, exit and cause; repeated measures "1:years=outcome".
Lines rows_text(const Columns& columns) {
  if (!columns.rows) return {};
  const auto& rows = *columns.rows;
  std::string out;
  for (std::size_t i = 0; i < rows.person.size(); ++i) {
    out += (i == 0 ? "" : " ") + std::to_string(columns.participants.at(rows.person[i]).number) + ":";
    if (rows.exit.empty()) {
      out += number_text(rows.years.at(i)) + "=" + number_text(rows.outcome.at(i));
    } else {
      out += fmt::format("{}-{}={}", rows.entry.empty() ? 0 : rows.entry.at(i), rows.exit.at(i), cause_word(rows.cause.at(i)));
    }
    for (const auto& x : rows.x) out += "/" + number_text(x.at(i));
  }
  return {out};
}

Lines attrition_text(const Columns& columns) {
  Lines out;
  for (const auto& line : columns.attrition) {
    auto text = fmt::format("kept {}", line.kept);
    const std::array<std::pair<const char*, std::int64_t>, 4> why{{{"not-met", line.not_met},
                                                                   {"not-recorded", line.not_recorded},
                                                                   {"contradictory", line.contradictory},
                                                                   {"dates", line.dates_undecided}}};
    for (const auto& [word, people] : why) {
      if (people != 0) text += fmt::format(" {} {}", word, people);
    }
    out.push_back(std::move(text));
  }
  return out;
}

Lines x_text(const Columns& columns) {
  Lines out;
  for (std::size_t i = 0; i < columns.x.size(); ++i) {
    out.push_back((i < columns.x_names.size() ? columns.x_names[i] + " " : "") + by_person(columns, columns.x[i], number_text));
  }
  return out;
}

using Writer = Lines (*)(const Study&, const Columns&);
constexpr std::array<std::pair<std::string_view, Writer>, 20> writers{{
    {"people", [](const Study&, const Columns& c) { return Lines{ids_text(c.participants)}; }},
    {"undecided", [](const Study&, const Columns& c) { return Lines{ids_text(c.undecided)}; }},
    {"undated", [](const Study&, const Columns& c) { return Lines{ids_text(c.undecided_by_dates)}; }},
    {"group", [](const Study& s, const Columns& c) { return groups_text(c, c.group, s.by); }},
    {"column", [](const Study& s, const Columns& c) { return groups_text(c, c.column, s.columns); }},
    {"stratum", [](const Study& s, const Columns& c) { return groups_text(c, c.stratum, s.strata); }},
    {"answers",
     [](const Study&, const Columns& c) {
       Lines out;
       for (const auto& answers : c.answers) out.push_back(by_person(c, answers, word_of));
       return out;
     }},
    {"follow", [](const Study&, const Columns& c) { return follow_text(c); }},
    {"cause", [](const Study&, const Columns& c) { return Lines{by_person(c, c.cause, cause_word)}; }},
    {"entry", [](const Study&, const Columns& c) { return Lines{by_person(c, c.entry, [](std::int32_t step) { return step; })}; }},
    {"outcome", [](const Study&, const Columns& c) { return numbers_text(c, c.outcome); }},
    {"offset", [](const Study&, const Columns& c) { return numbers_text(c, c.offset); }},
    {"weight", [](const Study&, const Columns& c) { return numbers_text(c, c.weight); }},
    {"x", [](const Study&, const Columns& c) { return x_text(c); }},
    {"weighted_by",
     [](const Study&, const Columns& c) {
       Lines out;
       for (const auto& x : c.weighted_by) out.push_back(by_person(c, x, number_text));
       return out;
     }},
    {"rows", [](const Study&, const Columns& c) { return rows_text(c); }},
    {"willing", [](const Study&, const Columns& c) { return Lines{by_person(c, c.willing, [](std::uint8_t is) { return is; })}; }},
    {"reachable", [](const Study&, const Columns& c) { return Lines{by_person(c, c.reachable, [](std::uint8_t is) { return is; })}; }},
    {"enrolled", [](const Study&, const Columns& c) { return numbers_text(c, c.enrolled); }},
    {"attrition", [](const Study&, const Columns& c) { return attrition_text(c); }},
}};

const Writer* writer_of(std::string_view what) {
  const auto found = std::ranges::find(writers, what, &std::pair<std::string_view, Writer>::first);
  return found == writers.end() ? nullptr : &found->second;
}

std::optional<double> real_of(std::string_view text) {
  double out = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, out);
  return read.ec == std::errc{} && read.ptr == end ? std::optional(out) : std::nullopt;
}

bool same_word(std::string_view expected, std::string_view got) {
  if (expected == got) return true;
  // A person's word: "12=3.5".
  const auto equals = expected.rfind('=');
  if (equals != std::string_view::npos) {
    if (!got.starts_with(expected.substr(0, equals + 1))) return false;
    return same_word(expected.substr(equals + 1), got.substr(equals + 1));
  }
  const bool rounded = expected.starts_with('~');
  if (rounded) expected.remove_prefix(1);
  const auto a = real_of(expected);
  const auto b = real_of(got);
  if (!a || !b) return false;
  if (!rounded) return std::abs(*a - *b) <= 1e-9 * std::max(std::abs(*a), std::abs(*b));
  const auto point = expected.find('.');
  const auto digits = point == std::string_view::npos ? 0.0 : static_cast<double>(expected.size() - point - 1);
  return std::abs(*a - *b) <= 0.5000001 * std::pow(10.0, -digits);
}

}  // namespace

Lines lines_of(std::string_view what, const Study& study, const Columns& columns) {
  const auto* writer = writer_of(what);
  return writer == nullptr ? Lines{} : (*writer)(study, columns);
}

bool known_line(std::string_view what) { return writer_of(what) != nullptr; }

std::string text_of(const Error& error) {
  return fmt::format("{} {}:{} {}: {}", name_of(error.code), error.place.line, error.place.column, error.place.path, error.message);
}

bool matches(const Error& error, std::string_view expected) {
  const auto colon = expected.find(": ");
  const auto where = expected.substr(0, colon);
  if (colon != std::string_view::npos && error.message.find(expected.substr(colon + 2)) == std::string::npos) return false;
  const auto place = fmt::format("{}:{}", error.place.line, error.place.column);
  return std::ranges::all_of(words_of(where), [&](const std::string& word) {
    if (word.starts_with('/')) return word == error.place.path;
    if (!word.empty() && word.front() >= '0' && word.front() <= '9') {
      return word == place || word == std::to_string(error.place.line);
    }
    return word == name_of(error.code);
  });
}

bool same_words(std::string_view expected, std::string_view got) {
  const auto a = words_of(expected);
  const auto b = words_of(got);
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), same_word);
}

std::string number_text(double number) {
  if (std::isnan(number)) return "-";
  return fmt::format("{}", number);
}

}  // namespace skerry::engine
