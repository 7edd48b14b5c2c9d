// Fills the templates of web/templates. Values are escaped unless a template asks for them raw ({{{x}}}).
#pragma once

#include <kainjow/mustache.hpp>
#include <string>
#include <string_view>

#include "web/phrases.hpp"

namespace skerry::web {

using Data = kainjow::mustache::data;

/// Renders `templates/<name>.mustache` with the interface texts as {{t.some_key}} (dots in a key are underscores there) and every
/// template as a partial {{> partial_<name>}}. A template that is missing or malformed is a bug: logged, and gives "".
[[nodiscard]] std::string fill_template(std::string_view name, Data data, const Phrases& phrases);

/// Section data: shown when `text` is not empty.
[[nodiscard]] Data text_or_nothing(const std::string& text);

}  // namespace skerry::web
