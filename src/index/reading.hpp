// The index of a ledger as one View may read it: columns of facts by concept, and sets of people. An index holds current facts only
// (nothing superseded or retracted).
//
// The people of a registry are spread over segments; all facts of one person lie in one segment. So whatever is counted is the sum over
// the segments. Inside a segment people are numbered 0, 1, ... in order of their ids; facts of one concept, kind and status are a stream.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/bitset.hpp"
#include "base/error.hpp"
#include "base/id.hpp"
#include "base/patient_data.hpp"
#include "fact/fact.hpp"
#include "fact/span.hpp"

namespace skerry::index {

using Person = std::uint32_t;  ///< a person's place in the segment
using Term = std::uint32_t;    ///< a code's number in the segment's dictionary; 0 for none
using StreamId = std::uint32_t;

struct StreamInfo {
  Kind kind = Kind::feature;
  Term concept_term = 0;
  Status status = Status::present;
  std::uint64_t rows = 0;  ///< of everyone, covered by the View or not: for planning only, never told
  bool has_place = false;  ///< some row has a site or a side
  bool has_value = false;  ///< some row has a value
  bool has_link = false;   ///< some row is part of another fact, or another is part of it
  bool has_qualifier = false;
};

enum class ValueKind : std::uint8_t { none, code, number, integer, boolean, variant, other };

/// Which columns to decode; `person` always is.
enum Column : unsigned { column_when = 1, column_value = 2, column_place = 4, column_source = 8, column_link = 16, column_qualifier = 32 };
inline constexpr unsigned all_columns = 63;

inline constexpr std::size_t block_rows = 1024;
/// Times are whole sixteenths of a day (a month of 30.4375 days is 487 of them); a range that is no multiple is widened to one.
inline constexpr double ticks_per_day = 16;

struct QualifierRow {
  std::uint32_t row = 0;  ///< in the block
  Term role = 0;
  ValueKind kind = ValueKind::none;
  Term value = 0;     ///< a code
  double number = 0;  ///< a number, integer or boolean (0, 1)
  Term unit = 0;
};

/// Up to block_rows facts of one stream, ordered by person, then by the order they were recorded in. Columns that were not asked for, or
/// that the stream does not have, hold unspecified values; look at StreamInfo.
struct Block {
  std::size_t size = 0;
  std::array<Person, block_rows> person;
  std::array<Span::Axis, block_rows> axis;              // column_when
  std::array<std::int32_t, block_rows> low, high;       // column_when, in ticks
  std::array<ValueKind, block_rows> value_kind;         // column_value
  std::array<Term, block_rows> value, unit;             // column_value: a code, or a variant's parent of origin; a quantity's unit
  std::array<double, block_rows> number;                // column_value: number, integer or boolean
  std::array<Term, block_rows> site;                    // column_place
  std::array<Side, block_rows> side;                    // column_place
  std::array<SourceKind, block_rows> source_kind;       // column_source
  std::array<Term, block_rows> source;                  // column_source: the reference as a term
  std::array<std::uint32_t, block_rows> link, part_of;  // column_link: a fact that has parts has link > 0, unique within its person; its
                                                        // parts carry the same number as part_of; 0 for none
  std::vector<QualifierRow> qualifiers;                 // column_qualifier, ascending rows

  [[nodiscard]] Span span(std::size_t row) const noexcept {
    return {axis[row], static_cast<double>(low[row]) / ticks_per_day, static_cast<double>(high[row]) / ticks_per_day};
  }
};

class Segment;
class Reading;

/// One segment under one View: people the View does not cover are in no set and no block. Cheap to copy; thread-safe.
class SegmentReading {
 public:
  [[nodiscard]] std::size_t people() const noexcept;     ///< of the segment, covered or not: the size of every Bitset here
  [[nodiscard]] const Bitset& covered() const noexcept;  ///< whom the View covers
  [[nodiscard]] bool everyone() const noexcept;          ///< the View covers all of the segment
  [[nodiscard]] ParticipantId participant(Person) const noexcept;

  [[nodiscard]] std::optional<Term> find(std::string_view curie) const;
  [[nodiscard]] std::string_view curie(Term) const noexcept;  ///< empty for 0
  [[nodiscard]] std::size_t terms() const noexcept;           ///< terms are 1 to terms()

  [[nodiscard]] std::span<const StreamInfo> streams() const noexcept;
  /// Streams of a concept, whatever kind and status.
  [[nodiscard]] std::span<const StreamId> streams_of(Term concept_term) const noexcept;
  [[nodiscard]] std::size_t blocks(StreamId) const noexcept;
  /// Rows of covered people in the block; may be none.
  void decode(StreamId, std::size_t block, unsigned columns, Block& out) const;
  /// Adds (by "or") the covered people who have a row in the stream.
  void add_people(StreamId, Bitset& out) const;
  /// Whose row the block begins with, covered or not; ascending over the blocks of a stream.
  [[nodiscard]] Person first_person(StreamId, std::size_t block) const noexcept;
  /// The same for readings of the same facts: for what is remembered of them between studies.
  [[nodiscard]] std::shared_ptr<const void> facts_identity() const noexcept;
  /// The same for readings that cover the same people of them; empty when everyone is covered.
  [[nodiscard]] std::shared_ptr<const void> people_identity() const noexcept;

 private:
  friend class Reading;
  friend Reading joined(std::span<const Reading> readings);
  SegmentReading(std::shared_ptr<const Segment> segment, std::shared_ptr<const Bitset> covered);
  std::shared_ptr<const Segment> segment_;
  std::shared_ptr<const Bitset> covered_;
  bool everyone_ = false;
};

/// Everything one View may read, or the facts of a test. Cheap to copy; thread-safe.
class Reading {
 public:
  [[nodiscard]] std::span<const SegmentReading> segments() const noexcept;
  /// Asked when all that was wanted has been read: fails when a part of the index was found damaged and could not be read from the ledger
  /// again either, so that what was read may lack rows. Errors: storage_failed.
  [[nodiscard]] Result<void> checked() const;

 private:
  friend class Store;  // hands one out against the first door's key (store.hpp)
  friend Reading reading_of(std::span<const Fact> facts, std::span<const ParticipantId> people);
  friend Reading joined(std::span<const Reading> readings);
  struct Part {
    std::shared_ptr<const Segment> segment;
    std::shared_ptr<const Bitset> covered;
  };
  explicit Reading(std::vector<Part> parts);
  std::shared_ptr<const std::vector<SegmentReading>> segments_;
};

/// An index in memory over facts at hand, in order of participant, and over `people` (ascending) who may have none.
[[nodiscard]] Reading reading_of(std::span<const Fact> facts, std::span<const ParticipantId> people = {});
/// The segments of several readings of different people.
[[nodiscard]] Reading joined(std::span<const Reading> readings);

}  // namespace skerry::index

template <>
inline constexpr bool skerry::is_patient_data<skerry::index::Block> = true;
template <>
inline constexpr bool skerry::is_patient_data<skerry::index::QualifierRow> = true;
