#include "web/assets.hpp"

#include "answers/html.hpp"
#include "base/digest.hpp"

namespace skerry::web {

std::string_view stylesheet() {
  const auto* file = find_embedded(built_files(), "skerry.css");
  return file == nullptr ? std::string_view{} : file->bytes;
}

const std::string& stylesheet_name() {
  static const std::string name = "skerry." + to_hex(digest_of(stylesheet())).substr(0, 12) + ".css";
  return name;
}

std::string_view icon() {
  const auto* file = find_embedded(page_files(), "static/favicon.svg");
  return file == nullptr ? std::string_view{} : file->bytes;
}

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  answers::append_escaped(out, text);
  return out;
}

}  // namespace skerry::web
