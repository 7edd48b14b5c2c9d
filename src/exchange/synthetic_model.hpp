// A pack's demonstration.json, read and checked.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "fact/code.hpp"
#include "ledger/consent_record.hpp"

namespace skerry::exchange {

struct WeightedCode {
  Code code;
  double weight = 1;
};

/// Asked with probability `recorded`; present, when asked, with probability `present`.
struct AskedCode {
  Code code;
  double recorded = 1;
  double present = 0;
};

struct ExperienceText {
  std::string question, language, text;
};

/// Probabilities are 0 to 1; times are months.
struct SyntheticModel {
  Code diagnosis;
  double female = 0.5;
  std::vector<WeightedCode> countries;
  double onset_median_months = 1;
  double onset_spread = 0;  ///< standard deviation of the logarithm
  std::vector<AskedCode> features, treatments;
  struct {
    Code code;
    double present = 0, regrowth_within_horizon = 0, regrowth_median_months = 1, regrowth_recorded = 1;
    std::vector<WeightedCode> sites;
  } operation;
  struct {
    Code gene;
    double recorded = 1, found = 0, paternal = 0;
    std::string hgvs, hgvs_protein;
  } variant;
  std::vector<std::pair<Purpose, double>> consents;
  double withdrawn = 0;
  std::vector<ExperienceText> experiences;
};

/// Reads `pack_folder`/demonstration.json. Errors: not_found, and with line and column: malformed, missing_field, wrong_type,
/// out_of_range.
[[nodiscard]] Result<SyntheticModel> read_synthetic_model(const std::filesystem::path& pack_folder);

}  // namespace skerry::exchange
