// Who may review an answer: keys, and the reviewers a registry knows.
#pragma once

#include <sodium.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.hpp"
#include "base/error.hpp"

namespace skerry::answers {

using PublicKey = std::array<std::uint8_t, crypto_sign_PUBLICKEYBYTES>;

/// A person whose signature the registry accepts. `name` and `role` are what the page shows.
struct Reviewer {
  std::string key_id;  ///< 32 hexadecimal digits made from the public key
  std::string name;
  std::string role;  ///< "paediatric endocrinologist"
  PublicKey public_key{};
  bool demonstration = false;  ///< the page says so wherever the name stands
  Instant added_at;
};

/// A reviewer's Ed25519 key pair. The secret is wiped when the object ends; it cannot be copied, printed or logged.
class ReviewerKey {
 public:
  ReviewerKey(Reviewer reviewer, const std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES>& secret);
  ~ReviewerKey();
  ReviewerKey(ReviewerKey&& other) noexcept;
  ReviewerKey& operator=(ReviewerKey&&) = delete;
  ReviewerKey(const ReviewerKey&) = delete;
  ReviewerKey& operator=(const ReviewerKey&) = delete;

  /// With added_at zero: what add_reviewer takes.
  [[nodiscard]] const Reviewer& reviewer() const noexcept { return reviewer_; }
  [[nodiscard]] std::array<std::uint8_t, crypto_sign_BYTES> sign(std::string_view message) const;

 private:
  Reviewer reviewer_;
  std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> secret_;
};

struct KeyRequest {
  std::string name;
  std::string role;
  bool demonstration = false;
  /// With one, the secret is encrypted (Argon2id, XSalsa20-Poly1305). Without, whoever reads the file can sign: say so to the user.
  std::optional<std::string> passphrase;
};

/// Makes a key pair and writes it to `file` (mode 0600, never over an existing file).
/// Errors: already_exists, storage_full, storage_read_only, storage_failed; missing_field (no name or role); invalid_text,
/// malformed (control characters, over 200 bytes).
[[nodiscard]] Result<ReviewerKey> make_reviewer_key(const std::filesystem::path& file, const KeyRequest& request);

/// Errors: not_found; malformed and the like, with line; signature_invalid (wrong or missing passphrase, a public key that is
/// not the secret's); storage_failed when others than its owner may read the file.
[[nodiscard]] Result<ReviewerKey> read_reviewer_key(const std::filesystem::path& file, const std::optional<std::string>& passphrase = {});

/// Whether the file's secret needs a passphrase. Errors: as read_reviewer_key.
[[nodiscard]] Result<bool> needs_passphrase(const std::filesystem::path& file);

/// The reviewers known to the registry in `directory` (its reviewers.json), by the order they were added; none when there is
/// no file. Errors: malformed, missing_field, wrong_type, duplicate_key, ... with file and line.
[[nodiscard]] Result<std::vector<Reviewer>> read_reviewers(const std::filesystem::path& directory);

/// Adds one, dated now, unless the same is there already. Errors: conflict (the key is known under another name, role or
/// label); as read_reviewers; storage errors, after which the old file is whole.
[[nodiscard]] Result<void> add_reviewer(const std::filesystem::path& directory, Reviewer reviewer);

[[nodiscard]] std::string key_id_of(const PublicKey& key);

}  // namespace skerry::answers
