// What happens to an example participant over the years: when features came, treatments and why they ended, measurements at visits.
#pragma once

#include <cstdint>

#include "exchange/synthetic_dice.hpp"
#include "ledger/ledger.hpp"

namespace skerry::exchange {

struct SyntheticLife {
  std::int32_t birth_day = 0, last_seen_day = 0;  ///< since 1970-01-01
  std::int64_t onset_months = 0;                  ///< age at the onset of the disease
};

/// Dates the features and treatments of the batch and adds what belongs to them. `dice` is apart from the one the rest was drawn with, so
/// that a seed keeps the participants it made before there was a course.
void add_course(ledger::Batch& batch, const SyntheticModel& model, const SyntheticLife& life, Dice& dice);

}  // namespace skerry::exchange
