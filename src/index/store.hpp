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

/// Thread-safe. A Reading stays as it is while facts arrive and while the Store moves on. The ledger must outlive the Store; a Reading
/// may outlive both.
class Store {
 public:
  explicit Store(const ledger::Ledger& ledger);
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
