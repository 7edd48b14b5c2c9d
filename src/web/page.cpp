#include "web/page.hpp"

#include "web/assets.hpp"

namespace skerry::web {
namespace {

using kainjow::mustache::list;

Data language_links(const Page& page, const SiteContext& context, const Phrases& phrases) {
  Data links(list{});
  for (const auto& tag : context.parts.pack.languages) {
    const auto& texts = context.catalogue.texts(tag);
    const auto name = texts.find("language.name");
    const auto path = "/" + tag + "/" + (page.has_address ? page.path : "");
    Data one;
    one.set("tag", tag);
    one.set("name", name == texts.end() ? tag : name->second);
    one.set("link", path);
    one.set("address", page.has_address ? Data(context.options.base_url + path) : Data(false));
    one.set("current", Data(tag == phrases.language()));
    links.push_back(one);
  }
  return links;
}

/// The part of an address that tells a reader where it leads: "doi.org/10.1038/...".
std::string shown_address(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  return std::string(url);
}

Page text_page(std::string_view name, const SiteContext& context, const Phrases& phrases) {
  Data data;
  data.set("last", phrases.number(context.options.floor - 1));
  // Written whole in each language; a language without one shows the English page.
  auto content = fill_template(std::string(name) + "." + phrases.language(), data, phrases);
  Page page;
  page.title = phrases.say(std::string(name) + ".title");
  page.content = std::move(content);
  page.path = name;
  return page;
}

}  // namespace

std::string in_frame(const Page& page, const SiteContext& context, const Phrases& phrases) {
  const auto& options = context.options;
  Data data;
  data.set("title", page.title);
  data.set("site_name", options.name.empty() ? phrases.text(context.parts.pack.name) : options.name);
  data.set("description", text_or_nothing(page.description));
  data.set("no_index", Data(options.demonstration || page.status != 200));
  data.set("stylesheet", "/static/" + stylesheet_name());
  const bool whole_address = page.has_address && !options.base_url.empty();
  data.set("canonical", whole_address ? Data(options.base_url + "/" + phrases.language() + "/" + page.path) : Data(false));
  data.set("languages", language_links(page, context, phrases));
  data.set("json_ld", text_or_nothing(page.json_ld));
  data.set("demonstration", Data(options.demonstration));
  data.set("content", page.content);
  data.set("disclaimer", phrases.text(context.parts.pack.disclaimer));
  return fill_template("layout", data, phrases);
}

Data source_data(const pack::Source& source) {
  Data data;
  data.set("citation", source.citation);
  data.set("url", text_or_nothing(source.url));
  data.set("url_text", shown_address(source.url));
  data.set("unverified", Data(!source.read));
  data.set("anchor", Data(false));
  data.set("uses", Data(list{}));
  return data;
}

Page privacy_page(const SiteContext& context, const Phrases& phrases) { return text_page("privacy", context, phrases); }
Page accessibility_page(const SiteContext& context, const Phrases& phrases) { return text_page("accessibility", context, phrases); }

Page error_page(int status, const Phrases& phrases) {
  const auto number = std::to_string(status);
  Page page;
  page.status = status;
  page.title = phrases.say("error.title." + number);
  Data data;
  data.set("heading", page.title);
  data.set("text", phrases.say("error.text." + number));
  page.content = fill_template("error", data, phrases);
  page.has_address = false;
  return page;
}

}  // namespace skerry::web
