#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "index/segment.hpp"
#include "index/segment_header.hpp"

namespace skerry::index {
namespace {

struct Run {
  std::int64_t participant = 0;
  std::uint64_t person = 0;
};

std::vector<Run> runs_of(const std::vector<ParticipantId>& people) {
  std::vector<Run> out;
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (i == 0 || people[i].number != people[i - 1].number + 1) out.push_back({people[i].number, i});
  }
  return out;
}

void put_dictionary(const std::deque<std::string>& terms, std::string& out) {
  std::uint32_t end = 0;
  for (const auto& term : terms) store(end += static_cast<std::uint32_t>(term.size()), out);
  std::vector<Term> by_curie(terms.size());
  std::iota(by_curie.begin(), by_curie.end(), Term{1});
  std::ranges::sort(by_curie, {}, [&](Term term) -> const std::string& { return terms[term - 1]; });
  for (const auto term : by_curie) store(term, out);
  for (const auto& term : terms) out += term;
}

std::uint16_t has(const StreamInfo& info) noexcept {
  return static_cast<std::uint16_t>((info.has_place ? 1 : 0) | (info.has_value ? 2 : 0) | (info.has_link ? 4 : 0) |
                                    (info.has_qualifier ? 8 : 0));
}

std::uint64_t check_of(const std::string& bytes, std::size_t from) { return XXH3_64bits(bytes.data() + from, bytes.size() - from); }

class Writer {
 public:
  template <class Put>
  Section section(Put put) {
    out.resize((out.size() + 7) / 8 * 8);
    const auto at = out.size();
    put();
    return {at, out.size() - at, check_of(out, at)};
  }
  std::string out;
};

/// The streams' bytes one after the other, and where each lies.
void put_streams(const SegmentContent& content, std::string& out, std::size_t data_offset, std::vector<StreamEntry>& entries) {
  for (const auto& stream : content.streams) {
    const auto at = out.size();
    const auto table = stream.offsets.size() > 1 ? stream.offsets.size() * sizeof(std::uint32_t) : 0;
    for (const auto offset : stream.offsets) {
      if (table > 0) store(static_cast<std::uint32_t>(table + offset), out);
    }
    out += stream.blocks;
    entries.push_back({stream.info.concept_term, static_cast<std::uint8_t>(stream.info.kind), static_cast<std::uint8_t>(stream.info.status),
                       has(stream.info), stream.info.rows, at - data_offset, check_of(out, at)});
  }
}

}  // namespace

Result<std::string> segment_bytes(const SegmentContent& content, const Stamp& stamp) {
  std::uint64_t terms_size = 0, rows = 0, data_size = 0;
  for (const auto& term : content.terms) terms_size += term.size();
  for (const auto& stream : content.streams) {
    rows += stream.info.rows;
    data_size += stream.blocks.size() + stream.offsets.size() * sizeof(std::uint32_t);
    if (stream.blocks.size() > std::numeric_limits<std::uint32_t>::max() / 2) {
      return fail(ErrorCode::too_large, "a concept has too many facts for one segment of the index");
    }
  }
  if (terms_size > std::numeric_limits<std::uint32_t>::max())
    return fail(ErrorCode::too_large, "the codes are too long for one segment of the index");

  Writer writer;
  auto& out = writer.out;
  out.reserve(header_bytes + data_size + terms_size + content.terms.size() * 8 + content.streams.size() * stream_bytes + 4096);
  out.resize(header_bytes);
  const auto runs = runs_of(content.people);
  SegmentHeader header;
  std::ranges::copy(segment_magic, header.magic.begin());
  header.version = segment_version;
  header.rows_a_block = block_rows;
  header.sequence = stamp.sequence;
  header.facts = stamp.facts;
  header.chain = stamp.chain.bytes;
  header.people = content.people.size();
  header.rows = rows;
  header.runs = runs.size();
  header.terms = content.terms.size();
  header.streams = content.streams.size();
  header.people_section = writer.section([&] {
    for (const auto& run : runs) store(run, out);
  });
  header.dictionary = writer.section([&] { put_dictionary(content.terms, out); });
  header.data_offset = out.size();
  std::vector<StreamEntry> entries;
  put_streams(content, out, header.data_offset, entries);
  header.data_size = out.size() - header.data_offset;
  header.directory = writer.section([&] {
    for (const auto& entry : entries) store(entry, out);
  });
  header.file_bytes = out.size();
  header.check = XXH3_64bits(&header, sizeof header - sizeof header.check);
  std::memcpy(out.data(), &header, sizeof header);
  return std::move(out);
}

}  // namespace skerry::index
