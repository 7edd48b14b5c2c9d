// The first 256 bytes of a segment (docs/index-format.md). Private to the room.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace skerry::index {

inline constexpr std::string_view segment_magic = "skryindx";
inline constexpr std::uint32_t segment_version = 1;
inline constexpr std::size_t header_bytes = 256, run_bytes = 16, stream_bytes = 32;

struct Section {
  std::uint64_t offset = 0, size = 0, check = 0;
};

/// Stored as it is laid out here, little-endian.
struct SegmentHeader {
  std::array<char, 8> magic{};
  std::uint32_t version = 0, rows_a_block = 0;
  std::uint64_t file_bytes = 0;
  std::int64_t sequence = 0, facts = 0;
  std::array<std::uint8_t, 32> chain{};
  std::uint64_t people = 0, rows = 0, runs = 0, terms = 0, streams = 0;
  Section people_section, dictionary, directory;
  std::uint64_t data_offset = 0, data_size = 0;
  std::array<std::uint64_t, 6> zero{};
  std::uint64_t check = 0;  ///< XXH3 of all that stands before it
};
static_assert(sizeof(SegmentHeader) == header_bytes);

struct StreamEntry {
  std::uint32_t concept_term = 0;
  std::uint8_t kind = 0, status = 0;
  std::uint16_t has = 0;  ///< 1 place, 2 value, 4 link, 8 qualifier
  std::uint64_t rows = 0, offset = 0, check = 0;
};
static_assert(sizeof(StreamEntry) == stream_bytes);

/// A number or a structure of numbers at any address.
template <class T>
[[nodiscard]] T load(const std::uint8_t* from) noexcept {
  T out;
  std::memcpy(&out, from, sizeof out);
  return out;
}

template <class T>
void store(const T& value, std::string& out) {
  const auto at = out.size();
  out.resize(at + sizeof value);
  std::memcpy(out.data() + at, &value, sizeof value);
}

}  // namespace skerry::index
