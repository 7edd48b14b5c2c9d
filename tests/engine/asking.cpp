#include "engine/asking.hpp"

namespace skerry::engine {

cohort::Columns select_all(const cohort::Study& study, const Scene& scene, const vocabulary::Vocabulary& vocabulary) {
  cohort::SelectOptions options;
  options.explain = true;
  return *cohort::select(study, index::reading_of(scene.facts, scene.people), vocabulary, options);
}

}  // namespace skerry::engine
