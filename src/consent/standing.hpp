// What follows from a list of decisions: who stands as having agreed to a purpose. Pure; no I/O.
#pragma once

#include <span>
#include <vector>

#include "ledger/consent_record.hpp"

namespace skerry::consent {

/// One participant who is in, and why.
struct Standing {
  ParticipantId participant;
  Basis basis = Basis::consent;  ///< the strongest reason for which the grant stands
  bool operator==(const Standing&) const = default;
};

/// Those for whom `records` (in the order recorded, which decides; decided_at does not) grant the purpose, ascending by
/// participant. The latest decision holds, with three rules in favour of the person:
/// - a withdrawal always holds, whoever made it and whatever the basis of the grant, that of a published case included;
/// - once the participant has decided for themself, a guardian's later grant does not count;
/// - that a case is published does not bring back someone who was withdrawn.
[[nodiscard]] std::vector<Standing> standings(std::span<const ConsentRecord> records, Purpose purpose);

/// Whether `next` would have an effect after `records`: false only for a grant that one of the rules above passes over.
[[nodiscard]] bool counts_after(std::span<const ConsentRecord> records, const ConsentRecord& next);

}  // namespace skerry::consent
