// What every statistic is: rounds of sums. In each round everyone's data is added up into one vector whose length follows from the question
// and the earlier totals alone; from the total follow the next round's question or the result. Threads, segments of a registry and
// registries of a federation are the same: parts whose vectors are added.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/error.hpp"
#include "evidence/exact.hpp"

namespace skerry::evidence {

/// One vector to add up.
struct Totals {
  std::vector<std::int64_t> counts;
  std::vector<Exact> reals;

  Totals() = default;
  Totals(std::size_t count_cells, std::size_t real_cells) : counts(count_cells), reals(real_cells) {}
  /// Both of the same shape.
  Totals& operator+=(const Totals& other);
  bool operator==(const Totals&) const = default;
};

/// What ends a computation early. Default: nothing does.
struct Limits {
  std::optional<std::chrono::steady_clock::time_point> deadline;
  const std::atomic<bool>* cancelled = nullptr;
  std::size_t cells_max = 50'000'000;  ///< of one round's vector
  int rounds_max = 200;
  std::function<void(int round)> progress;

  /// Errors: cancelled, timeout.
  [[nodiscard]] Result<void> check() const;
};

/// `Data` is one part of the people's data (Episodes, Design, ...). A statistic holds the question and the state between rounds, never
/// data.
template <class Data>
class Statistic {
 public:
  virtual ~Statistic() = default;
  /// Of this round's vector: from the question and the totals taken so far.
  [[nodiscard]] virtual Totals shape() const = 0;
  /// Adds the part's data to `out` (of that shape). Const and thread-safe.
  virtual void add_local(const Data& part, Totals& out) const = 0;
  /// The total of this round. True when another round is needed. Errors: not_computable, with a sentence for people.
  virtual Result<bool> take(const Totals& total) = 0;
};

/// Runs all rounds over the parts, each part on one of `threads` threads. Errors: those of take() and of the limits; too_large.
/// (statistic_run.hpp holds the template's body.)
template <class Data>
Result<void> run(Statistic<Data>& statistic, std::span<const Data> parts, unsigned threads = 1, const Limits& limits = {});

}  // namespace skerry::evidence

#include "evidence/statistic_run.hpp"
