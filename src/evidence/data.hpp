// The data that statistics read: plain columns, whatever they were made from. Any split of the rows by person is a valid set of parts.
// Vectors that are documented as optional may be empty; all others of a struct have the same length.
#pragma once

#include <cstdint>
#include <vector>

#include "base/patient_data.hpp"

namespace skerry::evidence {

/// Time to event in counting-process form: a row says that one person was followed over (entry, exit] and what ended that. Times are
/// whole steps of the study's grid. One row a person unless covariates depend on time or events recur; the rows of one person are in one
/// part, consecutive.
struct Episodes {
  std::vector<std::int32_t> entry;     ///< optional (all 0): left truncation, or where an earlier row of the person ended
  std::vector<std::int32_t> exit;      ///< > entry
  std::vector<std::uint8_t> cause;     ///< 0 censored, 1 the event, 2... competing events
  std::vector<std::uint16_t> group;    ///< optional: of a comparison, from 0
  std::vector<std::uint16_t> stratum;  ///< optional: from 0
  std::vector<double> weight;          ///< optional: case weights, positive
  std::vector<double> offset;          ///< optional
  std::vector<std::uint32_t> person;   ///< optional (each row its own): same number, same person
  std::vector<std::vector<double>> x;  ///< covariates, [covariate][row]; finite
  [[nodiscard]] std::size_t rows() const noexcept { return exit.size(); }
};

/// Regression: a row an observation.
struct Design {
  std::vector<double> y;               ///< outcome; 0 or 1 for logistic, whole and not negative for counts
  std::vector<std::vector<double>> x;  ///< covariates without the intercept, [covariate][row]; finite
  std::vector<double> offset;          ///< optional
  std::vector<double> weight;          ///< optional
  std::vector<std::uint32_t> cluster;  ///< optional: the person of repeated measures; rows of one are in one part, consecutive
  [[nodiscard]] std::size_t rows() const noexcept { return y.size(); }
};

/// One numeric outcome in groups.
struct Sample {
  std::vector<double> y;
  std::vector<std::uint16_t> group;  ///< optional: from 0
  [[nodiscard]] std::size_t rows() const noexcept { return y.size(); }
};

/// People in a cross-table, by stratum.
struct Crossing {
  std::vector<std::uint16_t> row, column;
  std::vector<std::uint16_t> stratum;  ///< optional
  [[nodiscard]] std::size_t rows() const noexcept { return row.size(); }
};

}  // namespace skerry::evidence

template <>
inline constexpr bool skerry::is_patient_data<skerry::evidence::Episodes> = true;
template <>
inline constexpr bool skerry::is_patient_data<skerry::evidence::Design> = true;
template <>
inline constexpr bool skerry::is_patient_data<skerry::evidence::Sample> = true;
template <>
inline constexpr bool skerry::is_patient_data<skerry::evidence::Crossing> = true;
