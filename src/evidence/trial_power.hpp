// Where the exact tests of a trial reject, and how probable that is. Pure and thread-safe; arguments are in range (feasibility.hpp checks).
#pragma once

#include <cstdint>
#include <vector>

namespace skerry::evidence {

/// Towards more and towards fewer events than without the treatment.
struct Chances {
  double above = 0, below = 0;
};

/// Binomial test of `people` against `null`, each tail at most alpha / 2.
class BinomialTrial {
 public:
  BinomialTrial(std::int64_t people, double null, double alpha);
  [[nodiscard]] Chances rejects(double expected) const;

 private:
  std::int64_t people_;
  std::int64_t above_, below_;  // rejected from here up, and up to here
};

/// Fisher's two-sided test of two arms.
class FisherTrial {
 public:
  FisherTrial(std::int64_t treated, std::int64_t controls, double alpha);
  [[nodiscard]] Chances rejects(double expected_treated, double expected_controls) const;

 private:
  std::int64_t treated_, controls_;
  std::vector<std::int64_t> above_, below_;  // [events in both arms]: rejected where the treated arm has at least, at most so many
};

}  // namespace skerry::evidence
