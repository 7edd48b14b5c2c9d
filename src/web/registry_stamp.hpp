// Everything that the pages of a registry depend on, as one short text.
#pragma once

#include <optional>
#include <string>

#include "base/date.hpp"
#include "web/figure_desk.hpp"

namespace skerry::web {

/// Changes when the ledger, a signature, the reviewers or the day (UTC, on which a review may fall due) change; nullopt when the
/// ledger cannot be read. Costs one look at the ledger's head and one at the names and dates of the signature files.
[[nodiscard]] std::optional<std::string> registry_stamp(const SiteParts& parts, Instant now);

}  // namespace skerry::web
