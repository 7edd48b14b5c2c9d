// A condition in plain words, for explanations and pages: "Subcutaneous ossification present, first below age 2 years". English; pages in
// other languages show the study's own titles.
#pragma once

#include <string>

#include "cohort/study.hpp"
#include "vocabulary/vocabulary.hpp"

namespace skerry::cohort {

/// Concepts by their label and code ("Pain (HP:0012531)"), or by code alone where no label is known. A named sub-cohort is told by its
/// name. Lists of more than five parts are cut short with their number. Thread-safe.
[[nodiscard]] std::string in_words(const Condition& condition, const vocabulary::Vocabulary& vocabulary);

/// A length of time as a person would say it: "2 years", "18 months", "10 days". Years of 365.25 and months of 30.4375 days.
[[nodiscard]] std::string days_in_words(double days);

}  // namespace skerry::cohort
