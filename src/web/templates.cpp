#include "web/templates.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "web/assets.hpp"

namespace skerry::web {
namespace {

Data interface_texts(const Catalogue& catalogue, const Phrases& phrases) {
  Data texts(kainjow::mustache::data::type::object);
  for (const auto& [key, pattern] : catalogue.texts("en")) {
    if (pattern.find('{') != std::string::npos) continue;  // has arguments: said where they are known
    std::string name = key;
    std::replace(name.begin(), name.end(), '.', '_');
    texts.set(name, phrases.say(key));
  }
  return texts;
}

}  // namespace

std::string fill_template(std::string_view name, Data data, const Phrases& phrases) {
  constexpr std::string_view folder = "templates/", ending = ".mustache";
  data.set("t", interface_texts(phrases.catalogue(), phrases));
  data.set("lang", phrases.language());
  std::string_view wanted;
  for (const auto& file : page_files()) {
    if (!file.path.starts_with(folder) || !file.path.ends_with(ending)) continue;
    const auto own_name = file.path.substr(folder.size(), file.path.size() - folder.size() - ending.size());
    if (own_name == name) wanted = file.bytes;
    data.set("partial_" + std::string(own_name), Data(kainjow::mustache::partial([bytes = file.bytes] { return std::string(bytes); })));
  }
  kainjow::mustache::mustache filled{std::string(wanted)};
  if (wanted.empty() || !filled.is_valid()) {
    log::error("the template {} is missing or malformed: {}", name, filled.error_message());
    return {};
  }
  filled.set_custom_escape([](const std::string& text) { return escape_html(text); });
  return filled.render(data);
}

Data text_or_nothing(const std::string& text) { return text.empty() ? Data(false) : Data(text); }

}  // namespace skerry::web
