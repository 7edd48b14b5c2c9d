// A study asked of the facts of a test.
#pragma once

#include "base/error.hpp"
#include "cohort/select.hpp"
#include "engine/scene.hpp"

namespace skerry::engine {

/// Of everyone in the scene, also of those without facts. A scene with several writes goes through a ledger in a temporary folder, in which
/// everyone consents to everything; any other is indexed in memory.
[[nodiscard]] Result<cohort::Columns> select_all(const cohort::Study& study, const Scene& scene, const vocabulary::Vocabulary& vocabulary);

}  // namespace skerry::engine
