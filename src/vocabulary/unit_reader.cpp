// UCUM, section 2.1 to 2.3: terms of components joined by "." and "/", parentheses, annotations, prefixes, exponents.
#include "vocabulary/unit_reader.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "vocabulary/unit_table.hpp"

namespace skerry::vocabulary {
namespace {

constexpr std::size_t text_max = 256;
constexpr int depth_max = 16;
constexpr int exponent_max = 99;
constexpr int power_max = 300;
constexpr double size_max = 1e150;

struct Prefix {
  std::string_view code;
  std::int32_t power;
  double factor;
};
constexpr std::array<Prefix, 24> prefixes{{{"da", 1, 1},
                                           {"Ki", 0, 1024.0},
                                           {"Mi", 0, 1048576.0},
                                           {"Gi", 0, 1073741824.0},
                                           {"Ti", 0, 1099511627776.0},
                                           {"Y", 24, 1},
                                           {"Z", 21, 1},
                                           {"E", 18, 1},
                                           {"P", 15, 1},
                                           {"T", 12, 1},
                                           {"G", 9, 1},
                                           {"M", 6, 1},
                                           {"k", 3, 1},
                                           {"h", 2, 1},
                                           {"d", -1, 1},
                                           {"c", -2, 1},
                                           {"m", -3, 1},
                                           {"u", -6, 1},
                                           {"n", -9, 1},
                                           {"p", -12, 1},
                                           {"f", -15, 1},
                                           {"a", -18, 1},
                                           {"z", -21, 1},
                                           {"y", -24, 1}}};

/// Words people write for units, and the code that was meant.
constexpr std::array<std::pair<std::string_view, std::string_view>, 34> meant{{
    {"year", "a"},      {"years", "a"},     {"yr", "a"},       {"month", "mo"},    {"months", "mo"},   {"week", "wk"},
    {"weeks", "wk"},    {"day", "d"},       {"days", "d"},     {"hour", "h"},      {"hours", "h"},     {"hr", "h"},
    {"minute", "min"},  {"minutes", "min"}, {"sec", "s"},      {"second", "s"},    {"seconds", "s"},   {"mcg", "ug"},
    {"lb", "[lb_av]"},  {"lbs", "[lb_av]"}, {"oz", "[oz_av]"}, {"in", "[in_i]"},   {"inch", "[in_i]"}, {"ft", "[ft_i]"},
    {"mmHg", "mm[Hg]"}, {"cmH", "cm[H2O]"}, {"IU", "[IU]"},    {"degC", "Cel"},    {"degF", "[degF]"}, {"ppm", "[ppm]"},
    {"pH", "[pH]"},     {"percent", "%"},   {"mEq", "meq"},    {"degrees", "deg"},
}};

struct Entry {
  UnitMeaning meaning;
  bool metric = false;
};
using Table = std::unordered_map<std::string_view, Entry>;

const Table& table();

std::string quoted(std::string_view part) {
  std::string out = "\"";
  for (const char c : part.substr(0, 40)) out += c >= ' ' && c < '\x7f' && c != '"' ? c : '?';
  return out + (part.size() > 40 ? "...\"" : "\"");
}

/// `out` times `by`, `exponent` times. False when a number grows out of its limits.
bool multiply(UnitMeaning& out, const UnitMeaning& by, int exponent) {
  const int times = std::abs(exponent);
  for (int i = 0; i < times; ++i) {
    out.numerator *= exponent > 0 ? by.numerator : by.denominator;
    out.denominator *= exponent > 0 ? by.denominator : by.numerator;
    if (out.numerator > size_max || out.denominator > size_max) return false;
  }
  out.power += exponent * by.power;
  if (std::abs(out.power) > power_max) return false;
  for (std::size_t i = 0; i < by.count; ++i) {
    const auto [base, own] = by.dimensions[i];
    const auto end = out.dimensions.begin() + static_cast<std::ptrdiff_t>(out.count);
    auto at = std::find_if(out.dimensions.begin(), end, [base](const auto& dimension) { return dimension.base >= base; });
    if (at == end || at->base != base) {
      if (out.count == UnitMeaning::dimensions_max) return false;
      std::move_backward(at, end, end + 1);
      *at = {base, 0};
      ++out.count;
    }
    at->exponent += exponent * own;
    if (std::abs(at->exponent) > exponent_max) return false;
    if (at->exponent == 0) {
      std::move(at + 1, out.dimensions.begin() + static_cast<std::ptrdiff_t>(out.count), at);
      --out.count;
      out.dimensions[out.count] = {};
    }
  }
  return true;
}

class Reader {
 public:
  Reader(std::string_view text, const Table& known) : text_(text), known_(known) {}

  Result<UnitMeaning> read() {
    UnitMeaning out;
    if (text_.empty()) return out;
    if (!term(out, 0)) return fail(std::move(*error_));
    if (at_ != text_.size()) {
      not_understood(text_.substr(at_));
      return fail(std::move(*error_));
    }
    return out;
  }

 private:
  bool wrong(ErrorCode code, std::string message) {
    if (!error_) error_ = Error{code, std::move(message), {}};
    return false;
  }
  bool not_understood(std::string_view part) {
    std::string message = quoted(part) + " is not a UCUM unit";
    if (part != text_) message += " (in " + quoted(text_) + ")";
    for (const auto& [word, code] : meant) {
      if (word == part) message += "; did you mean \"" + std::string(code) + "\"?";
    }
    return wrong(ErrorCode::unknown_value, std::move(message));
  }
  [[nodiscard]] char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }
  static bool digit(char c) noexcept { return c >= '0' && c <= '9'; }

  bool term(UnitMeaning& out, int depth) {
    if (depth > depth_max) return wrong(ErrorCode::too_deep, "A unit has more than 16 parentheses in each other");
    bool divide = peek() == '/';
    if (divide) ++at_;
    std::size_t components = 0;
    while (true) {
      UnitMeaning next;
      if (!component(next, depth)) return false;
      ++components;
      const bool more = peek() == '.' || peek() == '/';
      if (next.from_zero && (components > 1 || divide || more || depth > 0)) {
        return wrong(ErrorCode::unknown_value, quoted(text_) + ": a temperature scale cannot be multiplied or divided; use \"K\"");
      }
      if (next.from_zero) {
        out = next;
      } else if (!multiply(out, next, divide ? -1 : 1)) {
        return wrong(ErrorCode::out_of_range, quoted(text_) + " is too large or has too many different units");
      }
      if (!more) return true;
      divide = peek() == '/';
      ++at_;
    }
  }

  bool component(UnitMeaning& out, int depth) {
    if (peek() == '(') {
      ++at_;
      if (!term(out, depth + 1)) return false;
      if (peek() != ')') return wrong(ErrorCode::unknown_value, quoted(text_) + ": a parenthesis is not closed");
      ++at_;
      return true;
    }
    if (peek() == '{') return annotation();
    const bool number = digit(peek()) && !text_.substr(at_).starts_with("10*") && !text_.substr(at_).starts_with("10^");
    if (!(number ? factor(out) : simple(out))) return false;
    return peek() != '{' || annotation();
  }

  bool annotation() {
    const auto end = text_.find('}', at_);
    const auto inside = text_.substr(at_ + 1, end == std::string_view::npos ? 0 : end - at_ - 1);
    const bool plain = std::ranges::all_of(inside, [](char c) { return c >= ' ' && c < '\x7f' && c != '{'; });
    if (end == std::string_view::npos || !plain) return wrong(ErrorCode::unknown_value, quoted(text_) + ": an annotation is not closed");
    at_ = end + 1;
    return true;
  }

  bool factor(UnitMeaning& out) {
    double number = 0;
    const auto start = at_;
    for (; digit(peek()); ++at_) number = number * 10 + (peek() - '0');
    if (at_ - start > 15) return wrong(ErrorCode::out_of_range, quoted(text_) + ": a number in a unit has at most 15 digits");
    if (number == 0) return wrong(ErrorCode::unknown_value, quoted(text_) + ": 0 is no unit");
    out.numerator = number;
    return true;
  }

  bool exponent(int& out) {
    const bool minus = peek() == '-';
    const bool sign = minus || peek() == '+';
    if (sign) ++at_;
    if (!digit(peek())) return !sign || not_understood(text_);
    int number = 0;
    for (; digit(peek()); ++at_) {
      number = number * 10 + (peek() - '0');
      if (number > exponent_max) return wrong(ErrorCode::out_of_range, quoted(text_) + ": an exponent is at most 99");
    }
    out = minus ? -number : number;
    return true;
  }

  /// One unit, perhaps with a prefix, and its exponent.
  bool simple(UnitMeaning& out) {
    const auto start = at_;
    if (text_.substr(at_).starts_with("10*") || text_.substr(at_).starts_with("10^")) {
      at_ += 3;
    } else {
      while (at_ < text_.size() && !digit(peek()) && std::string_view("./(){}+-").find(peek()) == std::string_view::npos) {
        if (peek() == '[') at_ = std::min(text_.find(']', at_), text_.size() - 1);
        ++at_;
      }
    }
    const auto code = text_.substr(start, at_ - start);
    if (code.empty()) return not_understood(text_.substr(start));
    const auto unit = find(code);
    if (!unit) return not_understood(code);
    int power = 1;
    if (!exponent(power)) return false;
    if (unit->from_zero) {
      if (power != 1) return wrong(ErrorCode::unknown_value, quoted(text_) + ": a temperature scale has no powers; use \"K\"");
      out = *unit;
      return true;
    }
    if (!multiply(out, *unit, power)) return wrong(ErrorCode::out_of_range, quoted(text_) + " is too large");
    return true;
  }

  [[nodiscard]] std::optional<UnitMeaning> find(std::string_view code) const {
    if (const auto found = known_.find(code); found != known_.end()) return found->second.meaning;
    for (const auto& prefix : prefixes) {
      if (!code.starts_with(prefix.code)) continue;
      const auto found = known_.find(code.substr(prefix.code.size()));
      if (found == known_.end() || !found->second.metric) continue;
      auto out = found->second.meaning;
      out.power += prefix.power;
      out.numerator *= prefix.factor;
      if (out.from_zero) out.prefix_power = prefix.power;
      if (out.from_zero && prefix.factor != 1) return std::nullopt;
      return out;
    }
    return std::nullopt;
  }

  std::string_view text_;
  const Table& known_;
  std::size_t at_ = 0;
  std::optional<Error> error_;
};

UnitMeaning of_base(int base) {
  UnitMeaning out;
  out.dimensions[0] = {base, 1};
  out.count = 1;
  return out;
}

/// A degree of `numerator`/`denominator` kelvin; 0 degrees lie `hundredths`/100 degrees above absolute zero.
UnitMeaning temperature(double numerator, double denominator, double hundredths) {
  auto out = of_base(4);
  out.numerator = numerator;
  out.denominator = denominator;
  out.from_zero = true;
  out.origin_hundredths = hundredths;
  return out;
}

Table make_table() {
  Table out;
  int base = 0;
  for (const auto* code : {"m", "s", "g", "rad", "K", "C", "cd", "mol", "eq", "osm"}) out[code] = {of_base(base++), true};
  UnitMeaning ten;
  ten.power = 1;
  out["10*"] = out["10^"] = {ten, false};
  UnitMeaning pi;
  pi.numerator = 3.14159265358979323846;
  out["[pi]"] = {pi, false};
  out["Cel"] = {temperature(1, 1, 27'315), true};
  out["[degF]"] = {temperature(5, 9, 45'967), false};
  out["[degRe]"] = {temperature(5, 4, 21'852), false};
  base = base_arbitrary;
  for (const auto& row : unit_rows) {
    if (row.digits == 0) {
      out[row.code] = {of_base(base++), row.metric};
      continue;
    }
    auto meaning = Reader(row.unit, out).read();
    if (!meaning) continue;  // a test finds every row
    meaning->numerator *= row.digits;
    meaning->power += row.power;
    out[row.code] = {*meaning, row.metric};
  }
  return out;
}

const Table& table() {
  static const Table known = make_table();
  return known;
}

}  // namespace

bool UnitMeaning::measures_the_same(const UnitMeaning& other) const noexcept {
  return count == other.count && dimensions == other.dimensions;
}

Result<UnitMeaning> read_unit(std::string_view code) {
  if (code.starts_with("UCUM:")) code.remove_prefix(5);
  if (code.size() > text_max) return fail(ErrorCode::too_large, "A unit has at most 256 characters");
  return Reader(code, table()).read();
}

}  // namespace skerry::vocabulary
