#include "index/segment.hpp"

#include <algorithm>
#include <numeric>

namespace skerry::index {

Segment::Segment(SegmentContent content) : content_(std::move(content)) {
  by_curie_.resize(content_.terms.size());
  std::iota(by_curie_.begin(), by_curie_.end(), Term{1});
  std::ranges::sort(by_curie_, {}, [this](Term term) { return curie(term); });
  stream_ids_.resize(content_.streams.size());
  std::iota(stream_ids_.begin(), stream_ids_.end(), StreamId{0});
}

ParticipantId Segment::participant(Person person) const noexcept {
  return person < content_.people.size() ? content_.people[person] : ParticipantId{};
}

std::optional<Term> Segment::find(std::string_view curie_wanted) const {
  const auto found = std::ranges::lower_bound(by_curie_, curie_wanted, {}, [this](Term term) { return curie(term); });
  if (found == by_curie_.end() || curie(*found) != curie_wanted) return std::nullopt;
  return *found;
}

std::string_view Segment::curie(Term term) const noexcept {
  return term == 0 || term > content_.terms.size() ? std::string_view{} : content_.terms[term - 1];
}

std::span<const StreamId> Segment::streams_of(Term concept_term) const noexcept {
  const auto [first, last] =
      std::ranges::equal_range(stream_ids_, concept_term, {}, [this](StreamId stream) { return content_.streams[stream].concept_term; });
  return {first, last};
}

std::size_t Segment::blocks(StreamId stream) const noexcept {
  return stream < content_.rows.size() ? (content_.rows[stream].size() + block_rows - 1) / block_rows : 0;
}

void Segment::decode(StreamId stream, std::size_t block, unsigned columns, Block& out) const {
  const auto& rows = content_.rows[stream];
  const auto first = block * block_rows;
  out.size = std::min(rows.size() - first, block_rows);
  out.qualifiers.clear();
  for (std::size_t i = 0; i < out.size; ++i) {
    const auto& row = rows[first + i];
    out.person[i] = row.person;
    out.axis[i] = row.axis;
    out.low[i] = row.low;
    out.high[i] = row.high;
    out.value_kind[i] = row.value_kind;
    out.value[i] = row.value;
    out.unit[i] = row.unit;
    out.number[i] = row.number;
    out.site[i] = row.site;
    out.side[i] = row.side;
    out.source_kind[i] = row.source_kind;
    out.source[i] = row.source;
    out.link[i] = row.link;
    out.part_of[i] = row.part_of;
    if ((columns & column_qualifier) == 0) continue;
    for (auto qualifier : row.qualifiers) {
      qualifier.row = static_cast<std::uint32_t>(i);
      out.qualifiers.push_back(qualifier);
    }
  }
}

void Segment::add_people(StreamId stream, Bitset& out) const {
  for (const auto& row : content_.rows[stream]) out.set(row.person);
}

}  // namespace skerry::index
