// The answers of docs/study.md worked out fact by fact, slowly and plainly, to hold the engine against.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "cohort/select.hpp"
#include "fact/concepts.hpp"
#include "fact/span.hpp"

namespace skerry::cohort::plain {

enum class Truth { no, open, yes };
enum class State { not_recorded, absent, present, contradictory, undecided };
enum class Verdict { no, yes, contradictory, undecided };

/// Sixteenths of a day, both inclusive; an age ends just before the next one begins.
struct Time {
  Span::Axis axis = Span::Axis::none;
  long low = 0, last = 0;
};

struct Told {
  const Fact* fact;
  int said;  ///< 1 present, -1 absent, 0 present with another value
  Truth truth;
  bool one_of = false;
};

class Answers {
 public:
  Answers(std::vector<Fact> facts, vocabulary::Vocabulary words) : facts_(std::move(facts)), words_(std::move(words)) {
    for (const auto& fact : facts_) {
      const auto* year = std::get_if<std::int64_t>(&fact.value);
      if (fact.code.id != concepts::birth_year || year == nullptr || fact.kind != Kind::person || fact.status != Status::present) continue;
      const auto days = days_of(PartialDate{static_cast<std::int16_t>(*year), 0, 0});
      birth_ = birth_ ? std::pair{std::min(birth_->first, days.first * 16L), std::max(birth_->second, days.last * 16L)}
                      : std::pair{days.first * 16L, days.last * 16L};
    }
  }

  [[nodiscard]] Verdict holds(const Condition& c) const {
    using Form = Condition::Form;
    if (c.form == Form::everyone) return Verdict::yes;
    if (c.form == Form::fact) return asked(c);
    bool any_contradictory = false, any_open = false;
    for (const auto& part : c.parts) {
      const auto v = holds(part);
      if (v == Verdict::no && c.form == Form::all) return Verdict::no;
      if (v == Verdict::yes && c.form == Form::any) return Verdict::yes;
      if (v == Verdict::yes && c.form == Form::none) return Verdict::no;
      any_contradictory = any_contradictory || v == Verdict::contradictory;
      any_open = any_open || v == Verdict::undecided;
    }
    if (any_contradictory) return Verdict::contradictory;
    if (any_open) return Verdict::undecided;
    return c.form == Form::any ? Verdict::no : Verdict::yes;
  }

  [[nodiscard]] State state(const Condition& c) const {
    const auto all = told(c);
    Truth present = Truth::no;
    bool sure = false, perhaps = false;
    for (const auto& one : all) {
      (one.truth == Truth::yes ? sure : perhaps) = true;
      if (one.said == 1) present = std::max(present, one.one_of ? Truth::yes : one.truth);
    }
    if (c.at_least > 1 || c.at_most) present = often(c, all);
    if (present == Truth::open) return State::undecided;
    if (present == Truth::no) return sure ? State::absent : perhaps ? State::undecided : State::not_recorded;
    State out = State::present;
    for (const auto& a : all) {
      for (const auto& p : all) {
        if (a.said != -1 || p.said != 1 || p.truth != Truth::yes || apart(time(*a.fact), time(*p.fact))) continue;
        if (a.truth == Truth::yes) return State::contradictory;
        out = State::undecided;
      }
    }
    return out;
  }

 private:
  [[nodiscard]] Verdict asked(const Condition& c) const {
    auto positive = c;
    if (c.pick == Pick::any) positive.asked = Asked::present;
    const auto s = state(positive);
    const bool recorded = s == State::present || s == State::absent || s == State::contradictory;
    if (s == State::undecided) return Verdict::undecided;
    if (c.asked == Asked::recorded) return recorded ? Verdict::yes : Verdict::no;
    if (c.asked == Asked::not_recorded) return recorded ? Verdict::no : Verdict::yes;
    if (s == State::contradictory) return Verdict::contradictory;
    return s == (c.asked == Asked::present ? State::present : State::absent) ? Verdict::yes : Verdict::no;
  }

  [[nodiscard]] Time time(const Fact& fact) const {
    const auto span = span_of(fact.when);
    if (!span.known()) return {};
    const auto low = std::lround(std::floor(span.low * 16)), high = std::lround(std::ceil(span.high * 16));
    return {span.axis, low, span.axis == Span::Axis::age ? std::max(low, high - 1) : high};
  }
  [[nodiscard]] Time dated(const Time& t) const {
    if (t.axis != Span::Axis::age) return t;
    return birth_ ? Time{Span::Axis::calendar, birth_->first + t.low, birth_->second + t.last} : Time{};
  }
  [[nodiscard]] bool comparable(Time& a, Time& b) const {
    if (a.axis != b.axis) {
      a = dated(a);
      b = dated(b);
    }
    return a.axis != Span::Axis::none && a.axis == b.axis;
  }
  [[nodiscard]] bool apart(Time a, Time b) const { return comparable(a, b) && (a.last < b.low || b.last < a.low); }

  /// Whether it was between two days, when a time says where it may have been.
  static Truth between(long low, long last, double from, double to) {
    const auto l = static_cast<double>(low), h = static_cast<double>(last);
    if (h < from || l > to) return Truth::no;
    return l >= from && h <= to ? Truth::yes : Truth::open;
  }

  [[nodiscard]] Truth in_window(const Condition& c, const Fact& fact) const {
    constexpr double end = std::numeric_limits<double>::infinity();
    auto out = Truth::yes;
    if (c.from || c.to) {
      const auto t = dated(time(fact));
      if (t.axis == Span::Axis::none)
        out = Truth::open;
      else
        out = between(t.low, t.last, c.from ? days_of(*c.from).first * 16.0 : -end, c.to ? days_of(*c.to).last * 16.0 : end);
    }
    if (c.age_from_days || c.age_to_days) {
      auto t = time(fact);
      if (t.axis == Span::Axis::calendar) {
        t = birth_ ? Time{Span::Axis::age, t.low - birth_->second, t.last - birth_->first} : Time{};
      }
      if (t.axis == Span::Axis::none) return std::min(out, Truth::open);
      const double below = c.age_to_days ? std::ceil(*c.age_to_days * 16) - 1 : end;
      out = std::min(out, between(t.low, t.last, c.age_from_days ? *c.age_from_days * 16 : -end, below));
    }
    return out;
  }

  [[nodiscard]] std::vector<Told> told(const Condition& c) const {
    std::vector<Told> out;
    for (const auto& fact : facts_) {
      if (c.kind && fact.kind != *c.kind) continue;
      const bool same = words_.find(fact.code.id) != nullptr && words_.find(fact.code.id) == words_.find(c.code);
      const bool below = same || fact.code.id == c.code || (!c.exact && words_.is_a(fact.code.id, c.code));
      const bool above = same || fact.code.id == c.code || (!c.exact && words_.is_a(c.code, fact.code.id));
      int said = 0;
      if (fact.status == Status::present && below)
        said = 1;
      else if (fact.status == Status::absent && above && fact.where.site.id.empty())
        said = -1;
      else
        continue;
      if (!c.sources.empty() && std::ranges::find(c.sources, fact.source.kind) == c.sources.end()) continue;
      if (said == 1 && !c.value.empty()) {
        const auto* quantity = std::get_if<Quantity>(&fact.value);
        if (quantity == nullptr || quantity->unit.id != c.value[0].unit) continue;
        if (quantity->number < c.value[0].number) said = 0;  // the tests ask "at least" alone
      }
      const auto truth = in_window(c, fact);
      if (truth != Truth::no) out.push_back({&fact, said, truth});
    }
    picked(c, out);
    related(c, out);
    return out;
  }

  [[nodiscard]] static int role(const Condition& c) { return c.asked == Asked::absent ? -1 : 1; }

  /// Whether `a` may have been strictly before `b` (or after, for the last).
  [[nodiscard]] Truth earlier(const Fact& a, const Fact& b, bool last, bool same_clock) const {
    auto ta = time(a), tb = time(b);
    if (!same_clock) {
      ta = dated(ta);
      tb = dated(tb);
    }
    if (ta.axis == Span::Axis::none || tb.axis == Span::Axis::none || ta.axis != tb.axis) return Truth::open;
    if (last) {
      if (ta.low > tb.last) return Truth::yes;
      return ta.last > tb.low ? Truth::open : Truth::no;
    }
    if (ta.last < tb.low) return Truth::yes;
    return ta.low < tb.last ? Truth::open : Truth::no;
  }

  void picked(const Condition& c, std::vector<Told>& all) const {
    if (c.pick == Pick::any) return;
    std::vector<Told> mine;
    for (const auto& one : all) {
      if (one.said == role(c)) mine.push_back(one);
    }
    if (mine.size() < 2) return;
    bool ages = false, dates = false;
    for (const auto& one : mine) {
      const auto axis = time(*one.fact).axis;
      ages = ages || axis == Span::Axis::age;
      dates = dates || axis == Span::Axis::calendar;
    }
    const bool last = c.pick == Pick::last, same_clock = !(ages && dates);
    const bool certain = std::ranges::any_of(mine, [](const Told& one) { return one.truth == Truth::yes; });
    std::vector<Told> out;
    for (auto one : all) {
      if (one.said != role(c)) {
        out.push_back(one);
        continue;
      }
      bool possible = true, sure = true;
      for (const auto& other : mine) {
        if (other.fact == one.fact) continue;
        const auto before = earlier(*other.fact, *one.fact, last, same_clock);
        if (before == Truth::yes && other.truth == Truth::yes) possible = false;
        if (before != Truth::no) sure = false;
      }
      if (!possible) continue;
      if (!sure) one.truth = Truth::open;
      one.one_of = certain;
      out.push_back(one);
    }
    all = std::move(out);
  }

  [[nodiscard]] Truth lies(const TimeRelation& r, const Fact& fact, const Fact& other) const {
    auto f = time(fact), o = time(other);
    if (!comparable(f, o)) return Truth::open;
    const double most = r.most_days ? *r.most_days * 16 : std::numeric_limits<double>::infinity();
    const long low = f.low - o.last, high = f.last - o.low;
    using Relation = TimeRelation::Relation;
    if (r.relation == Relation::after) return between(low, high, r.least_days * 16, most);
    if (r.relation == Relation::before) return between(-high, -low, r.least_days * 16, most);
    if (r.relation == Relation::within) {
      const long near = low <= 0 && high >= 0 ? 0 : std::min(std::labs(low), std::labs(high));
      return between(near, std::max(std::labs(low), std::labs(high)), r.least_days * 16, most);
    }
    return between(f.low, f.last, static_cast<double>(o.low), static_cast<double>(o.last));
  }

  void related(const Condition& c, std::vector<Told>& all) const {
    for (const auto& r : c.time) {
      const auto others = told(r.other.front());
      bool every_one = true;
      for (auto& one : all) {
        auto truth = Truth::no;
        bool picked_all = true, some_picked = false;
        for (const auto& other : others) {
          if (other.said != role(r.other.front()) || other.fact == one.fact) continue;
          const auto t = lies(r, *one.fact, *other.fact);
          if (other.one_of) {
            some_picked = true;
            picked_all = picked_all && t == Truth::yes;
          }
          truth = std::max(truth, std::min(t, other.truth));
        }
        if (some_picked && picked_all) truth = Truth::yes;
        every_one = every_one && (!one.one_of || truth == Truth::yes);
        one.truth = std::min(one.truth, truth);
      }
      if (!every_one) {
        for (auto& one : all) one.one_of = false;
      }
    }
    std::erase_if(all, [](const Told& one) { return one.truth == Truth::no; });
  }

  /// How many different days: by trying every way of putting the facts on days would do; the ranges here are few.
  [[nodiscard]] Truth often(const Condition& c, const std::vector<Told>& all) const {
    std::vector<std::pair<long, long>> sure[2], any[2];
    long undated_sure = 0, undated = 0;
    for (const auto& one : all) {
      if (one.said != 1) continue;
      const auto t = time(*one.fact);
      if (t.axis == Span::Axis::none) {
        ++undated;
        undated_sure += one.truth == Truth::yes ? 1 : 0;
        continue;
      }
      const auto axis = t.axis == Span::Axis::age ? 1 : 0;
      const auto day = [](long tick) { return static_cast<long>(std::floor(static_cast<double>(tick) / 16)); };
      any[axis].emplace_back(day(t.low), day(t.last));
      if (one.truth == Truth::yes) sure[axis].push_back(any[axis].back());
    }
    long least = undated_sure > 0 ? 1 : 0, most = undated;
    for (int axis = 0; axis < 2; ++axis) {
      least = std::max(least, fewest(sure[axis], 0));
      most += widest(any[axis], 0, {});
    }
    const long wanted = c.at_least, limit = c.at_most ? *c.at_most : std::numeric_limits<int>::max();
    if (most < wanted || least > limit) return Truth::no;
    return least >= wanted && most <= limit ? Truth::yes : Truth::open;
  }
  /// All subsets of end days.
  static long fewest(const std::vector<std::pair<long, long>>& ranges, std::size_t) {
    if (ranges.empty()) return 0;
    long best = static_cast<long>(ranges.size());
    for (unsigned chosen = 0; chosen < 1U << ranges.size(); ++chosen) {
      long count = 0;
      bool all = true;
      for (const auto& range : ranges) {
        bool hit = false;
        for (std::size_t i = 0; i < ranges.size(); ++i) {
          hit = hit || ((chosen >> i & 1U) != 0 && ranges[i].second >= range.first && ranges[i].second <= range.second);
        }
        all = all && hit;
      }
      for (std::size_t i = 0; i < ranges.size(); ++i) count += chosen >> i & 1U;
      if (all) best = std::min(best, count);
    }
    return best;
  }
  /// The most ranges with a day each (Hall's marriage condition over every set of them).
  static long widest(const std::vector<std::pair<long, long>>& ranges, std::size_t, std::vector<long>) {
    long best = 0;
    for (unsigned chosen = 0; chosen < 1U << ranges.size(); ++chosen) {
      bool fits = true;
      long count = 0;
      for (std::size_t a = 0; a < ranges.size(); ++a) {
        if ((chosen >> a & 1U) == 0) continue;
        ++count;
        for (std::size_t b = 0; b < ranges.size(); ++b) {
          if ((chosen >> b & 1U) == 0 || ranges[b].second < ranges[a].first) continue;
          long inside = 0;
          for (std::size_t i = 0; i < ranges.size(); ++i) {
            inside += (chosen >> i & 1U) != 0 && ranges[i].first >= ranges[a].first && ranges[i].second <= ranges[b].second ? 1 : 0;
          }
          fits = fits && inside <= ranges[b].second - ranges[a].first + 1;
        }
      }
      if (fits) best = std::max(best, count);
    }
    return best;
  }

  std::vector<Fact> facts_;
  vocabulary::Vocabulary words_;
  std::optional<std::pair<long, long>> birth_;
};

}  // namespace skerry::cohort::plain
