// must fail: ReadKey.* is private within this context|private constructor of class .*ReadKey
#include "ledger/ledger.hpp"

skerry::Result<std::optional<skerry::ledger::Identity>> steal(const skerry::ledger::Ledger& ledger) {
  return ledger.identity({}, skerry::ParticipantId{1});
}
