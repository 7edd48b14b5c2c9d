// What has passed disclosure control: the only figures that can be rendered, serialised or logged.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "evidence/figure.hpp"

namespace skerry::disclosure {

class Opener;

/// Read it with * and ->. Only disclosure/ can make one.
template <class T>
class Released {
 public:
  [[nodiscard]] const T& operator*() const noexcept { return content_; }
  [[nodiscard]] const T* operator->() const noexcept { return &content_; }

 private:
  friend class Opener;
  explicit Released(T content) : content_(std::move(content)) {}
  T content_;
};

using evidence::Figure;

/// Plain words with the numbers, intervals, people, snapshot and notes; lines end in \n. Titles in `language` where the study
/// has them, everything else in English.
[[nodiscard]] std::string to_text(const Released<Figure>& figure, std::string_view language = "en");
/// One JSON object (docs/disclosure.md); the same figure always gives the same bytes.
[[nodiscard]] std::string to_json(const Released<Figure>& figure);
/// RFC 4180 with a header line; what is not told is empty with its mark in a column of its own.
[[nodiscard]] std::string to_csv(const Released<Figure>& figure);

}  // namespace skerry::disclosure
