// must fail: ReadKey.* is private within this context|private constructor of class .*ReadKey
#include "ledger/ledger.hpp"

skerry::Result<void> steal(const skerry::ledger::Ledger& ledger, const skerry::ledger::Head& head) {
  return ledger.read(skerry::ledger::ReadKey{}, head, std::nullopt, [](const skerry::Fact&) { return true; });
}
