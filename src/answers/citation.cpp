#include "answers/citation.hpp"

#include <algorithm>

#include "answers/html.hpp"

namespace skerry::answers {
namespace {

bool is_id_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

}  // namespace

Result<CitationMark> read_citation(std::string_view text) {
  const auto wrong = [] {
    return fail(ErrorCode::malformed, "expected a citation such as [@pignolo-2015] or [@one; @two], on one line, ids of a-z, 0-9 and -");
  };
  CitationMark mark;
  std::size_t at = 1;
  while (true) {
    if (at == text.size() || text[at] != '@') return wrong();
    const auto start = ++at;
    while (at < text.size() && is_id_character(text[at])) ++at;
    if (at == start || at == text.size()) return wrong();
    mark.sources.push_back(text.substr(start, at - start));
    if (text[at] == ']') break;
    if (text[at++] != ';') return wrong();
    while (at < text.size() && text[at] == ' ') ++at;
  }
  mark.length = at + 1;
  return mark;
}

Citations::Citations(std::span<const pack::Source> sources, const RenderOptions& options) : sources_(sources), options_(options) {}

Result<void> Citations::write(const CitationMark& mark, std::string& html) {
  html += "<sup class=\"citation\">[";
  bool first = true;
  for (const auto id : mark.sources) {
    const auto source = std::find_if(sources_.begin(), sources_.end(), [id](const auto& candidate) { return candidate.id == id; });
    if (source == sources_.end()) {
      return fail(ErrorCode::unknown_value, "the citation [@" + std::string(id) + "] names no source of this question");
    }
    const auto [known, added] = place_.try_emplace(source->id, cited_.size());
    if (added) cited_.push_back({cited_.size() + 1, source->id, "source-" + source->id, {}, source->read});
    if (!first) html += ", ";
    first = false;
    write_link(cited_[known->second], *source, html);
  }
  html += "]</sup>";
  return {};
}

void Citations::write_link(CitedSource& cited, const pack::Source& source, std::string& html) {
  const auto number = std::to_string(cited.number);
  const auto label = options_.citation_label ? options_.citation_label(cited.number, source) : number + ": " + source.citation;
  cited.uses.push_back("cite-" + std::to_string(++uses_));
  html += "<a href=\"#";
  append_escaped(html, cited.anchor);
  html += "\" id=\"" + cited.uses.back() + "\" role=\"doc-noteref\" aria-label=\"";
  append_escaped(html, label);
  html += "\" title=\"";
  append_escaped(html, label);
  html += "\">" + number + "</a>";
}

}  // namespace skerry::answers
