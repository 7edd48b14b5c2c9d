// What a Ledger holds. Private to the room.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "ledger/directory.hpp"
#include "ledger/fact_rows.hpp"
#include "ledger/ledger.hpp"
#include "ledger/reader_pool.hpp"
#include "ledger/sqlite.hpp"
#include "ledger/term_table.hpp"
#include "ledger/vault.hpp"

namespace skerry::ledger {

/// What the next write builds on.
struct State {
  Head head;
  std::int64_t participants = 0;   ///< the last participant's id
  std::int64_t audit_entries = 0;  ///< the last entry's number
  Digest audit_chain;              ///< of the last entry, write or not
};

struct Ledger::Impl {
  Impl(std::filesystem::path where, DirectoryLock taken);

  /// Everything after the lock is held.
  static Result<std::unique_ptr<Impl>> open(const std::filesystem::path& directory, DirectoryLock lock);
  Result<void> load();
  [[nodiscard]] State state() const;
  void publish(const State& next);

  /// Adds the entry in the present transaction and moves `next` on; `next.head` is the writer's to set.
  Result<void> add_audit(State& next, AuditEntry entry, bool is_write);
  /// Finishes what a kill or a failure between the two files has left; before any write to the vault.
  Result<void> settle_vault();

  using Visit = std::function<bool(const Fact&)>;
  Result<void> read(bool history, const Head& head, const std::optional<std::vector<ParticipantId>>& only, const Visit& visit);
  Result<void> read_range(const Head& head, ParticipantId first, ParticipantId last, const Visit& visit);

  const std::filesystem::path directory;
  const DirectoryLock lock;
  TermTable terms;
  std::unique_ptr<Vault> vault;
  ReaderPool readers;

  std::mutex writing;  ///< held for the whole of a write; guards what follows
  Connection writer;
  FactWriter facts;
  Statement insert_audit;
  bool vault_unsettled = true;

 private:
  mutable std::mutex state_mutex_;
  State state_;
};

}  // namespace skerry::ledger
