#include "ledger/ledger.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "ledger/audit_chain.hpp"
#include "ledger/ledger_impl.hpp"
#include "ledger/schema.hpp"

namespace skerry::ledger {
namespace fs = std::filesystem;
namespace {

Result<Digest> read_digest(const Statement& row, int column) {
  Digest out;
  const auto bytes = row.bytes(column);
  if (bytes.size() != out.bytes.size()) return fail(ErrorCode::storage_failed, "a stored digest does not have 32 bytes");
  std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
  return out;
}

Result<std::vector<OriginHit>> read_origins(Statement& rows) {
  std::vector<OriginHit> out;
  while (true) {
    const auto row = rows.step();
    if (!row) return fail(row.error());
    if (!*row) return out;
    const auto digest = read_digest(rows, 4);
    if (!digest) return fail(digest.error());
    out.push_back(
        {ParticipantId{rows.number(0)}, {std::string(rows.bytes(1)), std::string(rows.bytes(2)), std::string(rows.bytes(3)), *digest}});
  }
}

constexpr std::string_view origin_select = "SELECT participant, format, key, name, digest FROM origin WHERE format = ?";

Result<std::vector<std::string>> read_texts(Statement& rows) {
  std::vector<std::string> out;
  while (true) {
    const auto row = rows.step();
    if (!row) return fail(row.error());
    if (!*row) return out;
    out.emplace_back(rows.bytes(0));
  }
}

/// The files under their last names, the ledger's own last: until it is there the folder is no registry.
Result<void> make_files(const fs::path& directory) {
  const auto unfinished = directory / (std::string(ledger_file) + ".new");
  std::error_code code;
  fs::remove(unfinished, code);
  if (auto done = Vault::create(directory); !done) return done;
  if (auto done = make_database_file(unfinished); !done) return done;
  {
    auto connection = Connection::open(unfinished, Connection::Mode::read_write);
    if (!connection) return fail(connection.error());
    if (auto done = migrate(*connection); !done) return done;
  }
  fs::rename(unfinished, directory / ledger_file, code);
  if (code) return fail(system_error(code.value(), ledger_file));
  return flush_folder(directory);
}

}  // namespace

Ledger::Ledger(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Ledger::~Ledger() = default;

Result<std::unique_ptr<Ledger>> Ledger::create(const fs::path& directory) {
  std::error_code code;
  if (!fs::is_directory(directory, code))
    return fail(ErrorCode::not_found, "the folder does not exist", Place{directory.string(), 0, 0, {}});
  auto lock = DirectoryLock::take(directory);
  if (!lock) return fail(lock.error());
  if (fs::exists(directory / ledger_file, code)) {
    return fail(ErrorCode::already_exists, "there is already a registry in this folder", Place{directory.string(), 0, 0, {}});
  }
  if (auto done = make_files(directory); !done) return fail(done.error());
  auto impl = Impl::open(directory, std::move(*lock));
  if (!impl) return fail(impl.error());
  return std::unique_ptr<Ledger>(new Ledger(std::move(*impl)));
}

Result<std::unique_ptr<Ledger>> Ledger::open(const fs::path& directory) {
  std::error_code code;
  if (!fs::exists(directory / ledger_file, code)) {
    return fail(ErrorCode::not_a_registry, "the folder holds no ledger.sqlite", Place{directory.string(), 0, 0, {}});
  }
  auto lock = DirectoryLock::take(directory);
  if (!lock) return fail(lock.error());
  auto impl = Impl::open(directory, std::move(*lock));
  if (!impl) return fail(impl.error());
  return std::unique_ptr<Ledger>(new Ledger(std::move(*impl)));
}

const fs::path& Ledger::directory() const noexcept { return impl_->directory; }

Result<std::vector<OriginHit>> Ledger::find_origin(std::string_view format, std::string_view key) const {
  auto reader = impl_->readers.take();
  if (!reader) return fail(reader.error());
  auto rows = Statement::prepare((*reader)->connection, std::string(origin_select) + " AND key = ? ORDER BY id");
  if (!rows) return fail(rows.error());
  rows->bind_text(1, format);
  rows->bind_text(2, key);
  return read_origins(*rows);
}

Result<std::vector<OriginHit>> Ledger::origins(std::string_view format) const {
  auto reader = impl_->readers.take();
  if (!reader) return fail(reader.error());
  auto rows = Statement::prepare((*reader)->connection, std::string(origin_select) + " ORDER BY id");
  if (!rows) return fail(rows.error());
  rows->bind_text(1, format);
  return read_origins(*rows);
}

Result<Head> Ledger::head() const { return impl_->state().head; }

Result<Head> Ledger::head_at(std::int64_t sequence) const {
  if (sequence == 0) return Head{};
  auto reader = impl_->readers.take();
  if (!reader) return fail(reader.error());
  auto rows =
      Statement::prepare((*reader)->connection, "SELECT chain, last_fact, at_seconds, at_nanoseconds FROM audit WHERE sequence = ?");
  if (!rows) return fail(rows.error());
  rows->bind(1, sequence);
  const auto row = rows->step();
  if (!row) return fail(row.error());
  if (!*row) return fail(ErrorCode::not_found, "there is no write " + std::to_string(sequence));
  const auto chain = read_digest(*rows, 0);
  if (!chain) return fail(chain.error());
  return Head{sequence, *chain, rows->number(1), {rows->number(2), static_cast<std::int32_t>(rows->number(3))}};
}

Result<void> Ledger::read(ReadKey, const Head& head, const std::optional<std::vector<ParticipantId>>& only,
                          const std::function<bool(const Fact&)>& visit) const {
  return impl_->read(false, head, only, visit);
}

Result<void> Ledger::read_history(ReadKey, const Head& head, const std::optional<std::vector<ParticipantId>>& only,
                                  const std::function<bool(const Fact&)>& visit) const {
  return impl_->read(true, head, only, visit);
}

Result<std::vector<ParticipantId>> Ledger::participants(ReadKey, const Head& head) const {
  auto reader = impl_->readers.take();
  if (!reader) return fail(reader.error());
  auto rows = Statement::prepare((*reader)->connection, "SELECT id FROM participant WHERE sequence <= ? ORDER BY id");
  if (!rows) return fail(rows.error());
  rows->bind(1, head.sequence);
  std::vector<ParticipantId> out;
  while (true) {
    const auto row = rows->step();
    if (!row) return fail(row.error());
    if (!*row) return out;
    out.push_back(ParticipantId{rows->number(0)});
  }
}

Result<void> Ledger::read_range(ReadKey, const Head& head, ParticipantId first, ParticipantId last,
                                const std::function<bool(const Fact&)>& visit) const {
  return impl_->read_range(head, first, last, visit);
}

Result<std::int64_t> Ledger::participant_count(const Head& head) const {
  const auto state = impl_->state();
  if (head.sequence >= state.head.sequence) return state.participants;
  auto reader = impl_->readers.take();
  if (!reader) return fail(reader.error());
  auto rows = Statement::prepare((*reader)->connection, "SELECT sequence FROM participant WHERE id = ?");
  if (!rows) return fail(rows.error());
  // Their writes ascend with their numbers.
  std::int64_t known = 0, beyond = state.participants + 1;
  while (beyond - known > 1) {
    const auto middle = known + (beyond - known) / 2;
    rows->bind(1, middle);
    const auto row = rows->step();
    if (!row) return fail(row.error());
    const bool then = *row && rows->number(0) <= head.sequence;
    rows->reset();
    (then ? known : beyond) = middle;
  }
  return known;
}

Result<std::vector<ParticipantId>> Ledger::touched(ReadKey, const Head& after, const Head& up_to) const {
  const auto before = participant_count(after);
  if (!before) return fail(before.error());
  const auto now = participant_count(up_to);
  if (!now) return fail(now.error());
  auto reader = impl_->readers.take();
  if (!reader) return fail(reader.error());
  auto rows = Statement::prepare((*reader)->connection, "SELECT participant FROM fact WHERE id > ? AND id <= ?");
  if (!rows) return fail(rows.error());
  rows->bind(1, after.facts);
  rows->bind(2, up_to.facts);
  std::vector<ParticipantId> out;
  for (auto id = *before + 1; id <= *now; ++id) out.push_back(ParticipantId{id});
  while (true) {
    const auto row = rows->step();
    if (!row) return fail(row.error());
    if (!*row) break;
    if (const ParticipantId participant{rows->number(0)}; out.empty() || out.back() != participant) out.push_back(participant);
  }
  std::ranges::sort(out);
  out.erase(std::ranges::unique(out).begin(), out.end());
  return out;
}

Result<std::optional<Identity>> Ledger::identity(ReadKey, ParticipantId participant) const {
  auto reader = impl_->readers.take();
  if (!reader) return fail(reader.error());
  auto rows = Statement::prepare((*reader)->connection,
                                 "SELECT max(sequence) FROM identity WHERE participant = ?1 AND sequence > "
                                 "(SELECT coalesce(max(up_to_sequence), 0) FROM erasure WHERE participant = ?1)");
  if (!rows) return fail(rows.error());
  rows->bind(1, participant.number);
  const auto row = rows->step();
  if (!row) return fail(row.error());
  if (!*row || rows->null(0)) return std::nullopt;
  auto json = impl_->vault->get({participant, rows->number(0)});
  if (!json) return fail(json.error());
  if (!*json) return std::nullopt;
  return Identity{std::move(**json)};
}

Result<std::vector<ConsentRecord>> Ledger::consents(const Head& head, std::optional<ParticipantId> only) const {
  auto reader = impl_->readers.take();
  if (!reader) return fail(reader.error());
  auto rows = Statement::prepare((*reader)->connection,
                                 "SELECT c.participant, c.purpose, c.decision, c.basis, c.text_version, c.given_by, c.decided_seconds, "
                                 "c.decided_nanoseconds, a.at_seconds, a.at_nanoseconds FROM consent c JOIN audit a ON a.sequence = "
                                 "c.sequence WHERE c.sequence <= ?1 AND (?2 IS NULL OR c.participant = ?2) ORDER BY c.id");
  if (!rows) return fail(rows.error());
  rows->bind(1, head.sequence);
  only ? rows->bind(2, only->number) : rows->bind_null(2);
  std::vector<ConsentRecord> out;
  while (true) {
    const auto row = rows->step();
    if (!row) return fail(row.error());
    if (!*row) return out;
    out.push_back({ParticipantId{rows->number(0)},
                   static_cast<Purpose>(rows->number(1)),
                   static_cast<Decision>(rows->number(2)),
                   static_cast<Basis>(rows->number(3)),
                   std::string(rows->bytes(4)),
                   std::string(rows->bytes(5)),
                   {rows->number(6), static_cast<std::int32_t>(rows->number(7))},
                   {rows->number(8), static_cast<std::int32_t>(rows->number(9))}});
  }
}

Result<std::int64_t> Ledger::decisions(const Head& head, std::int64_t after, const std::function<void(const ConsentRecord&)>& visit) const {
  auto reader = impl_->readers.take();
  if (!reader) return fail(reader.error());
  auto rows = Statement::prepare(
      (*reader)->connection, "SELECT id, participant, purpose, decision, basis FROM consent WHERE id > ? AND sequence <= ? ORDER BY id");
  if (!rows) return fail(rows.error());
  rows->bind(1, after);
  rows->bind(2, head.sequence);
  ConsentRecord record;
  while (true) {
    const auto row = rows->step();
    if (!row) return fail(row.error());
    if (!*row) return after;
    after = rows->number(0);
    record.participant.number = rows->number(1);
    record.purpose = static_cast<Purpose>(rows->number(2));
    record.decision = static_cast<Decision>(rows->number(3));
    record.basis = static_cast<Basis>(rows->number(4));
    visit(record);
  }
}

Result<void> Ledger::erase_identity(std::string_view actor, ParticipantId participant) {
  const std::lock_guard writing(impl_->writing);
  if (auto done = impl_->settle_vault(); !done) return done;
  auto next = impl_->state();
  if (participant.number < 1 || participant.number > next.participants) return fail(ErrorCode::not_found, "there is no such participant");
  auto transaction = Transaction::begin(impl_->writer, Transaction::Kind::write);
  if (!transaction) return fail(transaction.error());
  auto insert = Statement::prepare(impl_->writer, "INSERT INTO erasure (id, audit, participant, up_to_sequence) VALUES (?,?,?,?)");
  if (!insert) return fail(insert.error());
  const auto id = impl_->writer.number("SELECT max(id) FROM erasure");
  if (!id) return fail(id.error());
  insert->bind(1, *id + 1);
  insert->bind(2, next.audit_entries + 1);
  insert->bind(3, participant.number);
  insert->bind(4, next.head.sequence);
  if (auto done = insert->run(); !done) return done;
  AuditEntry entry;
  entry.at = Instant::now();
  entry.actor = actor;
  entry.action = "erase_identity";
  entry.detail = "participant " + std::to_string(participant.number);
  entry.content = erasure_digest(*id + 1, participant, next.head.sequence);
  if (auto done = impl_->add_audit(next, std::move(entry), false); !done) return done;
  if (auto done = transaction->commit(); !done) return done;
  impl_->publish(next);
  // The decision is durable; from here a kill or a failure only delays it until the next write or the next open.
  impl_->vault_unsettled = true;
  return impl_->settle_vault();
}

Result<void> Ledger::audit(std::string_view actor, std::string_view action, std::string_view detail, const Digest& content) {
  const std::lock_guard writing(impl_->writing);
  auto next = impl_->state();
  auto transaction = Transaction::begin(impl_->writer, Transaction::Kind::write);
  if (!transaction) return fail(transaction.error());
  AuditEntry entry;
  entry.at = Instant::now();
  entry.actor = actor;
  entry.action = action;
  entry.detail = detail;
  entry.content = content;
  if (auto done = impl_->add_audit(next, std::move(entry), false); !done) return done;
  if (auto done = transaction->commit(); !done) return done;
  impl_->publish(next);
  return {};
}

Result<std::vector<AuditEntry>> Ledger::audit_entries(std::int64_t from, std::int64_t count_max) const {
  auto reader = impl_->readers.take();
  if (!reader) return fail(reader.error());
  auto rows = Statement::prepare((*reader)->connection,
                                 "SELECT number, at_seconds, at_nanoseconds, actor, action, detail, content, chain FROM audit WHERE "
                                 "number >= ? ORDER BY number LIMIT ?");
  if (!rows) return fail(rows.error());
  rows->bind(1, from);
  rows->bind(2, std::max<std::int64_t>(count_max, 0));
  std::vector<AuditEntry> out;
  while (true) {
    const auto row = rows->step();
    if (!row) return fail(row.error());
    if (!*row) return out;
    const auto content = read_digest(*rows, 6);
    const auto chain = read_digest(*rows, 7);
    if (!content) return fail(content.error());
    if (!chain) return fail(chain.error());
    out.push_back({rows->number(0),
                   {rows->number(1), static_cast<std::int32_t>(rows->number(2))},
                   std::string(rows->bytes(3)),
                   std::string(rows->bytes(4)),
                   std::string(rows->bytes(5)),
                   *content,
                   *chain});
  }
}

Result<void> Ledger::append_release(std::string_view actor, std::string_view study, std::string_view row) {
  const std::lock_guard writing(impl_->writing);
  auto next = impl_->state();
  auto transaction = Transaction::begin(impl_->writer, Transaction::Kind::write);
  if (!transaction) return fail(transaction.error());
  auto insert = Statement::prepare(impl_->writer, "INSERT INTO release (id, audit, study, row) VALUES (?,?,?,?)");
  if (!insert) return fail(insert.error());
  const auto id = impl_->writer.number("SELECT max(id) FROM release");
  if (!id) return fail(id.error());
  insert->bind(1, *id + 1);
  insert->bind(2, next.audit_entries + 1);
  insert->bind_text(3, study);
  insert->bind_text(4, row);
  if (auto done = insert->run(); !done) return done;
  AuditEntry entry;
  entry.at = Instant::now();
  entry.actor = actor;
  entry.action = "release";
  entry.detail = study;
  entry.content = release_digest(*id + 1, study, row);
  if (auto done = impl_->add_audit(next, std::move(entry), false); !done) return done;
  if (auto done = transaction->commit(); !done) return done;
  impl_->publish(next);
  return {};
}

Result<std::vector<std::string>> Ledger::releases(std::string_view study) const {
  auto reader = impl_->readers.take();
  if (!reader) return fail(reader.error());
  auto rows = Statement::prepare((*reader)->connection, "SELECT row FROM release WHERE study = ? ORDER BY id");
  if (!rows) return fail(rows.error());
  rows->bind_text(1, study);
  return read_texts(*rows);
}

Result<std::vector<std::string>> Ledger::releases() const {
  auto reader = impl_->readers.take();
  if (!reader) return fail(reader.error());
  auto rows = Statement::prepare((*reader)->connection, "SELECT row FROM release ORDER BY id");
  if (!rows) return fail(rows.error());
  return read_texts(*rows);
}

}  // namespace skerry::ledger
