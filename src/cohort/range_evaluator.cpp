#include "cohort/range_evaluator.hpp"

#include <algorithm>

namespace skerry::cohort {
namespace {

const Births no_births;

Bitset slice(const Bitset& whole, PersonRange people) {
  Bitset out(people.size());
  if (whole.size() == 0) return out;
  auto to = out.words();
  const auto from = whole.words().subspan(people.from / 64, to.size());
  std::ranges::copy(from, to.begin());
  if (!to.empty()) out.trim();
  return out;
}

void add_all(LeafSets& sets, LeafState state, std::size_t person) {
  if (state == LeafState::present) sets.present.set(person);
  if (state == LeafState::absent) sets.absent.set(person);
  if (state == LeafState::contradictory) sets.contradictory.set(person);
  if (state == LeafState::undecided) sets.undecided.set(person);
}

/// Among rows that lie in time to others, those said otherwise are looked at too.
Said role_of(const Leaf& leaf) noexcept { return leaf.role() == Status::absent ? Said::absent : Said::present; }

}  // namespace

SegmentStudy::SegmentStudy(const StudyPlan& plan, const index::SegmentReading& segment, const vocabulary::Vocabulary& vocabulary)
    : plan_(&plan), segment_(&segment), terms_(std::make_unique<SegmentTerms>(segment, vocabulary)) {
  leaves_.reserve(plan.leaves.size());
  for (LeafId id = 0; id < plan.leaves.size(); ++id) leaves_.push_back(plan_of(plan.leaves[id], segment, *terms_));
  shelf_ = Shelf::of(segment, vocabulary);
  whole_.resize(plan.leaves.size());
}

RangeEvaluator::RangeEvaluator(const SegmentStudy& study, PersonRange people, Stop& stop)
    : study_(study),
      people_(people),
      stop_(stop),
      everyone_(slice(study.segment().covered(), people)),
      units_(study.segment()),
      block_(std::make_unique<index::Block>()),
      in_progress_(study.plan().leaves.size()) {
  birth_index_.edge = {true, true, {Span::Axis::age, 0, 0}};
  birth_index_.one = true;
}

Birth RangeEvaluator::birth_of(index::Person person) {
  if (!births_) births_ = std::make_unique<Births>(people_, study_.segment());
  return births_->of(person);
}

std::vector<Row> RangeEvaluator::find_rows(LeafId id, const Bitset* only) {
  const auto& plan = study_.leaf(id);
  if (plan.window.any() && !births_) births_ = std::make_unique<Births>(people_, study_.segment());
  Gathering with{study_.segment(), people_, births_ ? *births_ : no_births, units_, stop_, *block_};
  auto rows = gather(plan, with, only);
  const auto& condition = plan.leaf->condition;
  if (condition.pick == Pick::any && condition.time.empty()) return rows;
  in_progress_[id] = true;
  relate(id, rows);
  in_progress_[id] = false;
  return rows;
}

/// Leaves the picked ones of each person, then those that lie in time to others as asked.
void RangeEvaluator::relate(LeafId id, std::vector<Row>& rows) {
  const auto& leaf = *study_.leaf(id).leaf;
  const auto& relations = leaf.condition.time;
  const auto said = role_of(leaf);
  std::vector<RowCursor> others;
  for (const auto other : leaf.others) {
    others.emplace_back(other == no_leaf || in_progress_[other] ? std::span<const Row>{} : std::span<const Row>(this->rows(other)));
  }
  std::vector<Row> kept, mine;
  for_each_person(rows, [&](index::Person person, std::span<const Row> all) {
    mine.assign(all.begin(), all.end());
    const auto birth = birth_of(person);
    keep_picked(leaf.condition.pick, said, birth, mine);
    bool one_of = true;
    for (std::size_t r = 0; r < relations.size(); ++r) {
      const auto other = leaf.others[r];
      const auto theirs = others[r].of(person);
      for (auto& row : mine) {
        auto truth = Truth::open;
        if (other == no_leaf)
          truth = related_to_index(relations[r], row);
        else if (!in_progress_[other])
          truth = related(relations[r], row, theirs, role_of(study_.plan().leaves[other]), birth);
        one_of = one_of && (!row.one_of || truth == Truth::yes);
        row.holds = both(row.holds, truth);
      }
    }
    for (auto& row : mine) {
      row.one_of = row.one_of && one_of;
      if (row.holds != Truth::no) kept.push_back(row);
    }
  });
  rows = std::move(kept);
}

Truth RangeEvaluator::related_to_index(const TimeRelation& relation, const Row& row) {
  if (study_.plan().index != no_leaf && in_progress_[study_.plan().index]) return Truth::open;
  const auto& index = index_of(row.person);
  if (!index.edge.recorded || (index.key != 0 && index.key == row.key)) return Truth::no;
  if (!index.edge.certain) return Truth::open;
  return relates(relation, row.range(), index.edge.when, birth_of(row.person));
}

const std::vector<Row>& RangeEvaluator::rows(LeafId id) {
  const auto found = rows_.find(id);
  if (found != rows_.end()) return found->second;
  auto rows = find_rows(id, only_ ? &*only_ : nullptr);
  return rows_.emplace(id, std::move(rows)).first->second;
}

void RangeEvaluator::find_index() {
  index_found_ = true;
  const auto leaf = study_.plan().index;
  if (leaf == no_leaf) return;
  const auto& found = rows(leaf);
  index_.resize(people_.size());
  const auto& condition = study_.plan().leaves[leaf].condition;
  const auto said = role_of(study_.plan().leaves[leaf]);
  const bool last = condition.pick == Pick::last;
  std::vector<Row> first;
  for_each_person(found, [&](index::Person person, std::span<const Row> all) {
    auto& out = index_.data()[person - people_.from];
    const auto birth = birth_of(person);
    out.edge = last ? last_of(all, said, birth) : first_of(all, said, birth);
    if (!out.edge.certain) return;
    first.assign(all.begin(), all.end());
    keep_picked(last ? Pick::last : Pick::first, said, birth, first);
    out.one = true;
    std::size_t count = 0;
    for (const auto& row : first) {
      if (row.said != said) continue;
      ++count;
      out.one = out.one && row.holds == Truth::yes;
      if (row.link != 0) out.links.push_back(row.link);
      out.key = row.key;
    }
    if (!out.one || count != 1) out.key = 0;
  });
}

const IndexEvent& RangeEvaluator::index_of(index::Person person) {
  if (study_.plan().study->time.from_birth || study_.plan().index == no_leaf) return birth_index_;
  if (!index_found_) find_index();
  return index_.data()[person - people_.from];
}

void RangeEvaluator::resolve(LeafId id, std::span<const Row> rows, LeafSets& out) {
  const auto& condition = study_.plan().leaves[id].condition;
  for_each_person(rows, [&](index::Person person, std::span<const Row> all) {
    const bool both_said = std::ranges::any_of(all, [](const Row& row) { return row.said == Said::absent; });
    add_all(out, state_of(condition, all, both_said ? birth_of(person) : Birth{}), person - people_.from);
  });
}

LeafSets RangeEvaluator::sets_of(LeafId id, std::span<const Row> rows) {
  LeafSets out(people_.size());
  resolve(id, rows, out);
  return out;
}

LeafSets RangeEvaluator::sets(LeafId id) {
  if (const auto* whole = study_.whole(id)) {
    LeafSets out;
    out.present = slice(whole->present, people_);
    out.absent = slice(whole->absent, people_);
    out.contradictory = slice(whole->contradictory, people_);
    out.undecided = slice(whole->undecided, people_);
    return out;
  }
  if (const auto known = sets_.find(id); known != sets_.end()) return known->second;
  const auto known = rows_.find(id);
  auto out = known != rows_.end() ? sets_of(id, known->second) : sets_of(id, find_rows(id));
  if (study_.plan().uses[id] > 1) sets_.emplace(id, out);
  return out;
}

Truths RangeEvaluator::holds(const ConditionNode& node) {
  using Form = Condition::Form;
  const auto size = people_.size();
  if (stop_.stopped()) return Truths(size);
  if (node.form == Form::everyone) {
    Truths out(size);
    out.yes = out.recorded = everyone_;
    return out;
  }
  if (node.form == Form::fact) {
    auto sets = this->sets(node.leaf);
    Truths out(size);
    out.recorded = sets.present;
    out.recorded |= sets.absent;
    out.recorded |= sets.contradictory;
    out.open = sets.undecided;
    if (node.asked == Asked::recorded || node.asked == Asked::not_recorded) {
      out.yes = out.recorded;
      if (node.asked == Asked::not_recorded) out.negate(everyone_);
    } else {
      out.yes = std::move(node.asked == Asked::present ? sets.present : sets.absent);
      out.contradictory = std::move(sets.contradictory);
    }
    out.recorded |= sets.undecided;
    return out;
  }
  // `none` is the negation of `any`.
  Truths out(size);
  if (node.form == Form::all) out.yes = everyone_;
  for (const auto& part : node.parts) {
    if (node.form == Form::all)
      out &= holds(part);
    else
      out |= holds(part);
  }
  if (node.form == Form::none) out.negate(everyone_);
  return out;
}

Truths RangeEvaluator::refuted(const ConditionNode& node) {
  using Form = Condition::Form;
  if (node.form == Form::everyone) return Truths(people_.size());
  if (node.form == Form::fact) {
    auto turned = node;
    if (node.asked == Asked::present) turned.asked = Asked::absent;
    if (node.asked == Asked::absent) turned.asked = Asked::present;
    if (node.asked == Asked::recorded) turned.asked = Asked::not_recorded;
    if (node.asked == Asked::not_recorded) turned.asked = Asked::recorded;
    return holds(turned);
  }
  Truths out(people_.size());
  if (node.form == Form::any) out.yes = everyone_;
  for (const auto& part : node.parts) {
    if (node.form == Form::any)
      out &= refuted(part);
    else if (node.form == Form::all)
      out |= refuted(part);
    else
      out |= holds(part);
  }
  return out;
}

std::vector<std::uint16_t> group_places(const std::vector<Truths>& groups, std::size_t people) {
  const auto none = static_cast<std::uint16_t>(groups.size()), several = static_cast<std::uint16_t>(groups.size() + 1);
  std::vector<std::uint16_t> out(people, none);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    auto unclear = groups[g].contradictory;
    unclear |= groups[g].open;
    groups[g].yes.for_each([&](std::size_t i) { out[i] = out[i] == none ? static_cast<std::uint16_t>(g) : several; });
    unclear.for_each([&](std::size_t i) { out[i] = several; });
  }
  return out;
}

}  // namespace skerry::cohort
