// What a View holds; only this room includes it.
#pragma once

#include <string>
#include <vector>

#include "consent/coverage.hpp"
#include "consent/view.hpp"
#include "index/store.hpp"

namespace skerry::consent {

struct View::State {
  ledger::Ledger& ledger;
  ledger::ReadKey key;
  std::shared_ptr<index::Store> store;
  Actor actor;
  Purpose purpose;
  ledger::Head snapshot;
  std::shared_ptr<const People> people;
  bool everyone = false;  ///< no participant of the snapshot is missing, so reading need not select
};

/// "steward jane@registry": how an actor stands in the audit.
std::string audit_name(const Actor& actor);
/// "purpose=own_care people=1 sequence=7": what the audit says of an opening.
std::string audit_detail(Purpose purpose, std::size_t people, const ledger::Head& snapshot);
/// Tells in the audit's content whose identity was opened, without writing it down.
Digest digest_of(std::span<const ParticipantId> participants);

}  // namespace skerry::consent
