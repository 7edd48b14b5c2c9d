// Failures as values: one catalogue gives the code, its text, its HTTP status and its exit code.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace skerry {

enum class ErrorCode : std::uint16_t {
#define SKERRY_ERROR(name, number, http, exit, text) name = number,
#include "base/error_catalogue.def"
#undef SKERRY_ERROR
};

/// Where in the input an error stands. Empty or zero parts are not known.
struct Place {
  std::string file;          ///< as the user named it
  std::uint32_t line = 0;    ///< from 1
  std::uint32_t column = 0;  ///< in bytes, from 1
  std::string path;          ///< RFC 6901 JSON pointer, or a field's name

  /// "file:line:column: path" with the parts that are known; empty when none is.
  [[nodiscard]] std::string text() const;
  bool operator==(const Place&) const = default;
};

/// `message` says what was found and what was expected. It never holds patient data: quote a field's name, not its value,
/// unless the value is a code or a key of the format.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;
  Place place{};

  /// "place: message", one line.
  [[nodiscard]] std::string text() const;
  bool operator==(const Error&) const = default;
};

template <class T>
using Result = tl::expected<T, Error>;

/// The failure branch of a Result: `return fail(ErrorCode::malformed, "...");`
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string message, Place place = {}) {
  return tl::unexpected<Error>(Error{code, std::move(message), std::move(place)});
}
[[nodiscard]] inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

[[nodiscard]] std::string_view name_of(ErrorCode code) noexcept;     ///< "missing_field"
[[nodiscard]] std::string_view meaning_of(ErrorCode code) noexcept;  ///< the catalogue's sentence
[[nodiscard]] int http_status_of(ErrorCode code) noexcept;
[[nodiscard]] int exit_code_of(ErrorCode code) noexcept;

}  // namespace skerry
