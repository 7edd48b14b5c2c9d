#include "answers/html.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace skerry::answers {
namespace {

void append_utf8(std::string& out, std::uint32_t point) {
  const auto byte = [&out](std::uint32_t value) { out += static_cast<char>(static_cast<unsigned char>(value)); };
  if (point == 0 || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) point = 0xfffd;
  if (point < 0x80) {
    byte(point);
  } else if (point < 0x800) {
    byte(0xc0 | point >> 6);
    byte(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    byte(0xe0 | point >> 12);
    byte(0x80 | (point >> 6 & 0x3f));
    byte(0x80 | (point & 0x3f));
  } else {
    byte(0xf0 | point >> 18);
    byte(0x80 | (point >> 12 & 0x3f));
    byte(0x80 | (point >> 6 & 0x3f));
    byte(0x80 | (point & 0x3f));
  }
}

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

/// Printable ASCII that may stand in an address, and bytes outside ASCII; no quotes, spaces, controls, brackets or backslashes.
bool may_stand_in_address(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (byte > 0x20 && byte < 0x7f && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos);
}

}  // namespace

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
}

std::optional<std::string> decode_entity(std::string_view entity) {
  static constexpr std::array<std::pair<std::string_view, std::uint32_t>, 14> names{{{"amp", '&'},
                                                                                     {"lt", '<'},
                                                                                     {"gt", '>'},
                                                                                     {"quot", '"'},
                                                                                     {"apos", '\''},
                                                                                     {"nbsp", 0xa0},
                                                                                     {"shy", 0xad},
                                                                                     {"deg", 0xb0},
                                                                                     {"times", 0xd7},
                                                                                     {"ndash", 0x2013},
                                                                                     {"mdash", 0x2014},
                                                                                     {"hellip", 0x2026},
                                                                                     {"le", 0x2264},
                                                                                     {"ge", 0x2265}}};
  if (entity.size() < 3 || entity.front() != '&' || entity.back() != ';') return std::nullopt;
  auto body = entity.substr(1, entity.size() - 2);
  std::string out;
  if (body.front() != '#') {
    for (const auto& [name, point] : names) {
      if (name == body) {
        append_utf8(out, point);
        return out;
      }
    }
    return std::nullopt;
  }
  body.remove_prefix(1);
  int base = 10;
  if (!body.empty() && (body.front() == 'x' || body.front() == 'X')) {
    body.remove_prefix(1);
    base = 16;
  }
  std::uint32_t point = 0;
  const auto [end, error] = std::from_chars(body.data(), body.data() + body.size(), point, base);
  if (body.empty() || end != body.data() + body.size()) return std::nullopt;
  // A control character other than white space is as little text as NUL is.
  const bool control = point == 0x7f || (point < 0x20 && point != '\t' && point != '\n');
  append_utf8(out, error == std::errc{} && !control ? point : 0);
  return out;
}

std::optional<LinkKind> kind_of_link(std::string_view address) {
  for (const char c : address) {
    if (!may_stand_in_address(c)) return std::nullopt;
  }
  constexpr std::string_view scheme = "https://";
  if (address.starts_with('#')) return address.size() > 1 ? std::optional(LinkKind::internal) : std::nullopt;
  if (address.starts_with('/')) return address.starts_with("//") ? std::nullopt : std::optional(LinkKind::internal);
  if (!address.starts_with(scheme)) return std::nullopt;
  address.remove_prefix(scheme.size());
  const auto host = address.substr(0, address.find_first_of("/?#"));
  if (host.empty() || !is_alphanumeric(host.front())) return std::nullopt;
  for (const char c : host) {
    if (!is_alphanumeric(c) && c != '.' && c != '-') return std::nullopt;
  }
  return host.find('.') == std::string_view::npos ? std::nullopt : std::optional(LinkKind::external);
}

std::string percent_encoded(std::string_view address) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : address) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
}

}  // namespace skerry::answers
