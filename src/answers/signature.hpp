// A medical reviewer's signature holds for exactly one text in one language. docs/answers.md describes the bytes.
#pragma once

#include <sodium.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "answers/reviewer.hpp"
#include "base/date.hpp"
#include "base/digest.hpp"
#include "base/error.hpp"
#include "pack/pack.hpp"

namespace skerry::answers {

/// Everything a reviewer signs for: pack and question id, language, title, short answer, the answer's Markdown, the day it was
/// updated, the months until the next review, and each source of the question with its citation, address and whether it was read.
/// The live figures beside the text are not part of it. Every field stands with its name and length, so that no two different
/// answers give the same bytes. Cheap: nothing is rendered.
/// Errors: missing_field (title, short answer or answer not in this language); unknown_value (a source the pack does not have).
[[nodiscard]] Result<std::string> canonical_text(const pack::Pack& pack, const pack::Question& question, std::string_view language);

struct Signature {
  std::string pack, question, language;
  Digest text;  ///< of canonical_text
  std::string key_id, name, role;
  bool demonstration = false;
  PartialDate reviewed_on;                              ///< a day
  std::array<std::uint8_t, crypto_sign_BYTES> bytes{};  ///< Ed25519 over all of the above
};

/// `on` is a day. Errors: as canonical_text and render_question (what cannot be shown cannot be signed); out_of_range (`on` is no day).
[[nodiscard]] Result<Signature> sign(const pack::Pack& pack, const pack::Question& question, std::string_view language,
                                     const ReviewerKey& key, PartialDate on);

/// Writes DIR/signatures/<question>.<language>.json in the place of an older one: either the old or the new file is there, whole.
/// Errors: storage_full, storage_read_only, storage_failed; malformed (a question or language that cannot be a file's name).
[[nodiscard]] Result<void> store_signature(const std::filesystem::path& directory, const Signature& signature);
/// nullopt when there is none. Errors: malformed and the like, with file and line.
[[nodiscard]] Result<std::optional<Signature>> read_signature(const std::filesystem::path& directory, std::string_view question,
                                                              std::string_view language);

enum class Review : std::uint8_t {
  not_reviewed,          ///< no signature
  reviewed,              ///< the only one under which the page may say "medically reviewed"
  review_due,            ///< holds, but review_months have passed
  changed_since_review,  ///< holds for another text
  unknown_reviewer,      ///< made with a key the registry does not know
  invalid_signature,     ///< the signature is not over what the file says, or is filed under another answer
};
/// "reviewed", "changed_since_review", ...: also the message key "review.<name>".
[[nodiscard]] std::string_view name_of(Review review) noexcept;

struct ReviewStatus {
  Review review = Review::not_reviewed;
  /// Set under reviewed, review_due and changed_since_review: a name is shown only with a signature that is this person's.
  std::string name, role, key_id;
  bool demonstration = false;
  std::optional<PartialDate> reviewed_on;
  std::optional<PartialDate> due_on;  ///< the first day on which a review is due; none when the question names no interval
  std::string reason;                 ///< one English sentence for the command line; empty under reviewed
};

/// What holds on the day `today`. Errors: files that cannot be read as what they are (then a page says "not reviewed" and logs the error).
/// Thread-safe, also beside store_signature.
[[nodiscard]] Result<ReviewStatus> status(const std::filesystem::path& directory, const pack::Pack& pack, const pack::Question& question,
                                          std::string_view language, PartialDate today);

/// The day so many months later, at the end of the month when that has no such day (31 January + 1 month = 28 or 29 February).
[[nodiscard]] PartialDate add_months(PartialDate day, int months);
[[nodiscard]] PartialDate today();  ///< UTC

}  // namespace skerry::answers
