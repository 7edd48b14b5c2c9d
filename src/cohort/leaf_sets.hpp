// What is recorded of a leaf, as sets of people; and the memory of such sets between studies.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "base/bitset.hpp"
#include "cohort/leaf.hpp"

namespace skerry::cohort {

/// Four disjoint sets. Whoever is in none: not recorded. A set without size is empty.
struct LeafSets {
  Bitset present, absent, contradictory, undecided;
  LeafSets() = default;
  explicit LeafSets(std::size_t people) : present(people), absent(people), contradictory(people), undecided(people) {}
  /// Empty sets lose their size.
  void shrink();
  [[nodiscard]] std::size_t bytes() const noexcept;
};

using Places = std::vector<std::uint8_t>;  ///< of each person of a segment: the group, or "in none", "in several"

/// The sets of the leaves and groupings asked of one reading of one segment. Segments never change, so neither do these. Thread-safe.
class Shelf {
 public:
  [[nodiscard]] std::shared_ptr<const LeafSets> find(const Leaf& leaf) const;
  void keep(const Leaf& leaf, std::shared_ptr<const LeafSets> sets);
  [[nodiscard]] std::shared_ptr<const Places> find(const Grouping& groups) const;
  void keep(const Grouping& groups, std::shared_ptr<const Places> places);

  /// The one of this reading of the segment with this vocabulary, in this process; the 16 used last are kept while their segments are. One
  /// that would hold more than `bytes_max` starts afresh.
  static std::shared_ptr<Shelf> of(const index::SegmentReading& segment, const vocabulary::Vocabulary& vocabulary);
  static constexpr std::size_t bytes_max = std::size_t{64} << 20;

 private:
  friend class Shelves;
  void grow(std::size_t bytes);
  mutable std::mutex mutex_;
  std::unordered_multimap<std::size_t, std::pair<Leaf, std::shared_ptr<const LeafSets>>> leaves_;
  std::vector<std::pair<std::vector<Condition>, std::shared_ptr<const Places>>> places_;
  std::size_t bytes_ = 0;
};

}  // namespace skerry::cohort
