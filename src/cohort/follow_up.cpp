#include "cohort/follow_up.hpp"

#include <algorithm>
#include <cmath>

namespace skerry::cohort {
namespace {

using Moments = std::vector<FollowUp::Moment>;

const FollowUp::Moment* earliest(const Moments& moments) {
  if (std::ranges::any_of(moments, [](const auto& m) { return !m.span.known(); })) return nullptr;
  const auto found = std::ranges::min_element(moments, [](const auto& a, const auto& b) {
    return a.span.low != b.span.low ? a.span.low < b.span.low : a.span.high != b.span.high ? a.span.high < b.span.high : a.fact < b.fact;
  });
  return found == moments.end() ? nullptr : &*found;
}

/// The latest of those with a date.
const FollowUp::Moment* latest(const Moments& moments) {
  const FollowUp::Moment* found = nullptr;
  for (const auto& moment : moments) {
    if (moment.span.known() && (!found || found->span.high < moment.span.high)) found = &moment;
  }
  return found;
}

Span elapsed(const TimeToEvent& time, const Span& from, const Span& birth, const Span& to) {
  if (!time.from_birth) return duration(from, to);
  return to.axis == Span::Axis::age ? to : duration(birth, to);
}

std::optional<std::int32_t> step_of(const TimeToEvent& time, const Span& span) {
  const double step_days = time.step * days_in(time.unit);
  constexpr double slack = 1e-9;
  if (!span.known() || span.high < 0 || span.high - span.low > step_days * (1 + slack)) return std::nullopt;
  const double steps = std::max(0.0, std::ceil(span.middle() / step_days - slack));
  return static_cast<std::int32_t>(std::min(steps, 1e9));
}

}  // namespace

void FollowUp::clear() {
  index.clear();
  event.clear();
  absent.clear();
  last_encounter.reset();
  birth = {};
}

FollowUp::Outcome FollowUp::outcome(const TimeToEvent& time) const {
  if (!time.from_birth && index.empty()) return {};
  const Moment* start = time.from_birth ? nullptr : earliest(index);
  if (!time.from_birth && !start) return {Follow::undecidable, 0};

  const auto of_start = [&](const Moments& all) {
    Moments out;
    for (const auto& moment : all) {
      if (!time.of_index || moment.part_of == start->fact) out.push_back(moment);
    }
    return out;
  };
  const auto from = start ? start->span : Span{};
  const auto events = of_start(event);
  const auto last_step = time.horizon / time.step;
  if (!events.empty()) {
    const auto* first = earliest(events);
    const auto step = first ? step_of(time, elapsed(time, from, birth, first->span)) : std::nullopt;
    if (!step) return {Follow::undecidable, 0};
    return *step > last_step ? Outcome{Follow::censored, last_step} : Outcome{Follow::event, *step};
  }
  std::optional<Span> end;
  if (time.censoring == Censoring::absent) {
    const auto absences = of_start(absent);
    if (absences.empty()) return {Follow::not_recorded, 0};
    const auto* last = latest(absences);
    if (last) end = last->span;
  } else {
    if (!last_encounter) return {Follow::not_recorded, 0};
    end = last_encounter;
  }
  const auto step = end ? step_of(time, elapsed(time, from, birth, *end)) : std::nullopt;
  if (!step) return {Follow::undecidable, 0};
  return {Follow::censored, std::min(*step, last_step)};
}

}  // namespace skerry::cohort
