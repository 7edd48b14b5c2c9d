#include "fact/fact.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace skerry {
namespace {

Fact sound_fact() {
  Fact fact;
  fact.code = {"HP:0034282", "Subcutaneous ossification"};
  fact.source = {SourceKind::publication, "PMID:25802881"};
  return fact;
}

ErrorCode refusal(const Fact& fact, std::string_view field) {
  const auto result = check(fact);
  if (result) return ErrorCode::internal;
  EXPECT_EQ(result.error().place.path, field);
  return result.error().code;
}

TEST(Fact, ASoundFactPasses) { EXPECT_TRUE(check(sound_fact())); }

TEST(Fact, NeedsACodeAndAPublicationNeedsItsId) {
  auto fact = sound_fact();
  fact.code.id.clear();
  EXPECT_EQ(refusal(fact, "code"), ErrorCode::missing_field);
  fact = sound_fact();
  fact.source.reference.clear();
  EXPECT_EQ(refusal(fact, "source"), ErrorCode::missing_field);
  fact.source.kind = SourceKind::clinician;
  EXPECT_TRUE(check(fact));
}

TEST(Fact, NumbersAreFinite) {
  auto fact = sound_fact();
  fact.value = Quantity{std::numeric_limits<double>::quiet_NaN(), {}, {}};
  EXPECT_EQ(refusal(fact, "value"), ErrorCode::out_of_range);
  fact.value = Quantity{1, {}, Quantity::Range{0, std::numeric_limits<double>::infinity(), {}}};
  EXPECT_EQ(refusal(fact, "value"), ErrorCode::out_of_range);
}

TEST(Fact, TimesAreOfTheCalendar) {
  auto fact = sound_fact();
  fact.when = When::at(PartialDate{2023, 2, 29});
  EXPECT_EQ(refusal(fact, "when"), ErrorCode::out_of_range);
  fact.when = When::between(PartialDate{2024, 2, 29}, Instant{0, -1});
  EXPECT_EQ(refusal(fact, "when"), ErrorCode::out_of_range);
  fact.when = When::at(Instant{std::numeric_limits<std::int64_t>::max(), 0});
  EXPECT_EQ(refusal(fact, "when"), ErrorCode::out_of_range);
}

TEST(Fact, TextIsUtf8AndBounded) {
  for (const std::string bad : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80", "a\xe2\x82"}) {
    auto fact = sound_fact();
    fact.value = Text{bad};
    EXPECT_EQ(refusal(fact, "value"), ErrorCode::invalid_text);
  }
  auto fact = sound_fact();
  fact.code.label.assign((1 << 20) + 1, 'x');
  EXPECT_EQ(refusal(fact, "code"), ErrorCode::too_large);
}

TEST(Fact, TextIsCheckedWhereverItIsNotAscii) {
  for (std::size_t at = 0; at < 20; ++at) {
    auto fact = sound_fact();
    std::string text(20, 'x');
    fact.value = Text{text.insert(at, "\xc3\xa9")};
    EXPECT_TRUE(check(fact)) << at;
    fact.value = Text{text.substr(0, at + 1)};
    EXPECT_EQ(refusal(fact, "value"), ErrorCode::invalid_text) << at;
    fact.value = Text{std::string(20, 'x').insert(at, "\x80")};
    EXPECT_EQ(refusal(fact, "value"), ErrorCode::invalid_text) << at;
  }
}

TEST(Fact, ARetractionNamesWhatItRetracts) {
  auto fact = sound_fact();
  fact.status = Status::retracted;
  EXPECT_EQ(refusal(fact, "supersedes"), ErrorCode::missing_field);
  fact.supersedes.number = 3;
  EXPECT_TRUE(check(fact));
}

TEST(Fact, QualifiersAreCheckedAndCounted) {
  auto fact = sound_fact();
  fact.qualifiers = {{{"a:1", ""}, Text{"\xff"}}};
  EXPECT_EQ(refusal(fact, "qualifiers"), ErrorCode::invalid_text);
  fact.qualifiers.assign(1'001, {});
  EXPECT_EQ(refusal(fact, "qualifiers"), ErrorCode::too_large);
}

TEST(Fact, SameStatementLooksAwayFromIdsAndReferences) {
  auto a = sound_fact();
  auto b = a;
  b.id.number = 7;
  b.participant.number = 9;
  b.part_of.number = 3;
  b.supersedes.number = 1;
  EXPECT_TRUE(same_statement(a, b));
  b.status = Status::absent;
  EXPECT_FALSE(same_statement(a, b));
}

TEST(Fact, NamesComeBack) {
  for (int i = 1; i <= 12; ++i) EXPECT_EQ(parse_kind(name_of(static_cast<Kind>(i))).value(), static_cast<Kind>(i));
  for (int i = 1; i <= 5; ++i) EXPECT_EQ(parse_status(name_of(static_cast<Status>(i))).value(), static_cast<Status>(i));
  for (int i = 0; i <= 4; ++i) EXPECT_EQ(parse_side(name_of(static_cast<Side>(i))).value(), static_cast<Side>(i));
  for (int i = 1; i <= 5; ++i) EXPECT_EQ(parse_source_kind(name_of(static_cast<SourceKind>(i))).value(), static_cast<SourceKind>(i));
  EXPECT_EQ(parse_status("gone").error().code, ErrorCode::unknown_value);
}

TEST(Code, SystemIsWhatStandsBeforeTheColon) {
  EXPECT_EQ(system_of("HP:0034282"), "HP");
  EXPECT_EQ(system_of("no colon"), "");
  EXPECT_TRUE(same_concept({"HP:1", "a"}, {"HP:1", "b"}));
}

}  // namespace
}  // namespace skerry
