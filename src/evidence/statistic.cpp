#include "evidence/statistic.hpp"

#include <cassert>

namespace skerry::evidence {

Totals& Totals::operator+=(const Totals& other) {
  assert(counts.size() == other.counts.size() && reals.size() == other.reals.size());
  std::int64_t* to = counts.data();
  const std::int64_t* from = other.counts.data();
  for (std::size_t i = 0; i < counts.size(); ++i) to[i] += from[i];
  Exact* sums = reals.data();
  const Exact* more = other.reals.data();
  for (std::size_t i = 0; i < reals.size(); ++i) sums[i] += more[i];
  return *this;
}

Result<void> Limits::check() const {
  if (cancelled != nullptr && cancelled->load(std::memory_order_relaxed)) {
    return fail(ErrorCode::cancelled, "the computation was stopped before it had finished");
  }
  if (deadline && std::chrono::steady_clock::now() >= *deadline) {
    return fail(ErrorCode::timeout, "the computation took longer than it was allowed to");
  }
  return {};
}

}  // namespace skerry::evidence
