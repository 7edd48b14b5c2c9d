// The index of one ledger: made from it, brought up to date as facts arrive, and handed out only against the first door's key.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/bitset.hpp"
#include "base/error.hpp"
#include "index/reading.hpp"
#include "ledger/ledger.hpp"

namespace skerry::index {

struct StoreLimits {
  std::int64_t people_a_segment = 1 << 18;
  std::size_t parts_since_base = 8;        ///< as many writes are indexed each by itself before they are indexed together
  std::uint64_t later_people_min = 1000;   ///< so many people, and a twentieth of all, may have changed, or
  std::uint64_t later_rows = 200'000;      ///< so many of their facts, before a new base is written
  std::uint64_t rows_at_once = 1'000'000;  ///< a base of more rows is written in the background
};

/// Lives in `<data directory>/index`. What is damaged there, half written, of another version or of another ledger is made again from the
/// ledger, with a warning in the log; where nothing can be written the index stays in memory. Thread-safe: a Reading stays as it is while
/// facts arrive and while the Store moves on. The ledger must outlive the Store and every Reading.
class Store {
 public:
  explicit Store(const ledger::Ledger& ledger, StoreLimits limits = {});
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// The current facts at the head of those participants: bit n stands for participant n. Errors: the ledger's.
  Result<Reading> reading(ledger::ReadKey key, const ledger::Head& head, const Bitset& participants);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skerry::index
