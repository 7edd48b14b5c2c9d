// The fields of a form as a browser sends them (application/x-www-form-urlencoded).
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace skerry::web {

using Form = std::map<std::string, std::string, std::less<>>;

/// Line ends of several lines come as \n. Errors: malformed (a % that is no escape, a field twice), invalid_text, unknown_parameter (a
/// field that is not `known`).
[[nodiscard]] Result<Form> read_form(std::string_view body, std::span<const std::string_view> known);

}  // namespace skerry::web
