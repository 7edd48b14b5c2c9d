// What a total means: from cells that may be told to a figure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "evidence/figure.hpp"
#include "evidence/layout.hpp"
#include "evidence/survival.hpp"

namespace skerry::evidence {

/// A study's sums after disclosure control: every number in it may be told, and nothing else can be calculated from it.
struct Told {
  int floor = 0;
  Count people;     ///< the whole cohort
  Count undecided;  ///< of whom it cannot be said whether they belong to it

  std::vector<Count> counts;  ///< count: a group each

  struct Answers {
    Count people, present, recorded, contradictory, not_recorded;
    bool operator==(const Answers&) const = default;
  };
  std::vector<Answers> answers;  ///< proportion: [group * items + item]

  struct Cross {
    std::vector<std::vector<Count>> cells;
    std::vector<Count> row_totals, column_totals;
    Count total, not_grouped;
    bool operator==(const Cross&) const = default;
  } cross;  ///< crosstab

  struct Followed {
    Count people, undecidable, not_recorded;
    std::vector<Leaving> leaving;  ///< empty when nothing of the curve may be told
    bool merged = false;           ///< steps of the grid were put together
    std::int64_t staying = 0;      ///< people after the last of `leaving`: what became of them may not be told
    bool operator==(const Followed&) const = default;
  };
  std::vector<Followed> followed;  ///< kaplan_meier: a group each

  /// What a computation over the values says (outcome.hpp), as far as it may be told.
  struct Computed {
    std::string method;
    Count people, left_out, undecidable, not_grouped;
    std::vector<EstimateRow> estimates;
    std::vector<Test> tests;
    std::vector<NamedCurve> curves;
    std::vector<Caution> cautions;
    bool operator==(const Computed&) const = default;
  };
  std::optional<Computed> computed;

  bool operator==(const Told&) const = default;
};

/// Below so many people recorded a proportion is said in people, never in percent.
inline constexpr std::int64_t percentage_people_min = 20;

/// Everything of the figure but its snapshot.
[[nodiscard]] Figure meaning(const cohort::Study& study, const Layout& layout, const Told& told);

}  // namespace skerry::evidence
