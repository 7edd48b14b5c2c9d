// Work shared by threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace skerry::cohort {

/// Runs work(i) for each i below `count` on so many threads (0 counts as 1), this one among them.
template <class Work>
void in_parallel(std::size_t count, unsigned threads, Work&& work) {
  std::atomic<std::size_t> next = 0;
  const auto take = [&] {
    for (auto i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::jthread> others;
  for (std::size_t t = 1; t < std::min<std::size_t>(std::max(1U, threads), count); ++t) others.emplace_back(take);
  take();
}

}  // namespace skerry::cohort
