// Small files that are written whole or not at all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "base/error.hpp"

namespace skerry {

enum class Existing : std::uint8_t { replace, refuse };

/// After it returns, `text` is on disk under this name (readable by its owner alone), or the file is as it was before.
/// Errors: already_exists (with refuse), storage_full, storage_read_only, storage_failed.
[[nodiscard]] Result<void> write_durable_file(const std::filesystem::path& file, std::string_view text, Existing existing);

}  // namespace skerry
