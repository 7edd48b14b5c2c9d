#include "fact/span.hpp"

#include <cmath>

namespace skerry {
namespace {

/// How much time the last component of an age leaves open, in days.
double precision_days(const Age& age) {
  const double unit = age.seconds   ? 1.0 / 86'400
                      : age.minutes ? 1.0 / 1'440
                      : age.hours   ? 1.0 / 24
                      : age.days    ? 1.0
                      : age.weeks   ? 7.0
                      : age.months  ? 30.4375
                                    : 365.25;
  const auto digits = age.fraction.empty() ? 0.0 : static_cast<double>(age.fraction.size() - 1);
  return unit * std::pow(10.0, -digits);
}

Span span_of_moment(const Moment& moment) {
  if (const auto* instant = std::get_if<Instant>(&moment)) {
    const double day = day_of(*instant);
    return {Span::Axis::calendar, day, day};
  }
  if (const auto* date = std::get_if<PartialDate>(&moment)) {
    if (!date->valid()) return {};
    const auto days = days_of(*date);
    return {Span::Axis::calendar, static_cast<double>(days.first), static_cast<double>(days.last)};
  }
  if (const auto* age = std::get_if<Age>(&moment)) {
    const double length = age->length_days();
    return {Span::Axis::age, length, length + precision_days(*age)};
  }
  return {};
}

}  // namespace

Span span_of(const When& when) {
  if (when.kind == WhenKind::at) return span_of_moment(when.first);
  if (when.kind != WhenKind::between) return {};
  const auto from = span_of_moment(when.first);
  const auto to = span_of_moment(when.last);
  if (!from.known() || from.axis != to.axis || to.high < from.low) return {};
  return {from.axis, from.low, to.high};
}

bool apart(const Span& a, const Span& b) noexcept { return a.known() && a.axis == b.axis && (a.high < b.low || b.high < a.low); }

Span duration(const Span& from, const Span& to) noexcept {
  if (!from.known() || from.axis != to.axis) return {};
  return {Span::Axis::age, to.low - from.high, to.high - from.low};
}

}  // namespace skerry
