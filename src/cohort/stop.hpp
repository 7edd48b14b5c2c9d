// What ends the evaluation of a study early: its time, its memory, or whoever asked. Shared by its threads.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>

#include "base/error.hpp"
#include "cohort/select.hpp"

namespace skerry::cohort {

class Stop {
 public:
  explicit Stop(const SelectOptions& options) : options_(options) {}

  /// Whether to give up; looks at the clock.
  [[nodiscard]] bool now();
  [[nodiscard]] bool stopped() const noexcept { return stopped_.load(std::memory_order_relaxed); }
  /// Bytes about to be used; false (and stopped) when the study would need more than it may.
  [[nodiscard]] bool take(std::size_t bytes);
  void give_back(std::size_t bytes) noexcept { used_.fetch_sub(bytes, std::memory_order_relaxed); }
  [[nodiscard]] Error error() const;

 private:
  void stop(ErrorCode code, std::string message);
  const SelectOptions& options_;
  std::atomic<bool> stopped_ = false;
  std::atomic<std::size_t> used_ = 0;
  mutable std::mutex mutex_;
  std::optional<Error> error_;
};

/// Memory taken until the end of a scope.
class Taken {
 public:
  Taken(Stop& stop, std::size_t bytes) : stop_(stop), bytes_(bytes), granted_(stop.take(bytes)) {}
  ~Taken() { stop_.give_back(bytes_); }
  Taken(const Taken&) = delete;
  Taken& operator=(const Taken&) = delete;
  explicit operator bool() const noexcept { return granted_; }

 private:
  Stop& stop_;
  std::size_t bytes_;
  bool granted_;
};

}  // namespace skerry::cohort
