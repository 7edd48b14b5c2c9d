#include "cohort/leaf.hpp"

#include <algorithm>

namespace skerry::cohort {

bool Leaf::plain() const noexcept {
  const auto& c = condition;
  return !any_place && !numbers && c.value.empty() && c.site.empty() && !c.side && c.sources.empty() && c.source_reference.empty() &&
         c.qualifiers.empty() && !c.from && !c.to && !c.age_from_days && !c.age_to_days && c.pick == Pick::any && c.time.empty() &&
         c.at_least == 1 && !c.at_most;
}

LeafId Leaves::add(const Condition& leaf, const Use& use) {
  Leaf fresh{leaf, use.any_place, use.numbers, use.unit, {}};
  auto& condition = fresh.condition;
  condition.name.clear();
  // Whether present or absent is asked matters to the rows themselves only where some are picked or lie in time to others.
  for (const auto id : by_code_[condition.code]) {
    const auto& known = leaves_[id];
    if (known.any_place == fresh.any_place && known.numbers == fresh.numbers && known.unit == fresh.unit && known.condition == condition) {
      return id;
    }
  }
  for (const auto& relation : condition.time) fresh.others.push_back(relation.other.empty() ? no_leaf : add(relation.other.front()));
  const auto id = static_cast<LeafId>(leaves_.size());
  by_code_[condition.code].push_back(id);
  leaves_.push_back(std::move(fresh));
  return id;
}

ConditionNode compile(const Condition& condition, Leaves& leaves) {
  ConditionNode node{condition.form, condition.asked, no_leaf, {}};
  if (condition.form == Condition::Form::fact) {
    auto leaf = condition;
    // The same facts answer both; only a pick among them depends on which are meant.
    if (leaf.pick == Pick::any) leaf.asked = Asked::present;
    node.leaf = leaves.add(leaf);
  }
  node.parts.reserve(condition.parts.size());
  for (const auto& part : condition.parts) node.parts.push_back(compile(part, leaves));
  return node;
}

const Terms& SegmentTerms::look_up(Known& known, const std::string& code, Terms (SegmentTerms::*find)(const std::string&) const) {
  const auto found = known.find(code);
  return found != known.end() ? found->second : known.emplace(code, (this->*find)(code)).first->second;
}

Terms SegmentTerms::terms_of(const std::vector<std::string>& codes) const {
  Terms out;
  for (const auto& code : codes) {
    if (const auto term = segment_.find(code)) out.push_back(*term);
  }
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Terms SegmentTerms::find_same(const std::string& code) const {
  auto codes = vocabulary_.ids_of(code);
  codes.push_back(code);
  return terms_of(codes);
}

Terms SegmentTerms::find_below(const std::string& code) const {
  auto codes = vocabulary_.descendants(code);
  codes.push_back(code);
  return terms_of(codes);
}

Terms SegmentTerms::find_above(const std::string& code) const {
  std::vector<std::string> codes{code};
  for (const auto& above : vocabulary_.ancestors(code)) {
    auto ids = vocabulary_.ids_of(above);
    codes.insert(codes.end(), ids.begin(), ids.end());
  }
  return terms_of(codes);
}

namespace {

std::vector<ValueTest> tests_of(const std::vector<Comparison>& comparisons, bool exact, SegmentTerms& terms) {
  std::vector<ValueTest> out;
  for (const auto& comparison : comparisons) {
    ValueTest test{comparison.relation, comparison.number, comparison.unit, nullptr};
    if (comparison.relation == Comparison::Relation::code || comparison.relation == Comparison::Relation::origin) {
      test.codes = exact ? &terms.same(comparison.code) : &terms.below(comparison.code);
    }
    out.push_back(std::move(test));
  }
  return out;
}

/// The streams of the codes that have the kind and status.
std::vector<index::StreamId> streams_of(const index::SegmentReading& segment, const Terms& codes, const Condition& leaf, Status status) {
  std::vector<index::StreamId> out;
  const auto streams = segment.streams();
  for (const auto code : codes) {
    for (const auto stream : segment.streams_of(code)) {
      const auto& info = streams[stream];
      if (info.status == status && (!leaf.kind || info.kind == *leaf.kind)) out.push_back(stream);
    }
  }
  return out;
}

}  // namespace

LeafPlan plan_of(const Leaf& leaf, const index::SegmentReading& segment, SegmentTerms& terms) {
  const auto& condition = leaf.condition;
  LeafPlan out;
  out.leaf = &leaf;
  const auto& below = condition.exact ? terms.same(condition.code) : terms.below(condition.code);
  const auto& above = condition.exact ? terms.same(condition.code) : terms.above(condition.code);
  out.present = streams_of(segment, below, condition, Status::present);
  out.absent = streams_of(segment, above, condition, Status::absent);
  const auto streams = segment.streams();
  for (const auto stream : out.present) out.rows += streams[stream].rows;
  for (const auto stream : out.absent) {
    out.rows += streams[stream].rows;
    out.absent_with_place = out.absent_with_place || streams[stream].has_place;
  }
  out.value = tests_of(condition.value, condition.exact, terms);
  for (const auto& qualifier : condition.qualifiers) {
    out.qualifiers.push_back({&terms.below(qualifier.role), tests_of(qualifier.value, false, terms)});
  }
  if (!condition.site.empty()) {
    out.site_below = &terms.below(condition.site);
    out.site_above = &terms.above(condition.site);
  }
  if (!condition.source_reference.empty()) out.sources = &terms.same(condition.source_reference);
  out.window = window_of(condition);
  return out;
}

}  // namespace skerry::cohort
