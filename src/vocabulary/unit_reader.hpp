// What a UCUM code means: a number times powers of base units.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/error.hpp"

namespace skerry::vocabulary {

// UCUM has seven base units and counts a mole as a number of things. Here mole, equivalent and osmole are three more: what one of them is
// in another depends on the substance, so that mmol/L and meq/L of calcium are not taken for the same.
inline constexpr int base_of_gram = 2;
inline constexpr int base_of_mole = 7;
inline constexpr int base_of_equivalent = 8;
inline constexpr int base_of_osmole = 9;
inline constexpr int base_arbitrary = 10;  ///< this and above: a unit that converts only to itself

struct UnitMeaning {
  static constexpr std::size_t dimensions_max = 12;
  struct Dimension {
    int base = 0;
    int exponent = 0;
    bool operator==(const Dimension&) const = default;
  };
  /// size = numerator / denominator * 10^power, in base units; both above 0.
  double numerator = 1, denominator = 1;
  std::int32_t power = 0;
  std::array<Dimension, dimensions_max> dimensions{};  ///< by base, exponents not 0
  std::size_t count = 0;
  bool from_zero = false;         ///< a scale with an origin of its own: Cel, [degF], [degRe]
  double origin_hundredths = 0;   ///< absolute zero lies so many hundredths of a degree below its 0
  std::int32_t prefix_power = 0;  ///< of such a scale

  [[nodiscard]] bool measures_the_same(const UnitMeaning& other) const noexcept;
};

/// With or without the prefix "UCUM:"; empty is 1. Errors: unknown_value (naming the part that is not understood), out_of_range (a number
/// or exponent too large), too_deep (16 parentheses), too_large (256 characters).
[[nodiscard]] Result<UnitMeaning> read_unit(std::string_view code);

}  // namespace skerry::vocabulary
