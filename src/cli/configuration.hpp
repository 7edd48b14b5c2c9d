// skerry.toml: the settings of one registry, in its data directory. The file explains itself.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/error.hpp"

namespace skerry::cli {

struct Configuration {
  std::string name;            ///< of the registry, as the pages show it
  bool demonstration = false;  ///< every page says that the data is synthetic
  std::int64_t floor = 5;      ///< smallest count of people that is shown; never below 5
  bool operator==(const Configuration&) const = default;
};

inline constexpr std::int64_t floor_min = 5;

/// Errors with line and column: malformed, wrong_type, out_of_range, unknown_parameter; not_a_registry when there is no file.
[[nodiscard]] Result<Configuration> read_configuration(const std::filesystem::path& file);
/// Written whole or not at all, and flushed to disk.
[[nodiscard]] Result<void> write_configuration(const std::filesystem::path& file, const Configuration& configuration);

}  // namespace skerry::cli
