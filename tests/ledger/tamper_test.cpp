// Someone opens the files with another program and changes them: verification says where.
#include <gmock/gmock.h>

#include <fstream>

#include "fixture.hpp"
#include "ledger/sqlite.hpp"

namespace skerry::ledger {
namespace {

using testing::HasSubstr;

class TamperTest : public testing::Test {
 protected:
  TemporaryFolder folder;

  void SetUp() override {
    auto ledger = must(Ledger::create(folder.path()));
    Batch first;
    first.facts = {feature("HP:0034282", "Subcutaneous ossification"), feature("HP:0001156", "Brachydactyly", Status::absent)};
    first.facts[0].value = Quantity{2.5, {"UCUM:cm", "centimetre"}, Quantity::Range{0, 1, {"UCUM:cm", "centimetre"}}};
    first.facts[0].when = When::at(PartialDate{2019, 6, 0});
    first.facts[0].where = {{"SCT:40983000", "upper arm"}, Side::left};
    first.facts[1].value = Record{"{\"filler\":\"" + std::string(200, 'x') + "\"}"};
    first.facts[1].qualifiers = {{{"HP:0012824", "Severity"}, Code{"HP:0012828", "Severe"}}};
    first.facts[1].part_of.number = -1;
    first.consents = {{{}, Purpose::registry_research, Decision::granted, Basis::consent, "text-1/en", "participant", {1'000, 0}, {}}};
    first.identity = Identity{R"({"name":"participant 1"})"};
    first.origin = Origin{"phenopacket", "case-1", "case-1.json", digest_of("case 1")};
    auto second = first;
    second.facts.resize(1);
    must(ledger->append("tester", std::vector{first, second}));
    Batch correction{ParticipantId{1}, {feature("HP:0034282", "Subcutaneous ossification", Status::absent)}, {}, {}, {}};
    correction.facts[0].supersedes.number = 1;
    must(ledger->append("tester", std::vector{correction}));
    must(ledger->audit("researcher 1", "open_view", "registry_research, 2 participants"));
    must(ledger->append_release("steward 1", "study-1", R"({"count":31})"));
    must(ledger->erase_identity("steward 1", ParticipantId{2}));
    const auto verified = must(ledger->verify());
    ASSERT_THAT(verified.faults, testing::IsEmpty());
    EXPECT_EQ(verified.facts, 4);
    EXPECT_EQ(verified.participants, 2);
    EXPECT_EQ(verified.audit_entries, 5);
  }

  std::vector<Error> faults_after(const std::string& sql, std::string_view file = "ledger.sqlite") {
    {
      auto connection = must(Connection::open(folder.path() / file, Connection::Mode::read_write));
      const auto done = connection.run(sql.c_str());
      if (!done) ADD_FAILURE() << sql << ": " << done.error().text();
    }
    return must(must(Ledger::open(folder.path()))->verify()).faults;
  }

  /// What an attacker would do first.
  static std::string unlocked(const std::string& table, const std::string& change) {
    return "DROP TRIGGER no_UPDATE_of_" + table + "; DROP TRIGGER no_DELETE_of_" + table + ";" + change;
  }
};

TEST_F(TamperTest, ChangesAreForbiddenToBeginWith) {
  auto connection = must(Connection::open(folder.path() / "ledger.sqlite", Connection::Mode::read_write));
  for (const std::string table :
       {"audit", "term", "content", "participant", "fact", "consent", "origin", "identity", "erasure", "release"}) {
    const auto changed = connection.run(("UPDATE " + table + " SET rowid = rowid + 100").c_str());
    ASSERT_FALSE(changed) << table;
    EXPECT_THAT(changed.error().message, HasSubstr("append-only"));
    EXPECT_FALSE(connection.run(("DELETE FROM " + table).c_str())) << table;
  }
}

struct Change {
  std::string table;
  std::string set;
  std::string fault_in;  ///< the pointer of one of the faults
};

TEST_F(TamperTest, EveryColumnIsUnderTheChainOrChecked) {
  const Change changes[] = {
      {"audit", "actor = 'tester2' WHERE number = 1", "/audit/1"},
      {"audit", "at_nanoseconds = at_nanoseconds + 1 WHERE number = 2", "/audit/2"},
      {"audit", "detail = 'registry_research, 3 participants' WHERE number = 3", "/audit/3"},
      {"audit", "content = zeroblob(32) WHERE number = 1", "/audit/1"},
      {"audit", "chain = zeroblob(32) WHERE number = 5", "/audit/5"},
      {"audit", "last_fact = 2 WHERE number = 1", "/audit/1"},
      {"term", "label = 'Subcutaneous 0ssification' WHERE curie = 'HP:0034282'", "/audit/1"},
      {"term", "curie = 'HP:0034283' WHERE curie = 'HP:0034282'", "/audit/2"},
      {"content", "body = replace(body, 'xxx\"}', 'xxy\"}')", "/content/1"},
      {"content", "hash = zeroblob(16)", "/content/1"},
      {"participant", "sequence = 2 WHERE id = 2", "/audit/1"},
      {"consent", "decision = 2 WHERE id = 1", "/audit/1"},
      {"consent", "decided_seconds = 999 WHERE id = 2", "/audit/1"},
      {"consent", "participant = 9 WHERE id = 1", "/consent/1"},
      {"origin", "key = 'case-2' WHERE id = 1", "/audit/1"},
      {"identity", "participant = 2 WHERE id = 1", "/audit/1"},
      {"erasure", "participant = 1", "/erasure/1"},
      {"release", "row = '{\"count\":32}'", "/release/1"},
      {"fact", "participant = 2 WHERE id = 2", "/fact/2"},
      {"fact", "kind = 3 WHERE id = 1", "/audit/1"},
      {"fact", "status = 2 WHERE id = 1", "/audit/1"},
      {"fact", "status = 9 WHERE id = 1", "/fact/1"},
      {"fact", "concept = 999 WHERE id = 1", "/fact/1"},
      {"fact", "sequence = 2 WHERE id = 3", "/audit/1"},
      {"fact", "source_kind = 3 WHERE id = 4", "/audit/2"},
      {"fact", "side = 2 WHERE id = 1", "/audit/1"},
      {"fact", "site = NULL WHERE id = 1", "/audit/1"},
      {"fact", "value_number = 2.25 WHERE id = 1", "/fact/1"},
      {"fact", "value_code = NULL WHERE id = 1", "/fact/1"},
      {"fact", "value_body = CAST(zeroblob(5) AS BLOB) WHERE id = 1", "/fact/1"},
      {"fact", "first_day = first_day + 1 WHERE id = 1", "/fact/1"},
      {"fact", "when_kind = 2 WHERE id = 1", "/fact/1"},
      {"fact", "when_exact = x'0901c61f0700' WHERE id = 1", "/audit/1"},
      {"fact", "qualifiers = NULL WHERE id = 2", "/audit/1"},
      {"fact", "part_of = 3 WHERE id = 2", "/fact/2"},
      {"fact", "supersedes = 3 WHERE id = 4", "/fact/4"},
  };
  const auto copy = folder.path().string() + "-sound";
  std::filesystem::copy(folder.path(), copy, std::filesystem::copy_options::recursive);
  for (const auto& change : changes) {
    const auto faults = faults_after(unlocked(change.table, "UPDATE " + change.table + " SET " + change.set));
    EXPECT_THAT(faults, testing::Contains(testing::Field(&Error::place, testing::Field(&Place::path, change.fault_in))))
        << change.table << " " << change.set << ": " << (faults.empty() ? "no fault" : faults.front().text());
    std::filesystem::remove_all(folder.path());
    std::filesystem::copy(copy, folder.path(), std::filesystem::copy_options::recursive);
  }
  std::filesystem::remove_all(copy);
}

TEST_F(TamperTest, AMissingRowIsFound) {
  EXPECT_THAT(faults_after(unlocked("fact", "DELETE FROM fact WHERE id = 2")), testing::Not(testing::IsEmpty()));
}

TEST_F(TamperTest, AMissingAuditEntryIsFound) {
  EXPECT_THAT(faults_after(unlocked("audit", "DELETE FROM audit WHERE number = 3")), testing::Not(testing::IsEmpty()));
}

TEST_F(TamperTest, ARowMoreIsFound) {
  EXPECT_THAT(faults_after("INSERT INTO fact (id, participant, sequence, kind, concept, status, source_kind) VALUES (5, 1, 2, 2, 1, 1, 1)"),
              testing::Not(testing::IsEmpty()));
}

TEST_F(TamperTest, AReleaseNobodyMadeIsFound) {
  EXPECT_THAT(faults_after("INSERT INTO release (audit, study, row) VALUES (1, 'study-1', '{}')"), testing::Not(testing::IsEmpty()));
}

TEST_F(TamperTest, AnotherCiphertextOrNoneIsFoundInTheVault) {
  const auto changed =
      faults_after("UPDATE identity SET sealed = CAST(substr(sealed, 1, length(sealed) - 1) || x'00' AS BLOB)", "vault.sqlite");
  ASSERT_FALSE(changed.empty());
  EXPECT_EQ(changed.front().place.file, "vault.sqlite");
  const auto removed = faults_after("DELETE FROM identity", "vault.sqlite");
  ASSERT_FALSE(removed.empty());
  EXPECT_EQ(removed.front().place.path, "/identity/1");
}

TEST_F(TamperTest, AChangedByteInAPageIsFound) {
  {
    std::fstream file(folder.path() / "ledger.sqlite", std::ios::in | std::ios::out | std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(file)), {});
    const auto at = bytes.find("case-1.json");
    ASSERT_NE(at, std::string::npos);
    file.seekp(static_cast<std::streamoff>(at));
    file.put('C');
  }
  EXPECT_THAT(must(must(Ledger::open(folder.path()))->verify()).faults, testing::Not(testing::IsEmpty()));
}

}  // namespace
}  // namespace skerry::ledger
