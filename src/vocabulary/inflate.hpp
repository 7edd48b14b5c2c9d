// A file's bytes, unpacked when it is gzip.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "base/error.hpp"

namespace skerry::vocabulary {

/// Plain or gzip (also several members in a row), told apart by the first bytes. Errors, with the file: not_found, malformed
/// (damaged or cut-off gzip), too_large (more than `bytes_max` unpacked; nothing above it is ever held), storage_failed.
[[nodiscard]] Result<std::string> read_maybe_gzip(const std::filesystem::path& file, std::size_t bytes_max);

}  // namespace skerry::vocabulary
