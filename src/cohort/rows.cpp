#include "cohort/rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "fact/concepts.hpp"

namespace skerry::cohort {
namespace {

using index::Block;
using index::Term;
using index::ValueKind;

bool has(const Terms& terms, Term term) noexcept { return std::ranges::binary_search(terms, term); }

/// After a conversion, numbers that differ by rounding alone count as equal.
bool same_number(double a, double b, bool converted) noexcept {
  if (a < b || a > b) return converted && std::abs(a - b) <= 1e-12 * std::max(std::abs(a), std::abs(b));
  return true;
}

bool holds(const ValueTest& test, double number, bool converted) noexcept {
  const bool equal = same_number(number, test.number, converted);
  switch (test.relation) {
    case Comparison::Relation::equal: return equal;
    case Comparison::Relation::less: return !equal && number < test.number;
    case Comparison::Relation::at_most: return equal || number < test.number;
    case Comparison::Relation::greater: return !equal && number > test.number;
    case Comparison::Relation::at_least: return equal || number > test.number;
    case Comparison::Relation::code:
    case Comparison::Relation::origin: return false;
  }
  return false;
}

/// Whether a value meets a test; nothing when it cannot be compared with it.
struct Value {
  ValueKind kind;
  Term code, unit;
  double number;
};

class Gatherer {
 public:
  Gatherer(const LeafPlan& plan, Gathering& with, const Bitset* only) : plan_(plan), leaf_(*plan.leaf), with_(with), only_(only) {
    unknown_sex_ = with.segment.find(concepts::unknown_sex).value_or(0);
  }

  std::vector<Row> all() {
    for (const auto id : plan_.present) stream(id, Said::present);
    for (const auto id : plan_.absent) stream(id, Said::absent);
    if (plan_.present.size() + plan_.absent.size() > 1) sort();
    return std::move(rows_);
  }

 private:
  void stream(index::StreamId id, Said said) {
    const auto& info = with_.segment.streams()[id];
    auto& block = with_.block;
    const auto& people = with_.people;
    const auto columns = columns_of(info, said);
    const auto blocks = with_.segment.blocks(id);
    for (std::size_t b = first_block(with_.segment, id, people.from); b < blocks && !with_.stop.stopped(); ++b) {
      if (with_.segment.first_person(id, b) >= people.to) break;
      with_.segment.decode(id, b, columns, block);
      const auto* person = block.person.data();
      const auto begin = static_cast<std::size_t>(std::lower_bound(person, person + block.size, people.from) - person);
      const auto end = static_cast<std::size_t>(std::lower_bound(person, person + block.size, people.to) - person);
      qualifier_ = 0;
      for (auto i = begin; i < end; ++i) {
        if (!only_ || only_->test(person[i] - people.from)) row(info, said, i, (std::uint64_t{id} << 32) + b * index::block_rows + i + 1);
      }
    }
    if (with_.stop.now()) rows_.clear();
  }

  [[nodiscard]] unsigned columns_of(const index::StreamInfo& info, Said said) const {
    const auto& condition = leaf_.condition;
    unsigned out = index::column_when;
    const bool place = !condition.site.empty() || condition.side || said == Said::absent;
    if (place && info.has_place) out |= index::column_place;
    if (said == Said::present && (leaf_.numbers || !plan_.value.empty())) out |= index::column_value;
    if (!condition.sources.empty() || plan_.sources) out |= index::column_source;
    if (info.has_link) out |= index::column_link;
    if (!plan_.qualifiers.empty() && info.has_qualifier) out |= index::column_qualifier;
    return out;
  }

  void row(const index::StreamInfo& info, Said said, std::size_t i, std::uint64_t key) {
    const auto& block = with_.block;
    const Term site = info.has_place ? block.site.data()[i] : 0;
    const auto side = info.has_place ? block.side.data()[i] : Side::unknown;
    if (!leaf_.any_place && !place_covers(said, site, side)) return;
    if (!source_covers(i) || !qualified(info, said, i)) return;
    Row out;
    if (said == Said::present && (leaf_.numbers || !plan_.value.empty())) {
      const Value value = info.has_value
                              ? Value{block.value_kind.data()[i], block.value.data()[i], block.unit.data()[i], block.number.data()[i]}
                              : Value{ValueKind::none, 0, 0, 0};
      const auto met = compare(plan_.value, value);
      if (met == Truth::open) return;
      if (met == Truth::no) said = Said::other;
      if (leaf_.numbers) {
        const auto number = number_of(value, leaf_.unit);
        if (!number) return;
        out.number = number->first;
      }
    }
    out.person = block.person.data()[i];
    out.said = said;
    out.axis = block.axis.data()[i];
    if (out.axis != Span::Axis::none) {
      out.low = block.low.data()[i];
      out.high = block.high.data()[i];
    }
    if (plan_.window.any()) out.holds = inside(plan_.window, out.range(), with_.births.of(out.person));
    if (out.holds == Truth::no) return;
    if (info.has_link) {
      out.link = block.link.data()[i];
      out.part_of = block.part_of.data()[i];
    }
    out.key = key;
    rows_.push_back(out);
  }

  /// A presence must lie in the place asked for; an absence must cover it (nowhere told: absent everywhere).
  [[nodiscard]] bool place_covers(Said said, Term site, Side side) const {
    const bool absent = said == Said::absent;
    const auto& condition = leaf_.condition;
    if (!condition.site.empty()) {
      if (site == 0 ? !absent : !has(absent ? *plan_.site_above : *plan_.site_below, site)) return false;
    } else if (absent && site != 0) {
      return false;  // absent in one place is not absent
    }
    if (!condition.side) return !absent || side == Side::unknown || side == Side::both;
    // Both sides are the left and the right one, not the midline.
    if (side == *condition.side || (side == Side::both && *condition.side != Side::midline)) return true;
    return absent && side == Side::unknown;
  }

  [[nodiscard]] bool source_covers(std::size_t i) const {
    const auto& kinds = leaf_.condition.sources;
    if (!kinds.empty() && std::ranges::find(kinds, with_.block.source_kind.data()[i]) == kinds.end()) return false;
    return !plan_.sources || has(*plan_.sources, with_.block.source.data()[i]);
  }

  /// An absence of which the role is not told covers every value of it.
  bool qualified(const index::StreamInfo& info, Said said, std::size_t i) {
    if (plan_.qualifiers.empty()) return true;
    const auto& all = with_.block.qualifiers;
    auto& at = qualifier_;
    if (!info.has_qualifier) return said == Said::absent;
    while (at < all.size() && all[at].row < i) ++at;
    auto end = at;
    while (end < all.size() && all[end].row == i) ++end;
    for (const auto& test : plan_.qualifiers) {
      bool told = false, met = false;
      for (auto q = at; q < end; ++q) {
        if (!has(*test.roles, all[q].role)) continue;
        told = true;
        met = met || compare(test.value, {all[q].kind, all[q].value, all[q].unit, all[q].number}) == Truth::yes;
      }
      if (!met && (told || said != Said::absent)) return false;
    }
    return true;
  }

  /// The number in a unit, and whether it was converted. An empty unit: integers and dimensionless numbers.
  std::optional<std::pair<double, bool>> number_of(const Value& value, const std::string& unit) {
    if (value.kind == ValueKind::integer) {
      if (!unit.empty()) return std::nullopt;
      return std::pair{value.number, false};
    }
    if (value.kind != ValueKind::number) return std::nullopt;
    const auto& conversion = with_.units.from(value.unit, unit);
    if (!conversion) return std::nullopt;
    const bool identity = same_number(conversion->factor, 1, false) && same_number(conversion->offset, 0, false);
    const auto number = conversion->apply(value.number);
    if (!std::isfinite(number)) return std::nullopt;
    return std::pair{number, !identity};
  }

  /// Open: the value cannot be compared.
  Truth compare(const std::vector<ValueTest>& tests, const Value& value) {
    auto out = Truth::yes;
    for (const auto& test : tests) {
      bool met = false;
      if (test.codes) {
        const auto kind = test.relation == Comparison::Relation::code ? ValueKind::code : ValueKind::variant;
        if (value.kind != kind || value.code == 0 || value.code == unknown_sex_) return Truth::open;
        met = has(*test.codes, value.code);
      } else {
        const auto number = number_of(value, test.unit);
        if (!number) return Truth::open;
        met = holds(test, number->first, number->second);
      }
      if (!met) out = Truth::no;
    }
    return out;
  }

  /// Each stream is in order of person: counting, or merging when there are few.
  void sort() {
    const auto people = with_.people.size();
    if (rows_.size() < people / 8) {
      std::ranges::stable_sort(rows_, {}, &Row::person);
      return;
    }
    std::vector<std::uint32_t> next(people + 1, 0);
    for (const auto& row : rows_) ++next.data()[row.person - with_.people.from + 1];
    for (std::size_t i = 0; i < people; ++i) next.data()[i + 1] += next.data()[i];
    std::vector<Row> sorted(rows_.size());
    for (const auto& row : rows_) sorted.data()[next.data()[row.person - with_.people.from]++] = row;
    rows_ = std::move(sorted);
  }

  const LeafPlan& plan_;
  const Leaf& leaf_;
  Gathering& with_;
  const Bitset* only_;
  Term unknown_sex_ = 0;
  std::size_t qualifier_ = 0;
  std::vector<Row> rows_;
};

}  // namespace

Births::Births(PersonRange people, const index::SegmentReading& segment) : from_(people.from) {
  const auto term = segment.find(concepts::birth_year);
  if (!term) return;
  low_.assign(people.size(), std::numeric_limits<std::int32_t>::max());
  high_.assign(people.size(), std::numeric_limits<std::int32_t>::min());
  const auto block = std::make_unique<Block>();
  for (const auto id : segment.streams_of(*term)) {
    const auto& info = segment.streams()[id];
    if (info.kind != Kind::person || info.status != Status::present || !info.has_value) continue;
    for (auto b = first_block(segment, id, people.from); b < segment.blocks(id); ++b) {
      if (segment.first_person(id, b) >= people.to) break;
      segment.decode(id, b, index::column_value, *block);
      for (std::size_t i = 0; i < block->size; ++i) {
        const auto person = block->person.data()[i];
        const auto year = block->number.data()[i];
        if (person < people.from || person >= people.to || block->value_kind.data()[i] != ValueKind::integer) continue;
        if (!(year >= 1 && year <= 9999)) continue;
        // Two years recorded: born in one of them, or between.
        const auto days = days_of(PartialDate{static_cast<std::int16_t>(year), 0, 0});
        auto& low = low_.data()[person - people.from];
        auto& high = high_.data()[person - people.from];
        low = std::min(low, days.first * static_cast<std::int32_t>(day_ticks));
        high = std::max(high, days.last * static_cast<std::int32_t>(day_ticks));
      }
    }
  }
}

const std::optional<vocabulary::Conversion>& UnitTable::from(index::Term unit, const std::string& to) {
  auto& known = known_[to];
  const auto found = known.find(unit);
  if (found != known.end()) return found->second;
  const auto name = segment_->curie(unit);
  const auto conversion = name == to ? std::optional(vocabulary::Conversion{}) : vocabulary::conversion(name, to);
  return known.emplace(unit, conversion).first->second;
}

std::size_t first_block(const index::SegmentReading& segment, index::StreamId stream, index::Person from) {
  if (from == 0) return 0;
  std::size_t low = 0, high = segment.blocks(stream);
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    if (segment.first_person(stream, middle) < from)
      low = middle + 1;
    else
      high = middle;
  }
  return low == 0 ? 0 : low - 1;  // the block before may end with someone of the range
}

std::vector<Row> gather(const LeafPlan& plan, Gathering& with, const Bitset* only) { return Gatherer(plan, with, only).all(); }

}  // namespace skerry::cohort
