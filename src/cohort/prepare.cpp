// The sets of a study's leaves, everyone's at once, and what is remembered of them.
#include <algorithm>

#include "cohort/in_parallel.hpp"
#include "cohort/range_evaluator.hpp"

namespace skerry::cohort {
namespace {

constexpr std::size_t range_people = 131'072;

/// One leaf in one segment.
struct Wanted {
  std::size_t study = 0;
  LeafId leaf = 0;
  bool plain = false;
  std::shared_ptr<LeafSets> sets;
};

void copy_into(Bitset& whole, PersonRange people, const Bitset& part) {
  std::ranges::copy(part.words(), whole.words().subspan(people.from / 64).begin());
}

/// Who has a presence, who has an absence: from the index's own sets of people.
void find_plain(const SegmentStudy& study, Wanted& wanted) {
  const auto& plan = study.leaf(wanted.leaf);
  for (const auto stream : plan.present) study.segment().add_people(stream, wanted.sets->present);
  for (const auto stream : plan.absent) study.segment().add_people(stream, wanted.sets->absent);
}

/// Those who have both are looked at fact by fact.
void tell_apart(Wanted& wanted, RangeEvaluator& evaluator) {
  auto& sets = *wanted.sets;
  const auto people = evaluator.range();
  Bitset both(people.size());
  const auto present = std::as_const(sets.present).words().subspan(people.from / 64, both.words().size());
  const auto absent = std::as_const(sets.absent).words().subspan(people.from / 64, both.words().size());
  for (std::size_t w = 0; w < both.words().size(); ++w) both.words()[w] = present[w] & absent[w];
  if (!both.any()) return;
  const auto found = evaluator.sets_among(wanted.leaf, both);
  both.for_each([&](std::size_t i) {
    if (!found.present.test(i)) sets.present.reset(people.from + i);
    if (!found.absent.test(i)) sets.absent.reset(people.from + i);
    if (found.contradictory.test(i)) sets.contradictory.set(people.from + i);
    if (found.undecided.test(i)) sets.undecided.set(people.from + i);
  });
}

std::vector<Wanted> what_is_wanted(std::span<SegmentStudy> studies, std::size_t bytes_max) {
  std::vector<Wanted> out;
  std::size_t bytes = 0;
  for (std::size_t s = 0; s < studies.size(); ++s) {
    auto& study = studies[s];
    const auto& plan = study.plan();
    for (LeafId id = 0; id < plan.leaves.size(); ++id) {
      if (plan.uses[id] == 0 || asks_about_index(plan.leaves[id].condition)) continue;
      if (auto known = study.shelf().find(plan.leaves[id])) {
        study.set_whole(id, std::move(known));
        continue;
      }
      bytes += study.segment().people() / 2;  // four sets
      if (bytes > bytes_max) return out;
      out.push_back({s, id, plan.leaves[id].plain() && !study.leaf(id).absent_with_place, nullptr});
    }
  }
  return out;
}

}  // namespace

std::vector<PersonRange> ranges_of(const index::SegmentReading& segment) {
  std::vector<PersonRange> out;
  const auto people = segment.people();
  for (std::size_t from = 0; from < people; from += range_people) {
    out.push_back({static_cast<index::Person>(from), static_cast<index::Person>(std::min(people, from + range_people))});
  }
  return out;
}

void prepare(std::span<SegmentStudy> studies, unsigned threads, const SelectOptions& options, Stop& stop) {
  auto wanted = what_is_wanted(studies, options.memory_bytes_max / 4);
  if (wanted.empty()) return;
  in_parallel(wanted.size(), threads, [&](std::size_t i) {
    auto& one = wanted[i];
    if (stop.now()) return;
    one.sets = std::make_shared<LeafSets>(studies[one.study].segment().people());
    if (one.plain) find_plain(studies[one.study], one);
  });
  std::vector<std::pair<std::size_t, PersonRange>> parts;
  for (std::size_t s = 0; s < studies.size(); ++s) {
    for (const auto range : ranges_of(studies[s].segment())) parts.emplace_back(s, range);
  }
  in_parallel(parts.size(), threads, [&](std::size_t p) {
    const auto [s, range] = parts[p];
    RangeEvaluator evaluator(studies[s], range, stop);
    for (auto& one : wanted) {
      if (one.study != s || stop.now()) continue;
      if (one.plain) {
        tell_apart(one, evaluator);
        continue;
      }
      const auto found = evaluator.sets(one.leaf);
      copy_into(one.sets->present, range, found.present);
      copy_into(one.sets->absent, range, found.absent);
      copy_into(one.sets->contradictory, range, found.contradictory);
      copy_into(one.sets->undecided, range, found.undecided);
    }
  });
  if (stop.stopped()) return;
  for (auto& one : wanted) {
    one.sets->shrink();
    studies[one.study].set_whole(one.leaf, std::move(one.sets));
  }
}

void remember(std::span<const SegmentStudy> studies) {
  for (const auto& study : studies) {
    const auto& leaves = study.plan().leaves;
    for (LeafId id = 0; id < leaves.size(); ++id) {
      if (study.whole_at_hand(id) && !study.shelf().find(leaves[id])) study.shelf().keep(leaves[id], study.whole_at_hand(id));
    }
  }
}

}  // namespace skerry::cohort
