// simdjson says that a text is not JSON, but not where: this finds the first fault, once it is known that there is one.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exchange/phenopacket_parser.hpp"
#include "exchange/phenopacket_reader.hpp"

namespace skerry::exchange {
namespace {

/// Keys and indexes this deep are told in a path; deeper ones are not needed to find the place.
constexpr std::size_t shown_depth_max = 24;

/// Reads JSON (RFC 8259) without keeping any of it. Not recursive, so that no depth of nesting can exhaust the stack.
class FaultFinder {
 public:
  FaultFinder(std::string_view json, std::string_view file) : json_(json), file_(file) {}

  Error run() {
    if (json_.starts_with("\xef\xbb\xbf")) return fault(ErrorCode::malformed, "begins with a byte order mark; expected plain JSON");
    while (!found_) {
      space();
      if (expects_value_) {
        value();
      } else if (!after_value()) {
        break;
      }
    }
    if (found_ || suspect_) return std::move(error_);
    at_ = 0;
    return fault(ErrorCode::malformed, "cannot be read as JSON");
  }

 private:
  struct Level {
    bool object;
    std::size_t index;
    std::string_view key;
  };

  [[nodiscard]] bool done() const { return at_ >= json_.size(); }

  void space() {
    while (!done() && (json_[at_] == ' ' || json_[at_] == '\n' || json_[at_] == '\r' || json_[at_] == '\t')) ++at_;
  }

  void value() {
    if (done()) return stop(ErrorCode::malformed, "ends too early; expected a value");
    const char c = json_[at_];
    expects_value_ = false;
    if (c == '{' || c == '[') return open(c == '{');
    if (c == '"') {
      std::string_view ignored;
      text(ignored);
    } else if (c == '-' || (c >= '0' && c <= '9')) {
      number();
    } else {
      word();
    }
  }

  void open(bool object) {
    if (levels_.size() >= pp::depth_max) {
      return stop(ErrorCode::too_deep, fmt::format("is nested more than {} deep", pp::depth_max));
    }
    ++at_;
    levels_.push_back({object, 0, {}});
    space();
    if (!done() && json_[at_] == (object ? '}' : ']')) return close();
    if (object) return key();
    expects_value_ = true;
  }

  void close() {
    ++at_;
    levels_.pop_back();
  }

  void key() {
    space();
    if (done()) return stop(ErrorCode::malformed, "ends too early; expected a key");
    if (json_[at_] != '"') return stop(ErrorCode::malformed, "expected a key in quotation marks");
    std::string_view name;
    text(name);
    if (found_) return;
    levels_.back().key = name;
    space();
    if (done()) return stop(ErrorCode::malformed, "ends too early; expected a colon");
    if (json_[at_] != ':') return stop(ErrorCode::malformed, "expected a colon after a key");
    ++at_;
    expects_value_ = true;
  }

  /// False when the text is over and whole.
  bool after_value() {
    if (levels_.empty()) {
      if (done()) return false;
      stop(ErrorCode::malformed, "goes on after its end");
      return true;
    }
    Level& level = levels_.back();
    if (done()) {
      stop(ErrorCode::malformed, "ends too early; a bracket is not closed");
    } else if (json_[at_] == (level.object ? '}' : ']')) {
      close();
    } else if (json_[at_] != ',') {
      stop(ErrorCode::malformed, level.object ? "expected a comma or a closing brace" : "expected a comma or a closing bracket");
    } else {
      ++at_;
      ++level.index;
      if (level.object) {
        level.key = {};
        key();
      } else {
        expects_value_ = true;
      }
    }
    return true;
  }

  void text(std::string_view& out) {
    const auto start = ++at_;
    while (true) {
      if (done()) return stop(ErrorCode::malformed, "ends within a text");
      const auto byte = static_cast<unsigned char>(json_[at_]);
      if (byte == '"') break;
      if (byte < 0x20) return stop(ErrorCode::malformed, "has a control character in a text; expected an escape such as \\n");
      if (byte == '\\') {
        if (!escape()) return;
      } else if (byte < 0x80) {
        ++at_;
      } else if (!utf8()) {
        return stop(ErrorCode::invalid_text, "is not valid UTF-8");
      }
    }
    out = json_.substr(start, at_ - start);
    ++at_;
  }

  bool escape() {
    const auto bad = [&] {
      stop(ErrorCode::malformed, "has an escape that is none of JSON's");
      return false;
    };
    if (at_ + 1 >= json_.size()) return bad();
    const char c = json_[at_ + 1];
    if (c != 'u') {
      if (std::string_view("\"\\/bfnrt").find(c) == std::string_view::npos) return bad();
      at_ += 2;
      return true;
    }
    unsigned unit = 0;
    if (!hex(at_ + 2, unit)) return bad();
    if (unit >= 0xd800 && unit <= 0xdfff) {
      unsigned low = 0;
      const bool pair = unit <= 0xdbff && json_.substr(at_ + 6, 2) == "\\u" && hex(at_ + 8, low) && low >= 0xdc00 && low <= 0xdfff;
      if (!pair) {
        stop(ErrorCode::invalid_text, "has half of a surrogate pair");
        return false;
      }
      at_ += 6;
    }
    at_ += 6;
    return true;
  }

  bool hex(std::size_t from, unsigned& out) const {
    out = 0;
    if (from + 4 > json_.size()) return false;
    for (std::size_t i = from; i < from + 4; ++i) {
      const char c = json_[i];
      unsigned digit = 0;
      if (c >= '0' && c <= '9')
        digit = static_cast<unsigned>(c - '0');
      else if (c >= 'a' && c <= 'f')
        digit = static_cast<unsigned>(c - 'a') + 10;
      else if (c >= 'A' && c <= 'F')
        digit = static_cast<unsigned>(c - 'A') + 10;
      else
        return false;
      out = out * 16 + digit;
    }
    return true;
  }

  /// One sequence of RFC 3629: no overlong forms, no surrogates.
  bool utf8() {
    const auto byte = [&](std::size_t i) { return at_ + i < json_.size() ? static_cast<unsigned char>(json_[at_ + i]) : 0U; };
    const auto tail = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xbf) { return byte(i) >= low && byte(i) <= high; };
    const unsigned lead = byte(0);
    std::size_t length = 0;
    if (lead >= 0xc2 && lead <= 0xdf && tail(1)) length = 2;
    if (lead >= 0xe0 && lead <= 0xef && tail(1, lead == 0xe0 ? 0xa0 : 0x80, lead == 0xed ? 0x9f : 0xbf) && tail(2)) length = 3;
    if (lead >= 0xf0 && lead <= 0xf4 && tail(1, lead == 0xf0 ? 0x90 : 0x80, lead == 0xf4 ? 0x8f : 0xbf) && tail(2) && tail(3)) length = 4;
    at_ += length;
    return length != 0;
  }

  void number() {
    const auto start = at_;
    const auto digits = [&] {
      const auto first = at_;
      while (!done() && json_[at_] >= '0' && json_[at_] <= '9') ++at_;
      return at_ > first;
    };
    const auto bad = [&] {
      at_ = start;
      stop(ErrorCode::malformed, "has a number that is none of JSON's");
    };
    if (json_[at_] == '-') ++at_;
    const auto whole = at_;
    if (!digits()) return json_.substr(at_, 8) == "Infinity" ? stop_word() : bad();
    if (json_[whole] == '0' && at_ - whole > 1) return bad();
    if (!done() && json_[at_] == '.') {
      ++at_;
      if (!digits()) return bad();
    }
    if (!done() && (json_[at_] == 'e' || json_[at_] == 'E')) {
      ++at_;
      if (!done() && (json_[at_] == '+' || json_[at_] == '-')) ++at_;
      if (!digits()) return bad();
    }
    range(start);
  }

  /// JSON sets numbers no limits, but readers have some: told of when nothing else is wrong.
  void range(std::size_t start) {
    const auto number = json_.substr(start, at_ - start);
    double value = 0;
    const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
    const bool whole = number.find_first_of(".eE") == std::string_view::npos;
    const bool beyond = read.ec != std::errc{} || (whole && (value >= 0x1p64 || value < -0x1p63));
    if (!beyond || suspect_) return;
    suspect_ = true;
    const auto end = std::exchange(at_, start);
    error_ = fault(ErrorCode::out_of_range, "is a number beyond what can be read");
    at_ = end;
  }

  void stop_word() { stop(ErrorCode::malformed, "has NaN or Infinity, which JSON does not know; expected a finite number"); }

  void word() {
    for (const std::string_view known : {"true", "false", "null"}) {
      if (json_.substr(at_, known.size()) != known) continue;
      at_ += known.size();
      return;
    }
    if (json_.substr(at_, 3) == "NaN" || json_.substr(at_, 8) == "Infinity") return stop_word();
    const auto byte = static_cast<unsigned char>(json_[at_]);
    if (byte >= 0x80 && !utf8()) return stop(ErrorCode::invalid_text, "is not valid UTF-8");
    stop(ErrorCode::malformed, "expected a value");
  }

  void stop(ErrorCode code, std::string message) {
    if (found_) return;
    found_ = true;
    error_ = fault(code, std::move(message));
  }

  Error fault(ErrorCode code, std::string message) const {
    const auto before = json_.substr(0, std::min(at_, json_.size()));
    const auto line = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    const auto last = before.rfind('\n');
    const auto column = before.size() - (last == std::string_view::npos ? 0 : last + 1) + 1;
    return {code, std::move(message), {std::string(file_), static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(column), path()}};
  }

  [[nodiscard]] std::string path() const {
    std::string out;
    for (std::size_t i = 0; i < levels_.size() && i < shown_depth_max; ++i) {
      out += '/';
      if (!levels_[i].object) {
        out += std::to_string(levels_[i].index);
        continue;
      }
      for (const char c : pp::shown_key(levels_[i].key)) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    }
    if (levels_.size() > shown_depth_max) out += "/...";
    return out;
  }

  std::string_view json_, file_;
  std::size_t at_ = 0;
  std::vector<Level> levels_;
  bool expects_value_ = true;
  bool found_ = false;
  bool suspect_ = false;
  Error error_;
};

}  // namespace

Error fault_of(std::string_view json, std::string_view file) { return FaultFinder(json, file).run(); }

}  // namespace skerry::exchange
