#include "base/digest.hpp"

#include <sodium.h>

namespace skerry {
namespace {

crypto_generichash_state* state_in(std::array<std::byte, 384>& bytes) {
  static_assert(sizeof(crypto_generichash_state) <= 384);
  return reinterpret_cast<crypto_generichash_state*>(bytes.data());
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

Hasher::Hasher() { crypto_generichash_init(state_in(state_), nullptr, 0, 32); }

Hasher& Hasher::add(std::string_view bytes) {
  crypto_generichash_update(state_in(state_), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  return *this;
}

Hasher& Hasher::add(std::span<const std::uint8_t> bytes) {
  crypto_generichash_update(state_in(state_), bytes.data(), bytes.size());
  return *this;
}

Hasher& Hasher::add_field(std::string_view bytes) { return add_number(bytes.size()).add(bytes); }

Hasher& Hasher::add_number(std::uint64_t number) {
  std::array<std::uint8_t, 8> bytes{};
  for (auto& byte : bytes) {
    byte = static_cast<std::uint8_t>(number & 0xff);
    number >>= 8;
  }
  return add(bytes);
}

Digest Hasher::finish() {
  Digest out;
  crypto_generichash_final(state_in(state_), out.bytes.data(), out.bytes.size());
  return out;
}

Digest digest_of(std::string_view bytes) { return Hasher().add(bytes).finish(); }

std::string to_hex(const Digest& digest) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  out.reserve(64);
  for (const auto byte : digest.bytes) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

Result<Digest> parse_digest(std::string_view hex) {
  Digest out;
  if (hex.size() != 64) return fail(ErrorCode::malformed, "expected 64 hexadecimal digits");
  for (std::size_t i = 0; i < 32; ++i) {
    const int high = hex_value(hex[2 * i]);
    const int low = hex_value(hex[2 * i + 1]);
    if (high < 0 || low < 0) return fail(ErrorCode::malformed, "expected 64 lower-case hexadecimal digits");
    out.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return out;
}

}  // namespace skerry
