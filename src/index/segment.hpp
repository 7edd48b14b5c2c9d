// What a SegmentReading stands on: all rows of the people of one segment, whoever may see them. Private to the room.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "index/reading.hpp"

namespace skerry::index {

struct Row {
  Person person = 0;
  Span::Axis axis = Span::Axis::none;
  std::int32_t low = 0, high = 0;
  ValueKind value_kind = ValueKind::none;
  Term value = 0, unit = 0;
  double number = 0;
  Term site = 0;
  Side side = Side::unknown;
  SourceKind source_kind = SourceKind::participant;
  Term source = 0;
  std::uint32_t link = 0, part_of = 0;
  std::vector<QualifierRow> qualifiers;
};

struct SegmentContent {
  std::vector<ParticipantId> people;
  std::vector<std::string> terms;  ///< term t stands at t - 1
  std::vector<StreamInfo> streams;
  std::vector<std::vector<Row>> rows;  ///< of each stream
};

class Segment {
 public:
  explicit Segment(SegmentContent content);

  [[nodiscard]] std::size_t people() const noexcept { return content_.people.size(); }
  [[nodiscard]] ParticipantId participant(Person person) const noexcept;
  [[nodiscard]] std::optional<Term> find(std::string_view curie) const;
  [[nodiscard]] std::string_view curie(Term term) const noexcept;
  [[nodiscard]] std::size_t terms() const noexcept { return content_.terms.size(); }
  [[nodiscard]] std::span<const StreamInfo> streams() const noexcept { return content_.streams; }
  [[nodiscard]] std::span<const StreamId> streams_of(Term concept_term) const noexcept;
  [[nodiscard]] std::size_t blocks(StreamId stream) const noexcept;
  void decode(StreamId stream, std::size_t block, unsigned columns, Block& out) const;
  void add_people(StreamId stream, Bitset& out) const;

 private:
  SegmentContent content_;
  std::vector<Term> by_curie_;        ///< the terms in order of their bytes
  std::vector<StreamId> stream_ids_;  ///< 0, 1, ...: the streams of a concept stand together
};

}  // namespace skerry::index
