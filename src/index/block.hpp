// Up to 1,024 rows of one stream as bytes (docs/index-format.md). Private to the room.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "index/column.hpp"
#include "index/reading.hpp"

namespace skerry::index {

struct Row {
  Person person = 0;
  Span::Axis axis = Span::Axis::none;
  ValueKind value_kind = ValueKind::none;
  Side side = Side::unknown;
  SourceKind source_kind = SourceKind::participant;
  std::int32_t low = 0, high = 0;
  Term value = 0, unit = 0;
  double number = 0;
  Term site = 0, source = 0;
  std::uint32_t link = 0, part_of = 0;
};

/// Which columns a block has; the others hold their zero in every row.
enum Part : unsigned {
  part_time = 1,
  part_value_kind = 2,
  part_value = 4,
  part_unit = 8,
  part_number = 16,
  part_site = 32,
  part_side = 64,
  part_source = 128,
  part_link = 256,
  part_part_of = 512,
  part_qualifiers = 1024,
  part_all = 2047
};

/// `qualifiers` ascending by their row in the block.
void encode_block(std::span<const Row> rows, std::span<const QualifierRow> qualifiers, std::string& out);

/// Where the columns of one block lie, found by looking at every length and never beyond the bytes.
class BlockBytes {
 public:
  [[nodiscard]] bool parse(std::span<const std::uint8_t> bytes, std::size_t rows) noexcept;
  /// Whether its rows name people below `people` and its qualifiers rows below its own number: asked once, before it is decoded.
  [[nodiscard]] bool sound(std::size_t people) const;
  [[nodiscard]] Person first() const noexcept { return first_; }
  void decode_people(Person* out) const noexcept;
  /// Terms beyond `terms` come out as 0.
  void decode(unsigned columns, std::size_t terms, Block& out) const;

 private:
  void decode_time(Block& out) const noexcept;
  void decode_value(std::size_t terms, Block& out) const noexcept;
  bool decode_qualifiers(std::size_t terms, std::vector<QualifierRow>& out) const;

  std::size_t rows_ = 0;
  unsigned parts_ = 0;
  Person first_ = 0;
  WholeColumn steps_, axis_, low_, length_, value_kind_, value_, unit_, site_, side_, source_kind_, source_, link_, part_of_;
  NumberColumn number_;
  std::span<const std::uint8_t> qualifiers_;
};

}  // namespace skerry::index
