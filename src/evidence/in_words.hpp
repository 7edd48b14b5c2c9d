// What a figure can and cannot say, in one sentence. Never advice.
#pragma once

#include <string>

#include "cohort/study.hpp"
#include "evidence/figure.hpp"

namespace skerry::evidence {

/// From the told numbers alone. `english` is empty when there is nothing to say.
[[nodiscard]] Note says_in_words(const cohort::Study& study, const Figure& figure);

/// Three significant digits, without an exponent where a person would write none: "0.0123", "12.3", "12300".
[[nodiscard]] std::string plain_number(double value);
/// "0.034", "below 0.001".
[[nodiscard]] std::string plain_p(double p);
/// The number a reader is shown: exp of a ratio's estimate.
[[nodiscard]] double shown(const Estimate& estimate, double value);
/// What people call a label: its English title, else its code's label, else its id.
[[nodiscard]] std::string english_name(const Label& label);

}  // namespace skerry::evidence
