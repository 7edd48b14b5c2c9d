#include "pack/json_document.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <unordered_set>

// A reader of our own: Boost.JSON keeps no positions; simdjson gives a pointer into the text but neither finds keys that stand
// twice nor tells where after an error. It reads a pack's terms.json at 65 MB/s (-O2); a whole pack is well under 1 MB.
namespace skerry::pack {

const Node* Node::find(std::string_view key) const noexcept {
  for (const auto& [name, value] : members) {
    if (name == key) return &value;
  }
  return nullptr;
}

Place Node::place(std::string_view file) const { return {std::string(file), line, column, pointer}; }

namespace {

constexpr std::size_t bytes_max = 16u << 20;
constexpr int depth_max = 64;
constexpr std::size_t values_max = 1'000'000;
constexpr std::size_t pointer_bytes_max = 128u << 20;  // of all values together: a long key above many values is a bomb
constexpr std::size_t keys_searched_one_by_one = 16;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

void append_utf8(std::string& out, std::uint32_t point) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | (point >> 6));
    put(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    put(0xE0 | (point >> 12));
    put(0x80 | ((point >> 6) & 0x3F));
    put(0x80 | (point & 0x3F));
  } else {
    put(0xF0 | (point >> 18));
    put(0x80 | ((point >> 12) & 0x3F));
    put(0x80 | ((point >> 6) & 0x3F));
    put(0x80 | (point & 0x3F));
  }
}

/// Bytes of the well-formed UTF-8 sequence at the start of `text` (Unicode 15, table 3-7); 0 when there is none.
std::size_t utf8_length(std::string_view text) noexcept {
  const auto byte = [text](std::size_t i) -> unsigned { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto continues = [&byte](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
  const unsigned first = byte(0);
  const unsigned second = byte(1);
  if (first < 0x80) return text.empty() ? 0 : 1;
  if (first >= 0xC2 && first <= 0xDF) return continues(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)) return 0;
    return continues(1) && continues(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if ((first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) return 0;
    return continues(1) && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

void append_pointer_token(std::string& pointer, std::string_view key) {
  pointer += '/';
  for (const char c : key) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
}

class Reader {
 public:
  Reader(std::string_view text, std::string_view file) : text_(text), file_(file) {}

  Result<Node> document() {
    if (text_.size() > bytes_max) return fail(ErrorCode::too_large, "the file is larger than 16 MiB", Place{std::string(file_), 0, 0, {}});
    if (text_.starts_with("\xEF\xBB\xBF")) {
      at_ = 3;
      line_start_ = 3;
    }
    Node root;
    if (!value(root, "", 0)) return fail(std::move(error_));
    skip_space();
    if (at_ != text_.size()) {
      error_at(at_, ErrorCode::malformed, "there is more after the end of the JSON value");
      return fail(std::move(error_));
    }
    return root;
  }

 private:
  char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_space() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n') {
        ++line_;
        line_start_ = at_ + 1;
      } else if (c != ' ' && c != '\t' && c != '\r') {
        return;
      }
      ++at_;
    }
  }

  // Strings hold no line breaks, so the position of any byte is its distance from the start of the line.
  bool error_at(std::size_t offset, ErrorCode code, std::string message) {
    error_ = {code, std::move(message), {std::string(file_), line_, static_cast<std::uint32_t>(offset - line_start_ + 1), pointer_}};
    return false;
  }
  bool unexpected(std::string_view wanted) {
    if (at_ >= text_.size()) return error_at(at_, ErrorCode::malformed, "the file ends where " + std::string(wanted) + " was expected");
    const char c = peek();
    const bool printable = c > ' ' && c < '\x7f';
    return error_at(at_, ErrorCode::malformed,
                    std::string(wanted) + " was expected" + (printable ? std::string(", not '") + c + "'" : std::string()));
  }

  bool value(Node& node, std::string pointer, int depth) {
    skip_space();
    pointer_ = pointer;
    node.line = line_;
    node.column = static_cast<std::uint32_t>(at_ - line_start_ + 1);
    pointer_bytes_ += pointer.size();
    if (++values_ > values_max || pointer_bytes_ > pointer_bytes_max) {
      return error_at(at_, ErrorCode::too_large, "the file holds more than 1,000,000 values, or too long keys above too many values");
    }
    if (depth > depth_max) return error_at(at_, ErrorCode::too_deep, "nested more deeply than 64 levels");
    node.pointer = std::move(pointer);
    switch (peek()) {
      case '{': node.kind = NodeKind::object; return object(node, depth);
      case '[': node.kind = NodeKind::array; return array(node, depth);
      case '"': node.kind = NodeKind::string; return string(node.string);
      case 't':
        node.kind = NodeKind::boolean;
        node.boolean = true;
        return word("true");
      case 'f': node.kind = NodeKind::boolean; return word("false");
      case 'n': return word("null");
      default: node.kind = NodeKind::number; return number(node);
    }
  }

  bool word(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) return unexpected("a JSON value");
    at_ += expected.size();
    return true;
  }

  bool array(Node& node, int depth) {
    ++at_;
    skip_space();
    if (peek() == ']') return ++at_, true;
    for (;;) {
      node.items.emplace_back();
      if (!value(node.items.back(), node.pointer + "/" + std::to_string(node.items.size() - 1), depth + 1)) return false;
      pointer_ = node.pointer;
      skip_space();
      if (peek() == ']') return ++at_, true;
      if (peek() != ',') return unexpected("',' or ']'");
      ++at_;
    }
  }

  bool object(Node& node, int depth) {
    std::unordered_set<std::string> seen;  // filled only once the object has many members
    ++at_;
    skip_space();
    if (peek() == '}') return ++at_, true;
    for (;;) {
      skip_space();
      if (peek() != '"') return unexpected("a key in double quotes");
      const std::size_t key_at = at_;
      std::string key;
      if (!string(key)) return false;
      std::string pointer = node.pointer;
      append_pointer_token(pointer, key);
      pointer_ = pointer;
      if (stands_already(node, key, seen)) {
        return error_at(key_at, ErrorCode::duplicate_key, "this key stands twice in one object");
      }
      skip_space();
      if (peek() != ':') return unexpected("':' after the key");
      ++at_;
      node.members.push_back({std::move(key), Node{}});
      if (!value(node.members.back().value, std::move(pointer), depth + 1)) return false;
      pointer_ = node.pointer;
      skip_space();
      if (peek() == '}') return ++at_, true;
      if (peek() != ',') return unexpected("',' or '}'");
      ++at_;
    }
  }

  static bool stands_already(const Node& node, const std::string& key, std::unordered_set<std::string>& seen) {
    if (node.members.size() < keys_searched_one_by_one) return node.find(key) != nullptr;
    if (seen.empty()) {
      for (const auto& member : node.members) seen.insert(member.key);
    }
    return !seen.insert(key).second;
  }

  bool string(std::string& out) {
    ++at_;
    for (;;) {
      if (at_ >= text_.size()) return unexpected("the closing '\"'");
      const char c = text_[at_];
      if (c == '"') return ++at_, true;
      if (c == '\\') {
        if (!escape(out)) return false;
      } else if (static_cast<unsigned char>(c) < 0x20) {
        return error_at(at_, ErrorCode::malformed, "a control character in a text must be written as \\u and four digits");
      } else {
        const std::size_t length = utf8_length(text_.substr(at_));
        if (length == 0) return error_at(at_, ErrorCode::invalid_text, "this is not valid UTF-8");
        out.append(text_, at_, length);
        at_ += length;
      }
    }
  }

  bool escape(std::string& out) {
    const std::size_t start = at_++;
    const char c = peek();
    ++at_;
    switch (c) {
      case '"': out += '"'; return true;
      case '\\': out += '\\'; return true;
      case '/': out += '/'; return true;
      case 'b': out += '\b'; return true;
      case 'f': out += '\f'; return true;
      case 'n': out += '\n'; return true;
      case 'r': out += '\r'; return true;
      case 't': out += '\t'; return true;
      case 'u': break;
      default: return error_at(start, ErrorCode::malformed, "an escape JSON does not know");
    }
    std::uint32_t point = 0;
    if (!four_digits(point)) return error_at(start, ErrorCode::malformed, "\\u takes four hexadecimal digits");
    if (point >= 0xD800 && point <= 0xDFFF) {
      std::uint32_t low = 0;
      const bool paired = point < 0xDC00 && text_.substr(at_, 2) == "\\u" && (at_ += 2, four_digits(low)) && low >= 0xDC00 && low <= 0xDFFF;
      if (!paired) return error_at(start, ErrorCode::invalid_text, "half of a surrogate pair is no character");
      point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
    }
    append_utf8(out, point);
    return true;
  }

  bool four_digits(std::uint32_t& out) {
    const std::string_view digits = text_.substr(std::min(at_, text_.size()), 4);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out, 16);
    if (digits.size() != 4 || error != std::errc{} || end != digits.data() + 4) return false;
    at_ += 4;
    return true;
  }

  bool number(Node& node) {
    const std::size_t start = at_;
    if (peek() == '-') ++at_;
    if (!is_digit(peek())) {
      at_ = start;
      return unexpected("a JSON value");
    }
    if (peek() == '0') {
      ++at_;
      if (is_digit(peek())) return error_at(start, ErrorCode::malformed, "a number must not begin with a zero");
    }
    while (is_digit(peek())) ++at_;
    bool whole = true;
    if (peek() == '.') {
      whole = false;
      ++at_;
      if (!is_digit(peek())) return unexpected("a digit after the point");
      while (is_digit(peek())) ++at_;
    }
    if (peek() == 'e' || peek() == 'E') {
      whole = false;
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      if (!is_digit(peek())) return unexpected("a digit of the exponent");
      while (is_digit(peek())) ++at_;
    }
    const auto result = std::from_chars(text_.data() + start, text_.data() + at_, node.number);
    if (result.ec != std::errc{}) return error_at(start, ErrorCode::out_of_range, "this number is too large or too small");
    node.integer = whole && std::abs(node.number) <= 9'007'199'254'740'991.0;
    return true;
  }

  std::string_view text_;
  std::string_view file_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  std::uint32_t line_ = 1;
  std::size_t values_ = 0;
  std::size_t pointer_bytes_ = 0;
  std::string pointer_;
  Error error_;
};

}  // namespace

Result<Node> parse_json(std::string_view text, std::string_view file) { return Reader(text, file).document(); }

Result<std::string> read_text_file(const std::string& path, std::size_t bytes_max_of_file) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) return fail(ErrorCode::not_found, "there is no such file", Place{path, 0, 0, {}});
  if (!std::filesystem::is_regular_file(status)) return fail(ErrorCode::not_found, "this is not a file", Place{path, 0, 0, {}});
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(ErrorCode::not_found, "the file cannot be opened", Place{path, 0, 0, {}});
  std::string text;
  std::string block(64u << 10, '\0');
  while (in) {
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    text.append(block, 0, static_cast<std::size_t>(in.gcount()));
    if (text.size() > bytes_max_of_file) {
      return fail(ErrorCode::too_large, "the file is larger than " + std::to_string(bytes_max_of_file) + " bytes", Place{path, 0, 0, {}});
    }
  }
  if (in.bad()) return fail(ErrorCode::storage_failed, "the file cannot be read to its end", Place{path, 0, 0, {}});
  return text;
}

std::string nearest(std::string_view word, std::span<const std::string_view> candidates) {
  // Levenshtein distance, one row kept; a word is near when at most a third of it (one letter at least) would change.
  const std::size_t allowed = std::max<std::size_t>(1, word.size() / 3);
  std::size_t best = allowed + 1;
  std::string_view found;
  std::vector<std::size_t> row;
  for (const auto candidate : candidates) {
    const std::size_t difference = candidate.size() > word.size() ? candidate.size() - word.size() : word.size() - candidate.size();
    if (difference >= best) continue;
    row.resize(candidate.size() + 1);
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= word.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i;
      for (std::size_t j = 1; j < row.size(); ++j) {
        const std::size_t changed = diagonal + (word[i - 1] == candidate[j - 1] ? 0 : 1);
        diagonal = row[j];
        row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
      }
    }
    if (row.back() < best) {
      best = row.back();
      found = candidate;
    }
  }
  return std::string(found);
}

}  // namespace skerry::pack
