// A fixed number of threads and a bounded queue of jobs before them.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace skerry::net {

class WorkerPool {
 public:
  WorkerPool(unsigned threads, std::size_t queue_max);
  ~WorkerPool();  ///< stops
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// false when `queue_max` jobs wait already or the pool was stopped: the job was not taken. Thread-safe. Jobs must not throw.
  [[nodiscard]] bool submit(std::function<void()> job);
  /// Forgets the jobs not begun and waits for those running. Idempotent; not from a job.
  void stop();

 private:
  void work();

  const std::size_t queue_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> queue_;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace skerry::net
