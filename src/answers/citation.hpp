// Citations: [@source-id] and [@one; @two], numbered by first use.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "answers/answer_text.hpp"
#include "base/error.hpp"
#include "pack/pack.hpp"

namespace skerry::answers {

/// One citation mark in a run of text.
struct CitationMark {
  std::size_t length = 0;                 ///< in bytes, from "[@" to "]"
  std::vector<std::string_view> sources;  ///< at least one
};

/// Reads the mark at the start of `text`, which begins with "[@". Errors: malformed.
[[nodiscard]] Result<CitationMark> read_citation(std::string_view text);

/// Gives the numbers and writes the links.
class Citations {
 public:
  Citations(std::span<const pack::Source> sources, const RenderOptions& options);

  /// Appends the mark as HTML. Errors: unknown_value.
  Result<void> write(const CitationMark& mark, std::string& html);
  [[nodiscard]] std::vector<CitedSource> take() { return std::move(cited_); }

 private:
  void write_link(CitedSource& cited, const pack::Source& source, std::string& html);

  std::span<const pack::Source> sources_;
  const RenderOptions& options_;
  std::vector<CitedSource> cited_;
  std::unordered_map<std::string_view, std::size_t> place_;  ///< of a source in `cited_`
  std::size_t uses_ = 0;
};

}  // namespace skerry::answers
