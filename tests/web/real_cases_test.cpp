// The published cases, from packets to released figures and the quality report.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>

#include "cohort/quality.hpp"
#include "disclosure/ask.hpp"
#include "exchange/phenopackets.hpp"
#include "exchange/synthetic.hpp"
#include "pack/pack.hpp"

namespace skerry {
namespace {

namespace fs = std::filesystem;
using evidence::Mark;
using testing::HasSubstr;

/// Whether a whole number stands anywhere in a JSON value.
bool says(const boost::json::value& value, std::int64_t number) {
  const auto in = [number](const auto& item) { return says(item, number); };
  if (const auto* array = value.if_array()) return std::ranges::any_of(*array, in);
  if (const auto* object = value.if_object()) return std::ranges::any_of(*object, [&](const auto& pair) { return in(pair.value()); });
  return value.is_int64() && value.get_int64() == number;
}

class Registry : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "skerry-cases-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    auto made = ledger::Ledger::create(directory_);
    ASSERT_TRUE(made) << made.error().text();
    ledger_ = std::move(*made);
    gate_.emplace(*ledger_);
    auto pack = pack::load_pack(SKERRY_SOURCE_DIR "/packs/poh");
    ASSERT_TRUE(pack) << pack.error().text();
    pack_ = std::move(*pack);
  }
  void TearDown() override {
    gate_.reset();
    ledger_.reset();
    fs::remove_all(directory_);
  }

  Result<disclosure::Released<evidence::Figure>> ask(const std::string& name) {
    auto study = cohort::read_study(SKERRY_SOURCE_DIR "/packs/poh/studies/" + name + ".json");
    if (!study) return fail(study.error());
    return disclosure::ask(*study, {*ledger_, *gate_, {consent::Role::system, "test"}, pack_.vocabulary});
  }

  fs::path directory_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::optional<consent::Gate> gate_;
  pack::Pack pack_;
};

class PublishedCases : public Registry {
 protected:
  void SetUp() override {
    Registry::SetUp();
    const fs::path packets = fs::path(SKERRY_SHARED_DIR) / "data/phenopackets/GNAS";
    if (!fs::exists(packets)) GTEST_SKIP() << "the published GNAS packets are not at " << packets;
    exchange::ImportOptions options;
    options.paths = {packets};
    const auto report = exchange::import_phenopackets(*ledger_, *gate_, pack_.vocabulary, options);
    ASSERT_TRUE(report) << report.error().text();
    ASSERT_EQ(report->accepted_new, 103u);
  }

  static void expect_row(const evidence::Row& row, std::int64_t present, std::int64_t recorded) {
    EXPECT_EQ(row.present.number, present);
    EXPECT_EQ(row.recorded.number, recorded);
  }
};

TEST_F(PublishedCases, GiveTheKnownFiguresExactly) {
  const auto php1a = ask("ossification-php1a");
  ASSERT_TRUE(php1a) << php1a.error().text();
  expect_row((*php1a)->rows.at(0), 31, 80);
  EXPECT_EQ((*php1a)->people.number, 80);
  EXPECT_DOUBLE_EQ(*(*php1a)->rows[0].proportion, 31.0 / 80);

  const auto by_sex = ask("ossification-php1a-by-sex");
  ASSERT_TRUE(by_sex) << by_sex.error().text();
  EXPECT_EQ((*by_sex)->rows.at(0).group, "skerry:female");
  expect_row((*by_sex)->rows.at(0), 15, 42);
  expect_row((*by_sex)->rows.at(1), 16, 38);

  const auto both = ask("ossification-php1a-pphp");
  ASSERT_TRUE(both) << both.error().text();
  expect_row((*both)->rows.at(0), 36, 102);
}

TEST_F(PublishedCases, TellFiveOfTwentyTwoAndNotThatThereAreTwentyThree) {
  const auto released = ask("ossification-pphp");
  ASSERT_TRUE(released) << released.error().text();
  const auto& figure = **released;
  expect_row(figure.rows.at(0), 5, 22);
  EXPECT_EQ(figure.rows[0].not_recorded.mark, Mark::few);
  EXPECT_EQ(figure.rows[0].people.mark, Mark::withheld);
  EXPECT_EQ(figure.people.mark, Mark::withheld);
  EXPECT_FALSE(says(boost::json::parse(disclosure::to_json(*released)), 23));
  EXPECT_THAT(disclosure::to_text(*released), HasSubstr("5 of 22 people"));
  EXPECT_THAT(disclosure::to_text(*released), HasSubstr("not recorded: fewer than 5"));
}

TEST_F(PublishedCases, CannotBeSubtractedFromOneAnother) {
  ASSERT_TRUE(ask("ossification-pphp"));
  // The count of the same people would say that one of them has nothing recorded.
  const auto count = cohort::parse_study(
      R"({"id":"poh/count","title":{"en":"x"},"cohort":{"code":"OMIM:612463","kind":"diagnosis"},"statistic":{"type":"count"}})", "count");
  ASSERT_TRUE(count) << count.error().text();
  const auto refused = disclosure::ask(*count, {*ledger_, *gate_, {consent::Role::system, "test"}, pack_.vocabulary});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::disclosure_refused);
  EXPECT_EQ(refused.error().message, "not released");
}

TEST_F(PublishedCases, ShowTheCurationArtefact) {
  const auto view = gate_->open({consent::Role::curator, "test"}, Purpose::registry_research);
  ASSERT_TRUE(view) << view.error().text();
  const auto report = cohort::quality_report(*view, pack_.vocabulary, pack_.quality_rules);
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->people, 103);
  const auto blanket = std::ranges::find(report->findings, cohort::QualityKind::blanket_exclusion, &cohort::QualityFinding::kind);
  ASSERT_NE(blanket, report->findings.end());
  EXPECT_EQ(blanket->code.id, "HP:0001156");
  EXPECT_EQ(blanket->other.id, "HP:0010049");
  EXPECT_EQ(blanket->excluded, 79);
  EXPECT_EQ(blanket->people, 80);
  EXPECT_EQ(blanket->related_present, 60);
  EXPECT_EQ(blanket->source, "PMID:25802881");
  const auto rule = std::ranges::find(report->findings, cohort::QualityKind::rule, &cohort::QualityFinding::kind);
  ASSERT_NE(rule, report->findings.end());
  EXPECT_EQ(rule->rule, "short-metacarpal-without-brachydactyly");
}

class ExampleParticipants : public Registry {};

TEST_F(ExampleParticipants, AnswerEveryStudyOfThePack) {
  exchange::SyntheticOptions options;
  const auto generated = exchange::generate_participants(*ledger_, SKERRY_SOURCE_DIR "/packs/poh", options);
  ASSERT_TRUE(generated) << generated.error().text();
  for (const auto* name : {"treatments-tried", "regrowth-after-excision", "participants", "features", "gnas-origin"}) {
    const auto first = ask(name);
    ASSERT_TRUE(first) << name << ": " << first.error().text();
    EXPECT_THAT(disclosure::to_text(*first, "it"), HasSubstr((*first)->title.at("it"))) << name;
    const auto again = ask(name);
    ASSERT_TRUE(again) << name << ": " << again.error().text();
    EXPECT_EQ(**first, **again) << name;
  }
  const auto rows = ledger_->releases();
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->size(), 5u);
  const auto curve = ask("regrowth-after-excision");
  ASSERT_TRUE(curve);
  ASSERT_FALSE((*curve)->curves.at(0).steps.empty());
  for (const auto& step : (*curve)->curves[0].steps) EXPECT_GE(step.events + step.censored, 5);
}

}  // namespace
}  // namespace skerry
