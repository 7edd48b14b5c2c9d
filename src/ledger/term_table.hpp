// The codes, units, sites and source references of a ledger: each is stored once and named by its number.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "fact/code.hpp"
#include "ledger/sqlite.hpp"

namespace skerry::ledger {

/// One writer adds; any thread reads what was there before it learned, through a mutex, of a fact that uses it: entries
/// never move. Terms longer than `kept_bytes_max` stay in the file alone, so that a hostile input cannot fill the memory.
class TermTable {
 public:
  static constexpr std::size_t kept_bytes_max = 256;

  TermTable();
  /// Reads every term of the file.
  Result<void> load(Connection& connection);
  /// The number of `code`, adding it with `insert` ((id, curie, label) at 1, 2, 3) when it is new.
  Result<std::int64_t> intern(const Code& code, Statement& insert);
  [[nodiscard]] std::int64_t count() const noexcept { return count_; }
  /// Forgets what a transaction rolled back had added.
  void forget_after(std::int64_t count);

  /// nullptr: look in the file.
  [[nodiscard]] const Code* find(std::int64_t id) const noexcept;

 private:
  static constexpr std::size_t chunk_size = 4096;
  static constexpr std::size_t chunks_max = 1U << 16;
  using Chunk = std::array<Code, chunk_size>;
  /// A place of the hash table: open addressing, a power of two long, at most half full.
  struct Entry {
    std::uint64_t hash = 0;
    std::int64_t id = 0;  ///< 0 for a free place
  };
  Code& slot(std::int64_t id);
  void keep(std::int64_t id, std::uint64_t hash, const Code& code);
  void place(std::uint64_t hash, std::int64_t id);
  void rebuild(std::size_t places);
  /// 0 when it is not kept.
  [[nodiscard]] std::int64_t id_of(std::uint64_t hash, const Code& code) const;

  std::vector<std::unique_ptr<Chunk>> chunks_;  ///< as long as it will ever be, so that it never moves
  std::int64_t count_ = 0;
  std::vector<Entry> ids_;
  std::size_t kept_ = 0;
};

}  // namespace skerry::ledger
