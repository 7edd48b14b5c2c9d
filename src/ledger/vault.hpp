// Who the participants are: each identity encrypted under a key of its own, so that destroying the key erases the person.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/id.hpp"
#include "ledger/directory.hpp"
#include "ledger/sqlite.hpp"

namespace skerry::ledger {

/// vault.sqlite holds the ciphertexts (XChaCha20-Poly1305, bound to participant and write), keys/participants the participants'
/// keys, one slot of fixed size each, wrapped under keys/vault.key. A key is erased by overwriting its slot in place.
/// Thread-safe. The ledger's commit decides what counts: rows of a write it does not have are swept away.
class Vault {
 public:
  struct Entry {
    ParticipantId participant;
    std::string_view json;
  };
  struct Row {
    ParticipantId participant;
    std::int64_t sequence = 0;
  };

  /// Makes the files that are missing, and the master key if there is no vault yet.
  static Result<void> create(const std::filesystem::path& directory);
  static Result<std::unique_ptr<Vault>> open(const std::filesystem::path& directory);

  /// Stores the identities of write `sequence`, durably.
  Result<void> put(std::int64_t sequence, std::span<const Entry> entries);
  /// nullopt when there is no such row. Errors: storage_failed when it does not decrypt.
  Result<std::optional<std::string>> get(Row row) const;
  /// Destroys the key and the ciphertexts up to that write. Nothing when there are none.
  Result<void> erase(ParticipantId participant, std::int64_t up_to_sequence);
  /// Removes what a write that never came to pass has left.
  Result<void> sweep(std::int64_t last_sequence);
  Result<std::vector<Row>> rows() const;
  /// SQLite's own check of the file; its complaints.
  Result<std::vector<std::string>> check_integrity() const;

 private:
  static constexpr std::size_t key_bytes = 32;
  using Key = std::array<std::uint8_t, key_bytes>;
  Vault() = default;
  Result<std::optional<Key>> key_of(ParticipantId participant) const;
  Result<Key> make_key(ParticipantId participant);
  Result<void> encrypt(std::int64_t sequence, const Entry& entry, Statement& insert);

  mutable std::mutex mutex_;
  mutable std::unique_ptr<Connection> connection_;
  File keys_;
  Key master_{};
};

}  // namespace skerry::ledger
