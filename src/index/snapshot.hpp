// The index at one head of the ledger: segments of everyone as of an earlier head, and of those who changed since. Private to the room.
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "index/index_folder.hpp"
#include "index/segment.hpp"
#include "index/store.hpp"
#include "ledger/ledger.hpp"

namespace skerry::index {

/// Never changed once it is made; snapshots share their segments.
struct Snapshot {
  struct Part {
    std::shared_ptr<const Segment> segment;
    std::shared_ptr<const Bitset> current;  ///< those whose facts stand in no later part
  };
  ledger::Head head, base_head;
  std::int64_t participants = 0;
  std::vector<Part> parts;  ///< the base, then what came since
  std::size_t base_parts = 0;
  std::uint64_t later_people = 0, later_rows = 0;

  [[nodiscard]] bool damaged() const noexcept;
};

/// Reads the ledger into snapshots. Thread-safe.
class SnapshotMaker {
 public:
  SnapshotMaker(const ledger::Ledger& ledger, ledger::ReadKey key, StoreLimits limits) : ledger_(ledger), key_(key), limits_(limits) {}

  /// Everyone, in memory or, with a folder, in its files; in memory too, with a warning, when they cannot be written.
  /// Errors: the ledger's; cancelled.
  [[nodiscard]] Result<std::shared_ptr<const Snapshot>> whole(const ledger::Head& head, const IndexFolder* folder,
                                                              std::stop_token stop = {}) const;
  /// What the folder holds, when it is sound and of this very ledger.
  [[nodiscard]] Result<std::shared_ptr<const Snapshot>> stored(const IndexFolder& folder) const;
  /// The snapshot brought forward to a later head.
  [[nodiscard]] Result<std::shared_ptr<const Snapshot>> later(const Snapshot& before, const ledger::Head& head) const;

 private:
  class Whole;
  [[nodiscard]] Result<std::string> bytes_of_range(const ledger::Head& head, std::int64_t first, std::int64_t last,
                                                   std::stop_token stop) const;
  [[nodiscard]] Result<std::shared_ptr<const Segment>> segment_of(const std::vector<ParticipantId>& people, const ledger::Head& head) const;
  [[nodiscard]] Segment::Rebuild rebuild_of(const ledger::Head& head, std::int64_t first, std::int64_t last) const;
  [[nodiscard]] Result<std::shared_ptr<const Segment>> kept_in(const IndexFolder& folder, const CurrentList::Entry& entry,
                                                               const ledger::Head& head, std::int64_t first, std::int64_t last) const;

  const ledger::Ledger& ledger_;
  ledger::ReadKey key_;
  StoreLimits limits_;
};

}  // namespace skerry::index
