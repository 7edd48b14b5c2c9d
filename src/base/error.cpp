#include "base/error.hpp"

namespace skerry {

std::string Place::text() const {
  std::string out = file;
  if (line != 0) {
    out += (out.empty() ? "line " : ":") + std::to_string(line);
    if (column != 0) out += ":" + std::to_string(column);
  }
  if (!path.empty()) out += (out.empty() ? "" : ": ") + path;
  return out;
}

std::string Error::text() const {
  const std::string where = place.text();
  return where.empty() ? message : where + ": " + message;
}

namespace {
struct Entry {
  std::string_view name;
  std::string_view meaning;
  int http;
  int exit;
};

Entry entry_of(ErrorCode code) noexcept {
  switch (code) {
#define SKERRY_ERROR(name, number, http, exit, text) \
  case ErrorCode::name: return {#name, text, http, exit};
#include "base/error_catalogue.def"
#undef SKERRY_ERROR
  }
  return {"internal", "A bug in Skerry", 500, 70};
}
}  // namespace

std::string_view name_of(ErrorCode code) noexcept { return entry_of(code).name; }
std::string_view meaning_of(ErrorCode code) noexcept { return entry_of(code).meaning; }
int http_status_of(ErrorCode code) noexcept { return entry_of(code).http; }
int exit_code_of(ErrorCode code) noexcept { return entry_of(code).exit; }

}  // namespace skerry
