// A part of the people's rows in the order the rounds of a Cox model read them: by stratum and step, those with the event apart.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/patient_data.hpp"
#include "evidence/data.hpp"

namespace skerry::evidence {

/// Made from Episodes, which must outlive it (the robust errors' round reads its rows person by person).
struct CoxRows {
  /// Rows [begin, end) of `Sorted`: all leave (or enter) at `step` of `stratum`, all with or all without the event.
  struct Run {
    std::uint16_t stratum = 0;
    std::int32_t step = 0;
    bool event = false;
    std::size_t begin = 0, end = 0;
  };
  struct Sorted {
    std::vector<std::vector<double>> x;  ///< [covariate][row]
    std::vector<double> weight, offset;  ///< empty as in Episodes
    std::vector<Run> runs;
  };
  Sorted leaving, entering;  ///< entering: only rows with entry > 0
  const Episodes* source = nullptr;
  std::size_t first = 0, last = 0;    ///< rows of the source
  std::int64_t rows = 0, people = 0;  ///< that are followed at all
};

/// The rows [first, last) of a part, sorted. Rows beyond `steps` stay to the end; rows with exit <= entry or entry at or beyond the last
/// step are left out, and so are strata not below `strata`. Linear in rows and cells.
[[nodiscard]] CoxRows sort_rows(const Episodes& part, std::size_t first, std::size_t last, std::int32_t steps, std::uint16_t strata,
                                bool entries);

}  // namespace skerry::evidence

template <>
inline constexpr bool skerry::is_patient_data<skerry::evidence::CoxRows> = true;
