#include "ledger/schema.hpp"

#include <array>
#include <string>

namespace skerry::ledger {
namespace {

// Every statement ever made, one row a fact. Codes, units, sites and sources are rows of `term`. The value_*, first_day and
// last_day columns are there to be asked; where they do not say it all, value_body and when_exact hold the exact bytes
// (docs/fact-encoding.md). Long records said many times over are rows of `content`.
constexpr const char* version_1 = R"sql(
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES ('schema_version', '1');
CREATE TABLE audit (
  number INTEGER PRIMARY KEY, at_seconds INTEGER NOT NULL, at_nanoseconds INTEGER NOT NULL,
  actor TEXT NOT NULL, action TEXT NOT NULL, detail TEXT NOT NULL, content BLOB NOT NULL, chain BLOB NOT NULL,
  sequence INTEGER UNIQUE, last_fact INTEGER
) STRICT;
CREATE TABLE term (id INTEGER PRIMARY KEY, curie TEXT NOT NULL, label TEXT NOT NULL) STRICT;
CREATE INDEX term_by_curie ON term (curie);
CREATE TABLE content (id INTEGER PRIMARY KEY, hash BLOB NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE participant (id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL) STRICT;
CREATE TABLE fact (
  id INTEGER PRIMARY KEY, participant INTEGER NOT NULL, sequence INTEGER NOT NULL,
  kind INTEGER NOT NULL, concept INTEGER NOT NULL, status INTEGER NOT NULL, source_kind INTEGER NOT NULL, source INTEGER,
  site INTEGER, side INTEGER, part_of INTEGER, supersedes INTEGER,
  value_kind INTEGER, value_number ANY, value_code INTEGER, value_body ANY, value_content INTEGER,
  when_kind INTEGER, first_day INTEGER, last_day INTEGER, when_exact BLOB, qualifiers BLOB
) STRICT;
CREATE INDEX fact_of_participant ON fact (participant);
CREATE UNIQUE INDEX fact_superseded ON fact (supersedes) WHERE supersedes IS NOT NULL;
CREATE TABLE consent (
  id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, participant INTEGER NOT NULL,
  purpose INTEGER NOT NULL, decision INTEGER NOT NULL, basis INTEGER NOT NULL, text_version TEXT NOT NULL, given_by TEXT NOT NULL,
  decided_seconds INTEGER NOT NULL, decided_nanoseconds INTEGER NOT NULL
) STRICT;
CREATE TABLE origin (
  id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, participant INTEGER NOT NULL,
  format TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, digest BLOB NOT NULL
) STRICT;
CREATE INDEX origin_by_key ON origin (format, key);
CREATE TABLE identity (id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, participant INTEGER NOT NULL) STRICT;
CREATE INDEX identity_of_participant ON identity (participant);
CREATE TABLE erasure (
  id INTEGER PRIMARY KEY, audit INTEGER NOT NULL, participant INTEGER NOT NULL, up_to_sequence INTEGER NOT NULL
) STRICT;
CREATE TABLE release (id INTEGER PRIMARY KEY, audit INTEGER NOT NULL, study TEXT NOT NULL, row TEXT NOT NULL) STRICT;
CREATE INDEX release_of_study ON release (study);
)sql";

// For people who look with their own SQL: one readable line a fact.
constexpr const char* version_2 = R"sql(
CREATE VIEW statement AS
SELECT f.id, f.participant,
  CASE f.kind WHEN 1 THEN 'person' WHEN 2 THEN 'feature' WHEN 3 THEN 'measurement' WHEN 4 THEN 'diagnosis' WHEN 5 THEN 'variant'
    WHEN 6 THEN 'procedure' WHEN 7 THEN 'treatment' WHEN 8 THEN 'biosample' WHEN 9 THEN 'file' WHEN 10 THEN 'document'
    WHEN 11 THEN 'experience' WHEN 12 THEN 'interpretation' END AS kind,
  c.curie AS code, c.label AS label,
  CASE f.status WHEN 1 THEN 'present' WHEN 2 THEN 'absent' WHEN 3 THEN 'not_recorded' WHEN 4 THEN 'refused'
    WHEN 5 THEN 'retracted' END AS status,
  f.value_number AS value_number, v.curie AS value_code, v.label AS value_label,
  CASE WHEN f.first_day IS NOT NULL THEN date(f.first_day * 86400, 'unixepoch') END AS first_day,
  CASE WHEN f.last_day IS NOT NULL THEN date(f.last_day * 86400, 'unixepoch') END AS last_day,
  s.curie AS site, CASE f.side WHEN 1 THEN 'left' WHEN 2 THEN 'right' WHEN 3 THEN 'both' WHEN 4 THEN 'midline' END AS side,
  CASE f.source_kind WHEN 1 THEN 'participant' WHEN 2 THEN 'proxy' WHEN 3 THEN 'clinician' WHEN 4 THEN 'device'
    WHEN 5 THEN 'publication' END AS source_kind,
  r.curie AS source, f.part_of, f.supersedes, f.sequence,
  EXISTS (SELECT 1 FROM fact n WHERE n.supersedes = f.id) AS superseded
FROM fact f JOIN term c ON c.id = f.concept LEFT JOIN term v ON v.id = f.value_code LEFT JOIN term s ON s.id = f.site
  LEFT JOIN term r ON r.id = f.source;
)sql";

constexpr std::array<const char*, schema_version> steps{version_1, version_2};

constexpr std::array append_only_tables{"audit",   "term",   "content",  "participant", "fact",
                                        "consent", "origin", "identity", "erasure",     "release"};

/// What was written stays as it was written, whoever opens the file with whatever tool.
Result<void> forbid_changes(Connection& connection) {
  for (const std::string table : append_only_tables) {
    for (const std::string verb : {"UPDATE", "DELETE"}) {
      const auto sql = "CREATE TRIGGER IF NOT EXISTS no_" + verb + "_of_" + table + " BEFORE " + verb + " ON " + table +
                       " BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;";
      if (auto done = connection.run(sql.c_str()); !done) return done;
    }
  }
  return {};
}

Result<std::int64_t> stored_version(Connection& connection) {
  const auto tables = connection.number("SELECT count(*) FROM sqlite_schema");
  if (!tables || *tables == 0) return tables;
  const auto meta = connection.number("SELECT count(*) FROM sqlite_schema WHERE name = 'meta'");
  if (!meta) return meta;
  if (*meta == 0) return fail(ErrorCode::not_a_registry, connection.name() + " is a database of another program");
  return connection.number("SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'schema_version'", -1);
}

}  // namespace

Result<void> migrate(Connection& connection) {
  auto transaction = Transaction::begin(connection, Transaction::Kind::write);
  if (!transaction) return fail(transaction.error());
  const auto version = stored_version(connection);
  if (!version) return fail(version.error());
  if (*version < 0) return fail(ErrorCode::not_a_registry, connection.name() + " does not say its schema version");
  if (*version > schema_version) {
    return fail(ErrorCode::wrong_version, connection.name() + " has schema version " + std::to_string(*version) +
                                              "; this program knows up to " + std::to_string(schema_version));
  }
  if (*version == schema_version) return {};
  for (auto next = static_cast<std::size_t>(*version); next < steps.size(); ++next) {
    if (auto done = connection.run(steps[next]); !done) return done;
  }
  if (auto done = forbid_changes(connection); !done) return done;
  const auto note = "UPDATE meta SET value = '" + std::to_string(schema_version) + "' WHERE key = 'schema_version'";
  if (auto done = connection.run(note.c_str()); !done) return done;
  return transaction->commit();
}

}  // namespace skerry::ledger
