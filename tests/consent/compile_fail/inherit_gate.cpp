// must fail: ReadKey.* is private within this context|private constructor of class .*ReadKey
#include "consent/view.hpp"

struct Thief : skerry::consent::Gate {
  using Gate::Gate;
  skerry::ledger::ReadKey key() const { return {}; }
};
