// Who entered, who left and how, at each step of the grid: the one round of sums behind Kaplan-Meier, log-rank, restricted mean, cumulative
// incidence and Gray's test (survival.hpp, log_rank.hpp, incidence.hpp read it).
#pragma once

#include <cstdint>
#include <vector>

#include "evidence/data.hpp"
#include "evidence/statistic.hpp"

namespace skerry::evidence {

/// What the cells are of: from the study, never from the data.
struct LifeTableQuestion {
  std::int32_t steps = 0;    ///< of the grid: exits from 1 to this; who leaves later stays to the end
  std::uint16_t groups = 1;  ///< rows of a group or stratum not below these are in nobody's cells
  std::uint16_t strata = 1;  ///<
  std::uint8_t causes = 1;   ///< the event and its competing events; a cause above is a censoring
  bool entries = false;      ///< people enter late (left truncation)
  bool weighted = false;     ///< the sums of the weights and of their squares beside the counts
  /// Beyond 50 million numbers nothing is summed and take() refuses.
  [[nodiscard]] bool too_large() const noexcept;
  [[nodiscard]] std::size_t cells() const noexcept;  ///< of one kind, over strata, groups and steps
};

/// At risk in step t: whoever entered before it and had not left before it. A row is followed over (entry, exit].
/// One round. Rows with exit <= entry, or entry at or beyond the last step, are passed over.
class LifeTable final : public Statistic<Episodes> {
 public:
  explicit LifeTable(LifeTableQuestion question);
  [[nodiscard]] Totals shape() const override;
  void add_local(const Episodes& part, Totals& out) const override;
  /// Errors: not_computable when nobody is followed; too_large.
  Result<bool> take(const Totals& total) override;

  /// One group of one stratum, by step: [0] is before the first, [steps] the last. Weighted tables: sums of weights.
  struct Side {
    std::vector<std::int64_t> at_risk;              ///< [step], [0] unused
    std::vector<std::int64_t> entered;              ///< [step]: begin to be followed after that step; [0] from the start
    std::vector<std::int64_t> censored;             ///< [step]
    std::vector<std::vector<std::int64_t>> events;  ///< [cause - 1][step]
    std::vector<double> weight_at_risk;             ///< as at_risk; the same numbers when not weighted
    std::vector<std::vector<double>> weight_events;
    std::vector<std::vector<double>> squares;  ///< weighted only: sums of squared weights, [0 censored, else cause][step], and who stays
                                               ///< at [steps + 1]
    std::int64_t rows = 0, staying = 0;        ///< staying: left after the last step
    [[nodiscard]] std::int64_t events_of(std::uint8_t cause) const noexcept;  ///< in all steps
  };
  [[nodiscard]] const LifeTableQuestion& question() const noexcept { return question_; }
  [[nodiscard]] const Side& side(std::uint16_t stratum, std::uint16_t group) const { return sides_[stratum * question_.groups + group]; }
  /// All strata of a group added.
  [[nodiscard]] Side group(std::uint16_t group) const;

 private:
  LifeTableQuestion question_;
  std::vector<Side> sides_;
};

/// The question that fits the data: entries and weights where a part has them, causes and groups up to the highest.
[[nodiscard]] LifeTableQuestion life_table_question(std::span<const Episodes> parts, std::int32_t steps);

}  // namespace skerry::evidence
