// What the pages themselves say (buttons, headings, labels), in every language of web/texts.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.hpp"
#include "base/embedded.hpp"
#include "base/error.hpp"
#include "evidence/figure.hpp"
#include "pack/pack.hpp"

namespace skerry::web {

/// The interface texts built into the program: key to ICU message, by language. Immutable; thread-safe.
class Catalogue {
 public:
  /// From `texts/<language>.json` among `files`. Errors: those of pack::parse_json; wrong_type.
  static Result<Catalogue> read(std::span<const EmbeddedFile> files);

  /// The pattern in `language`, else in English; nullptr when there is no such key.
  [[nodiscard]] const std::string* find(std::string_view language, std::string_view key) const;
  [[nodiscard]] std::vector<std::string> languages() const;
  /// Empty for a language that is not there.
  [[nodiscard]] const std::map<std::string, std::string, std::less<>>& texts(std::string_view language) const;

 private:
  std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>> languages_;
};

/// Speaks one language. Keeps references to the catalogue and the pack. Thread-safe.
class Phrases {
 public:
  Phrases(const Catalogue& catalogue, const pack::Pack& pack, std::string language);

  [[nodiscard]] const std::string& language() const noexcept { return language_; }
  [[nodiscard]] const Catalogue& catalogue() const noexcept { return catalogue_; }
  /// Never fails: a text that cannot be formatted is logged and shown as its key.
  [[nodiscard]] std::string say(std::string_view key, const pack::Arguments& arguments = {}) const;
  /// A note beside a figure: the pack's message in this language, else the interface's, else the English sentence.
  [[nodiscard]] std::string note(const evidence::Note& note) const;
  [[nodiscard]] const std::string& text(const pack::Texts& texts) const;
  /// What people call a thing: its title, else the pack's label of its code, else the code's own label, else `id`.
  [[nodiscard]] std::string name(const pack::Texts& title, const Code& code, std::string_view id) const;
  [[nodiscard]] std::string count(const evidence::Count& count, int floor) const;
  [[nodiscard]] std::string percent(double share) const;
  [[nodiscard]] std::string number(double value) const;

 private:
  const Catalogue& catalogue_;
  const pack::Pack& pack_;
  std::string language_;
};

/// A day as an argument of {x, date, long}: noon, so that no time zone moves it.
[[nodiscard]] double day_argument(PartialDate day);
[[nodiscard]] double day_argument(Instant instant);

}  // namespace skerry::web
