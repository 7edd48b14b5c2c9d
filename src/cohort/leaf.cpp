#include "cohort/leaf.hpp"

#include <algorithm>

#include "fact/concepts.hpp"

namespace skerry::cohort {
namespace {

bool holds(const Comparison& comparison, double number) {
  switch (comparison.relation) {
    case Comparison::Relation::equal: return !(number < comparison.number) && !(number > comparison.number);
    case Comparison::Relation::less: return number < comparison.number;
    case Comparison::Relation::at_most: return number <= comparison.number;
    case Comparison::Relation::greater: return number > comparison.number;
    case Comparison::Relation::at_least: return number >= comparison.number;
    case Comparison::Relation::code:
    case Comparison::Relation::origin: return false;
  }
  return false;
}

}  // namespace

std::size_t Leaves::add(const Condition& leaf, bool any_place) {
  leaves_.push_back(&leaf);
  any_place_.push_back(any_place);
  cache_.clear();
  return leaves_.size() - 1;
}

bool Leaves::same(std::string_view a, std::string_view b) const {
  if (a == b) return true;
  const auto* first = vocabulary_.find(a);
  return first != nullptr && first == vocabulary_.find(b);
}

const std::vector<Leaves::Hit>& Leaves::hits_of(const std::string& code) {
  const auto [entry, fresh] = cache_.try_emplace(code);
  if (fresh) {
    for (std::size_t i = 0; i < leaves_.size(); ++i) {
      const auto& leaf = *leaves_[i];
      const bool equal = same(code, leaf.code);
      const bool below = equal || (!leaf.exact && vocabulary_.is_a(code, leaf.code));
      const bool above = equal || (!leaf.exact && vocabulary_.is_a(leaf.code, code));
      if (below || above) entry->second.push_back({i, below, above});
    }
  }
  return entry->second;
}

/// A presence must lie in the place asked for; an absence must cover it (nowhere told: absent everywhere).
bool Leaves::place_covers(const Condition& leaf, const Fact& fact) const {
  const bool absent = fact.status == Status::absent;
  const auto& site = fact.where.site.id;
  if (!leaf.site.empty()) {
    if (site.empty()) {
      if (!absent) return false;
    } else if (!same(site, leaf.site) && !(absent ? vocabulary_.is_a(leaf.site, site) : vocabulary_.is_a(site, leaf.site))) {
      return false;
    }
  } else if (absent && !site.empty()) {
    return false;  // absent in one place is not absent
  }
  if (!leaf.side) return !absent || fact.where.side == Side::unknown || fact.where.side == Side::both;
  if (fact.where.side == *leaf.side || fact.where.side == Side::both) return true;
  return absent && fact.where.side == Side::unknown;
}

Said Leaves::compare(const Condition& leaf, const Value& value) const {
  bool all = true;
  for (const auto& comparison : leaf.value) {
    bool met = false;
    if (comparison.relation == Comparison::Relation::code) {
      const auto* code = std::get_if<Code>(&value);
      if (!code || code->id.empty() || code->id == concepts::unknown_sex) return Said::nothing;
      met = same(code->id, comparison.code) || (!leaf.exact && vocabulary_.is_a(code->id, comparison.code));
    } else if (comparison.relation == Comparison::Relation::origin) {
      const auto* variant = std::get_if<Variant>(&value);
      if (!variant || variant->origin.id.empty()) return Said::nothing;
      met = same(variant->origin.id, comparison.code) || (!leaf.exact && vocabulary_.is_a(variant->origin.id, comparison.code));
    } else if (const auto* quantity = std::get_if<Quantity>(&value)) {
      if (quantity->unit.id != comparison.unit) return Said::nothing;
      met = holds(comparison, quantity->number);
    } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      if (!comparison.unit.empty()) return Said::nothing;
      met = holds(comparison, static_cast<double>(*integer));
    } else {
      return Said::nothing;
    }
    all = all && met;
  }
  return all ? Said::present : Said::other;
}

Said Leaves::said_of(const Fact& fact, const Hit& hit) const {
  const auto& leaf = *leaves_[hit.leaf];
  if (leaf.kind && fact.kind != *leaf.kind) return Said::nothing;
  if (!any_place_[hit.leaf] && !place_covers(leaf, fact)) return Said::nothing;
  if (fact.status == Status::present) return hit.below ? compare(leaf, fact.value) : Said::nothing;
  if (fact.status == Status::absent) return hit.above ? Said::absent : Said::nothing;
  return Said::nothing;
}

void Evidence::clear() {
  present.clear();
  absent.clear();
  other = false;
}

Answer Evidence::answer() const {
  if (present.empty()) return absent.empty() && !other ? Answer::not_recorded : Answer::absent;
  const bool told_apart =
      std::ranges::all_of(present, [&](const Span& p) { return std::ranges::all_of(absent, [&](const Span& a) { return apart(p, a); }); });
  return told_apart ? Answer::present : Answer::contradictory;
}

}  // namespace skerry::cohort
