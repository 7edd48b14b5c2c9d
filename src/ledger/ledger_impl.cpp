#include "ledger/ledger_impl.hpp"

#include <algorithm>
#include <utility>

#include "ledger/audit_chain.hpp"
#include "ledger/schema.hpp"

namespace skerry::ledger {
namespace {

Result<Digest> digest_in(std::string_view bytes, std::string_view what) {
  Digest out;
  if (bytes.size() != out.bytes.size()) return fail(ErrorCode::storage_failed, std::string(what) + " is no digest");
  std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
  return out;
}

Result<State> stored_state(Connection& connection) {
  State out;
  auto last = Statement::prepare(connection, "SELECT number, chain FROM audit ORDER BY number DESC LIMIT 1");
  if (!last) return fail(last.error());
  const auto entry = last->step();
  if (!entry) return fail(entry.error());
  if (!*entry) return out;
  const auto chain = digest_in(last->bytes(1), "the chain of the last audit entry");
  if (!chain) return fail(chain.error());
  out.audit_entries = last->number(0);
  out.audit_chain = *chain;
  auto write = Statement::prepare(connection,
                                  "SELECT sequence, chain, last_fact, at_seconds, at_nanoseconds FROM audit WHERE sequence IS NOT NULL "
                                  "ORDER BY sequence DESC LIMIT 1");
  if (!write) return fail(write.error());
  const auto head = write->step();
  if (!head) return fail(head.error());
  if (*head) {
    const auto head_chain = digest_in(write->bytes(1), "the chain of the last write");
    if (!head_chain) return fail(head_chain.error());
    out.head = {write->number(0), *head_chain, write->number(2), {write->number(3), static_cast<std::int32_t>(write->number(4))}};
  }
  const auto participants = connection.number("SELECT max(id) FROM participant");
  if (!participants) return fail(participants.error());
  out.participants = *participants;
  return out;
}

}  // namespace

Ledger::Impl::Impl(std::filesystem::path where, DirectoryLock taken)
    : directory(std::move(where)), lock(std::move(taken)), readers(directory / ledger_file, terms) {}

Result<std::unique_ptr<Ledger::Impl>> Ledger::Impl::open(const std::filesystem::path& directory, DirectoryLock lock) {
  auto out = std::make_unique<Impl>(directory, std::move(lock));
  if (auto done = out->load(); !done) return fail(done.error());
  return out;
}

Result<void> Ledger::Impl::load() {
  auto connection = Connection::open(directory / ledger_file, Connection::Mode::read_write);
  if (!connection) return fail(connection.error());
  writer = std::move(*connection);
  // The log may grow to 64 MB before it is folded in: a bulk append then writes its pages once, not three times.
  if (auto done = writer.run("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8192; PRAGMA cache_size = -65536; "
                             "PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864;");
      !done) {
    return done;
  }
  if (auto done = migrate(writer); !done) return done;
  if (auto done = terms.load(writer); !done) return done;
  auto rows = FactWriter::prepare(writer, terms);
  if (!rows) return fail(rows.error());
  facts = std::move(*rows);
  auto insert =
      Statement::prepare(writer,
                         "INSERT INTO audit (number, at_seconds, at_nanoseconds, actor, action, detail, content, chain, sequence, "
                         "last_fact) VALUES (?,?,?,?,?,?,?,?,?,?)");
  if (!insert) return fail(insert.error());
  insert_audit = std::move(*insert);
  auto state = stored_state(writer);
  if (!state) return fail(state.error());
  state_ = *state;
  auto opened = Vault::open(directory);
  if (!opened) return fail(opened.error());
  vault = std::move(*opened);
  return settle_vault();
}

State Ledger::Impl::state() const {
  const std::lock_guard guard(state_mutex_);
  return state_;
}

void Ledger::Impl::publish(const State& next) {
  const std::lock_guard guard(state_mutex_);
  state_ = next;
}

Result<void> Ledger::Impl::add_audit(State& next, AuditEntry entry, bool is_write) {
  entry.number = next.audit_entries + 1;
  entry.chain = chain_of(next.audit_chain, entry);
  const auto bytes = [](const Digest& digest) {
    return std::string_view(reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size());
  };
  insert_audit.bind(1, entry.number);
  insert_audit.bind(2, entry.at.seconds);
  insert_audit.bind(3, entry.at.nanoseconds);
  insert_audit.bind_text(4, entry.actor);
  insert_audit.bind_text(5, entry.action);
  insert_audit.bind_text(6, entry.detail);
  insert_audit.bind_blob(7, bytes(entry.content));
  insert_audit.bind_blob(8, bytes(entry.chain));
  if (is_write) {
    insert_audit.bind(9, next.head.sequence);
    insert_audit.bind(10, next.head.facts);
    next.head.chain = entry.chain;
    next.head.at = entry.at;
  } else {
    insert_audit.bind_null(9);
    insert_audit.bind_null(10);
  }
  next.audit_entries = entry.number;
  next.audit_chain = entry.chain;
  return insert_audit.run();
}

Result<void> Ledger::Impl::settle_vault() {
  if (!vault_unsettled) return {};
  if (auto done = vault->sweep(state().head.sequence); !done) return done;
  auto erasures = Statement::prepare(writer, "SELECT participant, max(up_to_sequence) FROM erasure GROUP BY participant");
  if (!erasures) return fail(erasures.error());
  while (true) {
    const auto row = erasures->step();
    if (!row) return fail(row.error());
    if (!*row) break;
    if (auto done = vault->erase(ParticipantId{erasures->number(0)}, erasures->number(1)); !done) return done;
  }
  vault_unsettled = false;
  return {};
}

namespace {

/// Whether `visit` wanted to go on to the end.
Result<bool> visit_rows(FactReader& facts, Statement& rows, Fact& fact, const Ledger::Impl::Visit& visit) {
  while (true) {
    const auto row = rows.step();
    if (!row) return fail(row.error());
    if (!*row) return true;
    if (auto done = facts.read(rows, fact); !done) return fail(done.error());
    if (!visit(fact)) return false;
  }
}

}  // namespace

Result<void> Ledger::Impl::read(bool history, const Head& head, const std::optional<std::vector<ParticipantId>>& only, const Visit& visit) {
  // Taking the state also makes every term those facts use visible to this thread.
  const auto last_fact = std::min(head.facts, state().head.facts);
  auto reader = readers.take();
  if (!reader) return fail(reader.error());
  auto& lease = *reader;
  Fact fact;
  auto& rows = only ? (history ? lease->history_of_one : lease->current_of_one) : (history ? lease->history_of_all : lease->current_of_all);
  rows.bind(1, last_fact);
  if (!only) {
    const auto done = visit_rows(lease->facts, rows, fact, visit);
    rows.reset();
    if (!done) return fail(done.error());
    return {};
  }
  for (const auto participant : *only) {
    rows.bind(2, participant.number);
    const auto more = visit_rows(lease->facts, rows, fact, visit);
    rows.reset();
    if (!more) return fail(more.error());
    if (!*more) return {};
  }
  return {};
}

Result<void> Ledger::Impl::read_range(const Head& head, ParticipantId first, ParticipantId last, const Visit& visit) {
  const auto last_fact = std::min(head.facts, state().head.facts);
  auto reader = readers.take();
  if (!reader) return fail(reader.error());
  auto& rows = (*reader)->current_of_range;
  rows.bind(1, last_fact);
  rows.bind(2, first.number);
  rows.bind(3, last.number);
  Fact fact;
  const auto done = visit_rows((*reader)->facts, rows, fact, visit);
  rows.reset();
  if (!done) return fail(done.error());
  return {};
}

}  // namespace skerry::ledger
