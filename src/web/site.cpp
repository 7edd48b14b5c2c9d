#include "web/site.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "web/assets.hpp"
#include "web/page.hpp"
#include "web/page_cache.hpp"
#include "web/registry_stamp.hpp"
#include "web/responses.hpp"
#include "web/routes.hpp"
#include "web/workbench.hpp"

namespace skerry::web {
namespace {

bool reads(const net::Request& request) { return request.method == "GET" || request.method == "HEAD"; }

std::string_view accepted_languages(const net::Request& request) {
  const auto found = request.headers.find("accept-language");
  return found == request.headers.end() ? std::string_view{} : std::string_view(found->second);
}

/// The language an error is told in: that of the address, else what the reader asks for.
std::string error_language(const net::Request& request, const std::vector<std::string>& languages) {
  for (const auto& language : languages) {
    if (request.path == "/" + language || request.path.starts_with("/" + language + "/")) return language;
  }
  return negotiate_language(accepted_languages(request), languages);
}

/// "poh/x.json" as "poh/x" and ".json".
std::pair<std::string_view, std::string_view> split_ending(std::string_view study) {
  for (const std::string_view ending : {".json", ".csv"}) {
    if (study.ends_with(ending)) return {study.substr(0, study.size() - ending.size()), ending};
  }
  return {study, {}};
}

}  // namespace

struct Site::Impl {
  SiteParts parts;
  SiteOptions options;
  Catalogue catalogue;
  FigureDesk desk;
  PageCache cache;
  Workbench workbench;

  Impl(SiteParts site_parts, SiteOptions site_options, Catalogue texts)
      : parts(std::move(site_parts)),
        options(std::move(site_options)),
        catalogue(std::move(texts)),
        desk(parts, options.floor, options.clock, options.recompute_interval),
        cache([this] { return registry_stamp(parts, options.clock()); }, options.recheck_interval),
        workbench(parts.directory) {}

  [[nodiscard]] const std::vector<std::string>& languages() const { return parts.pack.languages; }
  [[nodiscard]] SiteContext context(const std::string& stamp) { return {parts, options, catalogue, desk, stamp}; }

  net::Response error(int status, std::string_view language);
  net::Response page(const net::Request& request, const Match& match);
  net::Response figure_file(const Match& match, std::string_view study, std::string_view ending, const std::string& stamp);
  net::Response plain(const net::Request& request, const Match& match);
  net::Response answer(const net::Request& request);
};

net::Response Site::Impl::error(int status, std::string_view language) {
  const std::string stamp;
  const auto site = context(stamp);
  const auto phrases = site.phrases(language);
  return html(status, in_frame(error_page(status, phrases), site, phrases), language, Caching::never);
}

net::Response Site::Impl::figure_file(const Match& match, std::string_view study, std::string_view ending, const std::string& stamp) {
  if (parts.pack.study(study) == nullptr) return error(404, match.language);
  const auto figure = desk.shown(study, stamp);
  if (!figure) {
    log::warning("figure {}: {}", study, figure.error().text());
    const auto& code = figure.error().code;
    const bool json = ending == ".json";
    auto text = json ? fmt::format(R"({{"error":{{"code":{},"name":"{}","message":"{}"}}}})", static_cast<int>(code), name_of(code),
                                   meaning_of(code))
                     : std::string(meaning_of(code)) + "\n";
    return respond(http_status_of(code), json ? "application/json" : "text/plain; charset=utf-8", std::move(text), Caching::never);
  }
  if (ending == ".json") return respond(200, "application/json", disclosure::to_json(*figure), Caching::revalidate);
  return respond(200, "text/csv; charset=utf-8; header=present", disclosure::to_csv(*figure), Caching::revalidate);
}

net::Response Site::Impl::page(const net::Request& request, const Match& match) {
  const auto state = cache.check();
  const auto [study, ending] = match.kind == RouteKind::figure ? split_ending(match.name) : std::pair<std::string_view, std::string_view>{};
  if (!ending.empty()) return figure_file(match, study, ending, state.stamp);
  if (auto kept = cache.find(request.path)) return std::move(*kept);

  const auto site = context(state.stamp);
  const auto phrases = site.phrases(match.language);
  Result<Page> made = fail(ErrorCode::not_found, "no such page");
  switch (match.kind) {
    case RouteKind::home: made = home_page(site, phrases); break;
    case RouteKind::question: made = question_page(site, phrases, match.name); break;
    case RouteKind::figure: made = recompute_page(site, phrases, match.name); break;
    case RouteKind::privacy: made = privacy_page(site, phrases); break;
    case RouteKind::accessibility: made = accessibility_page(site, phrases); break;
    default: break;
  }
  if (!made) {
    if (made.error().code == ErrorCode::not_found) return error(404, match.language);
    log::error("{}: {}", request.path, made.error().text());
    return error(500, match.language);
  }
  const bool recomputed = match.kind == RouteKind::figure;
  auto response = html(made->status, in_frame(*made, site, phrases), match.language, recomputed ? Caching::never : Caching::revalidate);
  if (made->status == 200 && !recomputed) cache.keep(request.path, response, state);
  return response;
}

net::Response Site::Impl::plain(const net::Request& request, const Match& match) {
  switch (match.kind) {
    case RouteKind::root: {
      auto response = redirect(303, "/" + negotiate_language(accepted_languages(request), languages()) + "/");
      response.headers.emplace_back("vary", "accept-language");
      return response;
    }
    case RouteKind::language_root: return redirect(308, "/" + match.language + "/");
    case RouteKind::asset:
      if (match.name != stylesheet_name()) return error(404, error_language(request, languages()));
      return respond(200, "text/css; charset=utf-8", std::string(stylesheet()), Caching::year);
    case RouteKind::health: {
      const bool well = parts.ledger.head().has_value();
      return respond(well ? 200 : 503, "text/plain; charset=utf-8", well ? "ok\n" : "the ledger cannot be read\n", Caching::never);
    }
    case RouteKind::robots: {
      std::string rules = "User-agent: *\n";
      if (options.demonstration) {
        rules += "Disallow: /\n";  // nobody shall find made-up figures by searching
      } else {
        for (const auto& language : languages()) rules += "Disallow: /" + language + "/figures/\n";
      }
      return respond(200, "text/plain; charset=utf-8", std::move(rules), Caching::revalidate);
    }
    case RouteKind::icon: return respond(200, "image/svg+xml", std::string(icon()), Caching::revalidate);
    case RouteKind::old_icon: return redirect(308, "/favicon.svg");
    default: return page(request, match);
  }
}

net::Response Site::Impl::answer(const net::Request& request) {
  const auto match = match_route(request.path, languages());
  if (!match) return error(404, error_language(request, languages()));
  if (!reads(request) && !(match->kind == RouteKind::workbench && request.method == "POST")) {
    auto response = error(405, error_language(request, languages()));
    response.headers.emplace_back("allow", std::string(allowed_methods(match->kind)));
    return response;
  }
  if (!request.query.empty() || request.target.find('?') != std::string::npos) return error(400, error_language(request, languages()));
  if (is_workbench(match->kind)) {
    const std::string stamp;
    return workbench.answer(request, *match, context(stamp));
  }
  return conditional(plain(request, *match), request);
}

Result<std::unique_ptr<Site>> Site::create(SiteParts parts, SiteOptions options) {
  auto catalogue = Catalogue::read(page_files());
  if (!catalogue) return fail(std::move(catalogue.error()));
  return std::unique_ptr<Site>(new Site(std::make_unique<Impl>(std::move(parts), std::move(options), std::move(*catalogue))));
}

Site::Site(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Site::~Site() = default;

net::Response Site::handle(const net::Request& request) {
  try {
    return impl_->answer(request);
  } catch (const std::exception& exception) {
    log::error("a page failed: {}", exception.what());
    return respond(500, "text/plain; charset=utf-8", "Something went wrong.\n", Caching::never);
  }
}

std::optional<net::Response> Site::fast(const net::Request& request) {
  if (!reads(request) || !request.query.empty() || request.target.find('?') != std::string::npos) return std::nullopt;
  auto kept = impl_->cache.ready(request.path);
  if (!kept) return std::nullopt;
  return conditional(std::move(*kept), request);
}

}  // namespace skerry::web
