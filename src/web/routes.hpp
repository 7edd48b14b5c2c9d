// Every address of the site. What is not in this table is 404.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace skerry::web {

enum class RouteKind : std::uint8_t {
  root,           ///< sends on to the home page in the reader's language
  language_root,  ///< sends on to the same address with "/"
  home,
  question,
  figure,
  privacy,
  accessibility,
  workbench,        ///< the list of studies; POST: check, preview or save one
  workbench_enter,  ///< by the pass of a link
  workbench_study,
  asset,
  health,
  robots,
  icon,
  old_icon,  ///< sends on to the icon
};

struct Route {
  /// {lang} is one of the site's languages, {name} one part of the path, {name...} all the rest; neither is empty.
  std::string_view pattern;
  RouteKind kind;
};

struct Match {
  RouteKind kind = RouteKind::root;
  std::string language;  ///< of {lang}; empty when the pattern has none
  std::string name;      ///< of the other placeholder
};

/// Every route takes GET and HEAD (the workbench POST too) and no query parameter.
[[nodiscard]] std::span<const Route> routes();
[[nodiscard]] std::string_view allowed_methods(RouteKind kind) noexcept;
[[nodiscard]] bool is_workbench(RouteKind kind) noexcept;

[[nodiscard]] std::optional<Match> match_route(std::string_view path, std::span<const std::string> languages);

/// The one of `languages` (BCP 47, lower case primary tags) that an Accept-Language field asks for most (RFC 9110 12.5.4); the
/// first when it asks for none of them or cannot be read.
[[nodiscard]] std::string negotiate_language(std::string_view accept_language, std::span<const std::string> languages);

}  // namespace skerry::web
