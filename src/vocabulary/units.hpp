// Units of measurement by UCUM (The Unified Code for Units of Measure, version 2.1): what a code means, and whether and how one converts to
// another. Pure and thread-safe.
#pragma once

#include <optional>
#include <string_view>

#include "base/error.hpp"

namespace skerry::vocabulary {

/// value_in_to = value_in_from * factor + offset
struct Conversion {
  double factor = 1;
  double offset = 0;
  [[nodiscard]] double apply(double value) const noexcept { return value * factor + offset; }
};

/// Both with or without the prefix "UCUM:"; empty means dimensionless ("1"). Powers of ten are exact. Errors: unknown_value (not a UCUM
/// code, naming the part that is not understood), conflict (the two measure different things: "mmol/L does not convert to mg/dL"),
/// out_of_range (numbers, exponents or a factor beyond 10^200), too_deep, too_large (256 characters).
/// Mole, equivalent and osmole do not convert to one another or to numbers, which UCUM would let them: what one is in another depends on
/// the substance. Units of a procedure ([IU], [arb'U]) and logarithmic ones ([pH], dB) convert to themselves and their prefixed forms.
[[nodiscard]] Result<Conversion> convert(std::string_view from, std::string_view to);

/// The same as 0 or 1 look-ups for a hot loop: nullopt instead of an error.
[[nodiscard]] std::optional<Conversion> conversion(std::string_view from, std::string_view to);

}  // namespace skerry::vocabulary
