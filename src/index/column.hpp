// Columns of numbers as bytes (docs/index-format.md): as few bits a row as their range, their step or their variety need. Private to the
// room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include "index/reading.hpp"

namespace skerry::index {

/// Bytes that may say anything. After a failure `ok` stays false and everything read is 0.
class Cursor {
 public:
  explicit Cursor(std::span<const std::uint8_t> bytes) : at_(bytes.data()), left_(bytes.size()) {}

  [[nodiscard]] bool ok() const noexcept { return ok_; }
  [[nodiscard]] std::size_t left() const noexcept { return left_; }
  std::uint8_t byte() noexcept;
  std::uint64_t varint() noexcept;                      ///< LEB128, at most ten bytes
  std::int64_t signed_varint() noexcept;                ///< zigzag
  const std::uint8_t* take(std::size_t size) noexcept;  ///< nullptr when there are not so many

 private:
  void fail() noexcept {
    ok_ = false;
    left_ = 0;
  }
  const std::uint8_t* at_;
  std::size_t left_;
  bool ok_ = true;
};

void put_varint(std::string& out, std::uint64_t number);
void put_signed_varint(std::string& out, std::int64_t number);

/// A column of whole numbers, each an int32 or each a uint32. Bytes are looked at in parse; unpack trusts what it found.
struct WholeColumn {
  enum class Mode : std::uint8_t { constant = 0, frame = 1, table = 2 };
  static constexpr std::size_t table_max = 256;

  Mode mode = Mode::constant;
  unsigned width = 0;  ///< bits a row
  std::uint32_t base = 0, step = 0;
  std::size_t table_size = 0;
  const std::uint8_t* table = nullptr;  ///< varints, checked
  const std::uint8_t* packed = nullptr;

  [[nodiscard]] bool parse(Cursor& bytes, std::size_t rows) noexcept;
  /// Into the first `rows` of block_rows numbers; what follows them is unspecified.
  void unpack(std::size_t rows, std::uint32_t* out) const noexcept;
};
/// At most block_rows numbers.
void encode_whole(std::span<const std::int64_t> numbers, std::string& out);

/// A column of doubles: as decimals where that gives the same bits back.
struct NumberColumn {
  enum class Mode : std::uint8_t { constant = 0, decimal = 1, raw = 2 };
  static constexpr unsigned digits_max = 9;

  Mode mode = Mode::constant;
  unsigned digits = 0;  ///< after the point
  WholeColumn whole;
  const std::uint8_t* raw = nullptr;

  [[nodiscard]] bool parse(Cursor& bytes, std::size_t rows) noexcept;
  void unpack(std::size_t rows, double* out) const noexcept;
};
void encode_numbers(std::span<const double> numbers, std::string& out);

}  // namespace skerry::index
