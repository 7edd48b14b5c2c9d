// One segment: all rows of its people, whoever may see them, over bytes in memory or a mapped file (docs/index-format.md). Private to the
// room.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "index/block.hpp"
#include "index/reading.hpp"

namespace skerry::index {

/// What of the ledger a segment holds: it must still be so when the file is opened.
struct Stamp {
  std::int64_t sequence = 0, facts = 0;
  Digest chain;
  bool operator==(const Stamp&) const = default;
};

/// What goes into a segment's bytes.
struct SegmentContent {
  struct Stream {
    StreamInfo info;
    std::string blocks;
    std::vector<std::uint32_t> offsets;  ///< of each block
  };
  std::vector<ParticipantId> people;
  std::deque<std::string> terms;  ///< term t stands at t - 1
  std::vector<Stream> streams;    ///< by concept, kind, status
};
[[nodiscard]] Result<std::string> segment_bytes(const SegmentContent& content, const Stamp& stamp);

/// Bytes somebody keeps.
struct SegmentBytes {
  std::shared_ptr<const void> owner;
  std::span<const std::uint8_t> bytes;
};

/// Thread-safe. A stream's bytes are checked at its first use; when they are damaged the whole segment is made again by `rebuild`.
class Segment {
 public:
  using Rebuild = std::function<Result<std::shared_ptr<const Segment>>()>;
  /// Of bytes that nobody has looked at: open() and of_memory() do.
  Segment(SegmentBytes bytes, Rebuild rebuild) : bytes_(std::move(bytes)), rebuild_(std::move(rebuild)) {}
  /// The header, the people, the dictionary and the directory are checked here. Errors: storage_failed with what was found; wrong_version.
  static Result<std::shared_ptr<const Segment>> open(SegmentBytes bytes, Rebuild rebuild = {});
  /// Bytes this process has just made.
  static Result<std::shared_ptr<const Segment>> of_memory(std::string bytes);

  [[nodiscard]] static std::uint64_t header_check_of(std::string_view bytes) noexcept;

  [[nodiscard]] const Stamp& stamp() const noexcept { return stamp_; }
  [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::uint64_t header_check() const noexcept { return header_check_; }
  [[nodiscard]] std::size_t people() const noexcept { return people_; }
  [[nodiscard]] ParticipantId participant(Person person) const noexcept;
  [[nodiscard]] std::optional<Person> person(ParticipantId participant) const noexcept;
  /// Those of the segment's people whose bit is set: bit n stands for participant n.
  [[nodiscard]] Bitset people_among(const Bitset& participants) const;
  [[nodiscard]] std::optional<Term> find(std::string_view curie) const;
  [[nodiscard]] std::string_view curie(Term term) const noexcept;
  [[nodiscard]] std::size_t terms() const noexcept { return terms_; }
  [[nodiscard]] std::span<const StreamInfo> streams() const noexcept { return streams_; }
  [[nodiscard]] std::span<const StreamId> streams_of(Term concept_term) const noexcept;
  [[nodiscard]] std::size_t blocks(StreamId stream) const noexcept;
  [[nodiscard]] Person first_person(StreamId stream, std::size_t block) const noexcept;
  void decode(StreamId stream, std::size_t block, unsigned columns, Block& out) const;
  /// Those with a row in the stream; of `covered` alone when there is one.
  void add_people(StreamId stream, const Bitset* covered, Bitset& out) const;

  /// Whether a stream was found damaged.
  [[nodiscard]] bool damaged() const noexcept { return damaged_.load(std::memory_order_acquire); }
  /// Fails when a damaged stream was asked for and could not be made again.
  [[nodiscard]] Result<void> checked() const;
  /// Checks every stream now; for tests and verification.
  [[nodiscard]] bool check_all() const;

 private:
  struct Run {
    std::int64_t participant = 0;
    std::uint64_t person = 0;
  };
  enum class Known : std::uint8_t { not_yet, sound, damaged };
  struct StreamState {
    std::size_t offset = 0, size = 0;
    std::uint64_t check = 0;
    std::atomic<Known> known = Known::not_yet;
    std::atomic<const Bitset*> people = nullptr;
  };

  Result<void> read();
  Result<void> read_people(std::span<const std::uint8_t> section, std::uint64_t runs);
  Result<void> read_dictionary(std::span<const std::uint8_t> section);
  Result<void> read_directory(std::span<const std::uint8_t> section, std::uint64_t streams, std::span<const std::uint8_t> data);
  [[nodiscard]] std::span<const std::uint8_t> block_bytes(StreamId stream, std::size_t block) const noexcept;
  [[nodiscard]] std::size_t rows_in(StreamId stream, std::size_t block) const noexcept;
  [[nodiscard]] bool sound(StreamId stream) const;
  [[nodiscard]] const Segment* holder_of(StreamId stream) const;
  const Segment* rebuilt() const;
  template <class Visit>
  void each_person(StreamId stream, Visit&& visit) const;
  const Bitset* gathered(StreamId stream) const;

  SegmentBytes bytes_;
  Rebuild rebuild_;
  Stamp stamp_;
  std::uint64_t rows_ = 0, header_check_ = 0;
  std::size_t people_ = 0, terms_ = 0;
  std::vector<Run> runs_;
  std::span<const std::uint8_t> term_ends_, terms_by_curie_, term_bytes_, data_;
  std::vector<StreamInfo> streams_;
  std::vector<StreamId> stream_ids_;  ///< 0, 1, ...: the streams of a concept stand together

  mutable std::vector<StreamState> states_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<const Bitset>> gathered_;
  mutable std::size_t gathered_bytes_ = 0;
  mutable std::shared_ptr<const Segment> instead_;
  mutable bool rebuild_tried_ = false;
  mutable std::atomic<bool> damaged_ = false, lost_ = false;
};

}  // namespace skerry::index
