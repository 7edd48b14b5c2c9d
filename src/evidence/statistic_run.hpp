// The body of run() (statistic.hpp).
#pragma once

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include "evidence/statistic.hpp"

namespace skerry::evidence {

template <class Data>
Result<void> run(Statistic<Data>& statistic, std::span<const Data> parts, unsigned threads, const Limits& limits) {
  for (int round = 1; round <= limits.rounds_max; ++round) {
    if (auto going = limits.check(); !going) return going;
    auto total = statistic.shape();
    if (total.counts.size() + total.reals.size() > limits.cells_max) {
      return fail(ErrorCode::too_large, "the statistic would need " + std::to_string(total.counts.size() + total.reals.size()) +
                                            " numbers; at most " + std::to_string(limits.cells_max) + " are allowed");
    }
    const auto workers = std::min<std::size_t>(std::max(1U, threads), std::max<std::size_t>(1, parts.size()));
    if (workers == 1) {
      for (const auto& part : parts) statistic.add_local(part, total);
    } else {
      std::atomic<std::size_t> next = 0;
      std::vector<Totals> locals(workers, total);
      std::vector<std::thread> pool;
      for (auto& local : locals) {
        pool.emplace_back([&] {
          for (auto i = next++; i < parts.size(); i = next++) statistic.add_local(parts[i], local);
        });
      }
      for (auto& thread : pool) thread.join();
      for (const auto& local : locals) total += local;
    }
    if (limits.progress) limits.progress(round);
    auto more = statistic.take(total);
    if (!more) return fail(more.error());
    if (!*more) return {};
  }
  return fail(ErrorCode::not_computable, "the estimate did not settle in " + std::to_string(limits.rounds_max) + " rounds");
}

}  // namespace skerry::evidence
