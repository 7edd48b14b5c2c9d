// What a trial in few people could show, and how long finding them takes. Exact: no normal approximation. Pure and thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "evidence/estimate.hpp"

namespace skerry::evidence {

/// single_arm: responses against a known proportion (natural history), exact binomial test, each tail at most alpha / 2.
/// two_arms: one to one (the first arm has the odd person), Fisher's exact test (two-sided).
/// randomised_withdrawal: all start on the treatment; of them the share `responders` is randomised one to one to go on or to stop; then as
/// two_arms. n_of_1: `cycles` pairs of periods a person, the sign test over all pairs of all people: the effect is the probability that the
/// period on treatment is the better one, against 1/2, taken as the same in everyone.
enum class TrialDesign : std::uint8_t { single_arm, two_arms, randomised_withdrawal, n_of_1 };

struct TrialQuestion {
  TrialDesign design = TrialDesign::single_arm;
  double control = 0;     ///< expected proportion without the treatment, 0 to 1; not used by n_of_1
  double power = 0.8;     ///< wished, in (0, 1)
  double alpha = 0.05;    ///< two-sided
  int cycles = 6;         ///< n_of_1
  double responders = 1;  ///< randomised_withdrawal: share of those who start that is randomised
  double drop_out = 0;    ///< share lost before the outcome, 0 to below 1
};

/// The power to find an effect towards `expected` (a proportion; n_of_1: probability that treatment is better) with `people` starting.
/// Losses and those not randomised are taken off first, rounded down. `alpha`: of the test as it is, both tails, under the null
/// (two arms: the largest over proportions is at most the nominal one; given at `control`).
struct Power {
  std::int64_t analysed = 0;  ///< people; n_of_1: pairs
  double power = 0;
  double alpha = 0;
};
/// Errors: out_of_range for a question outside the ranges above; too_large above 2000 people analysed (two arms) or 20000 (others).
[[nodiscard]] Result<Power> power_of(const TrialQuestion& question, std::int64_t people, double expected);
/// The fewest people from which on, however many more start, the power is at least that wished; unset when more than `people_max`.
[[nodiscard]] Result<std::optional<std::int64_t>> people_needed(const TrialQuestion& question, double expected,
                                                                std::int64_t people_max = 400);
/// The expected proportions nearest to `control` (n_of_1: to 1/2), above and below, found with the power wished; unset where none is.
struct Detectable {
  std::optional<double> above, below;
  double alpha = 0;  ///< as Power::alpha
  std::int64_t analysed = 0;
};
[[nodiscard]] Result<Detectable> detectable(const TrialQuestion& question, std::int64_t people);

/// Time to recruit `people` more, in years. The rate from `enrolled` people in `years`: gamma with shape enrolled + 1/2 (Jeffreys) and rate
/// `years`; the time then follows the Poisson-gamma model (Anisimov & Fedorov, Statistics in Medicine 26 (2007) 4958-4975, one centre):
/// t / (t + years) is beta(people, enrolled + 1/2). With `a_year` given the rate is taken as known: gamma(people, a_year).
struct RecruitmentQuestion {
  std::int64_t people = 0;
  std::int64_t enrolled = 0;
  double years = 3;
  std::optional<double> a_year;
  double level = 0.9;
};
struct Recruitment {
  double median = 0, low = 0, high = 0;  ///< years
};
/// Errors: out_of_range; not_computable when nobody enrolled and no rate is given.
[[nodiscard]] Result<Recruitment> recruitment(const RecruitmentQuestion& question);

/// All of it for `people` who could take part.
struct TrialResult {
  std::int64_t people = 0;
  Detectable detectable;
  struct Needed {
    double expected = 0;
    std::optional<std::int64_t> people;
  };
  std::vector<Needed> needed;  ///< for effects of 0.1, 0.2, ... from control (n_of_1: from 1/2), above then below, while proportions
  std::optional<Recruitment> recruitment;
  std::vector<std::string> sentences;  ///< plain words: what it can and cannot say
  std::vector<Caution> cautions;
};
[[nodiscard]] Result<TrialResult> trial(const TrialQuestion& question, std::int64_t people,
                                        const std::optional<RecruitmentQuestion>& recruiting = {});

}  // namespace skerry::evidence
