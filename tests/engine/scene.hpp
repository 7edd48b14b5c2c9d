// The vocabulary and the facts of a test, read from the compact text of tests/engine (README.md there).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "fact/fact.hpp"
#include "vocabulary/vocabulary.hpp"

namespace skerry::engine {

struct Scene {
  std::vector<Fact> facts;                ///< ascending participants; numbered in the order they were written
  std::vector<ParticipantId> people;      ///< ascending; with those who have no facts
  std::vector<std::vector<Fact>> writes;  ///< the same facts as they were written, one after the other, when there is a line "then"
};

class Words;

/// Lines "X:A is-a X:B [X:C]", "X:B also X:alt-B", "X:old replaced-by X:B", "X:A named words". Errors: malformed, with the line.
class VocabularyText {
 public:
  [[nodiscard]] Result<void> line(std::string_view text);
  [[nodiscard]] Result<vocabulary::Vocabulary> finish() const;

 private:
  vocabulary::Term& term(std::string id);
  std::map<std::string, vocabulary::Term> terms_;
};

/// Lines "PERSON KIND CODE [what else is said]", "PERSON [PERSON...]" for people without facts, and "then" between writes to a ledger.
class FactsText {
 public:
  [[nodiscard]] Result<void> line(std::string_view text);
  [[nodiscard]] Scene finish() const;

 private:
  [[nodiscard]] Result<void> part(Words& words, Fact& fact);
  std::vector<Fact> facts_;
  std::vector<std::size_t> written_;  ///< how many facts stood above each "then"
  std::vector<ParticipantId> people_;
  std::map<std::string, FactId> named_;
};

/// Split at blanks; "quoted words" are one, without their quotes; what follows a # that stands alone is left out.
[[nodiscard]] std::vector<std::string> words_of(std::string_view text);

}  // namespace skerry::engine
