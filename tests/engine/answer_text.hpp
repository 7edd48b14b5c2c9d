// What a study's columns, or its error, say, as the words that stand in a file of tests/engine.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "cohort/select.hpp"

namespace skerry::engine {

/// All lines that are called `what` ("people", "group", "answers", ...); empty when the columns hold nothing of it. The i-th
/// "answers" line is the i-th item, the i-th "x" line the i-th covariate column, the i-th "attrition" line the i-th of the list.
[[nodiscard]] std::vector<std::string> lines_of(std::string_view what, const cohort::Study& study, const cohort::Columns& columns);
/// Whether `what` is something lines_of knows.
[[nodiscard]] bool known_line(std::string_view what);

/// "invalid_study 3:14 /cohort/status: message"
[[nodiscard]] std::string text_of(const Error& error);
/// Whether every word before the colon of `expected` is in it, and what follows the colon is part of the message.
[[nodiscard]] bool matches(const Error& error, std::string_view expected);

/// Word by word; numbers with a point may differ by a relative 1e-9 of each other, or by less than half of the last digit written
/// when the word begins with "~".
[[nodiscard]] bool same_words(std::string_view expected, std::string_view got);

/// The shortest text that reads back as the number; "-" for NaN.
[[nodiscard]] std::string number_text(double number);

}  // namespace skerry::engine
