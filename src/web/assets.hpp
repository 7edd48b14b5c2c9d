// Files built into the program for the pages: templates, texts, stylesheet, icon.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/embedded.hpp"

namespace skerry::web {

/// templates/, texts/ and static/ of the folder web. Defined by web/pages.cmake.
[[nodiscard]] std::span<const EmbeddedFile> page_files();
/// What web/build.mjs makes: skerry.css.
[[nodiscard]] std::span<const EmbeddedFile> built_files();

/// The stylesheet's name with a part of its digest ("skerry.0123456789ab.css"), so that it may be kept for a year.
[[nodiscard]] const std::string& stylesheet_name();
[[nodiscard]] std::string_view stylesheet();
[[nodiscard]] std::string_view icon();

/// & < > " ' as entities.
[[nodiscard]] std::string escape_html(std::string_view text);

}  // namespace skerry::web
