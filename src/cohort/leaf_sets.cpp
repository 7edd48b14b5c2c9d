#include "cohort/leaf_sets.hpp"

#include <algorithm>

namespace skerry::cohort {
namespace {

constexpr std::size_t shelves_max = 16;

std::size_t hash_of(const Leaf& leaf) noexcept {
  const auto& c = leaf.condition;
  auto hash = std::hash<std::string>{}(c.code);
  const auto mix = [&hash](std::size_t more) { hash = (hash ^ more) * 0x9e3779b97f4a7c15U; };
  mix(c.exact ? 1 : 0);
  mix(c.kind ? static_cast<std::size_t>(*c.kind) : 0);
  for (const auto& value : c.value) mix(std::hash<std::string>{}(value.code) ^ std::hash<double>{}(value.number));
  return hash;
}

bool same(const Leaf& a, const Leaf& b) {
  return a.any_place == b.any_place && a.numbers == b.numbers && a.unit == b.unit && a.condition == b.condition;
}

bool same(const std::vector<Condition>& conditions, const Grouping& groups) {
  return std::ranges::equal(conditions, groups.groups, {}, {}, &Item::condition);
}

}  // namespace

void LeafSets::shrink() {
  for (auto* set : {&present, &absent, &contradictory, &undecided}) {
    if (!set->any()) *set = Bitset{};
  }
}

std::size_t LeafSets::bytes() const noexcept {
  return present.words().size_bytes() + absent.words().size_bytes() + contradictory.words().size_bytes() + undecided.words().size_bytes();
}

std::shared_ptr<const LeafSets> Shelf::find(const Leaf& leaf) const {
  const auto hash = hash_of(leaf);
  const std::lock_guard lock(mutex_);
  const auto [first, last] = leaves_.equal_range(hash);
  for (auto entry = first; entry != last; ++entry) {
    if (same(entry->second.first, leaf)) return entry->second.second;
  }
  return nullptr;
}

void Shelf::keep(const Leaf& leaf, std::shared_ptr<const LeafSets> sets) {
  const auto bytes = sets->bytes() + sizeof(Leaf);
  const std::lock_guard lock(mutex_);
  grow(bytes);
  leaves_.emplace(hash_of(leaf), std::pair{leaf, std::move(sets)});
}

std::shared_ptr<const Places> Shelf::find(const Grouping& groups) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [conditions, places] : places_) {
    if (same(conditions, groups)) return places;
  }
  return nullptr;
}

void Shelf::keep(const Grouping& groups, std::shared_ptr<const Places> places) {
  std::vector<Condition> conditions;
  for (const auto& group : groups.groups) conditions.push_back(group.condition);
  const std::lock_guard lock(mutex_);
  grow(places->size());
  places_.emplace_back(std::move(conditions), std::move(places));
}

/// All shelves of the process.
class Shelves {
 public:
  static Shelves& all() {
    static Shelves shelves;
    return shelves;
  }

  std::shared_ptr<Shelf> of(const index::SegmentReading& segment, const vocabulary::Vocabulary& vocabulary) {
    const auto facts = segment.facts_identity(), people = segment.people_identity(), words = vocabulary.identity();
    const std::lock_guard lock(mutex_);
    std::erase_if(shelves_, [](const Entry& entry) {
      return entry.facts.expired() || entry.words.expired() || (entry.some_people && entry.people.expired());
    });
    for (auto entry = shelves_.begin(); entry != shelves_.end(); ++entry) {
      if (entry->facts.lock() != facts || entry->people.lock() != people || entry->words.lock() != words) continue;
      shelves_.splice(shelves_.begin(), shelves_, entry);
      return shelves_.front().shelf;
    }
    shelves_.push_front({facts, people, words, people != nullptr, std::make_shared<Shelf>()});
    if (shelves_.size() > shelves_max) shelves_.pop_back();
    return shelves_.front().shelf;
  }

 private:
  struct Entry {
    std::weak_ptr<const void> facts, people, words;
    bool some_people;
    std::shared_ptr<Shelf> shelf;
  };
  std::mutex mutex_;
  std::list<Entry> shelves_;
};

/// A full shelf starts afresh.
void Shelf::grow(std::size_t bytes) {
  bytes_ += bytes;
  if (bytes_ <= bytes_max) return;
  leaves_.clear();
  places_.clear();
  bytes_ = bytes;
}

std::shared_ptr<Shelf> Shelf::of(const index::SegmentReading& segment, const vocabulary::Vocabulary& vocabulary) {
  return Shelves::all().of(segment, vocabulary);
}

}  // namespace skerry::cohort
