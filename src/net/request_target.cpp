#include "net/request_target.hpp"

#include <algorithm>
#include <optional>

namespace skerry::net {
namespace {

std::optional<unsigned> hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

unsigned char byte_at(std::string_view text, std::size_t i) noexcept { return static_cast<unsigned char>(text[i]); }

/// The length of the well-formed UTF-8 sequence at `i`, by table 3-7 of the Unicode Standard; 0 when there is none.
std::size_t sequence_length(std::string_view text, std::size_t i) noexcept {
  const unsigned char lead = byte_at(text, i);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xC2 && lead <= 0xDF ? 2 : (lead & 0xF0U) == 0xE0 ? 3 : lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
  if (length == 0 || i + length > text.size()) return 0;
  const unsigned char second = byte_at(text, i + 1);
  const unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (second < low || second > high) return 0;
  for (std::size_t k = 2; k < length; ++k) {
    if ((byte_at(text, i + k) & 0xC0U) != 0x80) return 0;
  }
  return length;
}

bool is_utf8(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = sequence_length(text, i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

Result<std::string> decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+' && plus_is_space) {
      c = ' ';
    } else if (c == '%') {
      const auto high = i + 2 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
      const auto low = i + 2 < text.size() ? hex_digit(text[i + 2]) : std::nullopt;
      if (!high || !low) return fail(ErrorCode::malformed, "a '%' is not followed by two hexadecimal digits");
      c = static_cast<char>(*high * 16 + *low);
      i += 2;
    }
    if (c == '\0') return fail(ErrorCode::malformed, "the address holds a NUL");
    decoded.push_back(c);
  }
  if (!is_utf8(decoded)) return fail(ErrorCode::invalid_text, "the address is not UTF-8");
  return decoded;
}

bool has_dot_segment(std::string_view path) noexcept {
  std::size_t from = 0;
  while (from <= path.size()) {
    const std::size_t slash = std::min(path.find('/', from), path.size());
    const std::string_view segment = path.substr(from, slash - from);
    if (segment == "." || segment == "..") return true;
    from = slash + 1;
  }
  return false;
}

bool starts_with_scheme(std::string_view target, std::string_view scheme) noexcept {
  if (target.size() < scheme.size()) return false;
  return std::equal(scheme.begin(), scheme.end(), target.begin(), [](char expected, char found) {
    return found == expected || (found >= 'A' && found <= 'Z' && found + 32 == expected);
  });
}

/// The path and query of an absolute form. Its authority says nothing a single server does not know.
Result<std::string_view> without_authority(std::string_view target) {
  for (const std::string_view scheme : {std::string_view("http://"), std::string_view("https://")}) {
    if (!starts_with_scheme(target, scheme)) continue;
    const std::string_view rest = target.substr(scheme.size());
    const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
    const std::string_view authority = rest.substr(0, end);
    if (authority.empty() || authority.find('@') != std::string_view::npos) {
      return fail(ErrorCode::malformed, "the address has no host, or user information before it");
    }
    return rest.substr(end);
  }
  return fail(ErrorCode::malformed, "the address starts neither with '/' nor with http:// or https://");
}

}  // namespace

Result<Query> parse_query(std::string_view text) {
  Query query;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = decode(pair.substr(0, equals), true);
    if (!name) return fail(name.error());
    auto value = decode(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!value) return fail(value.error());
    query.emplace_back(std::move(*name), std::move(*value));
  }
  return query;
}

Result<RequestTarget> parse_request_target(std::string_view target) {
  const auto visible = [](char c) { return c > ' ' && c < '\x7f'; };
  if (!std::ranges::all_of(target, visible)) return fail(ErrorCode::malformed, "the address holds a byte that must be escaped");
  if (target.find('#') != std::string_view::npos) return fail(ErrorCode::malformed, "the address holds a fragment");
  if (!target.starts_with('/')) {
    const auto rest = without_authority(target);
    if (!rest) return fail(rest.error());
    target = *rest;
  }
  const std::size_t question = std::min(target.find('?'), target.size());
  auto path = decode(target.substr(0, question), false);
  if (!path) return fail(path.error());
  if (path->empty()) *path = "/";
  const auto control = [](char c) { return (c >= '\0' && c < ' ') || c == '\x7f'; };
  if (std::ranges::any_of(*path, control)) return fail(ErrorCode::malformed, "the path holds a control character");
  if (has_dot_segment(*path)) return fail(ErrorCode::malformed, "the path holds a \".\" or \"..\" segment");
  auto query = parse_query(target.substr(std::min(question + 1, target.size())));
  if (!query) return fail(query.error());
  return RequestTarget{std::move(*path), std::move(*query)};
}

}  // namespace skerry::net
