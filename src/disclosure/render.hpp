// What the renderings of a released figure share.
#pragma once

#include <string>
#include <string_view>

#include "evidence/figure.hpp"

namespace skerry::disclosure {

[[nodiscard]] std::string_view name_of(evidence::Mark mark) noexcept;  ///< "open", "few", "withheld"

/// The title in the language, else in English, else in any; else the code's label or id; else the id.
[[nodiscard]] std::string name_in(const pack::Texts& title, const Code& code, std::string_view id, std::string_view language);

}  // namespace skerry::disclosure
