// A reviewed answer's Markdown as safe HTML, its citations numbered.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "pack/pack.hpp"

namespace skerry::answers {

/// A heading of the answer, for a list of contents. `text` is plain: escape it where it is shown.
struct Heading {
  int level = 0;   ///< as it stands in `html`: 3 for <h3>
  std::string id;  ///< its id attribute: "answer-1"
  std::string text;
};

/// One source the answer cites. Numbers follow the order of first use.
struct CitedSource {
  std::size_t number = 0;  ///< from 1
  std::string source_id;
  std::string anchor;             ///< the id its entry in the page's source list must have: "source-pignolo-2015"
  std::vector<std::string> uses;  ///< the ids of the places that cite it ("cite-1", ...), for links back
  bool read = true;               ///< false: the page says "unverified" beside it
};

struct RenderedAnswer {
  std::string html;  ///< set it into the page as it is
  std::vector<CitedSource> cited;
  std::vector<Heading> headings;
};

struct RenderOptions {
  std::string file;       ///< as named in messages
  int heading_first = 3;  ///< the level of the highest heading, 2 to 6; deeper ones follow without a gap
  /// What a screen reader says for a citation, and its tooltip; plain text, escaped here. Begin with the number: it is what
  /// the eye sees. Without it: "1: Pignolo RJ, ...".
  std::function<std::string(std::size_t number, const pack::Source& source)> citation_label;
};

/// CommonMark and tables, without HTML and without images. A citation is written [@source-id] or [@one; @two] on one line, and
/// becomes <sup class="citation"><a href="#source-one" ...>1</a></sup>.
/// Whatever the Markdown, `html` has only these elements, closed in order: p h2-h6 ul ol li blockquote hr br pre code em strong a
/// sup table thead tbody tr th td div; and only these attributes: id class href rel role title aria-label scope start tabindex.
/// Links go to https addresses (rel="external noopener noreferrer"), to this site ("/...") or to this page ("#...").
/// Errors, each with the file, and with the line where there is one: invalid_text; too_large (over 64 KiB); too_deep (over 12 blocks in one
/// another); malformed (a citation that cannot be read, or in a heading or a link; a link in a link); unknown_value (a source that is not
/// in `sources`, a link to elsewhere, an image). Thread-safe.
[[nodiscard]] Result<RenderedAnswer> render_answer(std::string_view markdown, std::span<const pack::Source> sources,
                                                   const RenderOptions& options = {});

/// The question's answer in `language` (or the pack's first language, when it is missing there) with the sources it may cite.
/// Errors: as render_answer; the file named is "answers/<question>.<language>.md".
[[nodiscard]] Result<RenderedAnswer> render_question(const pack::Pack& pack, const pack::Question& question, std::string_view language,
                                                     RenderOptions options = {});

}  // namespace skerry::answers
