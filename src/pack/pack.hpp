// A disease as data: everything Skerry knows of it stands in a folder (docs/pack.md, packs/pack.schema.json).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/date.hpp"
#include "base/error.hpp"
#include "fact/code.hpp"
#include "vocabulary/vocabulary.hpp"

namespace skerry::pack {

/// One text in every language of the pack; the key is a BCP 47 tag ("en", "it").
using Texts = std::map<std::string, std::string, std::less<>>;

/// The text in `language`, or in the pack's first language when it is missing there.
[[nodiscard]] const std::string& text_in(const Texts& texts, std::string_view language);

struct Source {
  std::string id;        ///< "pignolo-2015"
  std::string citation;  ///< authors, year, journal; in its own language
  std::string url;       ///< https, of the publication or its DOI; empty when it is not known
  bool read = true;      ///< false: quoted from a second source; the page says "unverified"
};

struct Question {
  std::string id;  ///< also its address: "treatment-approaches"
  Texts title;
  Texts short_answer;
  Texts answer;           ///< Markdown; a citation is written [@source-id]
  PartialDate updated;    ///< last change of the text, a day
  int review_months = 0;  ///< after so many months a review is due
  std::vector<std::string> sources;
  std::vector<std::string> studies;  ///< the live figures on its page, in order
};

/// What must not stand together, or cannot be: for the data-quality report.
struct QualityRule {
  std::string id;
  Texts title;
  Code present;  ///< when this is present ...
  Code absent;   ///< ... this cannot be absent
  std::string source;
};

/// What must be said wherever its subject is shown: "not validated for this disease".
struct Warning {
  std::string id;  ///< "injections"
  Texts text;
  std::vector<std::string> about;    ///< codes, or words the pages know ("vaccines", "cajis", "joint-angles")
  std::vector<std::string> sources;  ///< ids among the pack's sources; may be empty
};

/// What a person reads before deciding about one purpose.
struct ConsentText {
  std::string purpose;  ///< as consent/ names it: "registry_research"
  Texts title;
  Texts text;
};

/// A form that is planned and not there yet: only its title.
struct FormToCome {
  std::string id;
  Texts title;
};

/// How sure the pack is of a code: its source was read, a second source quotes it, or nobody has looked yet.
enum class Certainty : std::uint8_t { read, quoted, unverified };

struct PackCode {
  Code code;
  std::string kind;  ///< "disease", "gene", "medicine", "procedure", "measurement", "anatomy", "qualifier"
  Certainty certainty = Certainty::unverified;
  std::vector<std::string> same_as;        ///< ids of the same concept in other code systems; the vocabulary finds it by them
  std::vector<std::string> classified_as;  ///< wider classes it is counted under (ICD-10): not the same concept
};

struct BodySite {
  Code code;
  bool sided = false;  ///< a left and a right one
};

struct StudyFile {
  std::string id;    ///< "poh/treatments-tried"
  std::string file;  ///< as named in messages
  std::string text;  ///< JSON, parsed by cohort/
};

struct Pack {
  std::string id;  ///< "poh"
  std::string version;
  std::filesystem::path folder;
  std::vector<std::string> languages;  ///< the first is the one every text must have
  Texts name, short_name;
  Texts summary;
  Code disease;               ///< the code that facts use
  std::vector<Code> same_as;  ///< the same disease in other code systems
  std::vector<Source> sources;
  std::vector<Question> questions;
  std::vector<StudyFile> studies;
  std::vector<QualityRule> quality_rules;
  std::vector<Code> body_sites;
  std::vector<std::string> sided_sites;  ///< ids of those that have a left and a right one
  std::vector<PackCode> codes;
  std::vector<Warning> warnings;
  std::string consent_version;  ///< "poh-consent-1.0"
  std::vector<ConsentText> consent_texts;
  std::vector<FormToCome> forms_to_come;
  Texts disclaimer;
  std::map<std::string, Texts, std::less<>> messages;  ///< ICU MessageFormat, by key; what the pages say
  std::map<std::string, Texts, std::less<>> labels;    ///< a concept's name for people, by CURIE
  vocabulary::Vocabulary vocabulary;                   ///< the terms the pack carries

  [[nodiscard]] const Question* question(std::string_view id) const noexcept;
  [[nodiscard]] const Source* source(std::string_view id) const noexcept;
  [[nodiscard]] const StudyFile* study(std::string_view id) const noexcept;
  [[nodiscard]] const Warning* warning(std::string_view id) const noexcept;
  /// A concept's name for people in `language`; else the vocabulary's label; else the id.
  [[nodiscard]] std::string label(std::string_view curie, std::string_view language) const;
};

struct CheckReport {
  std::vector<Error> errors;    ///< each with file, line, column and path
  std::vector<Error> warnings;  ///< texts missing in a language, codes marked unverified
};

/// Reads and checks the whole folder; all faults, not only the first.
[[nodiscard]] CheckReport check_pack(const std::filesystem::path& folder);
/// Errors: invalid_pack (the first fault, and how many more), not_found.
[[nodiscard]] Result<Pack> load_pack(const std::filesystem::path& folder);

/// The packs built into the program: their names, and writing one out (into a folder that does not exist yet).
[[nodiscard]] std::vector<std::string> built_in_packs();
[[nodiscard]] Result<void> write_built_in_pack(std::string_view name, const std::filesystem::path& folder);

/// ICU MessageFormat in `language` with named arguments. Thread-safe. Errors: malformed (the pattern), missing_field.
using Arguments = std::map<std::string, std::variant<std::int64_t, double, std::string>, std::less<>>;
[[nodiscard]] Result<std::string> format_message(std::string_view pattern, std::string_view language, const Arguments& arguments);

}  // namespace skerry::pack
