// A study asked of the facts of a test.
#pragma once

#include "cohort/select.hpp"
#include "engine/scene.hpp"

namespace skerry::engine {

/// Of everyone in the scene, also of those without facts.
[[nodiscard]] cohort::Columns select_all(const cohort::Study& study, const Scene& scene, const vocabulary::Vocabulary& vocabulary);

}  // namespace skerry::engine
