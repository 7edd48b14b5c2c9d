// What an index must give back of facts, worked out from the facts themselves; and what it does give back.
#pragma once

#include <cmath>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "index/reading.hpp"

namespace skerry::test {

struct ReadQualifier {
  std::string role, value, unit;
  index::ValueKind kind = index::ValueKind::none;
  std::uint64_t number = 0;  ///< the double's bits
  bool operator==(const ReadQualifier&) const = default;
};

struct ReadRow {
  std::int64_t participant = 0;
  int axis = 0;
  std::int64_t low = 0, high = 0;
  index::ValueKind kind = index::ValueKind::none;
  std::string value, unit;
  std::uint64_t number = 0;
  std::string site;
  Side side = Side::unknown;
  SourceKind source_kind = SourceKind::participant;
  std::string source;
  std::vector<ReadQualifier> qualifiers;
  std::size_t whole = 0;  ///< 1 + place of the fact it is part of among all facts; 0 for none
  bool operator==(const ReadRow&) const = default;
};

using StreamKey = std::tuple<std::string, Kind, Status>;
using Streams = std::map<StreamKey, std::vector<ReadRow>>;

inline std::uint64_t bits_of(double number) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &number, sizeof bits);
  return bits;
}

inline ReadQualifier read_value(const Value& value) {
  ReadQualifier out;
  if (std::holds_alternative<std::monostate>(value)) return out;
  out.kind = index::ValueKind::other;
  if (const auto* code = std::get_if<Code>(&value)) out = {"", code->id, "", index::ValueKind::code, 0};
  if (const auto* quantity = std::get_if<Quantity>(&value)) {
    out = {"", "", quantity->unit.id, index::ValueKind::number, bits_of(quantity->number)};
  }
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    out = {"", "", "", index::ValueKind::integer, bits_of(static_cast<double>(*integer))};
  }
  if (const auto* boolean = std::get_if<bool>(&value)) out = {"", "", "", index::ValueKind::boolean, bits_of(*boolean ? 1 : 0)};
  if (const auto* variant = std::get_if<Variant>(&value)) out = {"", variant->origin.id, "", index::ValueKind::variant, 0};
  return out;
}

/// Facts in order of participant and id.
inline Streams expected_rows(const std::vector<Fact>& facts) {
  Streams out;
  for (const auto& fact : facts) {
    ReadRow row;
    row.participant = fact.participant.number;
    if (const auto span = span_of(fact.when); span.known()) {
      row.axis = static_cast<int>(span.axis);
      row.low = static_cast<std::int64_t>(std::floor(span.low * 16));
      row.high = static_cast<std::int64_t>(std::ceil(span.high * 16));
    }
    const auto value = read_value(fact.value);
    row.kind = value.kind;
    row.value = value.value;
    row.unit = value.unit;
    row.number = value.number;
    row.site = fact.where.site.id;
    row.side = fact.where.side;
    row.source_kind = fact.source.kind;
    row.source = fact.source.reference;
    for (const auto& said : fact.qualifiers) {
      row.qualifiers.push_back(read_value(said.value));
      row.qualifiers.back().role = said.role.id;
    }
    const auto same = [&](const Fact& other, FactId id) { return other.participant == fact.participant && id == fact.part_of; };
    for (std::size_t i = facts.size(); i-- > 0 && fact.part_of.set();) {
      if (same(facts[i], facts[i].supersedes)) row.whole = i + 1;
    }
    for (std::size_t i = facts.size(); i-- > 0 && fact.part_of.set();) {
      if (same(facts[i], facts[i].id)) row.whole = i + 1;
    }
    out[{fact.code.id, fact.kind, fact.status}].push_back(row);
  }
  return out;
}

/// Every row of the reading, and the links told apart by (participant, number).
struct ReadOut {
  Streams streams;
  std::map<StreamKey, std::vector<std::pair<std::uint32_t, std::uint32_t>>> links;  ///< (link, part_of) of each row
};

inline void add_block(const index::SegmentReading& segment, const index::StreamInfo& info, const index::Block& block, ReadOut& out) {
  const auto text = [&](index::Term term) { return std::string(segment.curie(term)); };
  const StreamKey key{text(info.concept_term), info.kind, info.status};
  std::size_t next = 0;
  for (std::size_t i = 0; i < block.size; ++i) {
    ReadRow row;
    row.participant = segment.participant(block.person[i]).number;
    row.axis = static_cast<int>(block.axis[i]);
    if (row.axis != 0) {
      row.low = block.low[i];
      row.high = block.high[i];
    }
    if (info.has_value) {
      row.kind = block.value_kind[i];
      row.value = text(block.value[i]);
      row.unit = text(block.unit[i]);
      row.number = bits_of(block.number[i]);
    }
    if (info.has_place) {
      row.site = text(block.site[i]);
      row.side = block.side[i];
    }
    row.source_kind = block.source_kind[i];
    row.source = text(block.source[i]);
    for (; next < block.qualifiers.size() && block.qualifiers[next].row == i; ++next) {
      const auto& said = block.qualifiers[next];
      row.qualifiers.push_back({text(said.role), text(said.value), text(said.unit), said.kind, bits_of(said.number)});
    }
    out.streams[key].push_back(row);
    out.links[key].emplace_back(info.has_link ? block.link[i] : 0, info.has_link ? block.part_of[i] : 0);
  }
  if (next != block.qualifiers.size()) out.streams[key].clear();  // a qualifier of no row
}

inline ReadOut read_out(const index::Reading& reading) {
  ReadOut out;
  auto block = std::make_unique<index::Block>();
  for (const auto& segment : reading.segments()) {
    for (index::StreamId stream = 0; stream < segment.streams().size(); ++stream) {
      for (std::size_t b = 0; b < segment.blocks(stream); ++b) {
        segment.decode(stream, b, index::all_columns, *block);
        add_block(segment, segment.streams()[stream], *block, out);
      }
    }
  }
  return out;
}

}  // namespace skerry::test
