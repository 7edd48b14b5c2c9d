#include "index/store.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "base/log.hpp"
#include "index/snapshot.hpp"

namespace skerry::index {

using SnapshotPointer = std::shared_ptr<const Snapshot>;

class Store::Impl {
 public:
  Impl(const ledger::Ledger& ledger, StoreLimits limits) : ledger_(ledger), limits_(limits), folder_(ledger.directory() / "index") {}

  Result<SnapshotPointer> at(ledger::ReadKey key, const ledger::Head& head) {
    if (auto found = kept(head); found && !found->damaged()) return found;
    const std::lock_guard making(making_);
    if (auto found = kept(head); found && !found->damaged()) return found;
    return make({ledger_, key, limits_}, head);
  }

 private:
  [[nodiscard]] SnapshotPointer kept(const ledger::Head& head) const {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find(kept_, head.sequence, [](const SnapshotPointer& snapshot) { return snapshot->head.sequence; });
    return found == kept_.end() ? nullptr : *found;
  }

  /// The one to go on from to the head: on the newest base, then the newest.
  [[nodiscard]] SnapshotPointer before(const ledger::Head& head) const {
    const std::lock_guard lock(mutex_);
    SnapshotPointer best;
    for (const auto& snapshot : kept_) {
      if (snapshot->head.sequence > head.sequence) continue;
      const auto rank = [](const Snapshot& of) { return std::pair(of.base_head.sequence, of.head.sequence); };
      if (!best || rank(*snapshot) > rank(*best)) best = snapshot;
    }
    return best;
  }

  void keep(const SnapshotPointer& snapshot) {
    const std::lock_guard lock(mutex_);
    std::erase_if(kept_, [&](const SnapshotPointer& other) { return other->head.sequence == snapshot->head.sequence; });
    kept_.push_front(snapshot);
    if (kept_.size() > kept_max) kept_.pop_back();
  }

  void forget_damaged() {
    const std::lock_guard lock(mutex_);
    std::erase_if(kept_, [](const SnapshotPointer& snapshot) { return snapshot->damaged(); });
  }

  Result<SnapshotPointer> write(const SnapshotMaker& maker, const ledger::Head& head, std::stop_token stop = {}) {
    const std::lock_guard writing(writing_);
    return maker.whole(head, &folder_, std::move(stop));
  }

  Result<SnapshotPointer> make(const SnapshotMaker& maker, const ledger::Head& head) {
    forget_damaged();
    if (!opened_) {
      opened_ = true;
      if (auto found = maker.stored(folder_); found) {
        keep(*found);
      } else if (found.error().code != ErrorCode::not_found) {
        log::warning("{}; it is made again", found.error().text());
      }
    }
    auto start = before(head);
    if (!start) {
      // The first of all is kept in files; one of the past is only looked at.
      const auto now = ledger_.head();
      if (!now) return fail(now.error());
      return remember(now->sequence == head.sequence ? write(maker, head) : maker.whole(head, nullptr));
    }
    // So much at once is read faster as a whole.
    if (static_cast<std::uint64_t>(head.facts - start->head.facts) > 4 * limits_.later_rows) return remember(write(maker, head));
    auto made = maker.later(*start, head);
    if (!made) return made;
    if (!too_far(**made)) return remember(std::move(made));
    std::uint64_t rows = 0;
    for (const auto& part : (*made)->parts) rows += part.segment->rows();
    if (rows <= limits_.rows_at_once) return remember(write(maker, head));
    rebase(maker, head);
    return remember(std::move(made));
  }

  Result<SnapshotPointer> remember(Result<SnapshotPointer> made) {
    if (made) keep(*made);
    return made;
  }

  [[nodiscard]] bool too_far(const Snapshot& snapshot) const {
    const auto people = std::max(limits_.later_people_min, static_cast<std::uint64_t>(snapshot.participants) / 20);
    return snapshot.later_people > people || snapshot.later_rows > limits_.later_rows;
  }

  /// A new base while readers go on with the old one.
  void rebase(const SnapshotMaker& maker, const ledger::Head& head) {
    if (rebasing_.exchange(true)) return;
    rebaser_ = std::jthread([this, maker, head](const std::stop_token& stop) {
      if (const auto made = write(maker, head, stop); made) {
        keep(*made);
      } else if (made.error().code != ErrorCode::cancelled) {
        log::warning("the index could not be written anew: {}", made.error().text());
      }
      rebasing_ = false;
    });
  }

  static constexpr std::size_t kept_max = 6;
  const ledger::Ledger& ledger_;
  const StoreLimits limits_;
  const IndexFolder folder_;
  std::mutex making_;  ///< one makes a snapshot, the others of that head wait for it
  bool opened_ = false;
  std::mutex writing_;  ///< in the folder
  mutable std::mutex mutex_;
  std::deque<SnapshotPointer> kept_;  ///< the newest made first
  std::atomic<bool> rebasing_ = false;
  std::jthread rebaser_;  ///< last: ends before what it uses
};

Store::Store(const ledger::Ledger& ledger, StoreLimits limits) : impl_(std::make_unique<Impl>(ledger, limits)) {}
Store::~Store() = default;

Result<Reading> Store::reading(ledger::ReadKey key, const ledger::Head& head, const Bitset& participants) {
  const auto snapshot = impl_->at(key, head);
  if (!snapshot) return fail(snapshot.error());
  std::vector<Reading::Part> parts;
  for (const auto& part : (*snapshot)->parts) {
    auto covered = std::make_shared<Bitset>(part.segment->people_among(participants));
    *covered &= *part.current;
    parts.push_back({part.segment, std::move(covered)});
  }
  return Reading(std::move(parts));
}

}  // namespace skerry::index
