// The primitives docs/fact-encoding.md is written in: bytes, minimal LEB128 numbers, length-prefixed text.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace skerry {

class ByteWriter {
 public:
  explicit ByteWriter(std::string& out) : out_(out) {}

  void byte(std::uint8_t value) { out_.push_back(static_cast<char>(value)); }
  void number(std::uint64_t value) {
    while (value >= 0x80) {
      byte(static_cast<std::uint8_t>(value | 0x80));
      value >>= 7;
    }
    byte(static_cast<std::uint8_t>(value));
  }
  /// Zigzag, so that small negative numbers are short too.
  void signed_number(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    number((bits << 1) ^ (value < 0 ? ~std::uint64_t{0} : 0));
  }
  void real(double value) {
    auto bits = std::bit_cast<std::uint64_t>(value);
    for (int i = 0; i < 8; ++i, bits >>= 8) byte(static_cast<std::uint8_t>(bits & 0xff));
  }
  void text(std::string_view value) {
    number(value.size());
    out_.append(value);
  }

 private:
  std::string& out_;
};

/// Reads what ByteWriter wrote. The first failure sticks: everything after it gives zeros and empty text, and ok() is false.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] bool ok() const noexcept { return wrong_.empty(); }
  [[nodiscard]] std::string_view wrong() const noexcept { return wrong_; }
  [[nodiscard]] std::size_t left() const noexcept { return rest_.size(); }

  /// `why` must be a literal: it is kept, not copied.
  void reject(std::string_view why) {
    if (wrong_.empty()) wrong_ = why;
    rest_ = {};
  }
  std::uint8_t byte() {
    if (rest_.empty()) {
      reject("the bytes are truncated");
      return 0;
    }
    const auto value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint64_t part = byte();
      if (!ok()) return 0;
      if (shift == 63 && part > 1) break;
      value |= (part & 0x7f) << shift;
      if (part < 0x80) {
        if (part == 0 && shift != 0) break;  // a shorter form exists
        return value;
      }
    }
    reject("a number is not in its shortest form");
    return 0;
  }
  std::int64_t signed_number() {
    const auto bits = number();
    return static_cast<std::int64_t>((bits >> 1) ^ ((bits & 1) != 0 ? ~std::uint64_t{0} : 0));
  }
  double real() {
    std::uint64_t bits = 0;
    for (unsigned shift = 0; shift < 64; shift += 8) bits |= static_cast<std::uint64_t>(byte()) << shift;
    return std::bit_cast<double>(bits);
  }
  std::string_view text() {
    const auto length = number();
    if (length > rest_.size()) {
      reject("a length goes past the end");
      return {};
    }
    const auto value = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return value;
  }

 private:
  std::string_view rest_;
  std::string_view wrong_;
};

}  // namespace skerry
