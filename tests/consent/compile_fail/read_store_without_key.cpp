// must fail: ReadKey.* is private within this context|private constructor of class .*ReadKey
#include "index/store.hpp"

skerry::Result<skerry::index::Reading> steal(skerry::index::Store& store, const skerry::ledger::Head& head) {
  return store.reading(skerry::ledger::ReadKey{}, head, skerry::Bitset(10, true));
}
