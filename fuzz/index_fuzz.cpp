// A segment of the index from arbitrary bytes. Its checksums are set right where the bytes are long enough, so that what lies behind them
// is read too: it may be refused or say nonsense, and must not touch memory that is not its own.
#include <xxhash.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "index/builder.hpp"
#include "index/segment.hpp"
#include "index/segment_header.hpp"

namespace {

using namespace skerry::index;

void set_checks(std::vector<std::uint8_t>& bytes) {
  if (bytes.size() < header_bytes) return;
  auto header = load<SegmentHeader>(bytes.data());
  std::copy(segment_magic.begin(), segment_magic.end(), header.magic.begin());
  header.version = segment_version;
  header.rows_a_block = block_rows;
  header.file_bytes = bytes.size();
  const auto inside = [&](std::uint64_t offset, std::uint64_t size) { return offset <= bytes.size() && size <= bytes.size() - offset; };
  // The streams first: the directory's checksum is of their checksums too.
  if (inside(header.directory.offset, header.directory.size) && inside(header.data_offset, header.data_size)) {
    auto end = header.data_size;
    for (auto i = header.directory.size / stream_bytes; i-- > 0;) {
      auto* at = bytes.data() + header.directory.offset + i * stream_bytes;
      auto entry = load<StreamEntry>(at);
      if (entry.offset > end) break;
      entry.check = XXH3_64bits(bytes.data() + header.data_offset + entry.offset, end - entry.offset);
      std::memcpy(at, &entry, sizeof entry);
      end = entry.offset;
    }
  }
  for (auto* section : {&header.people_section, &header.dictionary, &header.directory}) {
    if (inside(section->offset, section->size)) section->check = XXH3_64bits(bytes.data() + section->offset, section->size);
  }
  header.check = XXH3_64bits(&header, sizeof header - sizeof header.check);
  std::memcpy(bytes.data(), &header, sizeof header);
}

/// A sound segment with a bit of everything, two blocks in one stream.
std::vector<std::uint8_t> sound_segment() {
  using namespace skerry;
  Builder builder;
  for (std::int64_t person = 1; person <= 700; ++person) {
    for (int i = 0; i < 2; ++i) {
      Fact fact;
      fact.id.number = 2 * person + i;
      fact.participant.number = person;
      fact.code.id = person % 50 == 0 ? "HP:0001" : "HP:0000";
      if (i == 0) fact.value = Quantity{static_cast<double>(person) / 10, {"UCUM:cm", ""}, std::nullopt};
      if (i == 1 && person % 3 == 0) fact.value = Code{"HP:" + std::to_string(person % 40), ""};
      fact.when = When::at(date_of_day(static_cast<std::int32_t>(10'000 + person * person % 977)));
      if (person % 9 == 0) fact.qualifiers.push_back({{"skerry:role", ""}, person % 7});
      if (i == 1) fact.part_of.number = fact.id.number - 1;
      builder.add(fact);
    }
  }
  const auto bytes = builder.finish({});
  return bytes ? std::vector<std::uint8_t>(bytes->begin(), bytes->end()) : std::vector<std::uint8_t>{};
}

/// The input as it is, or as changes to a sound segment: two bytes where, one byte what.
std::vector<std::uint8_t> segment_of(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || data[0] % 2 == 0) return {data, data + size};
  static const auto sound = sound_segment();
  auto out = sound;
  for (std::size_t at = 1; at + 3 <= size; at += 3) out[load<std::uint16_t>(data + at) % out.size()] = data[at + 2];
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto bytes = std::make_shared<std::vector<std::uint8_t>>(segment_of(data, size));
  if (size > 0 && data[0] / 2 % 8 != 0) set_checks(*bytes);
  const std::span<const std::uint8_t> view(bytes->data(), bytes->size());
  const auto segment = Segment::open({std::move(bytes), view});
  if (!segment) return 0;
  const auto& found = **segment;
  for (Term term = 0; term <= std::min<std::size_t>(found.terms() + 1, 100); ++term) (void)found.find(found.curie(term));
  (void)found.participant(0);
  (void)found.person(found.participant(1));
  const auto block = std::make_unique<Block>();
  const bool few = found.people() < 1 << 20;
  skerry::Bitset people(few ? found.people() : 0);
  for (StreamId stream = 0; stream < std::min<std::size_t>(found.streams().size(), 20); ++stream) {
    for (std::size_t b = 0; b < std::min<std::size_t>(found.blocks(stream), 20); ++b) {
      found.decode(stream, b, all_columns, *block);
      for (std::size_t i = 0; i < block->size; ++i) {
        if (block->person[i] >= found.people() || block->value[i] > found.terms()) __builtin_trap();
      }
      for (const auto& said : block->qualifiers) {
        if (said.row >= block->size) __builtin_trap();
      }
    }
    if (few) found.add_people(stream, nullptr, people);
  }
  return 0;
}
