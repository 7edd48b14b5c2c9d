// The digest of a large append, made on a second core while the rows are written.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

#include "fact/encoding.hpp"
#include "ledger/audit_chain.hpp"

namespace skerry::ledger {

/// Adds facts to an AppendDigest in the order they are given; the digest is not to be touched between the first add() and
/// finish(). Used by one thread. A small append, or one of a system out of threads, is digested in add() itself.
class DigestThread {
 public:
  /// `facts`: how many there will be.
  DigestThread(AppendDigest& digest, std::size_t facts);
  ~DigestThread();
  DigestThread(const DigestThread&) = delete;
  DigestThread& operator=(const DigestThread&) = delete;

  /// The fact must stay where it is until finish() or the destructor has returned.
  void add(const Fact& fact, const Entered& entered);
  void finish();  ///< every fact is in the digest

 private:
  struct Item {
    const Fact* fact;
    Entered entered;
  };
  void work();
  void hand_over(bool last);

  AppendDigest& digest_;
  std::vector<Item> filling_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Item> given_;
  bool last_ = false;
  std::thread thread_;
};

}  // namespace skerry::ledger
