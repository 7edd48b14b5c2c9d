PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES('schema_version','1');
CREATE TABLE audit (
  number INTEGER PRIMARY KEY, at_seconds INTEGER NOT NULL, at_nanoseconds INTEGER NOT NULL,
  actor TEXT NOT NULL, action TEXT NOT NULL, detail TEXT NOT NULL, content BLOB NOT NULL, chain BLOB NOT NULL,
  sequence INTEGER UNIQUE, last_fact INTEGER
) STRICT;
INSERT INTO audit VALUES(1,1795336869,696457569,'command line','append','1 participants new, 2 facts, 1 consents, 1 documents, 0 identities',X'9185b7a7e62db4567099f9c61f3f3b20bee84197f4d2dc53b90f1b3c1f635640',X'31349443f3330512c56ae08ee0a2efe3e73ba5108324ef342288c10062d264ff',1,2);
INSERT INTO audit VALUES(2,1795336869,704544014,'command line','open_view','registry_research, 1 participants',X'0000000000000000000000000000000000000000000000000000000000000000',X'ce5d74db6f6c436de111281894d254a0d7ada154233eb0532ba3bc6795ba2817',NULL,NULL);
CREATE TABLE term (id INTEGER PRIMARY KEY, curie TEXT NOT NULL, label TEXT NOT NULL) STRICT;
INSERT INTO term VALUES(1,'HP:0034282','Subcutaneous ossification');
INSERT INTO term VALUES(2,'PMID:25802881','');
INSERT INTO term VALUES(3,'HP:0001156','Brachydactyly');
CREATE TABLE content (id INTEGER PRIMARY KEY, hash BLOB NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE participant (id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL) STRICT;
INSERT INTO participant VALUES(1,1);
CREATE TABLE fact (
  id INTEGER PRIMARY KEY, participant INTEGER NOT NULL, sequence INTEGER NOT NULL,
  kind INTEGER NOT NULL, concept INTEGER NOT NULL, status INTEGER NOT NULL, source_kind INTEGER NOT NULL, source INTEGER,
  site INTEGER, side INTEGER, part_of INTEGER, supersedes INTEGER,
  value_kind INTEGER, value_number ANY, value_code INTEGER, value_body ANY, value_content INTEGER,
  when_kind INTEGER, first_day INTEGER, last_day INTEGER, when_exact BLOB, qualifiers BLOB
) STRICT;
INSERT INTO fact VALUES(1,1,1,2,1,1,5,2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1,18048,18077,X'0901c61f0600',NULL);
INSERT INTO fact VALUES(2,1,1,2,3,2,5,2,NULL,NULL,NULL,NULL,3,7,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE consent (
  id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, participant INTEGER NOT NULL,
  purpose INTEGER NOT NULL, decision INTEGER NOT NULL, basis INTEGER NOT NULL, text_version TEXT NOT NULL, given_by TEXT NOT NULL,
  decided_seconds INTEGER NOT NULL, decided_nanoseconds INTEGER NOT NULL
) STRICT;
INSERT INTO consent VALUES(1,1,1,2,1,3,'PMID:25802881','publication',1000,0);
CREATE TABLE origin (
  id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, participant INTEGER NOT NULL,
  format TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, digest BLOB NOT NULL
) STRICT;
INSERT INTO origin VALUES(1,1,1,'phenopacket','case-1','case-1.json',X'2b4a8f11d867f9633e29c7521332540571ca07bba1075ba1e3fe72f1261f71ba');
CREATE TABLE identity (id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, participant INTEGER NOT NULL) STRICT;
CREATE TABLE erasure (
  id INTEGER PRIMARY KEY, audit INTEGER NOT NULL, participant INTEGER NOT NULL, up_to_sequence INTEGER NOT NULL
) STRICT;
CREATE TABLE release (id INTEGER PRIMARY KEY, audit INTEGER NOT NULL, study TEXT NOT NULL, row TEXT NOT NULL) STRICT;
CREATE INDEX term_by_curie ON term (curie);
CREATE INDEX fact_of_participant ON fact (participant);
CREATE UNIQUE INDEX fact_superseded ON fact (supersedes) WHERE supersedes IS NOT NULL;
CREATE INDEX origin_by_key ON origin (format, key);
CREATE INDEX identity_of_participant ON identity (participant);
CREATE INDEX release_of_study ON release (study);
CREATE TRIGGER no_UPDATE_of_audit BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER no_DELETE_of_audit BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER no_UPDATE_of_term BEFORE UPDATE ON term BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER no_DELETE_of_term BEFORE DELETE ON term BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER no_UPDATE_of_content BEFORE UPDATE ON content BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER no_DELETE_of_content BEFORE DELETE ON content BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER no_UPDATE_of_participant BEFORE UPDATE ON participant BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER no_DELETE_of_participant BEFORE DELETE ON participant BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER no_UPDATE_of_fact BEFORE UPDATE ON fact BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER no_DELETE_of_fact BEFORE DELETE ON fact BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER no_UPDATE_of_consent BEFORE UPDATE ON consent BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER no_DELETE_of_consent BEFORE DELETE ON consent BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER no_UPDATE_of_origin BEFORE UPDATE ON origin BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER no_DELETE_of_origin BEFORE DELETE ON origin BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER no_UPDATE_of_identity BEFORE UPDATE ON identity BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER no_DELETE_of_identity BEFORE DELETE ON identity BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER no_UPDATE_of_erasure BEFORE UPDATE ON erasure BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER no_DELETE_of_erasure BEFORE DELETE ON erasure BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER no_UPDATE_of_release BEFORE UPDATE ON release BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER no_DELETE_of_release BEFORE DELETE ON release BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
COMMIT;
