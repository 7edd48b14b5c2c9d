// The hashes that tie a ledger together: what one write stored, and each audit entry to the one before it.
#pragma once

#include <cstdint>
#include <string>

#include "base/digest.hpp"
#include "fact/encoding.hpp"
#include "ledger/ledger.hpp"

namespace skerry::ledger {

/// BLAKE2b of the previous entry's chain and of every other field of `entry`, each with its length.
[[nodiscard]] Digest chain_of(const Digest& previous, const AuditEntry& entry);

/// The digest of one append: everything it stored, each piece with a tag and its length, in this order: new participants,
/// facts (docs/fact-encoding.md), consents, origins, participants whose identity went into the vault. The identity itself is
/// left out: the hash of a birth date would outlive its erasure.
class AppendDigest {
 public:
  void participant(ParticipantId id);
  void fact(const Fact& fact);
  void fact(const Fact& fact, const Entered& entered);
  void consent(const ConsentRecord& record);
  void origin(ParticipantId participant, const Origin& origin);
  void identity(ParticipantId participant);
  [[nodiscard]] Digest finish();

 private:
  void piece(char tag);
  Hasher hasher_;
  std::string piece_, pending_;
};

[[nodiscard]] Digest release_digest(std::int64_t id, std::string_view study, std::string_view row);
[[nodiscard]] Digest erasure_digest(std::int64_t id, ParticipantId participant, std::int64_t up_to_sequence);

}  // namespace skerry::ledger
