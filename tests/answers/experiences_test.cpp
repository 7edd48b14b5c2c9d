#include "answers/experiences.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "answers/example_pack.hpp"

namespace skerry::answers {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

const consent::Actor page{consent::Role::system, "page"};

ConsentRecord agreed(Decision decision = Decision::granted) {
  ConsentRecord record;
  record.purpose = Purpose::story_publication;
  record.decision = decision;
  record.text_version = "poh-consent-1.0/en";
  record.given_by = "participant";
  return record;
}

Fact story(const std::string& text, const std::string& language = "en", const std::string& question = "treatment") {
  Fact fact;
  fact.kind = Kind::experience;
  fact.code = {"skerry:question/" + question, ""};
  fact.value = Text{text};
  fact.source = {SourceKind::participant, ""};
  fact.qualifiers = {{{"skerry:language", ""}, Text{language}}, {{"skerry:moderation", ""}, Code{"skerry:approved", "approved"}}};
  return fact;
}

class ExperiencesTest : public testing::Test {
 protected:
  ExperiencesTest() : ledger_(std::move(*ledger::Ledger::create(folder_.path()))), gate_(*ledger_) {}

  ParticipantId add(std::vector<Fact> facts, std::vector<ConsentRecord> consents = {agreed()}, ParticipantId participant = {}) {
    ledger::Batch batch{participant, std::move(facts), std::move(consents), {}, {}};
    const auto receipts = ledger_->append("test", std::span(&batch, 1));
    EXPECT_TRUE(receipts) << receipts.error().text();
    return receipts ? receipts->front().participant : ParticipantId{};
  }
  Experiences read(const std::string& question = "treatment") {
    const auto view = gate_.open(page, Purpose::story_publication);
    EXPECT_TRUE(view) << view.error().text();
    const auto found = experiences(*view, question);
    EXPECT_TRUE(found) << found.error().text();
    return found.value_or(Experiences{});
  }
  static std::vector<std::string> texts(const Experiences& found) {
    std::vector<std::string> out;
    for (const auto& one : found.stories) out.push_back(one.text);
    return out;
  }

  TemporaryFolder folder_;
  std::unique_ptr<ledger::Ledger> ledger_;
  consent::Gate gate_;
};

TEST_F(ExperiencesTest, AreThoseOfTheQuestionWithTheirLanguage) {
  EXPECT_EQ(read().people, 0u);
  add({story("water helps", "en")});
  add({story("la fisioterapia", "it"), story("about genes", "en", "how-is-it-inherited")});
  const auto found = read();
  EXPECT_EQ(found.people, 2u);
  EXPECT_THAT(texts(found), UnorderedElementsAre("water helps", "la fisioterapia"));
  for (const auto& one : found.stories) EXPECT_EQ(one.language, one.text == "water helps" ? "en" : "it");
  EXPECT_EQ(read("how-is-it-inherited").people, 1u);
  EXPECT_EQ(read("treat").people, 0u);
}

TEST_F(ExperiencesTest, PeopleAreCountedNotTexts) {
  add({story("first"), story("second"), story("third")});
  add({story("first")});
  const auto found = read();
  EXPECT_EQ(found.people, 2u);
  EXPECT_EQ(found.stories.size(), 4u);
}

TEST_F(ExperiencesTest, OnlyWhatAModeratorApprovedIsShownOrCounted) {
  auto waiting = story("waiting");
  waiting.qualifiers.pop_back();
  auto refused = story("refused");
  refused.qualifiers.back().value = Code{"skerry:declined", ""};
  auto in_words = story("approved in words");
  in_words.qualifiers.back().value = Text{"approved"};
  auto wordless = story("x");
  wordless.value = std::int64_t{3};
  auto absent = story("absent");
  absent.status = Status::absent;
  auto feature = story("not an experience");
  feature.kind = Kind::feature;
  add({waiting, refused, wordless, absent, feature});
  add({in_words});
  const auto found = read();
  EXPECT_EQ(found.people, 1u);
  EXPECT_THAT(texts(found), ElementsAre("approved in words"));
}

TEST_F(ExperiencesTest, WithoutConsentOrAfterWithdrawalThereIsNone) {
  const auto one = add({story("mine")});
  add({story("never agreed")}, {});
  EXPECT_THAT(texts(read()), ElementsAre("mine"));
  add({}, {agreed(Decision::withdrawn)}, one);
  EXPECT_EQ(read().people, 0u);
  EXPECT_THAT(texts(read()), IsEmpty());
}

TEST_F(ExperiencesTest, OrderTellsNothingOfWhoCameFirst) {
  for (const auto* text : {"a", "b", "c", "d", "e", "f"}) add({story(text)});
  const auto forward = texts(read());
  const TemporaryFolder other;
  auto ledger = ledger::Ledger::create(other.path());
  ASSERT_TRUE(ledger);
  const consent::Gate gate(**ledger);
  std::vector<ledger::Batch> batches;
  for (const auto* text : {"f", "e", "d", "c", "b", "a"}) batches.push_back({{}, {story(text)}, {agreed()}, {}, {}});
  ASSERT_TRUE((*ledger)->append("test", batches));
  EXPECT_EQ(texts(*experiences(*gate.open(page, Purpose::story_publication), "treatment")), forward);
  EXPECT_NE(forward, (std::vector<std::string>{"a", "b", "c", "d", "e", "f"}));
}

TEST_F(ExperiencesTest, AnotherPurposeIsRefused) {
  add({story("mine")});
  const auto view = gate_.open({consent::Role::steward, "steward"}, Purpose::registry_research);
  ASSERT_TRUE(view) << view.error().text();
  EXPECT_EQ(experiences(*view, "treatment").error().code, ErrorCode::consent_refused);
}

}  // namespace
}  // namespace skerry::answers
