#include "ledger/digest_thread.hpp"

#include <system_error>
#include <utility>

namespace skerry::ledger {
namespace {

constexpr std::size_t facts_min = 2'000;  // below it a thread costs more than it saves
constexpr std::size_t facts_at_once = 256;

}  // namespace

DigestThread::DigestThread(AppendDigest& digest, std::size_t facts) : digest_(digest) {
  if (facts < facts_min || std::thread::hardware_concurrency() < 2) return;
  try {
    thread_ = std::thread([this] { work(); });
  } catch (const std::system_error&) {
    return;  // digested in add()
  }
}

DigestThread::~DigestThread() { finish(); }

void DigestThread::add(const Fact& fact, const Entered& entered) {
  if (!thread_.joinable()) return digest_.fact(fact, entered);
  filling_.push_back({&fact, entered});
  if (filling_.size() >= facts_at_once) hand_over(false);
}

void DigestThread::finish() {
  if (!thread_.joinable()) return;
  hand_over(true);
  thread_.join();
}

void DigestThread::hand_over(bool last) {
  {
    const std::lock_guard lock(mutex_);
    given_.insert(given_.end(), filling_.begin(), filling_.end());
    last_ = last;
  }
  changed_.notify_one();
  filling_.clear();
}

void DigestThread::work() {
  std::vector<Item> taken;
  for (bool last = false; !last;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return last_ || !given_.empty(); });
      std::swap(taken, given_);
      last = last_;
    }
    for (const auto& item : taken) digest_.fact(*item.fact, item.entered);
    taken.clear();
  }
}

}  // namespace skerry::ledger
