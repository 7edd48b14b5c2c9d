// must fail: no matching function for call to .*read|too few arguments
#include "ledger/ledger.hpp"

skerry::Result<void> steal(const skerry::ledger::Ledger& ledger, const skerry::ledger::Head& head) {
  return ledger.read(head, std::nullopt, [](const skerry::Fact&) { return true; });
}
