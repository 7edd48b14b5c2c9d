// The append-only list of facts, the identity vault and the audit chain of one registry, in one data directory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/id.hpp"
#include "fact/fact.hpp"
#include "ledger/consent_record.hpp"

namespace skerry::consent {
class Gate;
}

namespace skerry::ledger {

/// The key of the first door: only consent::Gate can make one, so only a View reads facts or opens the vault.
class ReadKey {
  ReadKey() = default;
  friend class skerry::consent::Gate;
};

/// What is known of the person behind a participant. Stored only in the vault, encrypted under the participant's own key.
/// JSON object: "dateOfBirth", "alternateIds", "name", "contacts".
struct Identity {
  std::string json;
  bool operator==(const Identity&) const = default;
};

/// The document a batch came from, so that importing it twice adds nothing.
struct Origin {
  std::string format;  ///< "phenopacket"
  std::string key;     ///< the document's own id
  std::string name;    ///< the file it was read from, as far as it tells documents of one id apart
  Digest digest;       ///< of its canonical content
  bool operator==(const Origin&) const = default;
};

/// Everything about one participant that goes in together or not at all.
struct Batch {
  /// An existing participant's id; unset to make a new one.
  ParticipantId participant;
  std::vector<Fact> facts;  ///< part_of and supersedes may be -(i+1) for the i-th fact of this batch
  std::vector<ConsentRecord> consents;
  std::optional<Identity> identity;
  std::optional<Origin> origin;
};

struct Receipt {
  ParticipantId participant;
  FactId first_fact;  ///< the facts have consecutive ids from here; unset when there were none
};

/// Where the ledger stands: what a figure was computed from.
struct Head {
  std::int64_t sequence = 0;  ///< number of audited writes, from 1; openings of Views do not count
  Digest chain;               ///< of the audit entry of that write
  std::int64_t facts = 0;     ///< the last fact's id
  Instant at;                 ///< when it was written
  bool operator==(const Head&) const = default;
};

/// One line of the audit. `actor` and `detail` hold no patient data: a role, an account, a purpose, counts.
struct AuditEntry {
  std::int64_t number = 0;
  Instant at;
  std::string actor;
  std::string action;  ///< "append", "open_view", "open_identity", "erase_identity", "release", "sign"
  std::string detail;
  Digest content;  ///< of what was written
  Digest chain;    ///< BLAKE2b of the previous chain and of all the above
};

struct Verification {
  std::int64_t audit_entries = 0;
  std::int64_t facts = 0;
  std::int64_t participants = 0;
  std::vector<Error> faults;  ///< empty when everything holds
};

struct OriginHit {
  ParticipantId participant;
  Origin origin;
};

/// One open registry. Holds an exclusive lock on the directory: a second open, in this or another process, fails with in_use
/// and names the holder's process id. All functions are thread-safe; writers are serialised, readers see a snapshot.
/// Every function that returns a failure has stored nothing. Common errors: storage_full, storage_read_only, storage_failed.
class Ledger {
 public:
  /// Makes the files of an empty ledger in `directory`, which exists. Errors: already_exists.
  static Result<std::unique_ptr<Ledger>> create(const std::filesystem::path& directory);
  /// Migrates an older schema forward. Errors: not_a_registry, wrong_version, in_use.
  static Result<std::unique_ptr<Ledger>> open(const std::filesystem::path& directory);
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  /// Checks every fact (fact::check) and reference, then appends the batches in one transaction. When it returns receipts
  /// (one a batch, in order) they survive kill -9 and loss of power. `actor` is who did it, for the audit.
  Result<std::vector<Receipt>> append(std::string_view actor, std::span<const Batch> batches);

  /// The documents of that format and key already imported. No patient data.
  Result<std::vector<OriginHit>> find_origin(std::string_view format, std::string_view key) const;
  /// Every origin of that format, for a bulk import's look-up table.
  Result<std::vector<OriginHit>> origins(std::string_view format) const;

  Result<Head> head() const;
  /// The head as it was after write `sequence`. Errors: not_found.
  Result<Head> head_at(std::int64_t sequence) const;

  // --- read only through consent/ ---
  /// Calls `visit` for every fact with id <= head.facts that no other such fact supersedes and that is not a retraction, in order
  /// of participant, then id. `only`: those participants, sorted; nullopt for all. Stops when visit returns false.
  Result<void> read(ReadKey, const Head& head, const std::optional<std::vector<ParticipantId>>& only,
                    const std::function<bool(const Fact&)>& visit) const;
  /// Also the superseded and the retracted: the history.
  Result<void> read_history(ReadKey, const Head& head, const std::optional<std::vector<ParticipantId>>& only,
                            const std::function<bool(const Fact&)>& visit) const;
  /// The same for the participants from `first` to `last`, both included.
  Result<void> read_range(ReadKey, const Head& head, ParticipantId first, ParticipantId last,
                          const std::function<bool(const Fact&)>& visit) const;
  Result<std::vector<ParticipantId>> participants(ReadKey, const Head& head) const;
  /// Participants are numbered 1, 2, ... without a gap; so many there were at the head.
  Result<std::int64_t> participant_count(const Head& head) const;
  /// Who was new or got a fact (a correction too) after the one head and up to the other, ascending.
  Result<std::vector<ParticipantId>> touched(ReadKey, const Head& after, const Head& up_to) const;
  /// nullopt when there is none or it was erased.
  Result<std::optional<Identity>> identity(ReadKey, ParticipantId participant) const;
  /// All consent records up to the head, or one participant's, in the order recorded.
  Result<std::vector<ConsentRecord>> consents(const Head& head, std::optional<ParticipantId> only = std::nullopt) const;
  /// The same without their texts and times, from the one after number `after` on (they are numbered 1, 2, ...). Returns the last's number.
  Result<std::int64_t> decisions(const Head& head, std::int64_t after, const std::function<void(const ConsentRecord&)>& visit) const;

  /// Destroys the participant's key: the vault's ciphertext can never be read again. Idempotent. Errors: not_found.
  Result<void> erase_identity(std::string_view actor, ParticipantId participant);

  /// Adds a line to the audit (durably) that is not a write of facts: an opened View, a release, a signature.
  Result<void> audit(std::string_view actor, std::string_view action, std::string_view detail, const Digest& content = {});
  Result<std::vector<AuditEntry>> audit_entries(std::int64_t from, std::int64_t count_max) const;

  /// A release ledger's storage for disclosure/: opaque rows, append-only, part of the audit chain.
  Result<void> append_release(std::string_view actor, std::string_view study, std::string_view row);
  Result<std::vector<std::string>> releases(std::string_view study) const;
  Result<std::vector<std::string>> releases() const;

  /// Recomputes the audit chain from the stored facts, consents and releases, and checks every reference.
  Result<Verification> verify() const;

  [[nodiscard]] const std::filesystem::path& directory() const noexcept;

  struct Impl;  ///< the room's own (ledger_impl.hpp)

 private:
  explicit Ledger(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace skerry::ledger
