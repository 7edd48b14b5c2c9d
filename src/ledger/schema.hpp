// The tables of ledger.sqlite and the steps from each version of them to the next.
#pragma once

#include <cstdint>

#include "ledger/sqlite.hpp"

namespace skerry::ledger {

inline constexpr std::int64_t schema_version = 2;

/// Makes or migrates the tables in one transaction. Does nothing when they are up to date.
/// Errors: wrong_version when they are newer than this program, not_a_registry when they are no ledger's.
Result<void> migrate(Connection& connection);

}  // namespace skerry::ledger
