#include "consent/coverage.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace skerry::consent {
namespace {

std::vector<ConsentRecord> made_records() {
  return *rc::gen::container<std::vector<ConsentRecord>>(rc::gen::exec([] {
    ConsentRecord record;
    record.participant.number = *rc::gen::inRange(1, 130);
    record.purpose = static_cast<Purpose>(*rc::gen::inRange(1, 7));
    record.decision = static_cast<Decision>(*rc::gen::inRange(1, 3));
    record.basis = static_cast<Basis>(*rc::gen::inRange(1, 4));
    return record;
  }));
}

RC_GTEST_PROP(Decisions, StandAsTheListOfRecordsSays, ()) {
  const auto records = made_records();
  Decisions decisions;
  for (const auto& record : records) decisions.take(record);
  Decisions read;
  RC_ASSERT(read.set_bytes(decisions.bytes()));
  RC_ASSERT(read.bytes() == decisions.bytes());
  for (int number = 1; number <= 6; ++number) {
    const auto purpose = static_cast<Purpose>(number);
    const People people(read.granted(purpose), read.published(purpose));
    std::vector<Standing> standing;
    for (const auto participant : people.list()) standing.push_back({participant, Basis::consent});
    auto expected = standings(records, purpose);
    std::size_t published = 0;
    for (auto& one : expected) {
      RC_ASSERT(people.is_published(one.participant) == (one.basis == Basis::published));
      published += one.basis == Basis::published ? 1 : 0;
      one.basis = Basis::consent;
    }
    RC_ASSERT(standing == expected);
    RC_ASSERT(people.published_count() == published);
  }
}

TEST(Decisions, TakesNoBytesOfAnotherLength) {
  Decisions decisions;
  EXPECT_FALSE(decisions.set_bytes("12345"));
  EXPECT_TRUE(decisions.set_bytes(""));
}

class CoverageFile : public testing::Test {
 protected:
  static constexpr std::size_t people = 25'000;  // more than what is worth a file

  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "skerry-coverage-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    ledger_ = std::move(*ledger::Ledger::create(directory_));
    std::vector<ledger::Batch> batches(people);
    for (auto& batch : batches) batch.consents.push_back(decision(Decision::granted));
    ASSERT_TRUE(ledger_->append("test", batches));
  }
  void TearDown() override {
    ledger_.reset();
    std::filesystem::remove_all(directory_);
  }
  static ConsentRecord decision(Decision decided) {
    ConsentRecord record;
    record.purpose = Purpose::registry_research;
    record.decision = decided;
    record.text_version = "1";
    record.given_by = "participant";
    return record;
  }
  std::size_t count(Coverage& coverage) { return coverage.at(Purpose::registry_research, std::nullopt).value().people->count(); }

  std::filesystem::path directory_;
  std::unique_ptr<ledger::Ledger> ledger_;
};

TEST_F(CoverageFile, SavesTimeAndNothingElse) {
  const auto file = directory_ / "index" / "consents";
  {
    Coverage coverage(*ledger_);
    EXPECT_EQ(count(coverage), people);
    EXPECT_EQ(count(coverage), people);
  }
  ASSERT_TRUE(std::filesystem::exists(file));
  EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  ledger::Batch batch;
  batch.participant.number = 17;
  batch.consents.push_back(decision(Decision::withdrawn));
  ASSERT_TRUE(ledger_->append("test", std::span(&batch, 1)));
  Coverage next(*ledger_);
  EXPECT_EQ(count(next), people - 1) << "the withdrawal came after the file";
  EXPECT_FALSE(next.at(Purpose::registry_research, 1)->people->contains(ParticipantId{17})) << "nor in the past";

  std::fstream damage(file, std::ios::in | std::ios::out | std::ios::binary);
  damage.seekp(3000);
  damage.put('\x7f');
  damage.close();
  Coverage again(*ledger_);
  EXPECT_EQ(count(again), people - 1) << "a damaged file is not believed";
}

}  // namespace
}  // namespace skerry::consent
