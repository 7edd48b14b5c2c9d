#include "web/form.hpp"

#include <simdjson.h>

#include <algorithm>
#include <optional>

namespace skerry::web {
namespace {

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      if (i + 2 >= text.size()) return std::nullopt;
      const auto high = hex_digit(text[i + 1]);
      const auto low = hex_digit(text[i + 2]);
      if (!high || !low) return std::nullopt;
      out += static_cast<char>(*high * 16 + *low);
      i += 2;
    }
  }
  return out;
}

/// \r\n and \r as \n: what a browser makes of a text area's lines.
std::string with_plain_line_ends(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      out += text[i];
    } else {
      out += '\n';
      if (i + 1 < text.size() && text[i + 1] == '\n') ++i;
    }
  }
  return out;
}

}  // namespace

Result<Form> read_form(std::string_view body, std::span<const std::string_view> known) {
  Form out;
  while (!body.empty()) {
    const auto end = body.find('&');
    const auto pair = body.substr(0, end);
    body = end == std::string_view::npos ? std::string_view{} : body.substr(end + 1);
    const auto equals = pair.find('=');
    const auto name = decoded(pair.substr(0, equals));
    const auto value = decoded(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1));
    if (!name || !value) return fail(ErrorCode::malformed, "the form is not well-formed");
    if (std::ranges::find(known, *name) == known.end()) return fail(ErrorCode::unknown_parameter, "the form has a field that is not known");
    if (!simdjson::validate_utf8(value->data(), value->size()))
      return fail(ErrorCode::invalid_text, "the field \"" + *name + "\" is not valid UTF-8");
    if (!out.emplace(*name, with_plain_line_ends(*value)).second)
      return fail(ErrorCode::malformed, "the field \"" + *name + "\" stands twice");
  }
  return out;
}

}  // namespace skerry::web
