#include "cohort/person_facts.hpp"

#include <algorithm>
#include <limits>

namespace skerry::cohort {
namespace {

using Axis = Span::Axis;
constexpr Tick never = std::numeric_limits<Tick>::max() / 4;

/// The axis all the rows can be put on; none when there is no such axis.
Axis common_axis(std::span<const Row> rows, Said said, const Birth& birth) {
  auto axis = Axis::none;
  bool mixed = false;
  for (const auto& row : rows) {
    if (row.said != said || row.axis == Axis::none) continue;
    mixed = mixed || (axis != Axis::none && axis != row.axis);
    axis = row.axis;
  }
  if (!mixed) return axis;
  return birth.known ? Axis::calendar : Axis::none;
}

/// On that axis; from -never to never when that is not known.
Range placed(const Row& row, Axis axis, const Birth& birth) {
  auto range = row.range();
  if (range.known() && range.axis != axis) range = axis == Axis::calendar ? on_calendar(range, birth) : Range{};
  return range.known() ? range : Range{Axis::none, -never, never};
}

/// Time backwards, so that the last is the first.
Range turned(const Range& range) { return {range.axis == Axis::none ? Axis::none : Axis::calendar, -range.last(), -range.low}; }

Edge edge_of(std::span<const Row> rows, Said said, const Birth& birth, bool last) {
  const auto axis = common_axis(rows, said, birth);
  Edge out;
  std::size_t count = 0;
  bool undated = false;
  Range sure{axis, never, never}, open{axis, never, never}, any{axis, -never, -never};
  bool one_of = false;
  for (const auto& row : rows) {
    if (row.said != said) continue;
    ++count;
    one_of = one_of || row.one_of;
    const auto range = placed(row, axis, birth);
    if (range.axis == Axis::none) undated = true;
    const Tick low = last ? -range.high : range.low, high = last ? -range.low : range.high;
    open.low = std::min(open.low, low);
    any.high = std::max(any.high, high);
    if (row.holds == Truth::yes) {
      out.certain = true;
      sure.high = std::min(sure.high, high);
    }
  }
  out.recorded = count != 0;
  if (!out.certain && one_of) {
    out.certain = true;
    sure.high = any.high;
  }
  if (!out.certain || undated || axis == Axis::none) return out;
  out.when = last ? Range{axis, -sure.high, -open.low} : Range{axis, open.low, sure.high};
  return out;
}

}  // namespace

void keep_picked(Pick pick, Said said, const Birth& birth, std::vector<Row>& rows) {
  if (pick == Pick::any) return;
  const auto axis = common_axis(rows, said, birth);
  const auto range_of = [&](const Row& row) {
    const auto range = placed(row, axis, birth);
    return pick == Pick::last ? turned(range) : range;
  };
  // The first certain one ends by `end`; the next to begin does so at `begin`.
  Tick end = never;
  bool certain = false;
  std::size_t count = 0;
  for (const auto& row : rows) {
    if (row.said != said) continue;
    ++count;
    if (row.holds != Truth::yes) continue;
    certain = true;
    end = std::min(end, range_of(row).last());
  }
  if (count <= 1) return;
  std::erase_if(rows, [&](const Row& row) { return row.said == said && certain && range_of(row).low > end; });
  for (auto& row : rows) {
    if (row.said != said) continue;
    row.one_of = certain;
    const auto last = range_of(row).last();
    for (const auto& other : rows) {
      if (&other != &row && other.said == said && range_of(other).low < last) {
        row.holds = Truth::open;
        break;
      }
    }
  }
}

Truth related(const TimeRelation& relation, const Row& fact, std::span<const Row> others, Said said, const Birth& birth) {
  auto out = Truth::no;
  bool one_of = false, all = true;
  for (const auto& other : others) {
    if (other.said != said || other.key == fact.key) continue;
    const auto truth = relates(relation, fact.range(), other.range(), birth);
    if (other.one_of) {
      one_of = true;
      all = all && truth == Truth::yes;
    }
    out = either(out, both(truth, other.holds));
  }
  return one_of && all ? Truth::yes : out;
}

Edge first_of(std::span<const Row> rows, Said said, const Birth& birth) { return edge_of(rows, said, birth, false); }
Edge last_of(std::span<const Row> rows, Said said, const Birth& birth) { return edge_of(rows, said, birth, true); }

Times times_of(std::span<const Row> rows) {
  std::vector<Range> sure, open;
  bool one_of = false;
  for (const auto& row : rows) {
    if (row.said != Said::present) continue;
    one_of = one_of || row.one_of;
    (row.holds == Truth::yes ? sure : open).push_back(row.range());
  }
  auto out = different_days(sure, open);
  if (one_of) out.least = std::max<std::int64_t>(out.least, 1);
  return out;
}

LeafState state_of(const Condition& leaf, std::span<const Row> rows, const Birth& birth) {
  bool told = false, perhaps_told = false;
  auto present = Truth::no;
  for (const auto& row : rows) {
    (row.holds == Truth::yes ? told : perhaps_told) = true;
    if (row.said == Said::present) present = either(present, row.one_of ? Truth::yes : row.holds);
  }
  if (leaf.at_least > 1 || leaf.at_most) {
    const auto times = times_of(rows);
    const std::int64_t most = leaf.at_most.value_or(std::numeric_limits<std::int32_t>::max());
    present = times.most < leaf.at_least || times.least > most     ? Truth::no
              : times.least >= leaf.at_least && times.most <= most ? Truth::yes
                                                                   : Truth::open;
  }
  if (present == Truth::open) return LeafState::undecided;
  if (present == Truth::no) return told ? LeafState::absent : perhaps_told ? LeafState::undecided : LeafState::not_recorded;
  auto out = LeafState::present;
  for (const auto& absence : rows) {
    if (absence.said != Said::absent) continue;
    for (const auto& presence : rows) {
      if (presence.said != Said::present || presence.holds != Truth::yes) continue;
      if (told_apart(presence.range(), absence.range(), birth)) continue;
      if (absence.holds == Truth::yes) return LeafState::contradictory;
      out = LeafState::undecided;
    }
  }
  return out;
}

}  // namespace skerry::cohort
