// BLAKE2b-256 (RFC 7693) through libsodium.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace skerry {

struct Digest {
  std::array<std::uint8_t, 32> bytes{};
  auto operator<=>(const Digest&) const = default;
};

/// Feeds bytes piece by piece. Not thread-safe; use one per thread.
class Hasher {
 public:
  Hasher();
  Hasher& add(std::string_view bytes);
  Hasher& add(std::span<const std::uint8_t> bytes);
  /// The length goes before the bytes, so that ("ab","c") and ("a","bc") differ.
  Hasher& add_field(std::string_view bytes);
  Hasher& add_number(std::uint64_t number);  ///< eight bytes, little-endian
  [[nodiscard]] Digest finish();

 private:
  alignas(64) std::array<std::byte, 384> state_;
};

[[nodiscard]] Digest digest_of(std::string_view bytes);
[[nodiscard]] std::string to_hex(const Digest& digest);  ///< 64 lower-case digits
/// Errors: malformed.
[[nodiscard]] Result<Digest> parse_digest(std::string_view hex);

}  // namespace skerry
