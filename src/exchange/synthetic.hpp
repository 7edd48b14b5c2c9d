// Example participants for demonstrations and benchmarks, drawn from a pack's demonstration.json. No real person is behind any.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

#include "base/error.hpp"
#include "ledger/ledger.hpp"

namespace skerry::exchange {

struct SyntheticOptions {
  std::int64_t participants = 300;  ///< 1 to 10,000,000
  std::uint64_t seed = 1;           ///< the same seed and pack give the same participants
  std::string_view actor = "system: example data";
  std::function<void(std::int64_t done)> progress;  ///< called between transactions
};

struct SyntheticReport {
  std::int64_t participants = 0;
  std::int64_t facts = 0;
};

/// Appends example participants. Every fact's source names "demonstration". Errors: those of the pack's demonstration.json with
/// line and column (not_found when the pack has none), out_of_range, and the ledger's.
[[nodiscard]] Result<SyntheticReport> generate_participants(ledger::Ledger& ledger, const std::filesystem::path& pack_folder,
                                                            const SyntheticOptions& options);

}  // namespace skerry::exchange
