// Verification: everything stored is read again, from the file alone, and hashed again.
#include <functional>
#include <map>
#include <mutex>
#include <utility>

#include "ledger/audit_chain.hpp"
#include "ledger/fact_columns.hpp"
#include "ledger/ledger_impl.hpp"
#include "ledger/schema.hpp"

namespace skerry::ledger {
namespace {

constexpr std::size_t faults_max = 1'000;

Digest digest_or_zero(std::string_view bytes) {
  Digest out;
  if (bytes.size() == out.bytes.size()) std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
  return out;
}

/// The rows of one append-only table, handed out write by write.
struct Cursor {
  std::string_view table;
  Statement rows;
  int sequence_column = 0;
  bool at_row = false;
};

class Verifier {
 public:
  Verifier(Connection& connection, const Vault& vault) : connection_(connection), vault_(vault) {}
  /// Gives the writers their lock back once its own snapshot stands and the vault has been compared with it.
  Result<Verification> run(std::unique_lock<std::mutex> writing);

 private:
  using Take = std::function<Result<void>(Statement&)>;

  void fault(std::string_view file, std::string_view table, std::int64_t row, std::string_view what);
  Result<void> integrity();
  Result<void> prepare();
  Result<void> open(Cursor& cursor, std::string_view table, const std::string& sql, int sequence_column);
  Result<void> advance(Cursor& cursor);
  Result<void> take(Cursor& cursor, std::int64_t sequence, const Take& each);
  Result<void> audit();
  Result<void> entry(const Statement& row);
  Result<Digest> write_digest(std::int64_t sequence, Instant at);
  Result<void> fact(Statement& row, AppendDigest& digest);
  Result<void> release_or_erasure(const AuditEntry& entry);
  Result<void> references();
  Result<void> contents();
  Result<void> vault_rows();

  Connection& connection_;
  const Vault& vault_;
  Verification out_;
  FactReader facts_reader_;
  Cursor participants_, facts_, consents_, origins_, identities_;
  Statement release_, erasure_;
  Digest chain_;
  std::int64_t last_write_ = 0, last_fact_ = 0, releases_ = 0, erasures_ = 0;
  Fact fact_;
};

void Verifier::fault(std::string_view file, std::string_view table, std::int64_t row, std::string_view what) {
  if (out_.faults.size() >= faults_max) return;
  const auto number = std::to_string(row);
  out_.faults.push_back({ErrorCode::verification_failed, "table " + std::string(table) + ", row " + number + ": " + std::string(what),
                         Place{std::string(file), 0, 0, "/" + std::string(table) + "/" + number}});
}

Result<void> Verifier::integrity() {
  const auto ledger = integrity_faults(connection_);
  if (!ledger) return fail(ledger.error());
  for (const auto& what : *ledger) out_.faults.push_back({ErrorCode::verification_failed, what, Place{std::string(ledger_file), 0, 0, {}}});
  const auto vault = vault_.check_integrity();
  if (!vault) return fail(vault.error());
  for (const auto& what : *vault) out_.faults.push_back({ErrorCode::verification_failed, what, Place{std::string(vault_file), 0, 0, {}}});
  const auto version = connection_.number("SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'schema_version'");
  if (!version) return fail(version.error());
  if (*version != schema_version) fault(ledger_file, "meta", 1, "the schema version is not the one the tables have");
  return {};
}

Result<void> Verifier::open(Cursor& cursor, std::string_view table, const std::string& sql, int sequence_column) {
  auto prepared = Statement::prepare(connection_, sql);
  if (!prepared) return fail(prepared.error());
  cursor = {table, std::move(*prepared), sequence_column, false};
  return advance(cursor);
}

Result<void> Verifier::prepare() {
  auto reader = FactReader::prepare(connection_, nullptr);
  if (!reader) return fail(reader.error());
  facts_reader_ = std::move(*reader);
  auto done = open(participants_, "participant", "SELECT id, sequence FROM participant ORDER BY id", 1);
  if (done) {
    done = open(facts_, "fact", "SELECT " + std::string(fact_columns) + std::string(derived_columns) + " FROM fact f ORDER BY f.id",
                c_sequence);
  }
  if (done) {
    done = open(consents_, "consent",
                "SELECT id, sequence, participant, purpose, decision, basis, text_version, given_by, decided_seconds, decided_nanoseconds "
                "FROM consent ORDER BY id",
                1);
  }
  if (done) done = open(origins_, "origin", "SELECT id, sequence, participant, format, key, name, digest FROM origin ORDER BY id", 1);
  if (done) done = open(identities_, "identity", "SELECT id, sequence, participant FROM identity ORDER BY id", 1);
  if (!done) return done;
  for (const auto& [statement, sql] :
       {std::pair<Statement*, std::string_view>{&release_, "SELECT id, study, row FROM release WHERE audit = ?"},
        std::pair<Statement*, std::string_view>{&erasure_, "SELECT id, participant, up_to_sequence FROM erasure WHERE audit = ?"}}) {
    auto prepared = Statement::prepare(connection_, sql);
    if (!prepared) return fail(prepared.error());
    *statement = std::move(*prepared);
  }
  return {};
}

Result<void> Verifier::advance(Cursor& cursor) {
  const auto row = cursor.rows.step();
  if (!row) return fail(row.error());
  cursor.at_row = *row;
  return {};
}

Result<void> Verifier::take(Cursor& cursor, std::int64_t sequence, const Take& each) {
  while (cursor.at_row && cursor.rows.number(cursor.sequence_column) <= sequence) {
    if (cursor.rows.number(cursor.sequence_column) < sequence) {
      fault(ledger_file, cursor.table, cursor.rows.number(0), "names an earlier write than the rows before it");
    } else if (auto done = each(cursor.rows); !done) {
      return done;
    }
    if (auto done = advance(cursor); !done) return done;
  }
  return {};
}

Result<void> Verifier::fact(Statement& row, AppendDigest& digest) {
  ++out_.facts;
  const auto id = row.number(c_id);
  if (id != ++last_fact_) {
    fault(ledger_file, "fact", last_fact_, "is missing");
    last_fact_ = id;
  }
  if (auto read = facts_reader_.read(row, fact_); !read) {
    fault(ledger_file, "fact", id, read.error().message);
    return {};
  }
  digest.fact(fact_);
  const auto agree = facts_reader_.derived_agree(row, fact_);
  if (!agree || !*agree) fault(ledger_file, "fact", id, "a column does not say what the fact says");
  return {};
}

Result<Digest> Verifier::write_digest(std::int64_t sequence, Instant at) {
  AppendDigest digest;
  auto done = take(participants_, sequence, [&](Statement& row) -> Result<void> {
    if (row.number(0) != ++out_.participants) fault(ledger_file, "participant", row.number(0), "does not follow the row before it");
    digest.participant(ParticipantId{row.number(0)});
    return {};
  });
  if (done) done = take(facts_, sequence, [&](Statement& row) { return fact(row, digest); });
  if (done) {
    done = take(consents_, sequence, [&](Statement& row) -> Result<void> {
      digest.consent({ParticipantId{row.number(2)},
                      static_cast<Purpose>(row.number(3)),
                      static_cast<Decision>(row.number(4)),
                      static_cast<Basis>(row.number(5)),
                      std::string(row.bytes(6)),
                      std::string(row.bytes(7)),
                      {row.number(8), static_cast<std::int32_t>(row.number(9))},
                      at});
      return {};
    });
  }
  if (done) {
    done = take(origins_, sequence, [&](Statement& row) -> Result<void> {
      digest.origin(ParticipantId{row.number(2)},
                    {std::string(row.bytes(3)), std::string(row.bytes(4)), std::string(row.bytes(5)), digest_or_zero(row.bytes(6))});
      return {};
    });
  }
  if (done) {
    done = take(identities_, sequence, [&](Statement& row) -> Result<void> {
      digest.identity(ParticipantId{row.number(2)});
      return {};
    });
  }
  if (!done) return fail(done.error());
  return digest.finish();
}

Result<void> Verifier::release_or_erasure(const AuditEntry& entry) {
  const bool is_release = entry.action == "release";
  auto& rows = is_release ? release_ : erasure_;
  rows.bind(1, entry.number);
  const auto row = rows.step();
  if (!row) return fail(row.error());
  if (!*row) {
    fault(ledger_file, "audit", entry.number, "what it tells of is missing in table " + entry.action);
  } else {
    const auto id = rows.number(0);
    const auto digest =
        is_release ? release_digest(id, rows.bytes(1), rows.bytes(2)) : erasure_digest(id, ParticipantId{rows.number(1)}, rows.number(2));
    if (digest != entry.content)
      fault(ledger_file, is_release ? "release" : "erasure", id, "is not what audit row " + std::to_string(entry.number) + " saw");
    ++(is_release ? releases_ : erasures_);
  }
  rows.reset();
  return {};
}

Result<void> Verifier::entry(const Statement& row) {
  AuditEntry entry{row.number(0),
                   {row.number(1), static_cast<std::int32_t>(row.number(2))},
                   std::string(row.bytes(3)),
                   std::string(row.bytes(4)),
                   std::string(row.bytes(5)),
                   digest_or_zero(row.bytes(6)),
                   digest_or_zero(row.bytes(7))};
  if (entry.number != ++out_.audit_entries) {
    fault(ledger_file, "audit", out_.audit_entries, "is missing");
    out_.audit_entries = entry.number;
  }
  if (chain_of(chain_, entry) != entry.chain) fault(ledger_file, "audit", entry.number, "does not follow from the entry before it");
  chain_ = entry.chain;
  if (row.null(8)) {
    if (entry.action == "append") fault(ledger_file, "audit", entry.number, "has no sequence");
    if (entry.action == "release" || entry.action == "erase_identity") return release_or_erasure(entry);
    return {};
  }
  const auto sequence = row.number(8);
  if (sequence != ++last_write_) {
    fault(ledger_file, "audit", entry.number, "its sequence does not follow the write before it");
    last_write_ = sequence;
  }
  const auto first_fact = last_fact_ + 1;
  const auto digest = write_digest(sequence, entry.at);
  if (!digest) return fail(digest.error());
  if (row.number(9) != last_fact_) fault(ledger_file, "audit", entry.number, "its last fact is not the last one stored");
  if (*digest != entry.content) {
    fault(ledger_file, "audit", entry.number,
          "what it wrote (facts " + std::to_string(first_fact) + " to " + std::to_string(last_fact_) +
              ", with their codes, participants, consents and documents) is not what is stored now");
  }
  return {};
}

Result<void> Verifier::audit() {
  auto rows = Statement::prepare(connection_,
                                 "SELECT number, at_seconds, at_nanoseconds, actor, action, detail, content, chain, sequence, last_fact "
                                 "FROM audit ORDER BY number");
  if (!rows) return fail(rows.error());
  while (true) {
    const auto row = rows->step();
    if (!row) return fail(row.error());
    if (!*row) break;
    if (auto done = entry(*rows); !done) return done;
  }
  for (auto* cursor : {&participants_, &facts_, &consents_, &origins_, &identities_}) {
    while (cursor->at_row) {
      fault(ledger_file, cursor->table, cursor->rows.number(0), "belongs to no write");
      if (auto done = advance(*cursor); !done) return done;
    }
  }
  for (const auto& [table, sql, seen] : {std::tuple{"release", "SELECT count(*) FROM release", releases_},
                                         std::tuple{"erasure", "SELECT count(*) FROM erasure", erasures_}}) {
    const auto stored = connection_.number(sql);
    if (!stored) return fail(stored.error());
    if (*stored != seen) fault(ledger_file, table, *stored, "there are rows no audit entry tells of");
  }
  return {};
}

Result<void> Verifier::references() {
  static constexpr std::tuple<std::string_view, std::string_view, std::string_view> checks[] = {
      {"fact", "names a participant that does not exist",
       "SELECT f.id FROM fact f LEFT JOIN participant p ON p.id = f.participant WHERE p.id IS NULL"},
      {"fact", "is part of a fact that does not exist or is another participant's",
       "SELECT f.id FROM fact f LEFT JOIN fact o ON o.id = f.part_of WHERE f.part_of IS NOT NULL AND (o.id IS NULL OR o.participant <> "
       "f.participant OR o.id >= f.id)"},
      {"fact", "supersedes a fact that does not exist or is another participant's",
       "SELECT f.id FROM fact f LEFT JOIN fact o ON o.id = f.supersedes WHERE f.supersedes IS NOT NULL AND (o.id IS NULL OR o.participant "
       "<> f.participant OR o.id >= f.id)"},
      {"fact", "supersedes a fact that is superseded by another too",
       "SELECT max(id) FROM fact WHERE supersedes IS NOT NULL GROUP BY supersedes HAVING count(*) > 1"},
      {"consent", "names a participant that does not exist",
       "SELECT c.id FROM consent c LEFT JOIN participant p ON p.id = c.participant WHERE p.id IS NULL"},
      {"origin", "names a participant that does not exist",
       "SELECT o.id FROM origin o LEFT JOIN participant p ON p.id = o.participant WHERE p.id IS NULL"},
      {"identity", "names a participant that does not exist",
       "SELECT i.id FROM identity i LEFT JOIN participant p ON p.id = i.participant WHERE p.id IS NULL"},
  };
  for (const auto& [table, what, sql] : checks) {
    auto rows = Statement::prepare(connection_, std::string(sql) + " LIMIT 100");
    if (!rows) return fail(rows.error());
    while (true) {
      const auto row = rows->step();
      if (!row) return fail(row.error());
      if (!*row) break;
      fault(ledger_file, table, rows->number(0), what);
    }
  }
  return {};
}

Result<void> Verifier::contents() {
  auto rows = Statement::prepare(connection_, "SELECT id, hash, body FROM content ORDER BY id");
  if (!rows) return fail(rows.error());
  while (true) {
    const auto row = rows->step();
    if (!row) return fail(row.error());
    if (!*row) return {};
    const auto digest = digest_of(rows->bytes(2));
    const std::string_view hash(reinterpret_cast<const char*>(digest.bytes.data()), 16);
    if (rows->bytes(1) != hash) fault(ledger_file, "content", rows->number(0), "its body does not have its hash");
  }
}

Result<void> Verifier::vault_rows() {
  std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> expected;  // participant and sequence: the ledger's row
  auto rows = Statement::prepare(connection_,
                                 "SELECT i.participant, i.sequence, i.id FROM identity i WHERE i.sequence > (SELECT "
                                 "coalesce(max(e.up_to_sequence), 0) FROM erasure e WHERE e.participant = i.participant)");
  if (!rows) return fail(rows.error());
  while (true) {
    const auto row = rows->step();
    if (!row) return fail(row.error());
    if (!*row) break;
    expected[{rows->number(0), rows->number(1)}] = rows->number(2);
  }
  const auto stored = vault_.rows();
  if (!stored) return fail(stored.error());
  for (const auto& row : *stored) {
    const auto found = expected.find({row.participant.number, row.sequence});
    if (found == expected.end()) {
      fault(vault_file, "identity", row.participant.number, "the ledger knows of no such identity");
      continue;
    }
    expected.erase(found);
    const auto plain = vault_.get(row);
    if (!plain || !*plain) fault(vault_file, "identity", row.participant.number, "does not decrypt with its key");
  }
  for (const auto& [key, id] : expected) fault(ledger_file, "identity", id, "has no row in the vault, and was not erased");
  return {};
}

Result<Verification> Verifier::run(std::unique_lock<std::mutex> writing) {
  auto snapshot = Transaction::begin(connection_, Transaction::Kind::read);
  if (!snapshot) return fail(snapshot.error());
  auto done = vault_rows();
  writing.unlock();
  if (done) done = integrity();
  if (done) done = prepare();
  if (done) done = audit();
  if (done) done = references();
  if (done) done = contents();
  if (!done) return fail(done.error());
  return std::move(out_);
}

}  // namespace

Result<Verification> Ledger::verify() const {
  auto connection = Connection::open(impl_->directory / ledger_file, Connection::Mode::read_only);
  if (!connection) return fail(connection.error());
  // No write may come between the ledger's snapshot and the vault's.
  return Verifier(*connection, *impl_->vault).run(std::unique_lock(impl_->writing));
}

}  // namespace skerry::ledger
