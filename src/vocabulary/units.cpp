#include "vocabulary/units.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "vocabulary/unit_reader.hpp"

namespace skerry::vocabulary {
namespace {

std::string shown(std::string_view unit) {
  if (unit.starts_with("UCUM:")) unit.remove_prefix(5);
  std::string out;
  for (const char c : unit.substr(0, 40)) out += c > ' ' && c < '\x7f' ? c : '?';
  return out.empty() ? "1" : out;
}

bool has(const UnitMeaning& unit, int base) {  // base_arbitrary: any such
  return std::any_of(unit.dimensions.begin(), unit.dimensions.begin() + static_cast<std::ptrdiff_t>(unit.count),
                     [base](const UnitMeaning::Dimension& dimension) {
                       return dimension.base == base || (base == base_arbitrary && dimension.base > base);
                     });
}

/// Why they do not convert, where a reason helps more than "different things".
std::string reason(const UnitMeaning& from, const UnitMeaning& to) {
  const auto one_of_them = [&](int base) { return has(from, base) != has(to, base); };
  if (one_of_them(base_of_equivalent) && one_of_them(base_of_mole)) return ": that takes the charge of the ion";
  if (one_of_them(base_of_osmole) && one_of_them(base_of_mole)) return ": that takes how many particles it dissolves into";
  if (one_of_them(base_of_mole) && (has(from, base_of_gram) || has(to, base_of_gram))) return ": that takes the weight of the molecule";
  if (has(from, base_arbitrary) || has(to, base_arbitrary)) return ": such units are defined by their own procedure";
  return "; the two measure different things";
}

}  // namespace

Result<Conversion> convert(std::string_view from, std::string_view to) {
  const auto a = read_unit(from);
  if (!a) return fail(a.error());
  const auto b = read_unit(to);
  if (!b) return fail(b.error());
  if (!a->measures_the_same(*b)) {
    return fail(ErrorCode::conflict, shown(from) + " does not convert to " + shown(to) + reason(*a, *b));
  }
  // Whole numbers stay whole as long as they can, so that 10 mg/dL is 0.1 g/L to the last bit.
  double above = a->numerator * b->denominator;
  double below = a->denominator * b->numerator;
  const int power = a->power - b->power;
  (power >= 0 ? above : below) *= std::pow(10.0, std::abs(power));
  const double factor = above / below;
  if (!(factor > 1e-200 && factor < 1e200)) {
    return fail(ErrorCode::out_of_range, shown(from) + " and " + shown(to) + " are too far apart in size to be converted");
  }
  Conversion out{factor, 0};
  if (a->from_zero || b->from_zero) {
    // y = ((x + origin_a / prefix_a) * factor) - origin_b / prefix_b, with origins in hundredths of the scale's own degree.
    const double scale_a = std::pow(10.0, -a->prefix_power);
    const double scale_b = std::pow(10.0, -b->prefix_power);
    const double moved = a->origin_hundredths * scale_a * above / below;
    out.offset = (moved - b->origin_hundredths * scale_b) / 100;
  }
  return out;
}

std::optional<Conversion> conversion(std::string_view from, std::string_view to) {
  auto found = convert(from, to);
  if (!found) return std::nullopt;
  return *found;
}

}  // namespace skerry::vocabulary
