#include "index/segment.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <numeric>

#include "base/log.hpp"
#include "index/segment_header.hpp"

namespace skerry::index {
namespace {

constexpr std::uint64_t people_max = std::uint64_t{1} << 31;
constexpr std::size_t gathered_bytes_max = std::size_t{64} << 20;

tl::unexpected<Error> damaged_at(std::string_view what) { return fail(ErrorCode::storage_failed, fmt::format("the index's {}", what)); }

Result<std::span<const std::uint8_t>> section_of(std::span<const std::uint8_t> bytes, const Section& section, std::string_view name) {
  if (section.offset > bytes.size() || section.size > bytes.size() - section.offset) {
    return damaged_at(fmt::format("{} lies outside the file", name));
  }
  const auto out = bytes.subspan(section.offset, section.size);
  if (XXH3_64bits(out.data(), out.size()) != section.check) return damaged_at(fmt::format("{} does not have its checksum", name));
  return out;
}

/// Bits `from` to `from + count` of one set to `to` of another.
void copy_bits(const Bitset& source, std::size_t from, std::size_t count, Bitset& out, std::size_t to) {
  const auto* words = source.words().data();
  for (std::size_t done = 0; done < count;) {
    const auto place = (to + done) % 64;
    const auto take = std::min(count - done, 64 - place);
    const auto at = from + done;
    auto bits = words[at / 64] >> (at % 64);
    if (at % 64 != 0 && at / 64 + 1 < source.words().size()) bits |= words[at / 64 + 1] << (64 - at % 64);
    if (take < 64) bits &= (std::uint64_t{1} << take) - 1;
    out.words().data()[(to + done) / 64] |= bits << place;
    done += take;
  }
}

}  // namespace

Result<std::shared_ptr<const Segment>> Segment::open(SegmentBytes bytes, Rebuild rebuild) {
  auto out = std::make_shared<Segment>(std::move(bytes), std::move(rebuild));
  if (auto done = out->read(); !done) return fail(done.error());
  return out;
}

Result<std::shared_ptr<const Segment>> Segment::of_memory(std::string bytes) {
  auto owner = std::make_shared<const std::string>(std::move(bytes));
  const auto* data = static_cast<const std::uint8_t*>(static_cast<const void*>(owner->data()));
  const std::span<const std::uint8_t> view(data, owner->size());
  auto out = std::make_shared<Segment>(SegmentBytes{std::move(owner), view}, Rebuild{});
  if (auto done = out->read(); !done) return fail(done.error());
  for (auto& state : out->states_) state.known = Known::sound;
  return out;
}

std::uint64_t Segment::header_check_of(std::string_view bytes) noexcept {
  SegmentHeader header;
  if (bytes.size() >= sizeof header) std::memcpy(&header, bytes.data(), sizeof header);
  return header.check;
}

Result<void> Segment::read() {
  const auto bytes = bytes_.bytes;
  if (bytes.size() < header_bytes) return damaged_at("file is too short");
  const auto header = load<SegmentHeader>(bytes.data());
  if (std::string_view(header.magic.data(), header.magic.size()) != segment_magic) return damaged_at("file does not begin as one");
  if (header.version != segment_version) {
    return fail(ErrorCode::wrong_version, fmt::format("the index has version {}, not {}", header.version, segment_version));
  }
  if (XXH3_64bits(bytes.data(), header_bytes - sizeof header.check) != header.check) return damaged_at("header does not have its checksum");
  if (header.file_bytes != bytes.size()) return damaged_at("file does not have its length");
  if (header.rows_a_block != block_rows || header.people > people_max || header.terms >= people_max || header.runs > header.people) {
    return damaged_at("header contradicts itself");
  }
  stamp_ = {header.sequence, header.facts, {}};
  stamp_.chain.bytes = header.chain;
  rows_ = header.rows;
  header_check_ = header.check;
  people_ = header.people;
  terms_ = header.terms;
  const auto people = section_of(bytes, header.people_section, "list of people");
  if (!people) return fail(people.error());
  if (auto done = read_people(*people, header.runs); !done) return done;
  const auto dictionary = section_of(bytes, header.dictionary, "dictionary");
  if (!dictionary) return fail(dictionary.error());
  if (auto done = read_dictionary(*dictionary); !done) return done;
  const auto directory = section_of(bytes, header.directory, "directory");
  if (!directory) return fail(directory.error());
  if (header.data_offset > bytes.size() || header.data_size > bytes.size() - header.data_offset)
    return damaged_at("data lie outside the file");
  return read_directory(*directory, header.streams, bytes.subspan(header.data_offset, header.data_size));
}

Result<void> Segment::read_people(std::span<const std::uint8_t> section, std::uint64_t runs) {
  if (section.size() / run_bytes != runs || section.size() % run_bytes != 0) return damaged_at("list of people does not have its length");
  for (std::uint64_t i = 0; i < runs; ++i) {
    const auto run = load<Run>(section.data() + i * run_bytes);
    const bool follows = i == 0
                             ? run.person == 0 && run.participant > 0
                             : run.person > runs_.back().person &&
                                   run.participant > runs_.back().participant + static_cast<std::int64_t>(run.person - runs_.back().person);
    if (!follows || run.person >= people_ || run.participant > (std::int64_t{1} << 62)) return damaged_at("list of people is out of order");
    runs_.push_back(run);
  }
  return runs_.empty() == (people_ == 0) ? Result<void>{} : damaged_at("list of people is empty");
}

Result<void> Segment::read_dictionary(std::span<const std::uint8_t> section) {
  const auto numbers = terms_ * sizeof(Term);
  if (section.size() < 2 * numbers) return damaged_at("dictionary is too short");
  term_ends_ = section.first(numbers);
  terms_by_curie_ = section.subspan(numbers, numbers);
  term_bytes_ = section.subspan(2 * numbers);
  return {};
}

Result<void> Segment::read_directory(std::span<const std::uint8_t> section, std::uint64_t streams, std::span<const std::uint8_t> data) {
  if (section.size() / stream_bytes != streams || section.size() % stream_bytes != 0)
    return damaged_at("directory does not have its length");
  data_ = data;
  states_ = std::vector<StreamState>(streams);
  std::uint64_t rows = 0, end = data.size();
  for (auto i = streams; i-- > 0;) {
    const auto entry = load<StreamEntry>(section.data() + i * stream_bytes);
    auto& state = states_[i];
    if (entry.offset > end || entry.rows == 0 || entry.concept_term > terms_) return damaged_at("directory contradicts itself");
    state.offset = entry.offset;
    state.size = end - entry.offset;
    state.check = entry.check;
    end = entry.offset;
    const auto blocks = entry.rows / block_rows + (entry.rows % block_rows == 0 ? 0 : 1);
    if (blocks > state.size || (blocks > 1 && blocks > state.size / sizeof(std::uint32_t)))
      return damaged_at("directory promises too much");
    rows += entry.rows;
  }
  for (std::uint64_t i = 0; i < streams; ++i) {
    const auto entry = load<StreamEntry>(section.data() + i * stream_bytes);
    StreamInfo info{static_cast<Kind>(entry.kind), entry.concept_term, static_cast<Status>(entry.status), entry.rows};
    info.has_place = (entry.has & 1) != 0;
    info.has_value = (entry.has & 2) != 0;
    info.has_link = (entry.has & 4) != 0;
    info.has_qualifier = (entry.has & 8) != 0;
    if (i > 0 && info.concept_term < streams_.back().concept_term) return damaged_at("directory is out of order");
    streams_.push_back(info);
  }
  if (rows != rows_ || end != 0) return damaged_at("directory does not hold every row");
  stream_ids_.resize(streams_.size());
  std::iota(stream_ids_.begin(), stream_ids_.end(), StreamId{0});
  return {};
}

ParticipantId Segment::participant(Person person) const noexcept {
  if (person >= people_) return {};
  const auto run = std::ranges::upper_bound(runs_, person, {}, &Run::person) - 1;
  return {run->participant + static_cast<std::int64_t>(person - run->person)};
}

std::optional<Person> Segment::person(ParticipantId participant) const noexcept {
  const auto after = std::ranges::upper_bound(runs_, participant.number, {}, &Run::participant);
  if (after == runs_.begin()) return std::nullopt;
  const auto& run = *(after - 1);
  const auto next = after == runs_.end() ? people_ : after->person;
  const auto person = run.person + static_cast<std::uint64_t>(participant.number - run.participant);
  if (person >= next) return std::nullopt;
  return static_cast<Person>(person);
}

Bitset Segment::people_among(const Bitset& participants) const {
  Bitset out(people_);
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    const auto first = static_cast<std::size_t>(runs_[i].participant);
    const auto length = (i + 1 < runs_.size() ? runs_[i + 1].person : people_) - runs_[i].person;
    if (first >= participants.size()) break;
    copy_bits(participants, first, std::min<std::size_t>(length, participants.size() - first), out, runs_[i].person);
  }
  return out;
}

std::string_view Segment::curie(Term term) const noexcept {
  if (term == 0 || term > terms_) return {};
  const auto end_of = [this](Term before) { return load<std::uint32_t>(term_ends_.data() + (before - 1) * sizeof(std::uint32_t)); };
  const auto start = term == 1 ? 0 : end_of(term - 1);
  const auto end = end_of(term);
  if (start > end || end > term_bytes_.size()) return {};
  return {static_cast<const char*>(static_cast<const void*>(term_bytes_.data() + start)), end - start};
}

std::optional<Term> Segment::find(std::string_view wanted) const {
  const auto at = [this](std::size_t place) { return load<Term>(terms_by_curie_.data() + place * sizeof(Term)); };
  std::size_t low = 0, high = terms_;
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    curie(at(middle)) < wanted ? low = middle + 1 : high = middle;
  }
  if (low == terms_ || curie(at(low)) != wanted || wanted.empty()) return std::nullopt;
  return at(low);
}

std::span<const StreamId> Segment::streams_of(Term concept_term) const noexcept {
  const auto [first, last] =
      std::ranges::equal_range(stream_ids_, concept_term, {}, [this](StreamId stream) { return streams_[stream].concept_term; });
  return {first, last};
}

std::size_t Segment::blocks(StreamId stream) const noexcept {
  return stream < streams_.size() ? (streams_[stream].rows + block_rows - 1) / block_rows : 0;
}

std::size_t Segment::rows_in(StreamId stream, std::size_t block) const noexcept {
  return std::min<std::uint64_t>(block_rows, streams_[stream].rows - block * block_rows);
}

std::span<const std::uint8_t> Segment::block_bytes(StreamId stream, std::size_t block) const noexcept {
  const auto& state = states_[stream];
  const auto bytes = data_.subspan(state.offset, state.size);
  const auto count = blocks(stream);
  if (count == 1) return bytes;
  const auto offset_of = [&](std::size_t at) { return load<std::uint32_t>(bytes.data() + at * sizeof(std::uint32_t)); };
  const std::size_t first = offset_of(block), last = block + 1 < count ? offset_of(block + 1) : bytes.size();
  return first <= last && last <= bytes.size() ? bytes.subspan(first, last - first) : std::span<const std::uint8_t>{};
}

bool Segment::sound(StreamId stream) const {
  const auto& state = states_[stream];
  const auto bytes = data_.subspan(state.offset, state.size);
  if (XXH3_64bits(bytes.data(), bytes.size()) != state.check) return false;
  Person next = 0;
  for (std::size_t block = 0; block < blocks(stream); ++block) {
    BlockBytes columns;
    if (!columns.parse(block_bytes(stream, block), rows_in(stream, block)) || !columns.sound(people_)) return false;
    if (columns.first() < next) return false;
    next = columns.first();
  }
  return true;
}

const Segment* Segment::rebuilt() const {
  if (rebuild_tried_) return instead_.get();
  rebuild_tried_ = true;
  damaged_.store(true, std::memory_order_release);
  log::warning("the index is damaged; reading that part of the ledger instead");
  if (rebuild_) {
    if (auto made = rebuild_();
        made && (*made)->people() == people_ && (*made)->streams_.size() == streams_.size() && (*made)->rows() == rows_) {
      instead_ = std::move(*made);
    }
  }
  if (!instead_) lost_.store(true, std::memory_order_release);
  return instead_.get();
}

const Segment* Segment::holder_of(StreamId stream) const {
  auto& state = states_[stream];
  if (state.known.load(std::memory_order_acquire) == Known::sound) return this;
  const std::lock_guard lock(mutex_);
  if (state.known.load(std::memory_order_relaxed) == Known::not_yet) {
    state.known.store(sound(stream) ? Known::sound : Known::damaged, std::memory_order_release);
  }
  return state.known.load(std::memory_order_relaxed) == Known::sound ? this : rebuilt();
}

void Segment::decode(StreamId stream, std::size_t block, unsigned columns, Block& out) const {
  out.size = 0;
  out.qualifiers.clear();
  if (block >= blocks(stream)) return;
  const auto* holder = holder_of(stream);
  if (holder == nullptr) return;
  if (holder != this) return holder->decode(stream, block, columns, out);
  BlockBytes bytes;
  if (bytes.parse(block_bytes(stream, block), rows_in(stream, block))) bytes.decode(columns, terms_, out);
}

Person Segment::first_person(StreamId stream, std::size_t block) const noexcept {
  BlockBytes bytes;
  const bool whole = block < blocks(stream) && bytes.parse(block_bytes(stream, block), rows_in(stream, block));
  return whole ? bytes.first() : Person{0};
}

template <class Visit>
void Segment::each_person(StreamId stream, Visit&& visit) const {
  std::array<Person, block_rows> people;
  for (std::size_t block = 0; block < blocks(stream); ++block) {
    BlockBytes bytes;
    const auto rows = rows_in(stream, block);
    if (!bytes.parse(block_bytes(stream, block), rows)) return;
    bytes.decode_people(people.data());
    for (std::size_t i = 0; i < rows; ++i) visit(people.data()[i]);
  }
}

/// The stream's set of people, kept from its first use on; nullptr for streams too small to be worth it.
const Bitset* Segment::gathered(StreamId stream) const {
  auto& state = states_[stream];
  if (const auto* people = state.people.load(std::memory_order_acquire)) return people;
  constexpr std::size_t worth_a_word = 4;
  if (streams_[stream].rows < people_ / (64 * worth_a_word)) return nullptr;
  const std::lock_guard lock(mutex_);
  if (const auto* people = state.people.load(std::memory_order_relaxed)) return people;
  if (gathered_bytes_ > gathered_bytes_max) return nullptr;
  auto people = std::make_unique<Bitset>(people_);
  each_person(stream, [&people](Person person) { people->set(person); });
  gathered_bytes_ += people->words().size_bytes();
  state.people.store(people.get(), std::memory_order_release);
  gathered_.push_back(std::move(people));
  return gathered_.back().get();
}

void Segment::add_people(StreamId stream, const Bitset* covered, Bitset& out) const {
  if (stream >= streams_.size()) return;
  const auto* holder = holder_of(stream);
  if (holder == nullptr) return;
  if (holder != this) return holder->add_people(stream, covered, out);
  auto* words = out.words().data();
  if (const auto* people = gathered(stream)) {
    const auto* from = people->words().data();
    const auto count = people->words().size();
    if (covered == nullptr) {
      for (std::size_t w = 0; w < count; ++w) words[w] |= from[w];
    } else {
      const auto* mask = covered->words().data();
      for (std::size_t w = 0; w < count; ++w) words[w] |= from[w] & mask[w];
    }
    return;
  }
  each_person(stream, [&](Person person) {
    if (covered == nullptr || covered->test(person)) out.set(person);
  });
}

Result<void> Segment::checked() const {
  if (!lost_.load(std::memory_order_acquire)) return {};
  return fail(ErrorCode::storage_failed, "a part of the index is damaged and could not be read from the ledger again");
}

bool Segment::check_all() const {
  for (StreamId stream = 0; stream < streams_.size(); ++stream) {
    if (!sound(stream)) return false;
  }
  return true;
}

}  // namespace skerry::index
