// A pack's demonstration.json, read and checked.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
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

/// A time that differs from person to person, log-normal.
struct Waiting {
  double median_months = 0;
  double spread = 0;  ///< standard deviation of the logarithm
};

/// How long a treatment lasts and why it ends.
struct Course {
  double median_months = 1;
  double stopped = 0;  ///< of those whose time with it is over; the others go on
  std::vector<WeightedCode> reasons;
};

/// Asked with probability `recorded`; present, when asked, with probability `present`.
struct AskedCode {
  Code code;
  double recorded = 1;
  double present = 0;
  std::optional<Waiting> after_onset;  ///< when a feature comes, from the onset of the disease; no date when unset
  std::optional<Course> course;        ///< of a treatment
};

/// Something measured at several visits, a year or so apart: start + per_year * age + what is the person's own + noise.
struct Repeated {
  Code code;
  double recorded = 1;
  std::int32_t visits_low = 1, visits_high = 1;
  double start = 0, per_year = 0, paternal = 0;  ///< paternal: added where the variant came from the father
  double between_people = 0, within_person = 0;  ///< standard deviations
  double low = 0, high = 0;
  bool whole = true;  ///< whole numbers
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
  std::vector<Repeated> measurements;
  double contact_asked = 1;  ///< whether they may be contacted for research; the answer is as their consent to it
  struct {
    Code code;
    double present = 0, regrowth_within_horizon = 0, regrowth_median_months = 1, regrowth_recorded = 1;
    double partial = 0, partial_regrows_faster = 1;  ///< partly removed; then the median is so many times shorter
    std::vector<WeightedCode> sites, adjuvants;
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
