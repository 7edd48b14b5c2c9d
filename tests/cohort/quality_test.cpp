#include "cohort/quality.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "cohort/people.hpp"

namespace skerry::cohort {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const QualityFinding* find(const QualityReport& report, QualityKind kind) {
  const auto found = std::ranges::find(report.findings, kind, &QualityFinding::kind);
  return found == report.findings.end() ? nullptr : &*found;
}

TEST(Quality, FindsWhatIsBothAndWhatIsAbsentAboveWhatIsPresent) {
  People people;
  people.person().feature("X:B").feature("X:old-B", Status::absent);
  people.person().feature("X:A").feature("X:C", Status::absent);
  people.person().feature("X:C").feature("X:A", Status::absent);  // no contradiction
  const auto report = quality_report(people.facts(), letters(), {});
  EXPECT_EQ(report.people, 3);
  ASSERT_EQ(report.findings.size(), 2u);
  EXPECT_EQ(find(report, QualityKind::present_and_absent)->code.id, "X:B");
  EXPECT_THAT(find(report, QualityKind::present_and_absent)->participants, ElementsAre(ParticipantId{1}));
  const auto* ancestor = find(report, QualityKind::ancestor_absent);
  EXPECT_EQ(ancestor->code.id, "X:A");
  EXPECT_EQ(ancestor->other.id, "X:C");
  EXPECT_THAT(ancestor->participants, ElementsAre(ParticipantId{2}));
  EXPECT_THAT(describe(*ancestor), HasSubstr("X:C (C) is absent in 1 people"));
}

TEST(Quality, AppliesTheRulesOfThePack) {
  People people;
  people.person().feature("X:A").feature("Y:1", Status::absent);
  people.person().feature("X:A").feature("Y:1");
  const std::vector<pack::QualityRule> rules{{"b-without-y", {}, {"X:B", ""}, {"Y:1", ""}, ""}};
  const auto report = quality_report(people.facts(), letters(), rules);
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings[0].rule, "b-without-y");
  EXPECT_THAT(report.findings[0].participants, ElementsAre(ParticipantId{1}));
}

People one_source(int people, int excluded, int present) {
  People out;
  for (int i = 0; i < people; ++i) {
    out.person();
    if (i < excluded) out.add(Kind::feature, "Y:1", Status::absent).source.reference = "PMID:1";
    if (i < present) out.add(Kind::feature, "X:A").source.reference = "PMID:1";
    if (i >= present) out.add(Kind::feature, "Z:1").source.reference = "PMID:1";
  }
  return out;
}

TEST(Quality, FindsBlanketExclusionsOfOneSource) {
  const std::vector<pack::QualityRule> rules{{"r", {}, {"X:A", ""}, {"Y:1", ""}, ""}};
  const auto report = quality_report(one_source(30, 29, 20).facts(), letters(), rules);
  const auto* blanket = find(report, QualityKind::blanket_exclusion);
  ASSERT_NE(blanket, nullptr);
  EXPECT_EQ(blanket->excluded, 29);
  EXPECT_EQ(blanket->people, 30);
  EXPECT_EQ(blanket->related_present, 20);
  EXPECT_EQ(blanket->source, "PMID:1");
  EXPECT_EQ(find(quality_report(one_source(30, 20, 20).facts(), letters(), rules), QualityKind::blanket_exclusion), nullptr) << "too few";
  EXPECT_EQ(find(quality_report(one_source(15, 15, 15).facts(), letters(), rules), QualityKind::blanket_exclusion), nullptr) << "small";
  EXPECT_EQ(find(quality_report(one_source(30, 29, 20).facts(), letters(), {}), QualityKind::blanket_exclusion), nullptr) << "unrelated";
}

TEST(Quality, FindsDatesThatCannotBe) {
  People people;
  people.person().add(Kind::person, std::string(concepts::birth_year), Status::present, std::int64_t{2000});
  people.feature("X:A", Status::present, day("1999-12"));
  people.feature("X:B", Status::present, day("2000"));
  people.add(Kind::procedure, "X:op", Status::present, {}, day("2031-01-01")).recorded_at = *parse_instant("2030-12-31T12:00:00Z");
  people.add(Kind::procedure, "X:op2", Status::present, {}, day("2030")).recorded_at = *parse_instant("2030-03-01T12:00:00Z");
  const auto report = quality_report(people.facts(), letters(), {});
  ASSERT_EQ(report.findings.size(), 2u);
  EXPECT_EQ(find(report, QualityKind::before_birth)->code.id, "X:A");
  EXPECT_EQ(find(report, QualityKind::after_recording)->code.id, "X:op");
}

}  // namespace
}  // namespace skerry::cohort
