#include "ledger/ledger_impl.hpp"

namespace skerry::ledger {

Result<Verification> Ledger::verify() const { return fail(ErrorCode::internal, "not yet"); }

}  // namespace skerry::ledger
