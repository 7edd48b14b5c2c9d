// The bootstrap, as sums: in each replicate a person counts 0, 1, 2... times, Poisson with mean 1 (Hanley & MacGibbon, Computer Methods
// and Programs in Biomedicine 83 (2006) 57-62; Chamandy et al. 2012), drawn from (seed, participant, replicate) alone. So any split of the
// people gives the same replicates.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "evidence/data.hpp"
#include "evidence/statistic.hpp"

namespace skerry::evidence {

/// 64 random bits of a counter and a key: Philox4x32-10 (Salmon, Moraes, Dror & Shaw, SC'11).
[[nodiscard]] std::uint64_t random_bits(std::uint64_t seed, std::uint64_t participant, std::uint64_t replicate) noexcept;
/// How often the participant counts in the replicate.
[[nodiscard]] unsigned poisson_one(std::uint64_t bits) noexcept;

struct Percentiles {
  std::optional<double> low, high;  ///< unset when fewer than 9 in 10 replicates gave an estimate
  std::size_t replicates = 0;       ///< that gave one
};
/// The (1 - level) / 2 and (1 + level) / 2 quantiles (Hyndman & Fan's type 7) of what the replicates estimated (Efron 1979, percentile).
[[nodiscard]] Percentiles percentiles(std::vector<double> estimates, double level);

/// Many copies of a Statistic<Design> that honours Design::weight, each over its replicate. Design::cluster must be there and hold the
/// participant's number. A copy that fails (no events drawn, separation) is a replicate without an estimate.
template <class Model>
class Bootstrap final : public Statistic<Design> {
 public:
  /// `fresh()` makes a Model. `first`: the number of the first replicate, where they are made in several goes.
  template <class Fresh>
  Bootstrap(std::size_t replicates, std::uint64_t seed, Fresh&& fresh, std::size_t first = 0)
      : seed_(seed), first_(first), done_(replicates, false), failed_(replicates, false) {
    for (std::size_t r = 0; r < replicates; ++r) models_.push_back(fresh());
  }
  [[nodiscard]] Totals shape() const override {
    Totals out;
    for (std::size_t r = 0; r < models_.size(); ++r) {
      if (done_[r]) continue;
      const auto one = models_[r].shape();
      out.counts.insert(out.counts.end(), one.counts.begin(), one.counts.end());
      out.reals.insert(out.reals.end(), one.reals.begin(), one.reals.end());
    }
    return out;
  }
  void add_local(const Design& part, Totals& out) const override {
    auto drawn = part;
    std::size_t count = 0, real = 0;
    for (std::size_t r = 0; r < models_.size(); ++r) {
      if (done_[r]) continue;
      drawn.weight.assign(part.rows(), 1.0);
      for (std::size_t i = 0; i < part.rows(); ++i) {
        const double own = part.weight.empty() ? 1.0 : part.weight[i];
        drawn.weight[i] = own * static_cast<double>(poisson_one(random_bits(seed_, part.cluster[i], first_ + r)));
      }
      auto one = models_[r].shape();
      models_[r].add_local(drawn, one);
      for (const auto value : one.counts) out.counts[count++] += value;
      for (const auto& value : one.reals) out.reals[real++] += value;
    }
  }
  Result<bool> take(const Totals& total) override {
    std::size_t count = 0, real = 0;
    bool more = false;
    for (std::size_t r = 0; r < models_.size(); ++r) {
      if (done_[r]) continue;
      auto one = models_[r].shape();
      for (auto& value : one.counts) value = total.counts[count++];
      for (auto& value : one.reals) value = total.reals[real++];
      const auto going = models_[r].take(one);
      failed_[r] = !going;
      done_[r] = !going || !*going;
      more = more || !done_[r];
    }
    return more;
  }
  /// Of those replicates that gave an estimate: `read(model)`.
  template <class Read>
  [[nodiscard]] std::vector<double> estimates(Read&& read) const {
    std::vector<double> out;
    for (std::size_t r = 0; r < models_.size(); ++r) {
      if (done_[r] && !failed_[r]) out.push_back(read(models_[r]));
    }
    return out;
  }

 private:
  std::uint64_t seed_;
  std::size_t first_;
  std::vector<Model> models_;
  std::vector<bool> done_, failed_;
};

}  // namespace skerry::evidence
