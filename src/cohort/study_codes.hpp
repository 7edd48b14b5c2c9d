// The codes a study speaks of: for checking them against a vocabulary.
#pragma once

#include <set>
#include <string>

#include "cohort/study.hpp"

namespace skerry::cohort {

/// Every CURIE of its conditions, values, sites, qualifiers and groups; not units and not publications.
[[nodiscard]] std::set<std::string> codes_of(const Study& study);

}  // namespace skerry::cohort
