#include "cohort/stop.hpp"

#include <fmt/format.h>

namespace skerry::cohort {

void Stop::stop(ErrorCode code, std::string message) {
  const std::lock_guard lock(mutex_);
  if (!error_) error_ = Error{code, std::move(message), {}};
  stopped_.store(true, std::memory_order_relaxed);
}

bool Stop::now() {
  if (stopped()) return true;
  if (options_.cancelled && options_.cancelled->load(std::memory_order_relaxed)) {
    stop(ErrorCode::cancelled, "The study was cancelled");
  } else if (options_.deadline && std::chrono::steady_clock::now() > *options_.deadline) {
    stop(ErrorCode::timeout, "The study takes longer than it may; ask of fewer people, or of fewer things at once");
  }
  return stopped();
}

bool Stop::take(std::size_t bytes) {
  if (used_.fetch_add(bytes, std::memory_order_relaxed) + bytes > options_.memory_bytes_max) {
    stop(ErrorCode::too_large, fmt::format("The study would need more than the {} MiB of memory it may use; ask of fewer things at once",
                                           options_.memory_bytes_max >> 20));
  }
  return !stopped();
}

Error Stop::error() const {
  const std::lock_guard lock(mutex_);
  return error_.value_or(Error{ErrorCode::internal, "stopped without a reason", {}});
}

}  // namespace skerry::cohort
