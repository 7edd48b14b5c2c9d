// Patterns of ICU MessageFormat, checked.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace skerry::pack {

/// The names of the arguments a pattern takes. Errors: malformed (with the offset ICU names), unknown_value (the language).
[[nodiscard]] Result<std::set<std::string>> arguments_of(std::string_view pattern, std::string_view language);

/// Whether `tag` is a language tag ICU has rules for.
[[nodiscard]] bool known_language(std::string_view tag);

}  // namespace skerry::pack
