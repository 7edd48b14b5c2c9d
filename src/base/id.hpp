// Numbers that cannot be mixed up: a FactId is not a ParticipantId.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace skerry {

/// A positive number given out by the ledger; 0 means "none yet".
template <class Tag>
struct StrongId {
  std::int64_t number = 0;

  [[nodiscard]] constexpr bool set() const noexcept { return number != 0; }
  auto operator<=>(const StrongId&) const = default;
};

using ParticipantId = StrongId<struct ParticipantTag>;
/// Inside a batch not yet appended, a negative FactId -(i+1) means "the i-th fact of this batch" (see ledger/ledger.hpp).
using FactId = StrongId<struct FactTag>;

}  // namespace skerry

template <class Tag>
struct std::hash<skerry::StrongId<Tag>> {
  std::size_t operator()(skerry::StrongId<Tag> id) const noexcept { return std::hash<std::int64_t>{}(id.number); }
};
