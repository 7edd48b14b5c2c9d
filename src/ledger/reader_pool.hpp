// Connections for reading: each thread has one to itself while it reads, beside the one writer.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "ledger/fact_rows.hpp"
#include "ledger/sqlite.hpp"

namespace skerry::ledger {

struct Reader {
  Connection connection;
  FactReader facts;
  /// Facts up to id ?1, of participant ?2 or of those from ?2 to ?3; current ones, or all that ever were.
  Statement current_of_all, current_of_one, current_of_range, history_of_all, history_of_one;
};

/// Thread-safe. Must outlive its leases.
class ReaderPool {
 public:
  ReaderPool(std::filesystem::path file, const TermTable& terms) : file_(std::move(file)), terms_(&terms) {}

  class Lease {
   public:
    Lease(ReaderPool& pool, std::unique_ptr<Reader> reader) : pool_(&pool), reader_(std::move(reader)) {}
    Lease(Lease&&) = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    Reader* operator->() const noexcept { return reader_.get(); }

   private:
    ReaderPool* pool_;
    std::unique_ptr<Reader> reader_;
  };
  Result<Lease> take();

 private:
  std::filesystem::path file_;
  const TermTable* terms_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Reader>> idle_;
};

}  // namespace skerry::ledger
