#include "index/builder.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace skerry::index {
namespace {

std::int32_t tick_of(double tick) noexcept {
  constexpr double low = std::numeric_limits<std::int32_t>::min(), high = std::numeric_limits<std::int32_t>::max();
  return static_cast<std::int32_t>(std::clamp(tick, low, high));
}

}  // namespace

Term Builder::term(std::string_view curie) {
  if (curie.empty()) return 0;
  if (const auto found = terms_.find(curie); found != terms_.end()) return found->second;
  content_.terms.emplace_back(curie);
  const auto number = static_cast<Term>(content_.terms.size());
  terms_.emplace(content_.terms.back(), number);
  return number;
}

std::size_t Builder::stream(const Key& key) {
  const auto [place, fresh] = streams_.try_emplace(key, content_.streams.size());
  if (fresh) {
    StreamInfo info;
    std::tie(info.concept_term, info.kind, info.status) = key;
    content_.streams.push_back(info);
    content_.rows.emplace_back();
  }
  return place->second;
}

void Builder::add_person(ParticipantId participant) {
  if (!content_.people.empty() && content_.people.back() == participant) return;
  flush_person();
  content_.people.push_back(participant);
}

void Builder::set_when(Row& row, const When& when) const {
  const auto span = span_of(when);
  if (!span.known() || !std::isfinite(span.low) || !std::isfinite(span.high)) return;
  row.axis = span.axis;
  row.low = tick_of(std::floor(span.low * ticks_per_day));
  row.high = tick_of(std::ceil(span.high * ticks_per_day));
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

void Builder::set_qualifiers(Row& row, const std::vector<Qualifier>& qualifiers) {
  Row said;
  for (const auto& qualifier : qualifiers) {
    said.value_kind = ValueKind::none;
    said.value = said.unit = 0;
    said.number = 0;
    set_value(said, qualifier.value);
    row.qualifiers.push_back({0, term(qualifier.role.id), said.value_kind, said.value, said.number, said.unit});
  }
}

void Builder::add(const Fact& fact) {
  add_person(fact.participant);
  auto& waiting = waiting_.emplace_back();
  waiting.id = fact.id;
  waiting.part_of = fact.part_of;
  waiting.supersedes = fact.supersedes;
  waiting.stream = stream({term(fact.code.id), fact.kind, fact.status});
  auto& row = waiting.row;
  set_when(row, fact.when);
  set_value(row, fact.value);
  row.site = term(fact.where.site.id);
  row.side = fact.where.side;
  row.source_kind = fact.source.kind;
  row.source = term(fact.source.reference);
  if (!fact.qualifiers.empty()) set_qualifiers(row, fact.qualifiers);
}

/// A part of a fact that was corrected since is a part of its correction.
void Builder::number_parts() {
  std::uint32_t links = 0;
  for (auto& part : waiting_) {
    if (!part.part_of.set()) continue;
    auto whole = std::ranges::find(waiting_, part.part_of, &Waiting::id);
    if (whole == waiting_.end()) whole = std::ranges::find(waiting_, part.part_of, &Waiting::supersedes);
    if (whole == waiting_.end()) continue;
    if (whole->row.link == 0) whole->row.link = ++links;
    part.row.part_of = whole->row.link;
  }
}

void Builder::flush_person() {
  if (waiting_.empty()) return;
  std::ranges::stable_sort(waiting_, {}, [](const Waiting& waiting) { return waiting.id; });
  number_parts();
  const auto person = static_cast<Person>(content_.people.size() - 1);
  for (auto& waiting : waiting_) {
    auto& row = waiting.row;
    row.person = person;
    auto& info = content_.streams[waiting.stream];
    ++info.rows;
    info.has_place = info.has_place || row.site != 0 || row.side != Side::unknown;
    info.has_value = info.has_value || row.value_kind != ValueKind::none;
    info.has_link = info.has_link || row.link != 0 || row.part_of != 0;
    info.has_qualifier = info.has_qualifier || !row.qualifiers.empty();
    content_.rows[waiting.stream].push_back(std::move(row));
  }
  rows_ += waiting_.size();
  waiting_.clear();
}

std::shared_ptr<const Segment> Builder::finish() {
  flush_person();
  SegmentContent sorted;
  sorted.people = std::move(content_.people);
  sorted.terms = std::move(content_.terms);
  for (const auto& [key, at] : streams_) {
    sorted.streams.push_back(content_.streams[at]);
    sorted.rows.push_back(std::move(content_.rows[at]));
  }
  return std::make_shared<const Segment>(std::move(sorted));
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
  auto segment = builder.finish();
  auto covered = std::make_shared<const Bitset>(segment->people(), true);
  return Reading({{std::move(segment), std::move(covered)}});
}

}  // namespace skerry::index
