#include "web/routes.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace skerry::web {
namespace {

constexpr std::array table{
    Route{"/", RouteKind::root},
    Route{"/{lang}", RouteKind::language_root},
    Route{"/{lang}/", RouteKind::home},
    Route{"/{lang}/questions/{id}", RouteKind::question},
    Route{"/{lang}/figures/{study...}", RouteKind::figure},
    Route{"/{lang}/privacy", RouteKind::privacy},
    Route{"/{lang}/accessibility", RouteKind::accessibility},
    Route{"/{lang}/workbench", RouteKind::workbench},
    Route{"/{lang}/workbench/enter/{pass}", RouteKind::workbench_enter},
    Route{"/{lang}/workbench/studies/{study...}", RouteKind::workbench_study},
    Route{"/static/{file}", RouteKind::asset},
    Route{"/healthz", RouteKind::health},
    Route{"/robots.txt", RouteKind::robots},
    Route{"/favicon.svg", RouteKind::icon},
    Route{"/favicon.ico", RouteKind::old_icon},
};

/// Takes the first part off `rest` ("a/b" leaves "b"; the last part leaves nothing) and says whether a "/" followed it.
std::string_view take_part(std::string_view& rest, bool& more) {
  const auto slash = rest.find('/');
  const auto part = rest.substr(0, slash);
  more = slash != std::string_view::npos;
  rest = more ? rest.substr(slash + 1) : std::string_view{};
  return part;
}

std::optional<Match> match_one(const Route& route, std::string_view path, std::span<const std::string> languages) {
  Match match{.kind = route.kind, .language = {}, .name = {}};
  auto pattern = route.pattern.substr(1), rest = path.substr(1);
  bool pattern_more = true, path_more = true;
  while (pattern_more && path_more) {
    if (pattern.ends_with("...}") && pattern.find('/') == std::string_view::npos) {
      if (rest.empty()) return std::nullopt;
      match.name = rest;
      return match;
    }
    const auto wanted = take_part(pattern, pattern_more);
    const auto part = take_part(rest, path_more);
    if (wanted == "{lang}") {
      if (std::find(languages.begin(), languages.end(), part) == languages.end()) return std::nullopt;
      match.language = part;
    } else if (wanted.starts_with('{')) {
      if (part.empty()) return std::nullopt;
      match.name = part;
    } else if (wanted != part) {
      return std::nullopt;
    }
  }
  return pattern_more == path_more ? std::optional(match) : std::nullopt;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// The weight of one element of the field, from 0 to 1; 0 when it cannot be read.
double weight_of(std::string_view parameters) {
  const auto q = trimmed(parameters);
  if (q.empty()) return 1;
  if (q.size() < 3 || lower(q[0]) != 'q' || q[1] != '=') return 0;
  double weight = 0;
  const auto [end, error] = std::from_chars(q.data() + 2, q.data() + q.size(), weight, std::chars_format::fixed);
  return error == std::errc{} && end == q.data() + q.size() && weight >= 0 && weight <= 1 ? weight : 0;
}

}  // namespace

std::span<const Route> routes() { return table; }

bool is_workbench(RouteKind kind) noexcept {
  return kind == RouteKind::workbench || kind == RouteKind::workbench_enter || kind == RouteKind::workbench_study;
}

std::string_view allowed_methods(RouteKind kind) noexcept { return kind == RouteKind::workbench ? "GET, HEAD, POST" : "GET, HEAD"; }

std::optional<Match> match_route(std::string_view path, std::span<const std::string> languages) {
  if (!path.starts_with('/')) return std::nullopt;
  for (const auto& route : table) {
    if (auto match = match_one(route, path, languages)) return match;
  }
  return std::nullopt;
}

std::string negotiate_language(std::string_view accept_language, std::span<const std::string> languages) {
  if (languages.empty()) return "en";
  std::string best = languages.front();
  double best_weight = 0;
  constexpr int elements_max = 32;
  for (int i = 0; i < elements_max && !accept_language.empty(); ++i) {
    const auto comma = accept_language.find(',');
    const auto element = trimmed(accept_language.substr(0, comma));
    accept_language = comma == std::string_view::npos ? std::string_view{} : accept_language.substr(comma + 1);
    const auto semicolon = element.find(';');
    const double weight = semicolon == std::string_view::npos ? 1 : weight_of(element.substr(semicolon + 1));
    std::string tag(trimmed(element.substr(0, semicolon)));
    std::transform(tag.begin(), tag.end(), tag.begin(), lower);
    if (weight <= best_weight) continue;
    for (const auto& language : languages) {
      if (tag == language || tag.starts_with(language + "-") || (tag == "*" && best_weight <= 0)) {
        best = language;
        best_weight = weight;
        break;
      }
    }
  }
  return best;
}

}  // namespace skerry::web
