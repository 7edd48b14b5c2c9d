#include <sys/stat.h>

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "answers/record_file.hpp"
#include "answers/reviewer.hpp"
#include "answers/reviewer_record.hpp"
#include "base/durable_file.hpp"

namespace skerry::answers {
namespace {

namespace json = boost::json;

constexpr std::string_view plain_format = "skerry reviewer key 1";
constexpr std::string_view locked_format = "skerry reviewer key 1 with passphrase";

using Seed = std::array<std::uint8_t, crypto_sign_SEEDBYTES>;
using Salt = std::array<std::uint8_t, crypto_pwhash_SALTBYTES>;
using Nonce = std::array<std::uint8_t, crypto_secretbox_NONCEBYTES>;
using LockedSeed = std::array<std::uint8_t, crypto_sign_SEEDBYTES + crypto_secretbox_MACBYTES>;
using LockKey = std::array<std::uint8_t, crypto_secretbox_KEYBYTES>;

/// Wipes what it names when the scope ends, also on an early return.
template <class Bytes>
class Wiped {
 public:
  explicit Wiped(Bytes& bytes) : bytes_(bytes) {}
  ~Wiped() { sodium_memzero(bytes_.data(), bytes_.size()); }
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;

 private:
  Bytes& bytes_;
};

Result<void> start_sodium() {
  if (sodium_init() < 0) return fail(ErrorCode::internal, "libsodium cannot be started");
  return {};
}

/// Argon2id at libsodium's interactive limits (RFC 9106): fixed by the format, so that no file can ask for more.
Result<void> derive(const std::string& passphrase, const Salt& salt, LockKey& key) {
  if (crypto_pwhash(key.data(), key.size(), passphrase.data(), passphrase.size(), salt.data(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                    crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return fail(ErrorCode::internal, "there is not enough memory to derive the key from the passphrase");
  }
  return {};
}

Result<void> lock_seed(const Seed& seed, const std::string& passphrase, json::object& out) {
  Salt salt{};
  Nonce nonce{};
  LockedSeed locked{};
  LockKey key{};
  const Wiped wipe_key(key);
  randombytes_buf(salt.data(), salt.size());
  randombytes_buf(nonce.data(), nonce.size());
  if (auto derived = derive(passphrase, salt, key); !derived) return derived;
  crypto_secretbox_easy(locked.data(), seed.data(), seed.size(), nonce.data(), key.data());
  out["salt"] = hex(salt);
  out["nonce"] = hex(nonce);
  out["secret"] = hex(locked);
  return {};
}

Result<void> unlock_seed(RecordReader& reader, const std::optional<std::string>& passphrase, Seed& seed) {
  Salt salt{};
  Nonce nonce{};
  LockedSeed locked{};
  LockKey key{};
  const Wiped wipe_key(key);
  reader.bytes("salt", salt);
  reader.bytes("nonce", nonce);
  reader.bytes("secret", locked);
  if (auto good = reader.finish(); !good) return good;
  if (!passphrase) return fail(ErrorCode::signature_invalid, "this key needs its passphrase");
  if (auto derived = derive(*passphrase, salt, key); !derived) return derived;
  if (crypto_secretbox_open_easy(seed.data(), locked.data(), locked.size(), nonce.data(), key.data()) != 0) {
    return fail(ErrorCode::signature_invalid, "the passphrase is not this key's");
  }
  return {};
}

/// A secret that others can read is no longer one person's: as ssh does, it is refused.
Result<void> check_private(const std::filesystem::path& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0) return fail(ErrorCode::not_found, "there is no such file", Place{file.string(), 0, 0, {}});
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return fail(ErrorCode::storage_failed, "others than its owner may read this key: chmod 600 it", Place{file.string(), 0, 0, {}});
  }
  return {};
}

Result<ReviewerKey> key_from(Reviewer reviewer, const Seed& seed, const std::filesystem::path& file) {
  std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> secret{};
  const Wiped wipe_secret(secret);
  PublicKey made{};
  crypto_sign_seed_keypair(made.data(), secret.data(), seed.data());
  if (made != reviewer.public_key) {
    return fail(ErrorCode::signature_invalid, "the public key is not the secret's", Place{file.string(), 0, 0, {}});
  }
  return ReviewerKey(std::move(reviewer), secret);
}

}  // namespace

ReviewerKey::ReviewerKey(Reviewer reviewer, const std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES>& secret)
    : reviewer_(std::move(reviewer)), secret_(secret) {}

ReviewerKey::ReviewerKey(ReviewerKey&& other) noexcept : reviewer_(std::move(other.reviewer_)), secret_(other.secret_) {
  sodium_memzero(other.secret_.data(), other.secret_.size());
}

ReviewerKey::~ReviewerKey() { sodium_memzero(secret_.data(), secret_.size()); }

std::array<std::uint8_t, crypto_sign_BYTES> ReviewerKey::sign(std::string_view message) const {
  std::array<std::uint8_t, crypto_sign_BYTES> out{};
  crypto_sign_detached(out.data(), nullptr, reinterpret_cast<const unsigned char*>(message.data()), message.size(), secret_.data());
  return out;
}

Result<ReviewerKey> make_reviewer_key(const std::filesystem::path& file, const KeyRequest& request) {
  if (auto started = start_sodium(); !started) return fail(started.error());
  if (auto good = check_words("name", request.name); !good) return fail(good.error());
  if (auto good = check_words("role", request.role); !good) return fail(good.error());
  Seed seed{};
  const Wiped wipe_seed(seed);
  std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> secret{};
  const Wiped wipe_secret(secret);
  Reviewer reviewer{{}, request.name, request.role, {}, request.demonstration, {}};
  randombytes_buf(seed.data(), seed.size());
  crypto_sign_seed_keypair(reviewer.public_key.data(), secret.data(), seed.data());
  reviewer.key_id = key_id_of(reviewer.public_key);

  json::object out{{"format", request.passphrase ? locked_format : plain_format},
                   {"key_id", reviewer.key_id},
                   {"name", reviewer.name},
                   {"role", reviewer.role},
                   {"public_key", hex(reviewer.public_key)},
                   {"demonstration", reviewer.demonstration}};
  if (request.passphrase) {
    if (auto locked = lock_seed(seed, *request.passphrase, out); !locked) return fail(locked.error());
  } else {
    out["secret"] = hex(seed);
  }
  if (auto written = write_durable_file(file, json::serialize(out) + "\n", Existing::refuse); !written) return fail(written.error());
  return ReviewerKey(std::move(reviewer), secret);
}

Result<bool> needs_passphrase(const std::filesystem::path& file) {
  if (auto safe = check_private(file); !safe) return fail(safe.error());
  const auto root = read_record_file(file);
  if (!root) return fail(root.error());
  const auto* format = root->find("format");
  return format != nullptr && format->kind == pack::NodeKind::string && format->string == locked_format;
}

Result<ReviewerKey> read_reviewer_key(const std::filesystem::path& file, const std::optional<std::string>& passphrase) {
  if (auto started = start_sodium(); !started) return fail(started.error());
  if (auto safe = check_private(file); !safe) return fail(safe.error());
  const auto root = read_record_file(file);
  if (!root) return fail(root.error());
  RecordReader reader(*root, file.string(), {"format", "key_id", "name", "role", "public_key", "demonstration", "salt", "nonce", "secret"});
  const auto format = reader.text("format");
  if (format != plain_format && format != locked_format) reader.wrong("format", ErrorCode::unknown_value, "this is not a reviewer's key");
  auto reviewer = read_reviewer(reader);
  Seed seed{};
  const Wiped wipe_seed(seed);
  if (format == locked_format) {
    if (auto unlocked = unlock_seed(reader, passphrase, seed); !unlocked) {
      auto error = unlocked.error();
      if (error.place == Place{}) error.place.file = file.string();
      return fail(std::move(error));
    }
  } else {
    reader.bytes("secret", seed);
  }
  if (auto good = reader.finish(); !good) return fail(good.error());
  return key_from(std::move(reviewer), seed, file);
}

}  // namespace skerry::answers
