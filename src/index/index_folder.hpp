// The files of an index: its segments, and the list that says which of them belong together. Private to the room.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "index/segment.hpp"

namespace skerry::index {

/// What file `current` says (docs/index-format.md). Written last: until it is there, the segments it names are nothing.
struct CurrentList {
  struct Entry {
    std::string name;
    std::uint64_t bytes = 0, header_check = 0;
    bool operator==(const Entry&) const = default;
  };
  Stamp stamp;
  std::int64_t participants = 0;
  std::vector<Entry> segments;
  bool operator==(const CurrentList&) const = default;
};
[[nodiscard]] std::string text_of(const CurrentList& list);
/// Errors: storage_failed.
[[nodiscard]] Result<CurrentList> parse_current(std::string_view text);

/// `<data directory>/index`. One thread at a time; the ledger's lock keeps other processes out.
class IndexFolder {
 public:
  explicit IndexFolder(std::filesystem::path path) : path_(std::move(path)) {}

  /// Errors: not_found when there is no index yet; storage_failed.
  [[nodiscard]] Result<CurrentList> read_current() const;
  /// The file mapped into memory, which may be empty.
  [[nodiscard]] Result<SegmentBytes> map(const std::string& name) const;
  /// All of it on the disk under its name, or nothing. Makes the folder when it is missing. Errors: those of storage.
  [[nodiscard]] Result<void> write(const std::string& name, std::string_view bytes) const;
  [[nodiscard]] Result<void> write_current(const CurrentList& list) const;
  /// Removes every file the list does not name; what cannot be removed stays.
  void remove_others(const CurrentList& list) const;

 private:
  std::filesystem::path path_;
};

}  // namespace skerry::index
