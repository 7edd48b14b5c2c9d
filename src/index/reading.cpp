#include "index/reading.hpp"

#include <utility>

#include "index/segment.hpp"

namespace skerry::index {
namespace {

template <class T>
void keep(std::array<T, block_rows>& column, const std::uint32_t* rows, std::size_t count) {
  auto* values = column.data();
  for (std::size_t i = 0; i < count; ++i) values[i] = values[rows[i]];
}

/// Leaves the rows of those people in the block.
void keep_rows_of(const Bitset& covered, unsigned columns, Block& block) {
  std::array<std::uint32_t, block_rows> rows;
  std::size_t count = 0;
  for (std::size_t i = 0; i < block.size; ++i) {
    rows.data()[count] = static_cast<std::uint32_t>(i);
    count += covered.test(block.person.data()[i]) ? 1 : 0;
  }
  if (count == block.size) return;
  if ((columns & column_qualifier) != 0) {
    std::size_t kept = 0, next = 0;
    for (const auto& qualifier : block.qualifiers) {
      while (next < count && rows.data()[next] < qualifier.row) ++next;
      if (next == count) break;
      if (rows.data()[next] != qualifier.row) continue;
      block.qualifiers[kept] = qualifier;
      block.qualifiers[kept++].row = static_cast<std::uint32_t>(next);
    }
    block.qualifiers.resize(kept);
  }
  const auto* of = rows.data();
  keep(block.person, of, count);
  if ((columns & column_when) != 0) {
    keep(block.axis, of, count);
    keep(block.low, of, count);
    keep(block.high, of, count);
  }
  if ((columns & column_value) != 0) {
    keep(block.value_kind, of, count);
    keep(block.value, of, count);
    keep(block.unit, of, count);
    keep(block.number, of, count);
  }
  if ((columns & column_place) != 0) {
    keep(block.site, of, count);
    keep(block.side, of, count);
  }
  if ((columns & column_source) != 0) {
    keep(block.source_kind, of, count);
    keep(block.source, of, count);
  }
  if ((columns & column_link) != 0) {
    keep(block.link, of, count);
    keep(block.part_of, of, count);
  }
  block.size = count;
}

}  // namespace

SegmentReading::SegmentReading(std::shared_ptr<const Segment> segment, std::shared_ptr<const Bitset> covered)
    : segment_(std::move(segment)), covered_(std::move(covered)), everyone_(covered_->count() == segment_->people()) {}

std::size_t SegmentReading::people() const noexcept { return segment_->people(); }
const Bitset& SegmentReading::covered() const noexcept { return *covered_; }
bool SegmentReading::everyone() const noexcept { return everyone_; }

ParticipantId SegmentReading::participant(Person person) const noexcept {
  return person < segment_->people() && covered_->test(person) ? segment_->participant(person) : ParticipantId{};
}

std::optional<Term> SegmentReading::find(std::string_view curie) const { return segment_->find(curie); }
std::string_view SegmentReading::curie(Term term) const noexcept { return segment_->curie(term); }
std::size_t SegmentReading::terms() const noexcept { return segment_->terms(); }
std::span<const StreamInfo> SegmentReading::streams() const noexcept { return segment_->streams(); }
std::span<const StreamId> SegmentReading::streams_of(Term concept_term) const noexcept { return segment_->streams_of(concept_term); }
std::size_t SegmentReading::blocks(StreamId stream) const noexcept { return segment_->blocks(stream); }

void SegmentReading::decode(StreamId stream, std::size_t block, unsigned columns, Block& out) const {
  segment_->decode(stream, block, columns, out);
  if (!everyone_) keep_rows_of(*covered_, columns, out);
}

void SegmentReading::add_people(StreamId stream, Bitset& out) const {
  segment_->add_people(stream, everyone_ ? nullptr : covered_.get(), out);
}

Person SegmentReading::first_person(StreamId stream, std::size_t block) const noexcept { return segment_->first_person(stream, block); }
std::shared_ptr<const void> SegmentReading::facts_identity() const noexcept { return segment_; }
std::shared_ptr<const void> SegmentReading::people_identity() const noexcept {
  return everyone_ ? std::shared_ptr<const void>{} : std::shared_ptr<const void>(covered_);
}

Reading joined(std::span<const Reading> readings) {
  std::vector<Reading::Part> parts;
  for (const auto& reading : readings) {
    for (const auto& segment : reading.segments()) parts.push_back({segment.segment_, segment.covered_});
  }
  return Reading(std::move(parts));
}

Reading::Reading(std::vector<Part> parts) {
  std::vector<SegmentReading> segments;
  segments.reserve(parts.size());
  for (auto& part : parts) segments.push_back(SegmentReading(std::move(part.segment), std::move(part.covered)));
  segments_ = std::make_shared<const std::vector<SegmentReading>>(std::move(segments));
}

std::span<const SegmentReading> Reading::segments() const noexcept { return *segments_; }

Result<void> Reading::checked() const {
  for (const auto& segment : *segments_) {
    if (auto done = segment.segment_->checked(); !done) return done;
  }
  return {};
}

}  // namespace skerry::index
