#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "fixture.hpp"
#include "ledger/schema.hpp"
#include "ledger/sqlite.hpp"

namespace skerry::ledger {
namespace {

class MigrationTest : public testing::Test {
 protected:
  TemporaryFolder folder;

  /// The registry of a program of the first version, with what it had stored.
  void SetUp() override {
    must(Ledger::create(folder.path())).reset();
    std::filesystem::remove(folder.path() / "ledger.sqlite");
    std::ofstream(folder.path() / "ledger.sqlite").close();
    std::ifstream file(SKERRY_SOURCE_DIR "/tests/ledger/ledger_version_1.sql");
    const std::string sql((std::istreambuf_iterator<char>(file)), {});
    auto connection = must(Connection::open(folder.path() / "ledger.sqlite", Connection::Mode::read_write));
    must(connection.run("PRAGMA journal_mode = WAL"));
    must(connection.run(sql.c_str()));
  }
  void run(const char* sql) {
    auto connection = must(Connection::open(folder.path() / "ledger.sqlite", Connection::Mode::read_write));
    must(connection.run(sql));
  }
};

TEST_F(MigrationTest, ARegistryOfTheFirstVersionIsReadVerifiedAndWrittenOn) {
  auto ledger = must(Ledger::open(folder.path()));
  const auto facts = current_facts(*ledger, must(ledger->head()));
  ASSERT_EQ(facts.size(), 2U);
  EXPECT_EQ(facts[0].code, (Code{"HP:0034282", "Subcutaneous ossification"}));
  EXPECT_EQ(facts[0].when, When::at(PartialDate{2019, 6, 0}));
  EXPECT_EQ(facts[1].value, Value{std::int64_t{7}});
  EXPECT_THAT(must(ledger->verify()).faults, testing::IsEmpty());
  must(ledger->append("tester", std::vector{Batch{ParticipantId{1}, {feature("HP:1")}, {}, {}, {}}}));
  EXPECT_THAT(must(ledger->verify()).faults, testing::IsEmpty());
  ledger.reset();
  auto connection = must(Connection::open(folder.path() / "ledger.sqlite", Connection::Mode::read_write));
  EXPECT_EQ(must(connection.number("SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'schema_version'")), schema_version);
  EXPECT_EQ(must(connection.number("SELECT count(*) FROM statement")), 3);
}

TEST_F(MigrationTest, ANewerRegistryIsLeftAlone) {
  run("UPDATE meta SET value = '99'");
  const auto opened = Ledger::open(folder.path());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::wrong_version);
  EXPECT_THAT(opened.error().message, testing::HasSubstr("99"));
  auto connection = must(Connection::open(folder.path() / "ledger.sqlite", Connection::Mode::read_write));
  EXPECT_EQ(must(connection.number("SELECT CAST(value AS INTEGER) FROM meta")), 99);
}

TEST_F(MigrationTest, AnotherProgramsDatabaseIsNoRegistry) {
  std::filesystem::remove(folder.path() / "ledger.sqlite");
  std::ofstream(folder.path() / "ledger.sqlite").close();
  run("CREATE TABLE shopping (item TEXT)");
  EXPECT_EQ(Ledger::open(folder.path()).error().code, ErrorCode::not_a_registry);
  std::ofstream(folder.path() / "ledger.sqlite") << "This is not a database, it is a text of some length, long enough to be read as one.";
  EXPECT_EQ(Ledger::open(folder.path()).error().code, ErrorCode::not_a_registry);
}

}  // namespace
}  // namespace skerry::ledger
