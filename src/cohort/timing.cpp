#include "cohort/timing.hpp"

#include <algorithm>
#include <cmath>

namespace skerry::cohort {
namespace {

using Axis = Span::Axis;

constexpr Tick no_step = 1'000'000'000;

Tick floor_day(Tick tick) noexcept { return tick >= 0 ? tick / day_ticks : -((-tick + day_ticks - 1) / day_ticks); }

/// Whole days, both inclusive.
struct Days {
  Tick first, last;
};
Days days_in(const Range& range) noexcept { return {floor_day(range.low), floor_day(std::max(range.low, range.last()))}; }

/// The fewest days such that each range holds one of them (intervals stabbed by points, greedy by their ends).
std::int64_t fewest(std::vector<Days>& days) {
  std::ranges::sort(days, {}, &Days::last);
  std::int64_t count = 0;
  Tick point = 0;
  for (const auto& range : days) {
    if (count != 0 && range.first <= point) continue;
    point = range.last;
    ++count;
  }
  return count;
}

/// The most ranges that can each have a day of their own (earliest end first takes its earliest free day).
std::int64_t most(std::vector<Days>& days) {
  std::ranges::sort(days, [](const Days& a, const Days& b) { return a.last != b.last ? a.last < b.last : a.first < b.first; });
  std::vector<Tick> taken;  // sorted
  for (const auto& range : days) {
    auto place = std::ranges::lower_bound(taken, range.first);
    auto day = range.first;
    for (; place != taken.end() && *place == day; ++place) ++day;
    if (day <= range.last) taken.insert(place, day);
  }
  return static_cast<std::int64_t>(taken.size());
}

Truth within_bounds(Tick low, Tick high, double least, std::optional<double> at_most) noexcept {
  const auto lowest = static_cast<double>(low), highest = static_cast<double>(high);
  if (highest < least || (at_most && lowest > *at_most)) return Truth::no;
  return lowest >= least && (!at_most || highest <= *at_most) ? Truth::yes : Truth::open;
}

}  // namespace

Range on_calendar(const Range& range, const Birth& birth) noexcept {
  if (range.axis != Axis::age) return range;
  if (!birth.known) return {};
  return {Axis::calendar, birth.low + range.low, birth.high + range.last()};
}

Range as_age(const Range& range, const Birth& birth) noexcept {
  if (range.axis != Axis::calendar) return range;
  if (!birth.known) return {};
  return {Axis::age, range.low - birth.high, range.high - birth.low + 1};
}

bool align(Range& a, Range& b, const Birth& birth) noexcept {
  if (!a.known() || !b.known()) return false;
  if (a.axis == b.axis) return true;
  a = on_calendar(a, birth);
  b = on_calendar(b, birth);
  return a.known() && b.known();
}

bool told_apart(Range a, Range b, const Birth& birth) noexcept { return align(a, b, birth) && (a.last() < b.low || b.last() < a.low); }

Range elapsed(Range from, Range to, const Birth& birth) noexcept {
  if (!align(from, to, birth)) return {};
  return {Axis::age, to.low - from.high, to.high - from.low};
}

Window window_of(const Condition& leaf) {
  Window out;
  if (leaf.from) out.from = Tick{days_of(*leaf.from).first} * day_ticks;
  if (leaf.to) out.to = Tick{days_of(*leaf.to).last} * day_ticks;
  if (leaf.age_from_days) out.age_from = *leaf.age_from_days * index::ticks_per_day;
  if (leaf.age_to_days) out.age_to = *leaf.age_to_days * index::ticks_per_day;
  return out;
}

Truth inside(const Window& window, const Range& when, const Birth& birth) noexcept {
  auto truth = Truth::yes;
  if (window.from || window.to) {
    const auto date = on_calendar(when, birth);
    if (date.known() && ((window.from && date.high < *window.from) || (window.to && date.low > *window.to))) return Truth::no;
    if (!date.known() || (window.from && date.low < *window.from) || (window.to && date.high > *window.to)) truth = Truth::open;
  }
  if (window.age_from || window.age_to) {
    const auto age = as_age(when, birth);
    if (!age.known()) return Truth::open;  // outside of the dates would have been a no
    const auto low = static_cast<double>(age.low), last = static_cast<double>(age.last());
    if ((window.age_from && last < *window.age_from) || (window.age_to && low >= *window.age_to)) return Truth::no;
    if ((window.age_from && low < *window.age_from) || (window.age_to && last >= *window.age_to)) truth = Truth::open;
  }
  return truth;
}

Truth relates(const TimeRelation& relation, const Range& fact_when, const Range& other_when, const Birth& birth) noexcept {
  auto fact = fact_when;
  auto other = other_when;
  if (!align(fact, other, birth)) return Truth::open;
  const double least = relation.least_days * index::ticks_per_day;
  std::optional<double> at_most;
  if (relation.most_days) at_most = *relation.most_days * index::ticks_per_day;
  const Tick low = fact.low - other.last(), high = fact.last() - other.low;  // from the other to the fact
  switch (relation.relation) {
    case TimeRelation::Relation::after: return within_bounds(low, high, least, at_most);
    case TimeRelation::Relation::before: return within_bounds(-high, -low, least, at_most);
    case TimeRelation::Relation::within: {
      const Tick nearest = low <= 0 && high >= 0 ? 0 : std::min(std::abs(low), std::abs(high));
      return within_bounds(nearest, std::max(std::abs(low), std::abs(high)), least, at_most);
    }
    case TimeRelation::Relation::during:
      if (fact.low >= other.low && fact.last() <= other.last()) return Truth::yes;
      return fact.last() < other.low || fact.low > other.last() ? Truth::no : Truth::open;
  }
  return Truth::open;
}

Times different_days(std::span<const Range> sure, std::span<const Range> open) {
  std::vector<Days> by_axis[2], possible[2];
  Times out;
  bool undated = false;
  const auto add = [&](const Range& range, bool certain) {
    if (!range.known()) {
      ++out.most;
      undated = undated || certain;
      return;
    }
    const auto axis = range.axis == Axis::age ? 1U : 0U;
    possible[axis].push_back(days_in(range));
    if (certain) by_axis[axis].push_back(days_in(range));
  };
  for (const auto& range : sure) add(range, true);
  for (const auto& range : open) add(range, false);
  // Facts on different clocks, and those without a date, may be of one day.
  for (auto axis : {0U, 1U}) {
    out.least = std::max(out.least, fewest(by_axis[axis]));
    out.most += most(possible[axis]);
  }
  if (undated) out.least = std::max<std::int64_t>(out.least, 1);
  return out;
}

std::optional<std::int32_t> step_of(const TimeToEvent& time, const Range& range) noexcept {
  const auto step = static_cast<Tick>(time.step * days_in(time.unit) * index::ticks_per_day);
  if (!range.known() || range.high < 0 || range.high - range.low > step) return std::nullopt;
  const Tick middle = std::max<Tick>(0, range.low + range.high);  // twice
  const Tick steps = (middle + 2 * step - 1) / (2 * step);
  return static_cast<std::int32_t>(std::min(steps, no_step));
}

}  // namespace skerry::cohort
