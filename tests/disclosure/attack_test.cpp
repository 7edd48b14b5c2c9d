// The known ways to find one person's value from figures about many, tried on this registry: all refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "cohort/people.hpp"
#include "disclosure/ask.hpp"

namespace skerry::disclosure {
namespace {

using cohort::study_of;
using testing::HasSubstr;

class AttackTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "skerry-attack-XXXXXX").string();
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

  static Fact feature(std::string code) {
    Fact fact;
    fact.kind = Kind::feature;
    fact.code.id = std::move(code);
    fact.status = Status::present;
    return fact;
  }
  static Fact measured(double value, std::string_view on) {
    Fact fact;
    fact.kind = Kind::measurement;
    fact.code.id = "X:lab";
    fact.status = Status::present;
    fact.value = Quantity{value, {"UCUM:mg/dL", ""}, {}};
    fact.when = cohort::day(on);
    return fact;
  }
  void add(std::vector<Fact> facts) {
    ledger::Batch batch;
    batch.facts = std::move(facts);
    ConsentRecord record;
    record.purpose = Purpose::public_figures;
    record.text_version = "consent-1/en";
    record.given_by = "participant";
    record.decided_at = Instant::now();
    batch.consents.push_back(std::move(record));
    const std::vector<ledger::Batch> batches{std::move(batch)};
    const auto receipts = ledger_->append("test", batches);
    ASSERT_TRUE(receipts) << receipts.error().text();
  }
  void people(int count) {
    for (int i = 0; i < count; ++i) add({feature("X:A"), measured(5 + i % 7, "2020-01-01")});
  }

  Result<Released<Figure>> ask(const cohort::Study& study) {
    return disclosure::ask(study, {*ledger_, *gate_, {consent::Role::system, "test"}, vocabulary_});
  }
  static cohort::Study mean(const std::string& cohort, const std::string& which = "last", const std::string& unit = "mg/dL") {
    return study_of(cohort, R"("statistic":{"type":"mean","outcome":{"id":"lab","value":{"code":"X:lab","kind":"measurement"},"which":")" +
                                which + R"(","unit":")" + unit + R"("}})");
  }

  std::filesystem::path directory_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::optional<consent::Gate> gate_;
  vocabulary::Vocabulary vocabulary_ = cohort::letters();
};

TEST_F(AttackTest, AMeanIsToldOfEnoughPeople) {
  people(21);
  const auto told = ask(mean(R"({"everyone":true})"));
  ASSERT_TRUE(told) << told.error().text();
  ASSERT_FALSE((*told)->estimates.empty());
  EXPECT_NEAR((*told)->estimates[0].estimate.value, 8, 1e-12);
  EXPECT_THAT(to_text(*told), HasSubstr("lab"));
}

TEST_F(AttackTest, TheMeanOfAllAndOfAllButOne) {
  people(20);
  add({feature("X:A"), feature("X:arm"), measured(42, "2020-01-01")});
  ASSERT_TRUE(ask(mean(R"({"everyone":true})")));
  const auto all_but_one = ask(mean(R"({"not":{"code":"X:arm"}})"));
  ASSERT_FALSE(all_but_one);
  EXPECT_EQ(all_but_one.error().code, ErrorCode::disclosure_refused);
}

TEST_F(AttackTest, TheMeanBeforeAndAfterOnePersonCame) {
  people(20);
  const auto before = ask(mean(R"({"everyone":true})"));
  ASSERT_TRUE(before) << before.error().text();
  add({feature("X:A"), measured(42, "2020-01-01")});
  const auto after = ask(mean(R"({"everyone":true})"));
  ASSERT_TRUE(after) << after.error().text();
  EXPECT_EQ((*after)->estimates, (*before)->estimates) << "the earlier release stands";
  EXPECT_EQ((*after)->snapshot, (*before)->snapshot);
}

TEST_F(AttackTest, TheSamePeopleWithOneValueReplaced) {
  people(20);
  add({feature("X:A"), measured(9, "2019-01-01"), measured(42, "2020-01-01")});
  ASSERT_TRUE(ask(mean(R"({"everyone":true})", "last")));
  const auto first = ask(mean(R"({"everyone":true})", "first"));
  ASSERT_FALSE(first) << "one person's two values differ by n times the difference of the means";
  EXPECT_EQ(first.error().code, ErrorCode::disclosure_refused);
  const auto in_grams = ask(mean(R"({"everyone":true})", "first", "g/L"));
  ASSERT_FALSE(in_grams) << "nor in another unit";
}

TEST_F(AttackTest, AnIndicatorOfOnePersonAsCovariate) {
  people(20);
  add({feature("X:A"), feature("X:arm"), measured(42, "2020-01-01")});
  const auto model =
      ask(study_of(R"({"everyone":true})",
                   R"("statistic":{"type":"linear","outcome":{"id":"lab","value":{"code":"X:lab","kind":"measurement"},"unit":"mg/dL"},)"
                   R"("covariates":[{"id":"arm","indicator":{"code":"X:arm"}}]})"));
  ASSERT_FALSE(model);
}

TEST_F(AttackTest, AGroupOfOnePersonTellsNothing) {
  people(20);
  add({feature("X:A"), feature("X:arm"), measured(42, "2020-01-01")});
  const auto told =
      ask(study_of(R"({"everyone":true})",
                   R"("statistic":{"type":"mean","outcome":{"id":"lab","value":{"code":"X:lab","kind":"measurement"},"unit":"mg/dL"}},)"
                   R"("by":{"groups":[{"id":"arm","code":"X:arm"},{"id":"other","not":{"code":"X:arm"}}]})"));
  if (!told) return;
  for (const auto& row : (*told)->estimates) EXPECT_TRUE(!row.told || row.label.id == "other") << row.measure;
  EXPECT_TRUE((*told)->tests.empty());
  EXPECT_FALSE((*told)->people.number);
}

TEST_F(AttackTest, ASubsetThenTheRest) {
  people(20);
  for (int i = 0; i < 2; ++i) add({feature("X:A"), feature("X:arm"), measured(42, "2020-01-01")});
  ASSERT_FALSE(ask(mean(R"({"code":"X:arm"})"))) << "two people";
  ASSERT_TRUE(ask(mean(R"({"not":{"code":"X:arm"}})")));
  ASSERT_FALSE(ask(mean(R"({"everyone":true})"))) << "the two by subtraction";
  ASSERT_FALSE(ask(study_of(R"({"everyone":true})"))) << "and how many they are";
}

TEST_F(AttackTest, ExplainingTellsNoLineThatLosesAFew) {
  people(20);
  add({feature("X:A"), feature("X:arm")});
  const auto told = explain(study_of(R"({"all":[{"code":"X:A"},{"not":{"code":"X:arm"}}]})"),
                            {*ledger_, *gate_, {consent::Role::system, "test"}, vocabulary_});
  ASSERT_TRUE(told) << told.error().text();
  ASSERT_EQ((*told)->people.number, 20);
  for (const auto& line : (*told)->explained) {
    EXPECT_NE(line.kept.number, 21) << line.words;
  }
}

}  // namespace
}  // namespace skerry::disclosure
