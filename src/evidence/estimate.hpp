// Parts of results that many statistics share.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace skerry::evidence {

/// One estimated number. On the scale it is estimated on (a log hazard ratio); `ratio`: a reader is shown exp of it and of its interval.
struct Estimate {
  std::string id;  ///< "sex=skerry:male", "rate", "quantile 0.5"
  double value = 0;
  std::optional<double> standard_error, robust_error;
  std::optional<double> low, high;  ///< of the study's level; infinite where a side is open
  std::optional<double> p;          ///< two-sided; unset where it would mean nothing
  bool ratio = false;
  bool operator==(const Estimate&) const = default;
};

struct Test {
  std::string name;  ///< "Log-rank", "Fisher's exact test": a proper name, in English
  std::optional<double> statistic;
  std::optional<double> df, df2;  ///< degrees of freedom; df2 of an F test
  std::optional<double> p;        ///< unset where it would mean nothing
  bool exact = false;
  bool operator==(const Test&) const = default;
};

/// Something to know about a result: a condition that does not hold, a number of rows left out. `key` is a message of the packs.
struct Caution {
  std::string key;      ///< "statistic.expected_small"
  std::string english;  ///< one sentence in plain words
  bool operator==(const Caution&) const = default;
};

}  // namespace skerry::evidence
