// One study asked of a range of the people of one segment.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "cohort/kleene.hpp"
#include "cohort/leaf_sets.hpp"
#include "cohort/person_facts.hpp"
#include "cohort/rows.hpp"
#include "cohort/study_plan.hpp"

namespace skerry::cohort {

/// A study in one segment: what its leaves mean there. Thread-safe once made and prepared.
class SegmentStudy {
 public:
  SegmentStudy(const StudyPlan& plan, const index::SegmentReading& segment, const vocabulary::Vocabulary& vocabulary);
  /// The sets of everyone in the segment, where they are at hand.
  [[nodiscard]] const LeafSets* whole(LeafId id) const noexcept { return whole_.data()[id].get(); }
  [[nodiscard]] const std::shared_ptr<const LeafSets>& whole_at_hand(LeafId id) const noexcept { return whole_.data()[id]; }
  void set_whole(LeafId id, std::shared_ptr<const LeafSets> sets) { whole_[id] = std::move(sets); }
  [[nodiscard]] Shelf& shelf() const noexcept { return *shelf_; }
  [[nodiscard]] const LeafPlan& leaf(LeafId id) const noexcept { return leaves_.data()[id]; }
  [[nodiscard]] const index::SegmentReading& segment() const noexcept { return *segment_; }
  [[nodiscard]] const StudyPlan& plan() const noexcept { return *plan_; }

 private:
  const StudyPlan* plan_;
  const index::SegmentReading* segment_;
  std::unique_ptr<SegmentTerms> terms_;
  std::vector<LeafPlan> leaves_;
  std::shared_ptr<Shelf> shelf_;
  std::vector<std::shared_ptr<const LeafSets>> whole_;
};

/// The people of a segment in parts whose sets fit the processor's caches; they share no word of a set.
[[nodiscard]] std::vector<PersonRange> ranges_of(const index::SegmentReading& segment);

/// Finds the sets of the leaves that conditions ask for, everyone's at once, as far as memory allows: those asked before are remembered.
void prepare(std::span<SegmentStudy> studies, unsigned threads, const SelectOptions& options, Stop& stop);
/// Remembers what prepare() found. Only when all of the index could be read.
void remember(std::span<const SegmentStudy> studies);

/// When a person's time begins.
struct IndexEvent {
  Edge edge;
  std::uint64_t key = 0;             ///< of the fact, when it is certain which it is
  bool one = false;                  ///< it is one fact for certain, or several of one day
  std::vector<std::uint32_t> links;  ///< of those facts
};

/// The group each person is in: its number; as many as there are groups "in none", one more "in several" or cannot be said.
[[nodiscard]] std::vector<std::uint16_t> group_places(const std::vector<Truths>& groups, std::size_t people);

/// Sets and rows here are of the range: person `from` is 0. Not thread-safe.
class RangeEvaluator {
 public:
  RangeEvaluator(const SegmentStudy& study, PersonRange people, Stop& stop);

  [[nodiscard]] std::size_t people() const noexcept { return people_.size(); }
  [[nodiscard]] const Bitset& everyone() const noexcept { return everyone_; }
  [[nodiscard]] const PersonRange& range() const noexcept { return people_; }
  [[nodiscard]] const SegmentStudy& study() const noexcept { return study_; }
  [[nodiscard]] Stop& stop() noexcept { return stop_; }

  [[nodiscard]] Truths holds(const ConditionNode& node);
  /// Whose facts say that it does not hold: recorded otherwise, not merely not recorded.
  [[nodiscard]] Truths refuted(const ConditionNode& node);
  [[nodiscard]] LeafSets sets(LeafId leaf);
  /// Of these people of the range alone.
  [[nodiscard]] LeafSets sets_among(LeafId leaf, const Bitset& only) { return sets_of(leaf, find_rows(leaf, &only)); }
  /// From now on rows are those of these people of the range; asked before any rows.
  void look_only_at(Bitset only) { only_ = std::move(only); }
  [[nodiscard]] bool nobody() const { return only_ && !only_->any(); }
  /// What matches a leaf after all its constraints but how often, by person; people are the segment's.
  [[nodiscard]] const std::vector<Row>& rows(LeafId leaf);
  [[nodiscard]] const IndexEvent& index_of(index::Person person);
  [[nodiscard]] Birth birth_of(index::Person person);

 private:
  std::vector<Row> find_rows(LeafId leaf, const Bitset* only = nullptr);
  void relate(LeafId leaf, std::vector<Row>& rows);
  [[nodiscard]] Truth related_to_index(const TimeRelation& relation, const Row& row);
  void find_index();
  LeafSets sets_of(LeafId leaf, std::span<const Row> rows);
  void resolve(LeafId leaf, std::span<const Row> rows, LeafSets& out);

  const SegmentStudy& study_;
  PersonRange people_;
  Stop& stop_;
  Bitset everyone_;
  std::optional<Bitset> only_;
  UnitTable units_;
  std::unique_ptr<index::Block> block_;
  std::unique_ptr<Births> births_;
  std::unordered_map<LeafId, std::vector<Row>> rows_;
  std::unordered_map<LeafId, LeafSets> sets_;
  std::vector<bool> in_progress_;
  std::vector<IndexEvent> index_;
  IndexEvent birth_index_;
  bool index_found_ = false;
};

}  // namespace skerry::cohort
