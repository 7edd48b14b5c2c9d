// What every page shares: the frame around its content, and what it may look at.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "web/figure_desk.hpp"
#include "web/phrases.hpp"
#include "web/site.hpp"
#include "web/templates.hpp"

namespace skerry::web {

/// Lives as long as the site.
struct SiteContext {
  const SiteParts& parts;
  const SiteOptions& options;
  const Catalogue& catalogue;
  FigureDesk& desk;
  const std::string& stamp;  ///< of what the registry was like when this request came

  [[nodiscard]] Phrases phrases(std::string_view language) const { return {catalogue, parts.pack, std::string(language)}; }
};

struct Page {
  int status = 200;
  std::string title;
  std::string description;  ///< for search engines; may be empty
  std::string content;      ///< HTML
  std::string json_ld;      ///< set in as it is; may be empty
  std::string path;         ///< after "/<language>/": "questions/x"
  bool has_address = true;  ///< false for errors: no canonical address, links to the other languages lead to their first page
};

/// The whole document.
[[nodiscard]] std::string in_frame(const Page& page, const SiteContext& context, const Phrases& phrases);

[[nodiscard]] Page home_page(const SiteContext& context, const Phrases& phrases);
/// Errors: not_found.
[[nodiscard]] Result<Page> question_page(const SiteContext& context, const Phrases& phrases, std::string_view id);
/// Errors: not_found. Its status says whether there is a figure.
[[nodiscard]] Result<Page> recompute_page(const SiteContext& context, const Phrases& phrases, std::string_view study);
[[nodiscard]] Page privacy_page(const SiteContext& context, const Phrases& phrases);
[[nodiscard]] Page accessibility_page(const SiteContext& context, const Phrases& phrases);
/// 400, 404, 405, 500 or 503.
[[nodiscard]] Page error_page(int status, const Phrases& phrases);

/// "pignolo-2015" with what sources.mustache shows of it; nothing about where it is cited.
[[nodiscard]] Data source_data(const pack::Source& source);

}  // namespace skerry::web
