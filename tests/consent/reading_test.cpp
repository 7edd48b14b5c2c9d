// What a View lets one read of the index: those it covers, and nobody else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "consent/view.hpp"

namespace skerry::consent {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Actor steward{Role::steward, "steward@registry"};

ConsentRecord decision(Decision decided, Purpose purpose = Purpose::registry_research) {
  ConsentRecord record;
  record.purpose = purpose;
  record.decision = decided;
  record.text_version = "poh-consent-1.0/en";
  record.given_by = "participant";
  return record;
}

class ViewReading : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "skerry-reading-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    auto made = ledger::Ledger::create(directory_);
    ASSERT_TRUE(made) << made.error().text();
    ledger_ = std::move(*made);
    gate_.emplace(*ledger_);
  }
  void TearDown() override {
    gate_.reset();
    ledger_.reset();
    std::filesystem::remove_all(directory_);
  }

  ParticipantId add(bool consents, const std::vector<std::string>& codes, ParticipantId to = {}) {
    ledger::Batch batch;
    batch.participant = to;
    for (const auto& code : codes) {
      Fact fact;
      fact.code.id = code;
      fact.source = {SourceKind::publication, "PMID:25802881"};
      batch.facts.push_back(fact);
    }
    if (consents) batch.consents.push_back(decision(Decision::granted));
    const auto receipts = ledger_->append("test", std::span(&batch, 1));
    EXPECT_TRUE(receipts) << receipts.error().text();
    return receipts ? receipts->front().participant : ParticipantId{};
  }
  View open(std::optional<std::int64_t> sequence = std::nullopt) {
    return gate_->open(steward, Purpose::registry_research, sequence).value();
  }
  std::int64_t now() { return ledger_->head()->sequence; }

  /// The participants who have a row of the code in a block, in order; adds a failure when the set of people differs.
  static std::vector<ParticipantId> with(const View& view, std::string_view code) {
    std::vector<ParticipantId> rows, members;
    const auto reading = view.reading();
    EXPECT_TRUE(reading) << reading.error().text();
    const auto block = std::make_unique<index::Block>();
    for (const auto& segment : reading->segments()) {
      const auto term = segment.find(code);
      if (!term) continue;
      Bitset people(segment.people());
      for (const auto stream : segment.streams_of(*term)) {
        segment.add_people(stream, people);
        for (std::size_t b = 0; b < segment.blocks(stream); ++b) {
          segment.decode(stream, b, index::all_columns, *block);
          for (std::size_t i = 0; i < block->size; ++i) rows.push_back(segment.participant(block->person[i]));
        }
      }
      people.for_each([&](std::size_t person) { members.push_back(segment.participant(static_cast<index::Person>(person))); });
    }
    std::ranges::sort(members);
    auto distinct = rows;
    std::ranges::sort(distinct);
    distinct.erase(std::ranges::unique(distinct).begin(), distinct.end());
    EXPECT_EQ(distinct, members);
    std::ranges::sort(rows);
    return rows;
  }

  std::filesystem::path directory_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::optional<Gate> gate_;
};

TEST_F(ViewReading, ShowsOnlyThoseItCovers) {
  const auto one = add(true, {"HP:1", "HP:2"});
  add(false, {"HP:1", "HP:3"});
  const auto three = add(true, {"HP:1", "HP:1"});
  const auto view = open();
  EXPECT_THAT(with(view, "HP:1"), ElementsAre(one, three, three));
  EXPECT_THAT(with(view, "HP:2"), ElementsAre(one));
  EXPECT_THAT(with(view, "HP:3"), IsEmpty());
  std::size_t covered = 0;
  const auto reading = view.reading();
  for (const auto& segment : reading->segments()) covered += segment.covered().count();
  EXPECT_EQ(covered, 2U);
}

TEST_F(ViewReading, OfOneParticipantShowsOnlyThem) {
  const auto one = add(true, {"HP:1"});
  add(true, {"HP:1"});
  const auto view = gate_->open_one(steward, Purpose::registry_research, one);
  ASSERT_TRUE(view);
  EXPECT_THAT(with(*view, "HP:1"), ElementsAre(one));
}

TEST_F(ViewReading, FollowsFactsAndWithdrawalsFromTheNextViewOn) {
  const auto one = add(true, {"HP:1"});
  const auto two = add(true, {"HP:1"});
  const auto before = open();
  EXPECT_THAT(with(before, "HP:1"), ElementsAre(one, two));
  const auto three = add(true, {"HP:1"});
  add(false, {"HP:1"}, one);
  ASSERT_TRUE(gate_->record(steward, two, decision(Decision::withdrawn)));
  EXPECT_THAT(with(before, "HP:1"), ElementsAre(one, two)) << "a View keeps what it was opened with";
  EXPECT_THAT(with(open(), "HP:1"), ElementsAre(one, one, three));
  EXPECT_THAT(with(open(before.snapshot().sequence), "HP:1"), ElementsAre(one)) << "the past, without whoever withdrew since";
}

TEST_F(ViewReading, LeavesOutWhatWasCorrectedOrRetracted) {
  const auto one = add(true, {"HP:1", "HP:2"});
  ledger::Batch batch;
  batch.participant = one;
  for (int i = 0; i < 2; ++i) {
    Fact fact;
    fact.code.id = i == 0 ? "HP:9" : "HP:2";
    fact.status = i == 0 ? Status::present : Status::retracted;
    fact.supersedes.number = i + 1;
    fact.source = {SourceKind::publication, "PMID:25802881"};
    batch.facts.push_back(fact);
  }
  ASSERT_TRUE(ledger_->append("test", std::span(&batch, 1)));
  const auto view = open();
  EXPECT_THAT(with(view, "HP:1"), IsEmpty());
  EXPECT_THAT(with(view, "HP:2"), IsEmpty());
  EXPECT_THAT(with(view, "HP:9"), ElementsAre(one));
  EXPECT_THAT(with(open(1), "HP:1"), ElementsAre(one)) << "as it was";
  EXPECT_EQ(now(), 2);
}

TEST_F(ViewReading, OfNobodyIsEmpty) {
  EXPECT_THAT(with(open(), "HP:1"), IsEmpty());
  add(false, {"HP:1"});
  EXPECT_THAT(with(open(), "HP:1"), IsEmpty());
}

}  // namespace
}  // namespace skerry::consent
