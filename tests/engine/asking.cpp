#include "engine/asking.hpp"

namespace skerry::engine {

cohort::Columns select_all(const cohort::Study& study, const Scene& scene, const vocabulary::Vocabulary& vocabulary) {
  cohort::Selector selector(study, vocabulary);
  auto fact = scene.facts.begin();
  for (const auto person : scene.people) {
    selector.begin(person);
    for (; fact != scene.facts.end() && fact->participant == person; ++fact) selector.add(*fact);
  }
  return selector.finish();
}

}  // namespace skerry::engine
