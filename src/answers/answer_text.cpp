#include "answers/answer_text.hpp"

#include <md4c.h>
#include <simdjson.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

#include "answers/citation.hpp"
#include "answers/html.hpp"

namespace skerry::answers {
namespace {

constexpr std::size_t markdown_bytes_max = 64 * 1024;
constexpr int block_depth_max = 12;

/// Writes the HTML as md4c reports the parts. After the first error nothing more is written and the parser stops.
class Renderer {
 public:
  Renderer(std::string_view markdown, std::span<const pack::Source> sources, const RenderOptions& options)
      : markdown_(markdown), options_(options), citations_(sources, options) {}

  Result<RenderedAnswer> run();

  void enter_block(MD_BLOCKTYPE type, const void* detail);
  void leave_block(MD_BLOCKTYPE type);
  void enter_span(MD_SPANTYPE type, const void* detail);
  void leave_span(MD_SPANTYPE type);
  void text(MD_TEXTTYPE type, std::string_view run);

  [[nodiscard]] bool failed() const noexcept { return error_.has_value(); }
  void wrong(ErrorCode code, std::string message) {
    if (!error_) error_ = Error{code, std::move(message), {options_.file, line_of(last_), 0, {}}};
  }

 private:
  void open_heading(unsigned level);
  void open_link(const MD_SPAN_A_DETAIL& detail);
  void prose(std::string_view run);
  void write(std::string_view plain);
  [[nodiscard]] std::uint32_t line_of(std::size_t offset) const;
  [[nodiscard]] bool is_escaped(std::size_t offset) const;
  [[nodiscard]] std::optional<std::size_t> offset_of(const char* at) const;

  std::string_view markdown_;
  const RenderOptions& options_;
  Citations citations_;
  RenderedAnswer out_;
  std::optional<Error> error_;
  std::vector<MD_SPANTYPE> spans_;  ///< that are open, the innermost last
  std::vector<unsigned> outline_;   ///< levels, as written, of the headings that are open at this point
  std::size_t last_ = 0;            ///< offset in `markdown_` of the text seen last
  int depth_ = 0;
  bool in_heading_ = false;
  bool in_link_ = false;
  bool link_begins_ = false;
};

std::uint32_t Renderer::line_of(std::size_t offset) const {
  const auto end = markdown_.begin() + static_cast<std::ptrdiff_t>(std::min(offset, markdown_.size()));
  return static_cast<std::uint32_t>(1 + std::count(markdown_.begin(), end, '\n'));
}

/// nullopt when md4c hands over text of its own (a line break, a decoded part).
std::optional<std::size_t> Renderer::offset_of(const char* at) const {
  const std::less<const char*> before;
  if (before(at, markdown_.data()) || !before(at, markdown_.data() + markdown_.size())) return std::nullopt;
  return static_cast<std::size_t>(at - markdown_.data());
}

/// Whether a backslash, itself not escaped, stands before the offset.
bool Renderer::is_escaped(std::size_t offset) const {
  std::size_t backslashes = 0;
  while (backslashes < offset && markdown_[offset - backslashes - 1] == '\\') ++backslashes;
  return backslashes % 2 == 1;
}

void Renderer::write(std::string_view plain) {
  append_escaped(out_.html, plain);
  if (in_heading_) out_.headings.back().text += plain;
}

/// The outline has no gap: a heading is at most one level below the one it stands under, whatever the writer skipped.
void Renderer::open_heading(unsigned level) {
  while (!outline_.empty() && outline_.back() >= level) outline_.pop_back();
  outline_.push_back(level);
  const int first = std::clamp(options_.heading_first, 2, 6);
  const int shown = std::min(6, first + static_cast<int>(outline_.size()) - 1);
  out_.headings.push_back({shown, "answer-" + std::to_string(out_.headings.size() + 1), {}});
  out_.html += "<h" + std::to_string(shown) + " id=\"" + out_.headings.back().id + "\">";
  in_heading_ = true;
}

void Renderer::enter_block(MD_BLOCKTYPE type, const void* detail) {
  if (++depth_ > block_depth_max + 1) return wrong(ErrorCode::too_deep, "blocks are nested more than 12 deep");
  switch (type) {
    case MD_BLOCK_DOC: break;
    case MD_BLOCK_QUOTE: out_.html += "<blockquote>\n"; break;
    case MD_BLOCK_UL: out_.html += "<ul>\n"; break;
    case MD_BLOCK_OL: {
      const auto start = static_cast<const MD_BLOCK_OL_DETAIL*>(detail)->start;
      out_.html += start == 1 ? "<ol>\n" : "<ol start=\"" + std::to_string(start) + "\">\n";
      break;
    }
    case MD_BLOCK_LI: out_.html += "<li>"; break;
    case MD_BLOCK_HR: out_.html += "<hr>\n"; break;
    case MD_BLOCK_H: open_heading(static_cast<const MD_BLOCK_H_DETAIL*>(detail)->level); break;
    case MD_BLOCK_CODE: out_.html += "<pre tabindex=\"0\"><code>"; break;
    case MD_BLOCK_HTML: wrong(ErrorCode::unknown_value, "HTML is not allowed in an answer"); break;
    case MD_BLOCK_P: out_.html += "<p>"; break;
    case MD_BLOCK_TABLE: out_.html += "<div class=\"answer-table\" tabindex=\"0\"><table>\n"; break;
    case MD_BLOCK_THEAD: out_.html += "<thead>\n"; break;
    case MD_BLOCK_TBODY: out_.html += "<tbody>\n"; break;
    case MD_BLOCK_TR: out_.html += "<tr>"; break;
    case MD_BLOCK_TH: out_.html += "<th scope=\"col\">"; break;
    case MD_BLOCK_TD: out_.html += "<td>"; break;
  }
}

void Renderer::leave_block(MD_BLOCKTYPE type) {
  if (!spans_.empty()) return wrong(ErrorCode::malformed, "marks of emphasis or links cross each other");
  --depth_;
  switch (type) {
    case MD_BLOCK_DOC:
    case MD_BLOCK_HR:
    case MD_BLOCK_HTML: break;
    case MD_BLOCK_QUOTE: out_.html += "</blockquote>\n"; break;
    case MD_BLOCK_UL: out_.html += "</ul>\n"; break;
    case MD_BLOCK_OL: out_.html += "</ol>\n"; break;
    case MD_BLOCK_LI: out_.html += "</li>\n"; break;
    case MD_BLOCK_H:
      in_heading_ = false;
      out_.html += "</h" + std::to_string(out_.headings.back().level) + ">\n";
      break;
    case MD_BLOCK_CODE: out_.html += "</code></pre>\n"; break;
    case MD_BLOCK_P: out_.html += "</p>\n"; break;
    case MD_BLOCK_TABLE: out_.html += "</table></div>\n"; break;
    case MD_BLOCK_THEAD: out_.html += "</thead>\n"; break;
    case MD_BLOCK_TBODY: out_.html += "</tbody>\n"; break;
    case MD_BLOCK_TR: out_.html += "</tr>\n"; break;
    case MD_BLOCK_TH: out_.html += "</th>"; break;
    case MD_BLOCK_TD: out_.html += "</td>"; break;
  }
}

void Renderer::open_link(const MD_SPAN_A_DETAIL& detail) {
  // CommonMark forbids it, but md4c 0.4.8 lets an autolink stand in a link's text.
  if (in_link_) return wrong(ErrorCode::malformed, "a link cannot stand in a link");
  std::string address;
  const auto& href = detail.href;
  for (std::size_t i = 0; href.text != nullptr && href.substr_offsets[i] < href.size; ++i) {
    const std::string_view part(href.text + href.substr_offsets[i], href.substr_offsets[i + 1] - href.substr_offsets[i]);
    if (const auto offset = offset_of(part.data())) last_ = *offset;
    const auto decoded = href.substr_types[i] == MD_TEXT_ENTITY ? decode_entity(part) : std::nullopt;
    address += decoded ? *decoded : std::string(part);
  }
  const auto kind = kind_of_link(address);
  if (!kind) return wrong(ErrorCode::unknown_value, "a link must begin with https:// and a host, with / or with #");
  out_.html += "<a href=\"";
  append_escaped(out_.html, percent_encoded(address));
  out_.html += *kind == LinkKind::external ? "\" rel=\"external noopener noreferrer\">" : "\">";
  in_link_ = true;
  link_begins_ = true;
}

void Renderer::enter_span(MD_SPANTYPE type, const void* detail) {
  spans_.push_back(type);
  switch (type) {
    case MD_SPAN_EM: out_.html += "<em>"; break;
    case MD_SPAN_STRONG: out_.html += "<strong>"; break;
    case MD_SPAN_A: open_link(*static_cast<const MD_SPAN_A_DETAIL*>(detail)); break;
    case MD_SPAN_CODE: out_.html += "<code>"; break;
    case MD_SPAN_IMG: {
      if (const auto offset = offset_of(static_cast<const MD_SPAN_IMG_DETAIL*>(detail)->src.text)) last_ = *offset;
      wrong(ErrorCode::unknown_value, "an image is not allowed in an answer");
      break;
    }
    default: wrong(ErrorCode::internal, "the Markdown parser reported a span that was not asked for");
  }
}

void Renderer::leave_span(MD_SPANTYPE type) {
  // md4c 0.4.8 closes long runs of marks in the wrong order.
  if (spans_.empty() || spans_.back() != type) return wrong(ErrorCode::malformed, "marks of emphasis or links cross each other");
  spans_.pop_back();
  switch (type) {
    case MD_SPAN_EM: out_.html += "</em>"; break;
    case MD_SPAN_STRONG: out_.html += "</strong>"; break;
    case MD_SPAN_A:
      in_link_ = false;
      out_.html += "</a>";
      break;
    case MD_SPAN_CODE: out_.html += "</code>"; break;
    default: break;
  }
}

/// Ordinary text, in which citations are found. md4c hands a mark over in one run, because "[" that makes no link splits none.
void Renderer::prose(std::string_view run) {
  if (link_begins_ && run.starts_with('@')) return wrong(ErrorCode::malformed, "a citation cannot be a link");
  const auto start = offset_of(run.data());
  const bool escaped = start && run.starts_with("[@") && is_escaped(*start);
  std::size_t written = 0;
  for (auto at = run.find("[@", escaped ? 1 : 0); at != std::string_view::npos; at = run.find("[@", written)) {
    if (start) last_ = *start + at;
    if (in_heading_ || in_link_) return wrong(ErrorCode::malformed, "a citation cannot stand in a heading or a link");
    const auto mark = read_citation(run.substr(at));
    if (!mark) return wrong(mark.error().code, mark.error().message);
    write(run.substr(written, at - written));
    if (auto done = citations_.write(*mark, out_.html); !done) return wrong(done.error().code, done.error().message);
    written = at + mark->length;
  }
  write(run.substr(written));
}

void Renderer::text(MD_TEXTTYPE type, std::string_view run) {
  if (const auto offset = offset_of(run.data())) last_ = *offset;
  switch (type) {
    case MD_TEXT_NORMAL: prose(run); break;
    case MD_TEXT_NULLCHAR: write("\xef\xbf\xbd"); break;
    case MD_TEXT_BR: out_.html += "<br>\n"; break;
    case MD_TEXT_SOFTBR: write("\n"); break;
    case MD_TEXT_ENTITY: write(decode_entity(run).value_or(std::string(run))); break;
    case MD_TEXT_CODE: write(run); break;
    default: wrong(ErrorCode::unknown_value, "HTML is not allowed in an answer");
  }
  link_begins_ = false;
}

/// md4c calls back from C: nothing may be thrown through it.
template <class Action>
int guarded(void* userdata, Action action) noexcept {
  auto& renderer = *static_cast<Renderer*>(userdata);
  try {
    action(renderer);
  } catch (const std::exception&) {
    return 2;
  }
  return renderer.failed() ? 1 : 0;
}

MD_PARSER callbacks() {
  MD_PARSER parser{};
  parser.flags = MD_FLAG_NOHTML | MD_FLAG_TABLES | MD_FLAG_NOINDENTEDCODEBLOCKS;
  parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* to) {
    return guarded(to, [&](Renderer& renderer) { renderer.enter_block(type, detail); });
  };
  parser.leave_block = [](MD_BLOCKTYPE type, void*, void* to) {
    return guarded(to, [&](Renderer& renderer) { renderer.leave_block(type); });
  };
  parser.enter_span = [](MD_SPANTYPE type, void* detail, void* to) {
    return guarded(to, [&](Renderer& renderer) { renderer.enter_span(type, detail); });
  };
  parser.leave_span = [](MD_SPANTYPE type, void*, void* to) { return guarded(to, [&](Renderer& renderer) { renderer.leave_span(type); }); };
  parser.text = [](MD_TEXTTYPE type, const MD_CHAR* data, MD_SIZE size, void* to) {
    return guarded(to, [&](Renderer& renderer) { renderer.text(type, {data, size}); });
  };
  return parser;
}

Result<RenderedAnswer> Renderer::run() {
  const auto parser = callbacks();
  const int code = md_parse(markdown_.data(), static_cast<MD_SIZE>(markdown_.size()), &parser, this);
  if (error_) return fail(std::move(*error_));
  if (code != 0) return fail(ErrorCode::internal, "the Markdown parser gave up", {options_.file, 0, 0, {}});
  out_.cited = citations_.take();
  return std::move(out_);
}

/// The first byte that is a control character other than a tab or a line's end.
std::size_t find_control(std::string_view text) {
  const auto at = std::find_if(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == 0x7f || (byte < 0x20 && c != '\t' && c != '\n' && c != '\r');
  });
  return at == text.end() ? std::string_view::npos : static_cast<std::size_t>(at - text.begin());
}

}  // namespace

Result<RenderedAnswer> render_answer(std::string_view markdown, std::span<const pack::Source> sources, const RenderOptions& options) {
  if (markdown.size() > markdown_bytes_max) {
    return fail(ErrorCode::too_large, "an answer may have 64 KiB", {options.file, 0, 0, {}});
  }
  if (!simdjson::validate_utf8(markdown.data(), markdown.size())) {
    return fail(ErrorCode::invalid_text, "the answer is not valid UTF-8", {options.file, 0, 0, {}});
  }
  if (const auto at = find_control(markdown); at != std::string_view::npos) {
    const auto line = 1 + std::count(markdown.begin(), markdown.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    return fail(ErrorCode::invalid_text, "a control character stands in the text", {options.file, static_cast<std::uint32_t>(line), 0, {}});
  }
  const std::string terminated(markdown);  // md4c looks for line ends with strcspn, past the end of a view
  return Renderer(terminated, sources, options).run();
}

}  // namespace skerry::answers
