// The only way to write a log line. Patient data does not compile into one (base/patient_data.hpp).
#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "base/patient_data.hpp"

namespace skerry::log {

enum class Level { debug, info, warning, error };

/// Thread-safe. Writes one line to standard error: time, level, text. Control characters in `text` are escaped.
void write(Level level, std::string_view text);
void set_level(Level lowest);

template <Loggable... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::info, fmt::format(format, std::forward<Args>(args)...));
}
template <Loggable... Args>
void warning(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::warning, fmt::format(format, std::forward<Args>(args)...));
}
template <Loggable... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::error, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace skerry::log
