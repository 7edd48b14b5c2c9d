// Who may use the workbench: a pass that only the holder of the registry's workbench key can make. A pass says a role, a name and a day it
// ends; it is carried in a link and then in a cookie. It proves that someone was given the link, not who they are.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/date.hpp"
#include "base/error.hpp"
#include "consent/view.hpp"

namespace skerry::web {

struct WorkbenchPass {
  consent::Role role = consent::Role::researcher;  ///< steward or researcher
  std::string name;                                ///< 1 to 60 letters, digits, spaces and .-_@; goes into the audit
  std::int64_t until_day = 0;                      ///< the last day it holds, days since 1970-01-01 (UTC)
  bool operator==(const WorkbenchPass&) const = default;
};

/// Immutable; thread-safe.
class WorkbenchKey {
 public:
  /// keys/workbench.key of the registry, made when it is missing and `make`. Errors: not_found, malformed, storage_*.
  static Result<WorkbenchKey> read(const std::filesystem::path& directory, bool make);

  /// Letters, digits, '-', '_' and one '.'. Errors: out_of_range (name or role).
  [[nodiscard]] Result<std::string> seal(const WorkbenchPass& pass) const;
  /// nullopt when it was not made with this key or has ended.
  [[nodiscard]] std::optional<WorkbenchPass> check(std::string_view token, Instant now) const;
  /// What a form of this pass's holder carries, so that no other site can send it.
  [[nodiscard]] std::string form_token(std::string_view token) const;
  /// Compares in constant time.
  [[nodiscard]] bool form_token_holds(std::string_view token, std::string_view given) const;

 private:
  explicit WorkbenchKey(std::string key) : key_(std::move(key)) {}
  std::string key_;  ///< 32 bytes
};

inline constexpr std::string_view workbench_cookie = "skerry_workbench";
/// The pass in a Cookie header; empty when there is none.
[[nodiscard]] std::string_view pass_in_cookies(std::string_view cookies);

}  // namespace skerry::web
