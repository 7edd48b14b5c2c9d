#include "exchange/synthetic.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <map>

#include "consent/view.hpp"
#include "exchange/synthetic_model.hpp"
#include "fact/concepts.hpp"

namespace skerry::exchange {
namespace {

namespace fs = std::filesystem;

const fs::path poh = fs::path(SKERRY_SOURCE_DIR) / "packs/poh";

class Synthetic : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "skerry-synthetic-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  [[nodiscard]] static std::string model_text() {
    std::ifstream in(poh / "demonstration.json");
    return {std::istreambuf_iterator<char>(in), {}};
  }
  /// The error of a model in which `from` stands as `to`.
  [[nodiscard]] Error error_with(const std::string& from, const std::string& to) const {
    auto text = model_text();
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    std::ofstream(folder_ / "demonstration.json") << text;
    const auto model = read_synthetic_model(folder_);
    EXPECT_FALSE(model) << to;
    return model ? Error{} : model.error();
  }

  fs::path folder_;
};

TEST_F(Synthetic, AModelThatIsWrongIsNamedWithItsLine) {
  EXPECT_EQ(error_with("\"of_100\": 50", "\"of_100\": 500").code, ErrorCode::out_of_range);
  EXPECT_EQ(error_with("\"of_100\": 50", "\"of_100\": \"half\"").code, ErrorCode::wrong_type);
  EXPECT_EQ(error_with("\"diagnosis\"", "\"diagnoses\"").code, ErrorCode::missing_field);
  EXPECT_EQ(error_with("\"median_months\": 60", "\"median_months\": 0").code, ErrorCode::out_of_range);
  EXPECT_EQ(error_with("\"whole\": true", "\"whole\": 1").code, ErrorCode::wrong_type);
  EXPECT_EQ(error_with("{\"from\": 1, \"to\": 6}", "{\"from\": 7, \"to\": 6}").code, ErrorCode::out_of_range);
  EXPECT_EQ(error_with("\"variant\": {", "\"variant\": [{").code, ErrorCode::malformed);
  const auto error = error_with("\"of_100\": 50", "\"of_100\": -1");
  EXPECT_EQ(error.place.line, 4u);
  EXPECT_EQ(error.place.path, "/female/of_100");
  EXPECT_EQ(read_synthetic_model(folder_ / "nowhere").error().code, ErrorCode::not_found);
}

TEST_F(Synthetic, ProportionsComeOutNearTheModel) {
  auto ledger = ledger::Ledger::create(folder_);
  ASSERT_TRUE(ledger);
  SyntheticOptions options;
  options.participants = 2'000;
  const auto made = generate_participants(**ledger, poh, options);
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(made->participants, 2'000);
  const consent::Gate gate(**ledger);
  const auto view = gate.open({consent::Role::steward, "test"}, Purpose::public_figures);
  ASSERT_TRUE(view);
  // 95 % agree, 2 % of all withdraw again: 93.1 % are left. Four standard errors on either side.
  EXPECT_NEAR(static_cast<double>(view->participants().size()), 1'862, 46);
  double looked_for = 0, found = 0, paternal = 0, stories = 0;
  ASSERT_TRUE(view->for_each([&](const Fact& fact) {
    EXPECT_EQ(fact.source.reference, "demonstration");
    if (fact.kind == Kind::experience) ++stories;
    if (fact.kind != Kind::variant) return true;
    ++looked_for;
    if (fact.status == Status::present) {
      ++found;
      paternal += std::get<Variant>(fact.value).origin.id == "skerry:paternal" ? 1 : 0;
    }
    return true;
  }));
  EXPECT_NEAR(found / looked_for, 13.0 / 18, 0.05);
  EXPECT_NEAR(paternal / found, 0.8, 0.05);
  EXPECT_LE(stories, 3);
  const auto verified = (*ledger)->verify();
  ASSERT_TRUE(verified);
  EXPECT_TRUE(verified->faults.empty());
}

TEST_F(Synthetic, ACourseHasItsOrderInTime) {
  auto ledger = ledger::Ledger::create(folder_);
  ASSERT_TRUE(ledger);
  SyntheticOptions options;
  options.participants = 400;
  ASSERT_TRUE(generate_participants(**ledger, poh, options));
  const consent::Gate gate(**ledger);
  const auto view = gate.open({consent::Role::steward, "test"}, Purpose::registry_research);
  ASSERT_TRUE(view);
  std::map<std::int64_t, Fact> facts;
  ASSERT_TRUE(view->for_each([&](const Fact& fact) {
    facts[fact.id.number] = fact;
    return true;
  }));
  std::map<std::string, int> seen;
  for (const auto& [number, fact] : facts) {
    ++seen[fact.code.id];
    if (fact.kind == Kind::measurement) {
      EXPECT_TRUE(std::holds_alternative<Age>(fact.when.first));
    }
    if (fact.code.id != concepts::treatment_stopped && fact.code.id != concepts::regrowth) continue;
    ASSERT_TRUE(facts.contains(fact.part_of.number));
    const auto& began = facts[fact.part_of.number];
    EXPECT_EQ(began.kind, fact.code.id == concepts::regrowth ? Kind::procedure : Kind::treatment);
    EXPECT_LE(std::get<PartialDate>(began.when.first), std::get<PartialDate>(fact.when.first));
    if (fact.code.id != concepts::treatment_stopped) continue;
    EXPECT_EQ(std::get<Code>(fact.qualifiers.front().value).id, began.code.id);
    EXPECT_EQ(fact.status == Status::present, std::holds_alternative<Code>(fact.value));
  }
  for (const std::string code : {"LOINC:72514-3", "skerry:joints-involved", "skerry:height-z-score", "skerry:enrolment",
                                 "skerry:contact-for-research", "skerry:treatment-stopped"}) {
    EXPECT_GT(seen[code], 100) << code;
  }
}

TEST_F(Synthetic, TheNumberOfParticipantsIsBounded) {
  auto ledger = ledger::Ledger::create(folder_);
  ASSERT_TRUE(ledger);
  for (const std::int64_t wrong : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{10'000'001}}) {
    SyntheticOptions options;
    options.participants = wrong;
    EXPECT_EQ(generate_participants(**ledger, poh, options).error().code, ErrorCode::out_of_range);
  }
}

}  // namespace
}  // namespace skerry::exchange
