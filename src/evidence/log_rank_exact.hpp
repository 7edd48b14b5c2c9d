// Exact p-values of the log-rank family for two groups (log_rank.hpp says of what). Pure and thread-safe.
#pragma once

#include <optional>

#include "evidence/estimate.hpp"
#include "evidence/life_table.hpp"

namespace skerry::evidence {

/// Unset where neither exact test can be computed: late entries or more than 40 people, and rho other than 0 or more than 400 events.
[[nodiscard]] std::optional<Test> exact_log_rank(const LifeTable& table, double rho);

}  // namespace skerry::evidence
