#include "cohort/follow_up.hpp"

#include <algorithm>

namespace skerry::cohort {
namespace {

using Rows = std::vector<Row>;

/// A moment on the way: surely not, somewhere in a range of ticks since the index, or it cannot be said.
struct Since {
  bool recorded = false;
  Range elapsed;  ///< unknown: it cannot be said when, or whether
};

class Person {
 public:
  Person(const TimeToEvent& time, const FollowUpFacts& facts) : time_(time), facts_(facts), start_(facts.index->edge.when) {}

  FollowUp outcome() {
    if (!facts_.index->edge.recorded) return {};
    if (!facts_.index->edge.certain || !start_.known()) return undecidable();
    if (!find_entry()) return {entry_recorded_ ? Follow::undecidable : Follow::not_recorded, 0, 0, 0};
    auto out = ending();
    const bool followed = out.follow == Follow::event || out.follow == Follow::censored;
    // Who leaves no later than they entered was never followed.
    if (followed && entry_ > 0 && out.step <= entry_) return {Follow::not_recorded, 0, 0, 0};
    if (followed) out.entry = entry_;
    return out;
  }

  std::optional<Recurrences> events() {
    const auto censored = censoring();
    Recurrences out;
    auto all = of_index(facts_.event, Said::present);
    if (!all) return std::nullopt;
    std::ranges::sort(*all, [](const Row& a, const Row& b) { return std::tie(a.axis, a.low, a.high) < std::tie(b.axis, b.low, b.high); });
    const auto same_day = [](const Row& a, const Row& b) {
      return a.axis == b.axis && a.low == b.low && a.high == b.high && a.axis != Span::Axis::none;
    };
    all->erase(std::unique(all->begin(), all->end(), same_day), all->end());
    for (const auto& row : *all) {
      const auto step = row.holds == Truth::yes ? step_of(time_, elapsed(start_, row.range(), facts_.birth)) : std::nullopt;
      if (!step) return std::nullopt;
      out.steps.push_back(*step);
    }
    std::ranges::sort(out.steps);
    // The last event shows that the person was still followed, when no later censoring is recorded.
    if (censored.follow == Follow::undecidable) return std::nullopt;
    out.end = censored.follow == Follow::censored ? censored.step : out.steps.empty() ? 0 : out.steps.back();
    if (censored.follow != Follow::censored && out.steps.empty()) return std::nullopt;
    const auto cut = until();
    if (!cut) return std::nullopt;
    if (!out.steps.empty() && censored.follow == Follow::censored) out.end = std::max(out.end, std::min(out.steps.back(), *cut));
    out.end = std::min({out.end, *cut, horizon()});
    std::erase_if(out.steps, [&](auto step) { return step > out.end; });
    return out;
  }

 private:
  static FollowUp undecidable() { return {Follow::undecidable, 0, 0, 0}; }
  [[nodiscard]] std::int32_t horizon() const { return time_.horizon / time_.step; }

  /// The rows said so; of the index fact alone when the study wants that. Nothing when it cannot be said which that is.
  [[nodiscard]] std::optional<Rows> of_index(std::span<const Row> rows, Said said) const {
    Rows out;
    for (const auto& row : rows) {
      if (row.said == said) out.push_back(row);
    }
    if (!time_.of_index || out.empty()) return out;
    if (!facts_.index->one) return std::nullopt;
    const auto& links = facts_.index->links;
    std::erase_if(out, [&](const Row& row) { return row.part_of == 0 || std::ranges::find(links, row.part_of) == links.end(); });
    return out;
  }

  [[nodiscard]] Since since(std::span<const Row> rows, Said said = Said::present) const {
    const auto edge = first_of(rows, said, facts_.birth);
    if (!edge.recorded) return {};
    return {true, edge.certain ? elapsed(start_, edge.when, facts_.birth) : Range{}};
  }

  bool find_entry() {
    if (!time_.entry) return true;
    const auto entry = since(facts_.entry);
    entry_recorded_ = entry.recorded;
    if (!entry.recorded || !entry.elapsed.known()) return false;
    if (entry.elapsed.high <= 0) return true;
    const auto step = step_of(time_, entry.elapsed);
    if (step) entry_ = *step;
    return step.has_value();
  }

  /// The step at which `until` ends the time; beyond any when there is none; nothing when it cannot be said.
  [[nodiscard]] std::optional<std::int32_t> until() const {
    if (!time_.until) return INT32_MAX;
    Rows later;
    for (const auto& row : facts_.until) {
      const auto range = elapsed(start_, row.range(), facts_.birth);
      if (row.said == Said::present && (!range.known() || range.high > 0)) later.push_back(row);
    }
    const auto end = since(later);
    return end.recorded ? step_of(time_, end.elapsed) : std::optional<std::int32_t>(INT32_MAX);
  }

  /// Which of the events came first.
  [[nodiscard]] FollowUp ending() const {
    const auto events = of_index(facts_.event, Said::present);
    if (!events) return undecidable();
    std::vector<Since> causes{since(*events)};
    for (const auto& rows : facts_.competing) causes.push_back(since(rows));
    const Since* first = nullptr;
    for (const auto& cause : causes) {
      if (!cause.recorded) continue;
      if (!cause.elapsed.known()) return undecidable();
      if (!first || cause.elapsed.high < first->elapsed.high) first = &cause;
    }
    if (!first) return censoring();
    for (const auto& cause : causes) {
      if (&cause == first || !cause.recorded || cause.elapsed.low > first->elapsed.high) continue;
      // Of one and the same day: the one named first.
      const bool same_day = cause.elapsed == first->elapsed && cause.elapsed.low == cause.elapsed.high;
      if (!same_day) return undecidable();
    }
    const auto step = step_of(time_, first->elapsed);
    const auto cut = until();
    if (!step || !cut) return undecidable();
    if (*cut < *step && *cut <= horizon()) return {Follow::censored, *cut, 0, 0};
    if (*step > horizon()) return {Follow::censored, horizon(), 0, 0};
    return {Follow::event, *step, 0, static_cast<std::uint8_t>(first - causes.data() + 1)};
  }

  /// Of those with a date, the last; an absence may have been later.
  [[nodiscard]] std::optional<Range> last_dated(Rows rows) const {
    std::erase_if(rows, [](const Row& row) { return row.axis == Span::Axis::none; });
    if (rows.empty()) return std::nullopt;
    const auto edge = last_of(rows, rows.front().said, facts_.birth);
    return edge.certain ? std::optional(edge.when) : std::nullopt;
  }

  [[nodiscard]] FollowUp censoring() const {
    std::optional<Range> end;
    if (time_.censoring == Censoring::absent) {
      auto absences = of_index(facts_.event, Said::absent);
      if (!absences) return undecidable();
      if (absences->empty()) return {Follow::not_recorded, 0, 0, 0};
      end = last_dated(std::move(*absences));
    } else if (const auto death = first_of(facts_.death, Said::present, facts_.birth);
               time_.censoring == Censoring::death && death.recorded) {
      if (death.certain) end = death.when;
    } else {
      Rows seen(facts_.last_encounter.begin(), facts_.last_encounter.end());
      std::erase_if(seen, [](const Row& row) { return row.said != Said::present; });
      if (seen.empty()) return {Follow::not_recorded, 0, 0, 0};
      end = last_dated(std::move(seen));
    }
    const auto step = end ? step_of(time_, elapsed(start_, *end, facts_.birth)) : std::nullopt;
    const auto cut = until();
    if (!step || !cut) return undecidable();
    return {Follow::censored, std::min({*step, *cut, horizon()}), 0, 0};
  }

  const TimeToEvent& time_;
  const FollowUpFacts& facts_;
  Range start_;
  std::int32_t entry_ = 0;
  bool entry_recorded_ = false;
};

}  // namespace

FollowUp follow_up(const TimeToEvent& time, const FollowUpFacts& facts) { return Person(time, facts).outcome(); }

std::optional<Recurrences> recurrences(const TimeToEvent& time, const FollowUpFacts& facts) { return Person(time, facts).events(); }

}  // namespace skerry::cohort
