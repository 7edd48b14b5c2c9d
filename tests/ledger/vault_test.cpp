#include "ledger/vault.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "fixture.hpp"

namespace skerry::ledger {
namespace {

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class VaultTest : public testing::Test {
 protected:
  TemporaryFolder folder;
  std::unique_ptr<Ledger> ledger = must(Ledger::create(folder.path()));

  ParticipantId person(std::string_view json, ParticipantId participant = {}) {
    Batch batch;
    batch.participant = participant;
    batch.identity = Identity{std::string(json)};
    return must(ledger->append("tester", std::span(&batch, 1))).front().participant;
  }
  std::optional<Identity> identity(ParticipantId participant) { return must(ledger->identity(test_key(), participant)); }
};

TEST_F(VaultTest, TheNewestIdentityCounts) {
  const auto participant = person("first");
  person("second", participant);
  EXPECT_EQ(identity(participant), Identity{"second"});
  EXPECT_EQ(identity(ParticipantId{7}), std::nullopt);
}

TEST_F(VaultTest, ErasureDestroysTheKeyAndTheCiphertextAndNothingElse) {
  const auto erased = person("of the one who goes");
  const auto kept = person("of the one who stays");
  const auto key_slot = bytes_of(folder.path() / "keys" / "participants").substr(0, 72);
  must(ledger->erase_identity("steward 1", erased));
  must(ledger->erase_identity("steward 1", erased));
  EXPECT_EQ(identity(erased), std::nullopt);
  EXPECT_EQ(identity(kept), Identity{"of the one who stays"});
  EXPECT_EQ(bytes_of(folder.path() / "keys" / "participants").find(key_slot), std::string::npos);
  EXPECT_TRUE(must(ledger->verify()).faults.empty());
  EXPECT_EQ(ledger->erase_identity("steward 1", ParticipantId{9}).error().code, ErrorCode::not_found);
}

TEST_F(VaultTest, WhoIsErasedCanBecomeKnownAgain) {
  const auto participant = person("before");
  must(ledger->erase_identity("steward 1", participant));
  person("after", participant);
  EXPECT_EQ(identity(participant), Identity{"after"});
  ledger.reset();
  ledger = must(Ledger::open(folder.path()));
  EXPECT_EQ(identity(participant), Identity{"after"});
  EXPECT_TRUE(must(ledger->verify()).faults.empty());
}

TEST_F(VaultTest, EqualIdentitiesDoNotLookEqual) {
  person("the same");
  person("the same");
  ledger.reset();
  auto connection = must(Connection::open(folder.path() / "vault.sqlite", Connection::Mode::read_only));
  EXPECT_EQ(must(connection.number("SELECT count(DISTINCT sealed) FROM identity")), 2);
}

TEST_F(VaultTest, AnotherMasterKeyOpensNothing) {
  const auto participant = person("hidden");
  ledger.reset();
  std::ofstream(folder.path() / "keys" / "vault.key", std::ios::binary) << std::string(32, 'k');
  ledger = must(Ledger::open(folder.path()));
  EXPECT_FALSE(ledger->identity(test_key(), participant));
  EXPECT_FALSE(must(ledger->verify()).faults.empty());
}

TEST_F(VaultTest, ACiphertextMovedToAnotherParticipantDoesNotOpen) {
  person("one");
  const auto other = person("two");
  ledger.reset();
  {
    auto connection = must(Connection::open(folder.path() / "vault.sqlite", Connection::Mode::read_write));
    must(connection.run("UPDATE identity SET sealed = (SELECT sealed FROM identity WHERE participant = 1) WHERE participant = 2"));
  }
  ledger = must(Ledger::open(folder.path()));
  EXPECT_FALSE(ledger->identity(test_key(), other));
}

// The vault commits before the ledger: a kill between the two leaves a row of a write that never came to pass.
TEST_F(VaultTest, WhatAWriteThatNeverCameToPassLeftIsSweptAway) {
  const auto participant = person("true");
  ledger.reset();
  {
    const auto vault = must(Vault::open(folder.path()));
    const Vault::Entry entries[] = {{participant, "never"}, {ParticipantId{2}, "never"}};
    must(vault->put(2, entries));
  }
  ledger = must(Ledger::open(folder.path()));
  EXPECT_EQ(identity(participant), Identity{"true"});
  EXPECT_EQ(person("second"), ParticipantId{2});
  EXPECT_EQ(identity(ParticipantId{2}), Identity{"second"});
  EXPECT_EQ(identity(participant), Identity{"true"});
  EXPECT_TRUE(must(ledger->verify()).faults.empty());
}

// The ledger decides an erasure before the vault carries it out: a kill between the two is made good at the next open.
TEST_F(VaultTest, AnErasureDecidedButNotCarriedOutIsCarriedOutOnOpening) {
  const auto participant = person("to go");
  const auto copy = folder.path().string() + "-before";
  ledger.reset();
  std::filesystem::copy(folder.path(), copy, std::filesystem::copy_options::recursive);
  ledger = must(Ledger::open(folder.path()));
  must(ledger->erase_identity("steward 1", participant));
  ledger.reset();
  for (const auto* name : {"vault.sqlite", "keys/participants"}) {
    std::filesystem::copy_file(copy + "/" + name, folder.path() / name, std::filesystem::copy_options::overwrite_existing);
  }
  std::filesystem::remove_all(copy);
  ledger = must(Ledger::open(folder.path()));
  EXPECT_EQ(identity(participant), std::nullopt);
  EXPECT_EQ(must(must(Vault::open(folder.path()))->rows()).size(), 0U);
  EXPECT_EQ(bytes_of(folder.path() / "keys" / "participants").find_first_not_of('\0'), std::string::npos);
}

}  // namespace
}  // namespace skerry::ledger
