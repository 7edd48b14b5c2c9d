// must fail: State.* is private within this context|State' is a private member
#include "consent/view_state.hpp"

const skerry::ledger::ReadKey& steal(const skerry::consent::View::State& state) { return state.key; }
