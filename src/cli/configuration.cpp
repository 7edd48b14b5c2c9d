#include "cli/configuration.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <toml++/toml.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>

#include "pack/json_document.hpp"

namespace skerry::cli {
namespace {

Place place_of(const toml::source_region& region, const std::string& file, std::string path) {
  return {file, region.begin.line, region.begin.column, std::move(path)};
}

/// A TOML basic string: quotes, backslashes and control characters escaped.
std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

Error storage_error(int number, const std::string& file) {
  const auto code = number == ENOSPC || number == EDQUOT  ? ErrorCode::storage_full
                    : number == EROFS || number == EACCES ? ErrorCode::storage_read_only
                                                          : ErrorCode::storage_failed;
  return {code, "cannot be written: " + std::string(std::strerror(number)), Place{file, 0, 0, {}}};
}

/// One setting into `out`, or what is wrong with it.
std::optional<Error> read_setting(std::string_view key, const toml::node& node, const Place& at, Configuration& out) {
  if (key == "name") {
    if (!node.is_string()) return Error{ErrorCode::wrong_type, "expected a text in quotes", at};
    out.name = node.as_string()->get();
  } else if (key == "demonstration") {
    if (!node.is_boolean()) return Error{ErrorCode::wrong_type, "expected true or false", at};
    out.demonstration = node.as_boolean()->get();
  } else if (key == "floor") {
    if (!node.is_integer()) return Error{ErrorCode::wrong_type, "expected a whole number", at};
    out.floor = node.as_integer()->get();
    if (out.floor < floor_min || out.floor > 1'000'000) return Error{ErrorCode::out_of_range, "expected a whole number of at least 5", at};
  } else {
    return Error{ErrorCode::unknown_parameter, "is not a setting; known are name, demonstration and floor", at};
  }
  return std::nullopt;
}

Result<Configuration> read_table(const toml::table& table, const std::string& file) {
  Configuration out;
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    if (auto wrong = read_setting(name, node, place_of(node.source(), file, name), out)) return fail(std::move(*wrong));
  }
  return out;
}

}  // namespace

Result<Configuration> read_configuration(const std::filesystem::path& file) {
  const auto name = file.string();
  const auto text = pack::read_text_file(name, 1u << 20);
  if (!text) {
    if (text.error().code == ErrorCode::not_found) {
      return fail(ErrorCode::not_a_registry, "there is no skerry.toml in it; make a registry with: skerry init DIR",
                  Place{file.parent_path().string(), 0, 0, {}});
    }
    return fail(text.error());
  }
  try {
    return read_table(toml::parse(*text, name), name);
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::malformed, std::string(error.description()), place_of(error.source(), name, {}));
  }
}

Result<void> write_configuration(const std::filesystem::path& file, const Configuration& configuration) {
  const auto text = fmt::format(
      "# The settings of this Skerry registry. A line that starts with # is a remark.\n\n"
      "# The registry's name, as the pages show it.\n"
      "name = {}\n\n"
      "# true: the participants are made up, and every page says so.\n"
      "demonstration = {}\n\n"
      "# The smallest number of people a figure may show, 5 or more. Smaller counts are withheld.\n"
      "floor = {}\n",
      toml_string(configuration.name), configuration.demonstration, configuration.floor);
  const auto partial = file.string() + ".partial";
  const int descriptor = ::open(partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  if (descriptor < 0) return fail(storage_error(errno, file.string()));
  std::size_t written = 0;
  while (written < text.size()) {
    const auto count = ::write(descriptor, text.data() + written, text.size() - written);
    if (count < 0) break;
    written += static_cast<std::size_t>(count);
  }
  const bool stored = written == text.size() && ::fsync(descriptor) == 0;
  const int number = errno;
  ::close(descriptor);
  if (!stored || std::rename(partial.c_str(), file.c_str()) != 0) {
    const auto error = storage_error(stored ? errno : number, file.string());
    ::unlink(partial.c_str());
    return fail(error);
  }
  const auto folder = ::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    ::fsync(folder);
    ::close(folder);
  }
  return {};
}

}  // namespace skerry::cli
