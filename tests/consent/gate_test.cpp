#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "consent/view.hpp"

namespace skerry::consent {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Actor steward{Role::steward, "steward@registry"};
const Actor clinician{Role::clinician, "clinician@registry"};
const Actor researcher{Role::researcher, "researcher@registry"};
const Actor system_actor{Role::system, "command line"};

ConsentRecord decision(Purpose purpose, Decision decided, Basis basis = Basis::consent) {
  ConsentRecord record;
  record.purpose = purpose;
  record.decision = decided;
  record.basis = basis;
  record.text_version = "poh-consent-1.0/en";
  record.given_by = basis == Basis::guardian_consent ? "mother" : basis == Basis::published ? "publication" : "participant";
  return record;
}

Fact feature(std::string id) {
  Fact fact;
  fact.code = {std::move(id), ""};
  fact.source = {SourceKind::publication, "PMID:25802881"};
  return fact;
}

class GateTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "skerry-consent-XXXXXX").string();
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

  ParticipantId add(std::vector<ConsentRecord> consents, std::string code = "HP:0034282") {
    ledger::Batch batch;
    batch.facts.push_back(feature(std::move(code)));
    batch.consents = std::move(consents);
    batch.identity = ledger::Identity{R"({"dateOfBirth":"2001-02-03"})"};
    const auto receipts = ledger_->append("test", std::span(&batch, 1));
    EXPECT_TRUE(receipts) << receipts.error().text();
    return receipts ? receipts->front().participant : ParticipantId{};
  }

  View open(const Actor& actor, Purpose purpose, std::optional<std::int64_t> sequence = std::nullopt) {
    auto view = gate_->open(actor, purpose, sequence);
    EXPECT_TRUE(view) << view.error().text();
    return *view;
  }
  std::vector<ParticipantId> who(Purpose purpose, std::optional<std::int64_t> sequence = std::nullopt) {
    const View view = open(steward, purpose, sequence);
    return {view.participants().begin(), view.participants().end()};
  }
  static std::vector<ParticipantId> read_from(const View& view) {
    std::vector<ParticipantId> read;
    EXPECT_TRUE(view.for_each([&read](const Fact& fact) {
      read.push_back(fact.participant);
      return true;
    }));
    return read;
  }
  std::int64_t now() { return ledger_->head()->sequence; }
  std::vector<ledger::AuditEntry> audit() { return ledger_->audit_entries(1, 10'000).value(); }

  std::filesystem::path directory_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::optional<Gate> gate_;
};

TEST_F(GateTest, ReadsOnlyThoseWhoAgreedToThePurpose) {
  const auto both = add({decision(Purpose::registry_research, Decision::granted), decision(Purpose::public_figures, Decision::granted)});
  const auto research = add({decision(Purpose::registry_research, Decision::granted)});
  add({});
  const auto published = add({decision(Purpose::public_figures, Decision::granted, Basis::published)});
  EXPECT_THAT(who(Purpose::registry_research), ElementsAre(both, research));
  EXPECT_THAT(who(Purpose::public_figures), ElementsAre(both, published));
  EXPECT_THAT(who(Purpose::recontact), IsEmpty());
  EXPECT_THAT(read_from(open(steward, Purpose::public_figures)), ElementsAre(both, published));
  EXPECT_THAT(read_from(open(steward, Purpose::recontact)), IsEmpty());
  EXPECT_EQ(open(steward, Purpose::public_figures).published_count(), 1U);
}

TEST_F(GateTest, ReadsEveryoneWhenEveryoneAgreed) {
  const auto first = add({decision(Purpose::public_figures, Decision::granted)});
  const auto second = add({decision(Purpose::public_figures, Decision::granted)});
  EXPECT_THAT(read_from(open(steward, Purpose::public_figures)), ElementsAre(first, second));
}

TEST_F(GateTest, LeavesOutWhoHasWithdrawnFromTheNextViewOn) {
  const auto one = add({decision(Purpose::registry_research, Decision::granted)});
  const auto two = add({decision(Purpose::registry_research, Decision::granted, Basis::published)});
  const auto before = now();
  const View opened = open(steward, Purpose::registry_research);
  ASSERT_TRUE(gate_->record(steward, one, decision(Purpose::registry_research, Decision::withdrawn)));
  EXPECT_THAT(read_from(opened), ElementsAre(one, two)) << "a View keeps what it was opened with";
  EXPECT_THAT(who(Purpose::registry_research), ElementsAre(two));
  EXPECT_THAT(who(Purpose::registry_research, before), ElementsAre(two)) << "also in the past";
  EXPECT_THAT(read_from(open(steward, Purpose::registry_research, before)), ElementsAre(two));
  ASSERT_TRUE(gate_->record(steward, two, decision(Purpose::registry_research, Decision::withdrawn)));
  EXPECT_THAT(who(Purpose::registry_research), IsEmpty()) << "a published case can be withdrawn";
}

TEST_F(GateTest, BringsNobodyNewIntoThePast) {
  const auto one = add({decision(Purpose::public_figures, Decision::granted)});
  const auto late = add({});
  const auto before = now();
  ASSERT_TRUE(gate_->record(steward, late, decision(Purpose::public_figures, Decision::granted)));
  add({decision(Purpose::public_figures, Decision::granted)});
  EXPECT_EQ(who(Purpose::public_figures).size(), 3U);
  EXPECT_THAT(who(Purpose::public_figures, before), ElementsAre(one));
  EXPECT_EQ(open(steward, Purpose::public_figures, before).snapshot().sequence, before);
  EXPECT_EQ(gate_->open(steward, Purpose::public_figures, now() + 1).error().code, ErrorCode::not_found);
}

TEST_F(GateTest, RefusesPurposesThatAreNotTheRoles) {
  const auto all = {Purpose::own_care,       Purpose::registry_research, Purpose::federated_studies,
                    Purpose::public_figures, Purpose::recontact,         Purpose::story_publication};
  const std::map<Role, std::vector<Purpose>> may{
      {Role::participant, {}},
      {Role::proxy, {}},
      {Role::clinician, {}},
      {Role::reviewer, {}},
      {Role::operator_, {}},
      {Role::curator, {Purpose::registry_research, Purpose::public_figures, Purpose::story_publication}},
      {Role::researcher, {Purpose::registry_research, Purpose::federated_studies, Purpose::public_figures}},
      {Role::steward,
       {Purpose::registry_research, Purpose::federated_studies, Purpose::public_figures, Purpose::recontact, Purpose::story_publication}},
      {Role::system,
       {Purpose::registry_research, Purpose::federated_studies, Purpose::public_figures, Purpose::recontact, Purpose::story_publication}}};
  for (const auto& [role, purposes] : may) {
    for (const Purpose purpose : all) {
      const auto view = gate_->open({role, "someone"}, purpose);
      const bool allowed = std::ranges::find(purposes, purpose) != purposes.end();
      EXPECT_EQ(view.has_value(), allowed) << name_of(role) << " " << name_of(purpose);
      if (!view) {
        EXPECT_EQ(view.error().code, ErrorCode::consent_refused);
      }
    }
  }
}

TEST_F(GateTest, OpensOneRecordForCareOnlyWithConsent) {
  const auto agreed = add({decision(Purpose::own_care, Decision::granted)});
  const auto silent = add({decision(Purpose::registry_research, Decision::granted)});
  const auto view = gate_->open_one(clinician, Purpose::own_care, agreed);
  ASSERT_TRUE(view) << view.error().text();
  EXPECT_THAT(read_from(*view), ElementsAre(agreed));
  EXPECT_EQ(view->facts_of(agreed)->size(), 1U);
  EXPECT_EQ(view->history_of(agreed)->size(), 1U);
  EXPECT_EQ(view->facts_of(silent).error().code, ErrorCode::consent_refused);
  EXPECT_EQ(view->history_of(silent).error().code, ErrorCode::consent_refused);
  EXPECT_EQ(gate_->open_one(clinician, Purpose::own_care, silent).error().code, ErrorCode::consent_refused);
  EXPECT_EQ(gate_->open_one(clinician, Purpose::own_care, {999}).error().code, ErrorCode::not_found);
  EXPECT_EQ(gate_->open_one(clinician, Purpose::registry_research, silent).error().code, ErrorCode::consent_refused);
  EXPECT_EQ(gate_->open_one(researcher, Purpose::own_care, agreed).error().code, ErrorCode::consent_refused);
  EXPECT_EQ(gate_->open_one({Role::operator_, "root"}, Purpose::own_care, {999}).error().code, ErrorCode::consent_refused);
}

TEST_F(GateTest, TellsWhoSomeoneIsOnlyForCareOrWhenPublished) {
  const auto agreed = add({decision(Purpose::own_care, Decision::granted), decision(Purpose::registry_research, Decision::granted)});
  const auto published = add({decision(Purpose::registry_research, Decision::granted, Basis::published)});
  const View research = open(steward, Purpose::registry_research);
  EXPECT_EQ(research.identity(agreed).error().code, ErrorCode::consent_refused);
  EXPECT_EQ(research.identity(published).value()->json, R"({"dateOfBirth":"2001-02-03"})");
  EXPECT_EQ(research.identity({999}).error().code, ErrorCode::consent_refused);
  const auto care = gate_->open_one(clinician, Purpose::own_care, agreed);
  ASSERT_TRUE(care);
  EXPECT_TRUE(care->identity(agreed).value().has_value());
  ASSERT_TRUE(ledger_->erase_identity("test", agreed));
  EXPECT_FALSE(care->identity(agreed).value().has_value()) << "erased";

  std::vector<ParticipantId> told;
  const auto before = audit().size();
  ASSERT_TRUE(research.for_each_identity([&told](ParticipantId participant, const ledger::Identity&) {
    told.push_back(participant);
    return true;
  }));
  EXPECT_THAT(told, ElementsAre(published));
  EXPECT_EQ(audit().size(), before + 1) << "one line for the whole export";
}

TEST_F(GateTest, AuditsEveryOpeningWithoutPatientData) {
  const auto one = add({decision(Purpose::own_care, Decision::granted), decision(Purpose::public_figures, Decision::granted)});
  add({decision(Purpose::public_figures, Decision::granted)});
  const auto sequence = now();
  open(steward, Purpose::public_figures);
  auto entry = audit().back();
  EXPECT_EQ(entry.action, "open_view");
  EXPECT_EQ(entry.actor, "steward steward@registry");
  EXPECT_EQ(entry.detail, "purpose=public_figures people=2 sequence=" + std::to_string(sequence));
  EXPECT_EQ(now(), sequence) << "an opening is no write";
  ASSERT_TRUE(gate_->open_one(clinician, Purpose::own_care, one));
  entry = audit().back();
  EXPECT_THAT(entry.detail, HasSubstr("purpose=own_care people=1 "));
  EXPECT_NE(entry.content, Digest{}) << "whose record it was can be checked";
  const auto lines = audit().size();
  EXPECT_FALSE(gate_->open({Role::reviewer, "r"}, Purpose::public_figures));
  EXPECT_EQ(audit().size(), lines) << "nothing was opened";
  ASSERT_TRUE(gate_->open_one(clinician, Purpose::own_care, one)->identity(one));
  EXPECT_EQ(audit().back().action, "open_identity");
  EXPECT_THAT(ledger_->verify()->faults, IsEmpty());
}

TEST_F(GateTest, RecordsDecisionsWithTheirTextAndDate) {
  const auto one = add({decision(Purpose::registry_research, Decision::granted, Basis::guardian_consent)});
  const Instant from = Instant::now();
  ASSERT_TRUE(gate_->record({Role::participant, "p"}, one, decision(Purpose::registry_research, Decision::withdrawn)));
  const auto history = gate_->history(one);
  ASSERT_TRUE(history);
  ASSERT_EQ(history->size(), 2U);
  EXPECT_EQ(history->front().given_by, "mother");
  EXPECT_EQ(history->back().participant, one);
  EXPECT_EQ(history->back().text_version, "poh-consent-1.0/en");
  EXPECT_GE(history->back().decided_at, from) << "not told means now";
  EXPECT_GE(history->back().recorded_at, from);
  EXPECT_THAT(*gate_->history({999}), IsEmpty());
}

TEST_F(GateTest, TheChildsOwnWithdrawalStandsAgainstTheGuardian) {
  const auto child = add({decision(Purpose::registry_research, Decision::granted, Basis::guardian_consent)});
  const Actor proxy{Role::proxy, "guardian"};
  ASSERT_TRUE(gate_->record({Role::participant, "p"}, child, decision(Purpose::registry_research, Decision::withdrawn)));
  const auto again = gate_->record(proxy, child, decision(Purpose::registry_research, Decision::granted, Basis::guardian_consent));
  EXPECT_EQ(again.error().code, ErrorCode::consent_refused);
  EXPECT_THAT(who(Purpose::registry_research), IsEmpty());
  EXPECT_EQ(gate_->history(child)->size(), 2U) << "nothing was stored";
}

TEST_F(GateTest, RefusesDecisionsThatAreNotTheActorsToMake) {
  const auto one = add({});
  const auto refused = [&](Role role, Basis basis) {
    const auto done = gate_->record({role, "a"}, one, decision(Purpose::public_figures, Decision::granted, basis));
    return !done && done.error().code == ErrorCode::consent_refused;
  };
  EXPECT_TRUE(refused(Role::participant, Basis::guardian_consent));
  EXPECT_TRUE(refused(Role::participant, Basis::published));
  EXPECT_TRUE(refused(Role::proxy, Basis::consent));
  EXPECT_TRUE(refused(Role::curator, Basis::consent));
  for (const Role role : {Role::reviewer, Role::researcher, Role::operator_}) EXPECT_TRUE(refused(role, Basis::consent));
  EXPECT_THAT(*gate_->history(one), IsEmpty());
  EXPECT_FALSE(refused(Role::proxy, Basis::guardian_consent));
}

TEST_F(GateTest, RefusesIncompleteDecisionsAndUnknownPeople) {
  const auto one = add({});
  auto record = decision(Purpose::public_figures, Decision::granted);
  record.text_version.clear();
  EXPECT_EQ(gate_->record(steward, one, record).error().code, ErrorCode::missing_field);
  record = decision(Purpose::public_figures, Decision::granted);
  record.given_by.clear();
  EXPECT_EQ(gate_->record(steward, one, record).error().place.path, "given_by");
  record = decision(Purpose::public_figures, Decision::granted);
  record.decided_at = {Instant::now().seconds + 3 * 86'400, 0};
  EXPECT_EQ(gate_->record(steward, one, record).error().code, ErrorCode::out_of_range);
  record = decision(Purpose::public_figures, Decision::granted);
  EXPECT_EQ(gate_->record(steward, {999}, record).error().code, ErrorCode::not_found);
  EXPECT_EQ(gate_->record(steward, {}, record).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace skerry::consent
