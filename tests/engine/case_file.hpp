// One file of tests/engine: vocabulary, facts, and cases, each a study with what is expected of it (README.md there).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "engine/scene.hpp"

namespace skerry::engine {

struct Expectation {
  std::string what;  ///< "people", "group", "error", ...
  std::string text;
  std::uint32_t line = 0;  ///< in the file
};

struct Case {
  std::string name;
  std::uint32_t line = 0;
  std::string study;  ///< JSON: as written after "study", or made from the lines "cohort", "statistic", ...
  std::vector<Expectation> expected;
  std::shared_ptr<const vocabulary::Vocabulary> vocabulary;
  std::shared_ptr<const Scene> scene;
};

/// Errors: malformed, with file and line.
[[nodiscard]] Result<std::vector<Case>> read_cases(std::string_view text, const std::string& file);

}  // namespace skerry::engine
