// Ontologies and code sets: labels, synonyms, obsolete and replaced ids, is-a closure.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace skerry::vocabulary {

struct Term {
  std::string id;  ///< CURIE
  std::string label;
  std::vector<std::string> synonyms;
  std::vector<std::string> parents;  ///< is-a, direct
  std::vector<std::string> alternative_ids;
  bool obsolete = false;
  std::string replaced_by;  ///< CURIE, or empty
};

/// An immutable set of terms. Cheap to copy; thread-safe.
class Vocabulary {
 public:
  Vocabulary();
  /// The live term an id stands for: itself, the term it is an alternative id of, or what an obsolete one was replaced by
  /// (followed to its end; a circle gives nullptr).
  [[nodiscard]] const Term* find(std::string_view id) const;
  /// The term of exactly this id, obsolete or not.
  [[nodiscard]] const Term* exact(std::string_view id) const;
  /// Reflexive and transitive. False when either is unknown, except that an id is always its own descendant.
  [[nodiscard]] bool is_a(std::string_view descendant, std::string_view ancestor) const;
  /// `id` and every live term below it, and the alternative and replaced ids of those; sorted. {id} when unknown.
  [[nodiscard]] std::vector<std::string> descendants(std::string_view id) const;
  [[nodiscard]] std::vector<std::string> ancestors(std::string_view id) const;  ///< with itself, sorted
  /// Every id that stands for the same live term as `id`: alternative and replaced ids too; sorted. {id} when unknown.
  [[nodiscard]] std::vector<std::string> ids_of(std::string_view id) const;
  /// Terms whose label or synonym is `text`, ignoring case; for import of words and "did you mean".
  [[nodiscard]] std::vector<const Term*> named(std::string_view text) const;
  [[nodiscard]] std::size_t size() const noexcept;
  /// The same for copies: for what is remembered of its terms.
  [[nodiscard]] std::shared_ptr<const void> identity() const noexcept;
  /// All of them, obsolete ones too, sorted by id.
  [[nodiscard]] std::span<const Term> terms() const noexcept;
  /// "hp 2024-08-13", one a source.
  [[nodiscard]] const std::vector<std::string>& versions() const noexcept;

  /// Both sets together; where both have an id, `other`'s term stands. Errors: conflict when is-a becomes circular, too_large.
  [[nodiscard]] Result<Vocabulary> merged(const Vocabulary& other) const;
  /// Errors: malformed when is-a is circular, duplicate_key, too_large (5 million terms; 64 million pairs of term and ancestor).
  /// A parent that is not among the terms is kept as text and gives no edge.
  static Result<Vocabulary> from_terms(std::vector<Term> terms, std::string version);
  static Result<Vocabulary> from_terms(std::vector<Term> terms, std::vector<std::string> versions);

 private:
  struct Data;
  std::shared_ptr<const Data> data_;
};

/// OBO Graph JSON (hp.json), plain or gzip. Errors: not_found, malformed, wrong_type, missing_field, duplicate_key, too_deep,
/// invalid_text, too_large (1 GiB unpacked), with file and path.
[[nodiscard]] Result<Vocabulary> read_obograph(const std::filesystem::path& file);

}  // namespace skerry::vocabulary
