// A file that was put into the program when it was built (cmake/embed.cmake).
#pragma once

#include <algorithm>
#include <span>
#include <string_view>

namespace skerry {

/// Both views live as long as the program. `path` is relative to the folder that was embedded, with "/" between its parts.
struct EmbeddedFile {
  std::string_view path;
  std::string_view bytes;
};

/// The file of that path in a table made by skerry_embed(), which is sorted by path; nullptr when there is none.
[[nodiscard]] inline const EmbeddedFile* find_embedded(std::span<const EmbeddedFile> files, std::string_view path) noexcept {
  const auto found = std::lower_bound(files.begin(), files.end(), path,
                                      [](const EmbeddedFile& file, std::string_view wanted) { return file.path < wanted; });
  return found != files.end() && found->path == path ? &*found : nullptr;
}

}  // namespace skerry
