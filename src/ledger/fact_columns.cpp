#include "ledger/fact_columns.hpp"

namespace skerry::ledger {
namespace {

std::optional<DayRange> days_in(const Moment& moment) {
  if (const auto* date = std::get_if<PartialDate>(&moment); date != nullptr && date->valid()) return days_of(*date);
  if (const auto* instant = std::get_if<Instant>(&moment)) return DayRange{day_of(*instant), day_of(*instant)};
  return std::nullopt;
}

}  // namespace

DayBounds bounds_of(const When& when) {
  const auto first = days_in(when.first);
  switch (when.kind) {
    case WhenKind::unknown: return {};
    case WhenKind::at:
      if (!first) return {};
      return {first->first, first->last};
    case WhenKind::before:
      if (!first) return {};
      return {std::nullopt, first->first};
    case WhenKind::after:
      if (!first) return {};
      return {first->last, std::nullopt};
    case WhenKind::between: {
      const auto last = days_in(when.last);
      return {first ? std::optional(first->first) : std::nullopt, last ? std::optional(last->last) : std::nullopt};
    }
  }
  return {};
}

}  // namespace skerry::ledger
