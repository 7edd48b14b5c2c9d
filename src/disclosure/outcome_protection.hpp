// What of a computed result may be told. docs/disclosure.md states the rules and what they do not cover.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "cohort/study.hpp"
#include "evidence/meaning.hpp"
#include "evidence/outcome.hpp"

namespace skerry::disclosure {

/// Share of the largest person's value that must remain of a sum when the two largest are taken off (the p% rule), or it is not told.
inline constexpr double dominance_share_min = 0.1;

/// The result as far as it may be told. Takes an outcome that was opened: called by Control, and by tests with made-up outcomes.
/// Errors: disclosure_refused ("too few people: ...", without a number); not_computable, with the statistic's sentence.
[[nodiscard]] Result<evidence::Told::Computed> protect_outcome(const evidence::Outcome& outcome, int floor);

/// Where the told steps of each group's curve end: in each, the people with each event, those censored and those who come in are 0 or at
/// least the floor, at least the floor of them leave, and those who go on are 0 or at least the floor. None: no curve.
[[nodiscard]] evidence::Cuts choose_cuts(const std::vector<evidence::Grid>& grids, int floor);

/// The sentence names a number of people or events from 1 to floor - 1.
[[nodiscard]] bool names_few(std::string_view sentence, int floor);

}  // namespace skerry::disclosure
