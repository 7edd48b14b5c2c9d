#include "index/builder.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <utility>

namespace skerry::index {
namespace {

std::int32_t tick_of(double tick) noexcept {
  constexpr double low = std::numeric_limits<std::int32_t>::min(), high = std::numeric_limits<std::int32_t>::max();
  return static_cast<std::int32_t>(std::clamp(tick, low, high));
}

struct Ticks {
  Span::Axis axis;
  std::int32_t low, high;
};

std::optional<Ticks> ticks_of(const When& when) {
  const auto span = span_of(when);
  if (!span.known() || !std::isfinite(span.low) || !std::isfinite(span.high)) return std::nullopt;
  return Ticks{span.axis, tick_of(std::floor(span.low * ticks_per_day)), tick_of(std::ceil(span.high * ticks_per_day))};
}

}  // namespace

Term Builder::term(std::string_view curie) {
  if (curie.empty()) return 0;
  if (const auto found = terms_.find(curie); found != terms_.end()) return found->second;
  const auto& kept = content_.terms.emplace_back(curie);
  const auto number = static_cast<Term>(content_.terms.size());
  terms_.emplace(kept, number);
  return number;
}

std::uint32_t Builder::stream(const Key& key) {
  const auto [place, fresh] = streams_.try_emplace(key, static_cast<std::uint32_t>(content_.streams.size()));
  if (fresh) {
    content_.streams.emplace_back().info = {key.kind, key.concept_term, key.status};
    open_.emplace_back();
  }
  return place->second;
}

void Builder::add_person(ParticipantId participant) {
  if (!content_.people.empty() && content_.people.back() == participant) return;
  flush_person();
  content_.people.push_back(participant);
}

void Builder::set_value(Row& row, const Value& value) {
  if (std::holds_alternative<std::monostate>(value)) return;
  row.value_kind = ValueKind::other;
  if (const auto* code = std::get_if<Code>(&value)) {
    row.value_kind = ValueKind::code;
    row.value = term(code->id);
  } else if (const auto* quantity = std::get_if<Quantity>(&value)) {
    row.value_kind = ValueKind::number;
    row.number = quantity->number;
    row.unit = term(quantity->unit.id);
  } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    row.value_kind = ValueKind::integer;
    row.number = static_cast<double>(*integer);
  } else if (const auto* boolean = std::get_if<bool>(&value)) {
    row.value_kind = ValueKind::boolean;
    row.number = *boolean ? 1 : 0;
  } else if (const auto* variant = std::get_if<Variant>(&value)) {
    row.value_kind = ValueKind::variant;
    row.value = term(variant->origin.id);
  }
}

void Builder::set_qualifiers(Waiting& waiting, const std::vector<Qualifier>& qualifiers) {
  for (const auto& qualifier : qualifiers) {
    Row said;
    set_value(said, qualifier.value);
    waiting.qualifiers.push_back({0, term(qualifier.role.id), said.value_kind, said.value, said.number, said.unit});
  }
}

void Builder::add(const Fact& fact) {
  add_person(fact.participant);
  auto& waiting = waiting_.emplace_back();
  waiting.id = fact.id;
  waiting.part_of = fact.part_of;
  waiting.supersedes = fact.supersedes;
  has_parts_ = has_parts_ || fact.part_of.set();
  waiting.stream = stream({term(fact.code.id), fact.kind, fact.status});
  auto& row = waiting.row;
  if (const auto ticks = ticks_of(fact.when)) {
    row.axis = ticks->axis;
    row.low = ticks->low;
    row.high = ticks->high;
  }
  set_value(row, fact.value);
  row.site = term(fact.where.site.id);
  row.side = fact.where.side;
  row.source_kind = fact.source.kind;
  row.source = term(fact.source.reference);
  if (!fact.qualifiers.empty()) set_qualifiers(waiting, fact.qualifiers);
}

/// A part of a fact that was corrected since is a part of its correction.
void Builder::number_parts() {
  std::unordered_map<FactId, std::size_t> by_id, by_corrected;
  for (std::size_t i = waiting_.size(); i-- > 0;) {
    by_id[waiting_[i].id] = i;
    by_corrected[waiting_[i].supersedes] = i;
  }
  std::uint32_t links = 0;
  for (auto& part : waiting_) {
    if (!part.part_of.set()) continue;
    auto whole = by_id.find(part.part_of);
    if (whole == by_id.end()) {
      whole = by_corrected.find(part.part_of);
      if (whole == by_corrected.end()) continue;
    }
    auto& row = waiting_[whole->second].row;
    if (row.link == 0) row.link = ++links;
    part.row.part_of = row.link;
  }
}

void Builder::close_block(std::size_t stream) {
  auto& [rows, qualifiers] = open_[stream];
  if (rows.empty()) return;
  auto& to = content_.streams[stream];
  to.offsets.push_back(static_cast<std::uint32_t>(to.blocks.size()));
  encode_block(rows, qualifiers, to.blocks);
  rows.clear();
  qualifiers.clear();
}

void Builder::take(Waiting& waiting, Person person) {
  auto& row = waiting.row;
  row.person = person;
  auto& info = content_.streams[waiting.stream].info;
  ++info.rows;
  info.has_place = info.has_place || row.site != 0 || row.side != Side::unknown;
  info.has_value = info.has_value || row.value_kind != ValueKind::none;
  info.has_link = info.has_link || row.link != 0 || row.part_of != 0;
  info.has_qualifier = info.has_qualifier || !waiting.qualifiers.empty();
  auto& open = open_[waiting.stream];
  for (auto& said : waiting.qualifiers) {
    said.row = static_cast<std::uint32_t>(open.rows.size());
    open.qualifiers.push_back(said);
  }
  open.rows.push_back(row);
  if (open.rows.size() == block_rows) close_block(waiting.stream);
}

void Builder::flush_person() {
  if (waiting_.empty()) return;
  const auto by_id = [](const Waiting& waiting) { return waiting.id; };
  if (!std::ranges::is_sorted(waiting_, {}, by_id)) std::ranges::stable_sort(waiting_, {}, by_id);
  if (has_parts_) number_parts();
  const auto person = static_cast<Person>(content_.people.size() - 1);
  for (auto& waiting : waiting_) take(waiting, person);
  waiting_.clear();
  has_parts_ = false;
}

Result<std::string> Builder::finish(const Stamp& stamp) {
  flush_person();
  for (std::size_t stream = 0; stream < open_.size(); ++stream) close_block(stream);
  open_.clear();
  std::ranges::sort(content_.streams, {}, [](const SegmentContent::Stream& stream) {
    return std::tuple(stream.info.concept_term, stream.info.kind, stream.info.status);
  });
  return segment_bytes(content_, stamp);
}

Reading reading_of(std::span<const Fact> facts, std::span<const ParticipantId> people) {
  std::vector<const Fact*> ordered;
  ordered.reserve(facts.size());
  for (const auto& fact : facts) ordered.push_back(&fact);
  std::ranges::stable_sort(ordered, {}, [](const Fact* fact) { return fact->participant; });
  Builder builder;
  auto person = people.begin();
  for (const auto* fact : ordered) {
    for (; person != people.end() && *person <= fact->participant; ++person) builder.add_person(*person);
    builder.add(*fact);
  }
  for (; person != people.end(); ++person) builder.add_person(*person);
  auto bytes = builder.finish({});
  auto segment = bytes ? Segment::of_memory(std::move(*bytes)) : fail(std::move(bytes.error()));
  // More than 4 GB of one test's facts, or facts of nobody: no segment.
  if (!segment) return Reading(std::vector<Reading::Part>{});
  auto covered = std::make_shared<const Bitset>((*segment)->people(), true);
  return Reading({{std::move(*segment), std::move(covered)}});
}

}  // namespace skerry::index
