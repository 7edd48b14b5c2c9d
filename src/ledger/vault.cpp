#include "ledger/vault.hpp"

#include <fcntl.h>
#include <sodium.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace skerry::ledger {
namespace {

constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
// A power of two, so that a slot never lies across two sectors.
constexpr std::size_t slot_bytes = 128;

const unsigned char* raw(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* raw(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

std::string bound_to(ParticipantId participant, std::int64_t sequence) {
  return std::to_string(participant.number) + "/" + std::to_string(sequence);
}

/// nonce, then ciphertext with its tag.
std::string seal(std::string_view plain, const std::string& bound, const unsigned char* key) {
  std::string out(nonce_bytes + plain.size() + tag_bytes, '\0');
  randombytes_buf(out.data(), nonce_bytes);
  unsigned long long size = 0;
  crypto_aead_xchacha20poly1305_ietf_encrypt(raw(out) + nonce_bytes, &size, raw(plain), plain.size(), raw(bound), bound.size(), nullptr,
                                             raw(out), key);
  return out;
}

std::optional<std::string> unseal(std::string_view sealed, const std::string& bound, const unsigned char* key) {
  if (sealed.size() < nonce_bytes + tag_bytes) return std::nullopt;
  std::string out(sealed.size() - nonce_bytes - tag_bytes, '\0');
  unsigned long long size = 0;
  const auto cipher = sealed.substr(nonce_bytes);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(raw(out), &size, nullptr, raw(cipher), cipher.size(), raw(bound), bound.size(),
                                                 raw(sealed), key) != 0) {
    return std::nullopt;
  }
  return out;
}

std::filesystem::path master_path(const std::filesystem::path& directory) { return directory / keys_folder / "vault.key"; }
std::filesystem::path keys_path(const std::filesystem::path& directory) { return directory / keys_folder / "participants"; }

std::int64_t slot_of(ParticipantId participant) { return (participant.number - 1) * static_cast<std::int64_t>(slot_bytes); }

Result<bool> has_rows(Connection& connection, ParticipantId participant, std::int64_t up_to_sequence = INT64_MAX) {
  auto select = Statement::prepare(connection, "SELECT 1 FROM identity WHERE participant = ? AND sequence <= ? LIMIT 1");
  if (!select) return fail(select.error());
  select->bind(1, participant.number);
  select->bind(2, up_to_sequence);
  return select->step();
}

}  // namespace

Result<void> Vault::create(const std::filesystem::path& directory) {
  if (sodium_init() < 0) return fail(ErrorCode::internal, "libsodium does not start");
  std::error_code code;
  std::filesystem::create_directory(directory / keys_folder, code);
  if (!code) std::filesystem::permissions(directory / keys_folder, std::filesystem::perms::owner_all, code);
  if (code) return fail(system_error(code.value(), keys_folder));
  auto master = File::open(master_path(directory), O_RDWR | O_CREAT);
  if (!master) return fail(master.error());
  Key key{};
  randombytes_buf(key.data(), key.size());
  if (auto done = master->write_at(0, key.data(), key.size()); !done) return done;
  sodium_memzero(key.data(), key.size());
  if (auto done = master->flush(); !done) return done;
  auto keys = File::open(keys_path(directory), O_RDWR | O_CREAT | O_TRUNC);
  if (!keys) return fail(keys.error());
  if (auto done = flush_folder(directory / keys_folder); !done) return done;

  if (auto done = make_database_file(directory / vault_file); !done) return done;
  auto connection = Connection::open(directory / vault_file, Connection::Mode::read_write);
  if (!connection) return fail(connection.error());
  return connection->run(
      "CREATE TABLE IF NOT EXISTS identity (participant INTEGER NOT NULL, sequence INTEGER NOT NULL, sealed BLOB NOT NULL, "
      "PRIMARY KEY (participant, sequence)) STRICT, WITHOUT ROWID; DELETE FROM identity;");
}

Result<std::unique_ptr<Vault>> Vault::open(const std::filesystem::path& directory) {
  if (sodium_init() < 0) return fail(ErrorCode::internal, "libsodium does not start");
  std::unique_ptr<Vault> out(new Vault);
  const auto master = File::open(master_path(directory), O_RDONLY);
  if (!master) return fail(master.error());
  const auto size = master->read_at(0, out->master_.data(), out->master_.size());
  if (!size) return fail(size.error());
  if (*size != key_bytes) return fail(ErrorCode::storage_failed, "keys/vault.key is not a key; bring it back from the backup of the keys");
  auto keys = File::open(keys_path(directory), O_RDWR);
  if (!keys) return fail(keys.error());
  out->keys_ = std::move(*keys);
  auto connection = Connection::open(directory / vault_file, Connection::Mode::read_write);
  if (!connection) return fail(connection.error());
  out->connection_ = std::make_unique<Connection>(std::move(*connection));
  if (auto done = out->connection_->run("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"); !done) return fail(done.error());
  return out;
}

Result<std::optional<Vault::Key>> Vault::key_of(ParticipantId participant) const {
  std::string slot(nonce_bytes + key_bytes + tag_bytes, '\0');
  const auto size = keys_.read_at(slot_of(participant), slot.data(), slot.size());
  if (!size) return fail(size.error());
  if (*size < slot.size() || std::ranges::all_of(slot, [](char c) { return c == 0; })) return std::nullopt;
  auto plain = unseal(slot, bound_to(participant, 0), master_.data());
  if (!plain || plain->size() != key_bytes) {
    return fail(ErrorCode::storage_failed,
                "the key of participant " + std::to_string(participant.number) + " does not open with keys/vault.key");
  }
  Key key{};
  std::copy(plain->begin(), plain->end(), key.begin());
  sodium_memzero(plain->data(), plain->size());
  return key;
}

Result<Vault::Key> Vault::make_key(ParticipantId participant) {
  Key key{};
  randombytes_buf(key.data(), key.size());
  auto slot = seal(std::string_view(reinterpret_cast<const char*>(key.data()), key.size()), bound_to(participant, 0), master_.data());
  slot.resize(slot_bytes, '\0');
  if (auto done = keys_.write_at(slot_of(participant), slot.data(), slot.size()); !done) return fail(done.error());
  return key;
}

Result<void> Vault::encrypt(std::int64_t sequence, const Entry& entry, Statement& insert) {
  // A slot no row relies on may be half-written, or be the remains of a write that never came to pass.
  const auto relied_on = has_rows(*connection_, entry.participant);
  if (!relied_on) return fail(relied_on.error());
  auto key = *relied_on ? key_of(entry.participant) : Result<std::optional<Key>>(std::nullopt);
  if (!key) return fail(key.error());
  if (!*key) {
    auto made = make_key(entry.participant);
    if (!made) return fail(made.error());
    *key = *made;
  }
  const auto sealed = seal(entry.json, bound_to(entry.participant, sequence), (**key).data());
  sodium_memzero((**key).data(), key_bytes);
  insert.bind(1, entry.participant.number);
  insert.bind(2, sequence);
  insert.bind_blob(3, sealed);
  return insert.run();
}

Result<void> Vault::put(std::int64_t sequence, std::span<const Entry> entries) {
  const std::lock_guard lock(mutex_);
  auto transaction = Transaction::begin(*connection_, Transaction::Kind::write);
  if (!transaction) return fail(transaction.error());
  auto insert = Statement::prepare(*connection_, "INSERT OR REPLACE INTO identity VALUES (?,?,?)");
  if (!insert) return fail(insert.error());
  for (const auto& entry : entries) {
    if (auto done = encrypt(sequence, entry, *insert); !done) return done;
  }
  if (auto done = keys_.flush(); !done) return done;
  return transaction->commit();
}

Result<std::optional<std::string>> Vault::get(Row row) const {
  const std::lock_guard lock(mutex_);
  auto select = Statement::prepare(*connection_, "SELECT sealed FROM identity WHERE participant = ? AND sequence = ?");
  if (!select) return fail(select.error());
  select->bind(1, row.participant.number);
  select->bind(2, row.sequence);
  const auto found = select->step();
  if (!found) return fail(found.error());
  if (!*found) return std::nullopt;
  auto key = key_of(row.participant);
  if (!key) return fail(key.error());
  if (!*key) return std::nullopt;
  auto plain = unseal(select->bytes(0), bound_to(row.participant, row.sequence), (**key).data());
  sodium_memzero((**key).data(), key_bytes);
  if (!plain)
    return fail(ErrorCode::storage_failed, "the identity of participant " + std::to_string(row.participant.number) + " does not decrypt");
  return plain;
}

Result<void> Vault::erase(ParticipantId participant, std::int64_t up_to_sequence) {
  const std::lock_guard lock(mutex_);
  const auto any = has_rows(*connection_, participant, up_to_sequence);
  if (!any) return fail(any.error());
  if (!*any) return {};
  // The key first: without it what is left of the ciphertext, wherever it is, says nothing.
  const std::array<char, slot_bytes> zeros{};
  if (auto done = keys_.write_at(slot_of(participant), zeros.data(), zeros.size()); !done) return done;
  if (auto done = keys_.flush(); !done) return done;
  auto remove = Statement::prepare(*connection_, "DELETE FROM identity WHERE participant = ? AND sequence <= ?");
  if (!remove) return fail(remove.error());
  remove->bind(1, participant.number);
  remove->bind(2, up_to_sequence);
  return remove->run();
}

Result<void> Vault::sweep(std::int64_t last_sequence) {
  const std::lock_guard lock(mutex_);
  auto remove = Statement::prepare(*connection_, "DELETE FROM identity WHERE sequence > ?");
  if (!remove) return fail(remove.error());
  remove->bind(1, last_sequence);
  return remove->run();
}

Result<std::vector<Vault::Row>> Vault::rows() const {
  const std::lock_guard lock(mutex_);
  auto select = Statement::prepare(*connection_, "SELECT participant, sequence FROM identity ORDER BY participant, sequence");
  if (!select) return fail(select.error());
  std::vector<Row> out;
  while (true) {
    const auto row = select->step();
    if (!row) return fail(row.error());
    if (!*row) return out;
    out.push_back({ParticipantId{select->number(0)}, select->number(1)});
  }
}

Result<std::vector<std::string>> Vault::check_integrity() const {
  const std::lock_guard lock(mutex_);
  return integrity_faults(*connection_);
}

}  // namespace skerry::ledger
