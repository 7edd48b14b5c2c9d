// The local sum. Whole numbers: any split of the people, in any order and over any number of threads, adds up to the same bits.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "evidence/layout.hpp"
#include "evidence/sealed.hpp"

namespace skerry::evidence {

using Sums = std::vector<std::int64_t>;  ///< as long as the layout

/// `threads`: how many share the work; 0 counts as 1.
[[nodiscard]] Sealed<Sums> local_sum(const Layout& layout, const cohort::Columns& columns, unsigned threads = 1);
/// Of two sums over one layout: the sum of both people's.
[[nodiscard]] Sealed<Sums> add(const Sealed<Sums>& a, const Sealed<Sums>& b);
[[nodiscard]] Sealed<Contributions> contributions(const Layout& layout, const cohort::Columns& columns);
/// The sum of contributions already at hand.
[[nodiscard]] Sealed<Sums> local_sum(const Layout& layout, const Sealed<Contributions>& people);

}  // namespace skerry::evidence
