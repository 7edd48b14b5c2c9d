// Sums are the same bits however people are spread.
#include "evidence/sum.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "cohort/people.hpp"

namespace skerry::disclosure {
/// The tests' own key: the class of this name in the program is not linked here.
class Opener {
 public:
  template <class T>
  static const T& open(const evidence::Sealed<T>& sealed) {
    return sealed.open(evidence::OpenKey{});
  }
};
}  // namespace skerry::disclosure

namespace skerry::evidence {
namespace {

using cohort::Answer;
using cohort::Columns;
using cohort::Follow;

Columns random_columns(const Layout& layout, const cohort::Study& study) {
  Columns out;
  const auto people = *rc::gen::inRange(0, 60);
  for (int i = 0; i < people; ++i) {
    out.participants.push_back({i + 1});
    if (!study.by.groups.empty()) out.group.push_back(*rc::gen::inRange<std::uint16_t>(0, static_cast<std::uint16_t>(layout.places())));
    if (!study.columns.groups.empty()) {
      out.column.push_back(*rc::gen::inRange<std::uint16_t>(0, static_cast<std::uint16_t>(layout.columns() + 2)));
    }
    out.follow.push_back(*rc::gen::element(Follow::no_index, Follow::undecidable, Follow::not_recorded, Follow::censored, Follow::event));
    out.step.push_back(*rc::gen::inRange(0, std::max(1, static_cast<int>(layout.steps()))));
  }
  for (std::size_t item = 0; item < layout.items(); ++item) {
    out.answers.push_back(*rc::gen::container<std::vector<Answer>>(
        static_cast<std::size_t>(people), rc::gen::element(Answer::not_recorded, Answer::absent, Answer::present, Answer::contradictory)));
  }
  return out;
}

/// The people whose number in `part_of` is `part`.
Columns part(const Columns& all, const std::vector<int>& part_of, int which) {
  Columns out;
  out.answers.resize(all.answers.size());
  for (std::size_t i = 0; i < all.participants.size(); ++i) {
    if (part_of[i] != which) continue;
    out.participants.push_back(all.participants[i]);
    if (!all.group.empty()) out.group.push_back(all.group[i]);
    if (!all.column.empty()) out.column.push_back(all.column[i]);
    out.follow.push_back(all.follow[i]);
    out.step.push_back(all.step[i]);
    for (std::size_t item = 0; item < all.answers.size(); ++item) out.answers[item].push_back(all.answers[item][i]);
  }
  if (which == 0) out.undecided = all.undecided;
  return out;
}

cohort::Study random_study() {
  const std::string by = *rc::gen::arbitrary<bool>() ? R"(,"by":{"code":"skerry:sex","values":["skerry:female","skerry:male"]})" : "";
  const auto statistic = *rc::gen::element<std::string>(
      R"({"type":"count"})", R"({"type":"proportion","of":[{"code":"X:A"},{"code":"X:B"},{"code":"X:C"}]})",
      R"({"type":"kaplan_meier","index":"birth","event":{"code":"X:A"},"unit":"month","step":3,"horizon":24})");
  if (*rc::gen::inRange(0, 4) == 0) {
    return cohort::study_of(R"({"everyone":true})",
                            R"("statistic":{"type":"crosstab","columns":{"code":"X:A","values":["X:B","X:C"]}},
                            "by":{"code":"skerry:sex","values":["skerry:female","skerry:male"]})");
  }
  return cohort::study_of(R"({"everyone":true})", R"("statistic":)" + statistic + by);
}

RC_GTEST_PROP(Sum, IsTheSameForAnySplitAndAnyNumberOfThreads, ()) {
  const auto study = random_study();
  const Layout layout(study);
  auto all = random_columns(layout, study);
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) all.undecided.push_back({1000 - i});
  const auto whole = disclosure::Opener::open(local_sum(layout, all));
  RC_ASSERT(whole.size() == layout.size());

  const auto nodes = *rc::gen::inRange(1, 7);
  const auto part_of = *rc::gen::container<std::vector<int>>(all.participants.size(), rc::gen::inRange(0, nodes));
  auto total = local_sum(layout, part(all, part_of, nodes - 1));
  for (int node = nodes - 2; node >= 0; --node) total = add(local_sum(layout, part(all, part_of, node)), total);
  RC_ASSERT(disclosure::Opener::open(total) == whole);

  const auto threads = *rc::gen::inRange(0u, 9u);
  RC_ASSERT(disclosure::Opener::open(local_sum(layout, all, threads)) == whole);
  RC_ASSERT(disclosure::Opener::open(local_sum(layout, contributions(layout, all))) == whole);
}

RC_GTEST_PROP(Layout, GivesEveryPersonTheSameNumberOfCellsInOrder, ()) {
  const auto study = random_study();
  const Layout layout(study);
  const auto all = random_columns(layout, study);
  for (std::size_t i = 0; i < all.participants.size(); ++i) {
    std::vector<std::uint32_t> cells;
    layout.cells_of(all, i, cells);
    RC_ASSERT(cells.size() == std::max<std::size_t>(1, layout.items()));
    RC_ASSERT(std::is_sorted(cells.begin(), cells.end()));
    RC_ASSERT(cells.front() >= 1u);
    RC_ASSERT(cells.back() < layout.size());
  }
}

}  // namespace
}  // namespace skerry::evidence
