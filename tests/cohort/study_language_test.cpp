// What the study language can say, and how it says no.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "cohort/people.hpp"
#include "cohort/words.hpp"

namespace skerry::cohort {
namespace {

using testing::HasSubstr;

constexpr auto count = R"("statistic":{"type":"count"})";

Result<Study> parse(const std::string& cohort, const std::string& rest = count) {
  return parse_study(R"({"id":"x/y","title":{"en":"t"},"cohort":)" + cohort + "," + rest + "}", "s");
}

const Condition& only(const Study& study) { return study.cohort; }

TEST(StudyLanguage, ReadsEverythingALeafCanSay) {
  const auto study = study_of(
      R"({"code":"X:A","exact":true,"kind":"measurement","status":"present","value":{"between":[1,3],"unit":"mg/dL"},"site":"X:arm","side":"left",
      "source":["clinician","participant"],"reference":"PMID:1","qualifier":[{"role":"X:R","code":"X:V"},{"role":"X:S","at_least":2},{"role":"X:T"}],
      "from":"2019","to":"2020-06","age":{"at_least":"P2Y","below":"P18Y"},"pick":"last",
      "when":[{"after":{"code":"X:B"},"at_least":"P1D","at_most":"P7D"},{"before":{"code":"X:C","pick":"last"}}]})");
  const auto& leaf = only(study);
  EXPECT_EQ(leaf.form, Condition::Form::fact);
  EXPECT_TRUE(leaf.exact);
  EXPECT_EQ(leaf.kind, Kind::measurement);
  ASSERT_EQ(leaf.value.size(), 2u);
  EXPECT_EQ(leaf.value[0], (Comparison{Comparison::Relation::at_least, 1, "UCUM:mg/dL", ""}));
  EXPECT_EQ(leaf.value[1], (Comparison{Comparison::Relation::at_most, 3, "UCUM:mg/dL", ""}));
  EXPECT_EQ(leaf.side, Side::left);
  EXPECT_EQ(leaf.sources, (std::vector{SourceKind::participant, SourceKind::clinician}));
  EXPECT_EQ(leaf.source_reference, "PMID:1");
  ASSERT_EQ(leaf.qualifiers.size(), 3u);
  EXPECT_EQ(leaf.qualifiers[0].value.front().code, "X:V");
  EXPECT_EQ(leaf.qualifiers[1].value.front().number, 2);
  EXPECT_TRUE(leaf.qualifiers[2].value.empty());
  EXPECT_EQ(leaf.from, (PartialDate{2019, 0, 0}));
  EXPECT_EQ(leaf.to, (PartialDate{2020, 6, 0}));
  EXPECT_EQ(leaf.age_from_days, 730.5);
  EXPECT_EQ(leaf.age_to_days, 18 * 365.25);
  EXPECT_EQ(leaf.pick, Pick::last);
  ASSERT_EQ(leaf.time.size(), 2u);
  EXPECT_EQ(leaf.time[0].most_days, 7);
  EXPECT_EQ(leaf.time[1].other.front().pick, Pick::last);
  EXPECT_FALSE(leaf.time[1].most_days);
}

TEST(StudyLanguage, AListOfCodesIsAnyOfThemOrNone) {
  const auto any = study_of(R"({"code":["X:A","X:B"],"kind":"diagnosis"})");
  EXPECT_EQ(only(any).form, Condition::Form::any);
  EXPECT_EQ(any.digest, study_of(R"({"any":[{"code":"X:A","kind":"diagnosis"},{"code":"X:B","kind":"diagnosis"}]})").digest);
  EXPECT_EQ(only(study_of(R"({"code":["X:A","X:B"],"status":"absent"})")).form, Condition::Form::all);
  EXPECT_EQ(study_of(R"({"code":["X:A"]})").digest, study_of(R"({"code":"X:A"})").digest);
}

TEST(StudyLanguage, NamedCohortsStandForWhatTheySay) {
  const std::string rest = std::string(R"("let":{"b":{"not":{"cohort":"a"}},"a":{"code":"X:A"}},)") + count;
  const auto named = study_of(R"({"all":[{"code":"X:B"},{"cohort":"b"}]})", rest);
  EXPECT_EQ(named.digest, study_of(R"({"all":[{"code":"X:B"},{"not":{"code":"X:A"}}]})").digest);
  EXPECT_EQ(only(named).parts[1].name, "b");
  EXPECT_EQ(only(named).parts[1].parts[0].name, "a");
  const auto grouped = study_of(R"({"everyone":true})", R"("by":{"groups":[{"cohort":"b"},{"cohort":"a"}]},)" + rest);
  EXPECT_EQ(grouped.by.groups[0].id, "b");
}

TEST(StudyLanguage, EveryFieldIsPartOfTheMeaning) {
  const std::vector<std::string> conditions{
      R"({"code":"X:A"})",
      R"({"code":"X:A","source":"proxy"})",
      R"({"code":"X:A","source":["proxy","device"]})",
      R"({"code":"X:A","reference":"PMID:1"})",
      R"({"code":"X:A","qualifier":{"role":"X:R"}})",
      R"({"code":"X:A","qualifier":{"role":"X:R","code":"X:V"}})",
      R"({"code":"X:A","from":"2019"})",
      R"({"code":"X:A","to":"2019"})",
      R"({"code":"X:A","age":{"below":"P1Y"}})",
      R"({"code":"X:A","age":{"at_least":"P1Y"}})",
      R"({"code":"X:A","pick":"first"})",
      R"({"code":"X:A","pick":"last"})",
      R"({"code":"X:A","times":{"at_least":2}})",
      R"({"code":"X:A","times":{"at_most":2}})",
      R"({"code":"X:A","status":"not_recorded"})",
      R"({"code":"X:A","when":{"after":{"code":"X:B"}}})",
      R"({"code":"X:A","when":{"before":{"code":"X:B"}}})",
      R"({"code":"X:A","when":{"during":{"code":"X:B"}}})",
      R"({"code":"X:A","when":{"within":{"code":"X:B"},"at_most":"P1M"}})",
      R"({"code":"X:A","when":{"after":{"code":"X:B"},"at_most":"P1M"}})",
      R"({"code":"X:A","when":{"after":{"code":"X:B"},"at_least":"P1M"}})",
  };
  std::set<Digest> digests;
  for (const auto& condition : conditions) digests.insert(study_of(condition).digest);
  const std::string timed =
      R"("statistic":{"type":"kaplan_meier","index":{"code":"X:I"},"event":{"code":"X:A"},"unit":"month","horizon":12)";
  const std::string by = R"(,"by":{"groups":[{"code":"X:A"},{"code":"X:B"}]})";
  const std::vector<std::string> rests{timed + "}",
                                       timed + R"(,"entry":{"code":"X:E"}})",
                                       timed + R"(,"until":{"code":"X:E"}})",
                                       timed + R"(,"rho":1})" + by,
                                       timed + R"(,"restricted_to":6})",
                                       timed + R"(,"censoring":"death","death":{"code":"X:D"}})",
                                       timed + R"(,"interval":"logit"})",
                                       timed + "}" + by,
                                       timed + R"(,"strata":{"groups":[{"code":"X:S"}]}})" + by};
  for (const auto& rest : rests) digests.insert(study_of(R"({"everyone":true})", rest).digest);
  const std::string outcome = R"("outcome":{"value":{"code":"X:A"})";
  const std::vector<std::string> models{
      R"({"type":"mean",)" + outcome + "}}",
      R"({"type":"mean",)" + outcome + R"(,"which":"first"}})",
      R"({"type":"mean",)" + outcome + R"(,"unit":"mg"}})",
      R"({"type":"mean",)" + outcome + R"(,"per":10}})",
      R"({"type":"mean",)" + outcome + R"(,"id":"other"}})",
      R"({"type":"mean",)" + outcome + R"(},"index":"birth"})",
      R"({"type":"mean",)" + outcome + R"(},"weight":{"value":{"code":"X:W"}}})",
      R"({"type":"mean",)" + outcome + R"(},"bootstrap":100})",
      R"({"type":"mean",)" + outcome + R"(},"bootstrap":100,"seed":1})",
      R"({"type":"mean",)" + outcome + R"(},"level":0.9})",
      R"({"type":"linear",)" + outcome + R"(},"covariates":[{"value":{"code":"X:B"}}]})",
      R"({"type":"linear",)" + outcome + R"(},"robust":true,"covariates":[{"value":{"code":"X:B"}}]})",
      R"({"type":"linear",)" + outcome + R"(},"covariates":[{"count":{"code":"X:B"}}]})",
      R"({"type":"quantiles",)" + outcome + R"(},"grid":{"from":0,"to":1,"step":1}})",
      R"({"type":"quantiles",)" + outcome + R"(},"grid":{"from":0,"to":1,"step":0.5}})",
      R"({"type":"quantiles",)" + outcome + R"(},"quantiles":[0.5],"grid":{"from":0,"to":1,"step":1}})",
  };
  for (const auto& model : models) digests.insert(study_of(R"({"everyone":true})", "\"statistic\":" + model).digest);
  EXPECT_EQ(digests.size(), conditions.size() + rests.size() + models.size());
  const auto titled = parse_study(
      R"({"id":"x/y","title":{"it":"u"},"comment":"c","cohort":{"everyone":true},"statistic":{"type":"mean","outcome":{"title":{"en":"A"},"value":{"code":"X:A"}}}})",
      "s");
  ASSERT_TRUE(titled) << titled.error().text();
  EXPECT_TRUE(digests.contains(titled->digest)) << "a title changes the meaning";
}

struct Fault {
  std::string cohort, rest, pointer, says;
};

void expect_faults(const std::vector<Fault>& faults) {
  for (const auto& fault : faults) {
    const auto study = parse(fault.cohort, fault.rest.empty() ? count : fault.rest);
    ASSERT_FALSE(study) << fault.cohort << fault.rest;
    EXPECT_EQ(study.error().code, ErrorCode::invalid_study) << fault.cohort;
    EXPECT_EQ(study.error().place.path, fault.pointer) << fault.cohort << fault.rest;
    EXPECT_EQ(study.error().place.line, 1u);
    EXPECT_THAT(study.error().message, HasSubstr(fault.says)) << fault.cohort << fault.rest;
  }
}

TEST(StudyLanguage, ContradictionsAreNoticed) {
  expect_faults({
      {R"({"code":"X:A","value":{"at_least":3,"at_most":2}})", "", "/cohort/value", "No number can be"},
      {R"({"code":"X:A","value":{"between":[3,2]}})", "", "/cohort/value", "No number can be"},
      {R"({"code":"X:A","value":{"less":3,"greater":3}})", "", "/cohort/value", "No number can be"},
      {R"({"code":"X:A","value":{"equal":3,"less":3}})", "", "/cohort/value", "No number can be"},
      {R"({"code":"X:A","qualifier":{"role":"X:R","at_least":3,"at_most":2}})", "", "/cohort/qualifier", "No number can be"},
      {R"({"code":"X:A","from":"2020","to":"2019-12"})", "", "/cohort/to", "before \"from\""},
      {R"({"code":"X:A","age":{"at_least":"P18Y","below":"P18Y"}})", "", "/cohort/age", "No age"},
      {R"({"code":"X:A","times":{"at_least":3,"at_most":2}})", "", "/cohort/times/at_most", "less than"},
      {R"({"code":"X:A","pick":"first","times":{"at_least":3}})", "", "/cohort/times", "\"pick\" leaves one"},
      {R"({"code":"X:A","status":"absent","times":{"at_least":3}})", "", "/cohort/times", "takes no \"status\""},
      {R"({"code":["X:A","X:B"],"pick":"first"})", "", "/cohort/code", "own condition"},
      {R"({"code":"X:A","status":"not_recorded","from":"2020"})", "", "/cohort", "has no date"},
      {R"({"code":"X:A","when":{"within":{"code":"X:B"}}})", "", "/cohort/when", "needs \"at_most\""},
      {R"({"code":"X:A","when":{"after":{"code":"X:B"},"at_least":"P2M","at_most":"P1M"}})", "", "/cohort/when/at_most", "shorter"},
      {R"({"code":"X:A","when":{"after":"index"}})", "", "/cohort/when/after", "no index event"},
      {R"({"all":[{"code":"X:A"},{"not":{"code":"X:A"}}]})", "", "/cohort", "asked for and ruled out"},
      {R"({"all":[{"code":"X:A"},{"code":"X:A","status":"absent"}]})", "", "/cohort", "two different statuses"},
      {R"({"not":{"everyone":true}})", "", "/cohort", "rules out everyone"},
  });
  EXPECT_TRUE(parse(R"({"all":[{"code":"X:A"},{"code":"X:A","status":"recorded"}]})"));
  EXPECT_TRUE(parse(R"({"code":"X:A","from":"2019-06","to":"2019"})"));
  EXPECT_TRUE(parse(R"({"code":"X:A","value":{"at_least":3,"at_most":3}})"));
}

TEST(StudyLanguage, MistakesAreNamedWithWhatWasMeant) {
  const std::string lets = std::string(R"("let":{"adults":{"code":"X:A"}},)") + count;
  expect_faults({
      {R"({"cohort":"adult"})", lets, "/cohort/cohort", "did you mean \"adults\""},
      {R"({"cohort":"a"})", std::string(R"("let":{"a":{"not":{"cohort":"b"}},"b":{"cohort":"a"}},)") + count, "/let/b/cohort",
       "made of itself"},
      {R"({"code":"X:A","valu":{"less":3}})", "", "/cohort/valu", "did you mean \"value\""},
      {R"({"code":"X:A","when":{"befor":{"code":"X:B"}}})", "", "/cohort/when/befor", "did you mean \"before\""},
      {R"({"code":"X:A","value":{"less":3,"unit":"mcg"}})", "", "/cohort/value/unit", "did you mean \"ug\""},
      {R"({"code":"X:A","value":{"less":3,"unit":"UCUM:mg/dl/"}})", "", "/cohort/value/unit", "not a UCUM unit"},
      {R"({"code":"X:A","source":"participants"})", "", "/cohort/source", "did you mean \"participant\""},
      {R"({"code":"X:A","age":{"below":"18 years"}})", "", "/cohort/age/below", "P18M"},
      {R"({"code":"X:A","from":"June 2019"})", "", "/cohort/from", "2019-06"},
      {R"({"everyone":true})", R"("statistic":{"type":"kaplan_meyer"})", "/statistic/type", "did you mean \"kaplan_meier\""},
      {R"({"everyone":true})", R"("statistic":{"type":"mean","outcme":{}})", "/statistic/outcme", "did you mean \"outcome\""},
  });
}

TEST(StudyLanguage, StatisticsThatCannotBeAreRefused) {
  const std::string timed = R"("statistic":{"type":"kaplan_meier","event":{"code":"X:A"},"unit":"month","horizon":12,"index":)";
  const std::string cox =
      R"("statistic":{"type":"cox","index":{"code":"X:I"},"event":{"code":"X:A"},"unit":"day","horizon":9,"covariates":)";
  const std::string quantiles = R"("statistic":{"type":"quantiles","outcome":{"value":{"code":"X:A"}},)";
  const std::string weighted = R"("statistic":{"type":"mean","outcome":{"value":{"code":"X:A"}},"weighted_by":[{"value":{"code":"X:B"}}])";
  const std::string trial = R"("statistic":{"type":"feasibility","willing":{"everyone":true},"reachable":{"everyone":true},"design":)";
  const std::string by = R"(,"by":{"groups":[{"code":"X:F"},{"code":"X:M"}]})";
  const std::string anyone = R"({"everyone":true})";
  expect_faults({
      {anyone, timed + R"({"code":"X:A"}})", "/statistic/event", "index event itself"},
      {anyone, timed + R"({"code":"X:I","when":{"after":"index"}}})", "/statistic/index", "told by itself"},
      {anyone, timed + R"("birth","restricted_to":24})", "/statistic/restricted_to", "from 1 to 12"},
      {anyone, timed + R"("birth","strata":{"groups":[{"code":"X:S"}]}})", "/statistic/strata", "there are none"},
      {anyone, timed + R"("birth","until":{"code":"X:S","when":{"after":"index"}}})", "/statistic/until/when/after",
       "index of this study is birth"},
      {anyone, cox + R"([{"value":{"code":"X:B"}},{"count":{"code":"X:B"}}]})", "/statistic/covariates", "stands twice"},
      {anyone, cox + R"([{"id":"c","indicator":{"not":{"code":"X:B"}},"changes":true}]})", "/statistic/covariates/0/changes",
       "What changes"},
      {anyone, cox + R"([{"groups":{"groups":[{"code":"X:B"}]},"id":"g"}]})", "/statistic/covariates/0/groups", "at least two"},
      {anyone, quantiles + R"("quantiles":[0.5,0.5],"grid":{"from":0,"to":1,"step":1}})", "/statistic/quantiles/1", "ascend"},
      {anyone, quantiles + R"("grid":{"from":1,"to":1,"step":1}})", "/statistic/grid/to", "above"},
      {anyone, quantiles + R"("grid":{"from":0,"to":1,"step":0.3}})", "/statistic/grid/step", "whole number of steps"},
      {anyone, quantiles + R"("grid":{"from":0,"to":1,"step":1e-9}})", "/statistic/grid/step", "At most 10000"},
      {anyone, R"("statistic":{"type":"mean","outcome":{"value":{"code":"X:A","value":{"less":3,"unit":"cm"}},"unit":"kg"}})",
       "/statistic/outcome/unit", "cm does not convert to kg"},
      {anyone, R"("statistic":{"type":"mean","outcome":{"value":{"code":"X:A"},"which":"at_index"}})", "/statistic/outcome/which",
       "no index event"},
      {anyone, R"("statistic":{"type":"linear","outcome":{"value":{"code":"X:A"}},"covariates":[{"count":{"code":"X:A"}}]})",
       "/statistic/covariates", "explain itself"},
      {anyone,
       R"("statistic":{"type":"linear","outcome":{"value":{"code":"X:A"}},"weighted_by":[{"value":{"code":"X:B"}}],"covariates":[{"value":{"code":"X:B"}}]})",
       "", "there are none"},
      {anyone, timed + R"("birth","rho":1})", "/statistic/rho", "there are none"},
      {anyone, timed + R"("birth","death":{"code":"X:D"}})", "/statistic/death", "only looked at"},
      {anyone, quantiles + R"("bootstrap":100,"grid":{"from":0,"to":1,"step":1}})", "/statistic/bootstrap", "bootstrap"},
      {anyone, weighted + R"(,"weight":{"value":{"code":"X:W"}}})" + by, "/statistic/weighted_by", "not both"},
      {anyone, weighted + R"(,"bootstrap":100})" + by, "/statistic/weighted_by", "do not go together"},
      {anyone, trial + R"("n_of_1","cycles":2,"recruits_a_year":2,"control":0.5})", "/statistic/control", "no \"control\""},
      {anyone, trial + R"("two_arms","control":0.5,"recruits_a_year":2,"lookback_years":2})", "/statistic/lookback_years", "not looked at"},
      {anyone,
       R"("statistic":{"type":"rank_test","outcome":{"value":{"code":"X:A"}},"grid":{"from":0,"to":1,"step":1}},"by":{"groups":[{"code":"X:B"}]})",
       "/by", "at least two groups"},
  });
}

TEST(StudyLanguage, HugeStudiesAreRefused) {
  std::string leaves = R"({"code":"X:0"})";
  for (int i = 1; i < 200; ++i) leaves += R"(,{"code":"X:)" + std::to_string(i) + "\"}";
  std::string lists = R"({"code":"X:A"})";
  for (int i = 0; i < 50; ++i) lists += R"(,{"any":[)" + leaves + "]}";
  const auto written = parse(R"({"all":[)" + lists + "]}");
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message, HasSubstr("10,000"));

  // Each name twice the one before: 2^40 leaves from a kilobyte.
  std::string lets = R"("n0":{"code":"X:A"})";
  for (int i = 1; i <= 40; ++i) {
    const auto before = std::to_string(i - 1);
    lets += ",\"n" + std::to_string(i) + R"(":{"any":[{"cohort":"n)" + before + R"("},{"cohort":"n)" + before + "\"}]}";
  }
  const auto doubled = parse(R"({"cohort":"n40"})", "\"let\":{" + lets + "}," + count);
  ASSERT_FALSE(doubled);
  EXPECT_THAT(doubled.error().message, testing::AnyOf(HasSubstr("10,000"), HasSubstr("16 deep")));

  std::string chain = R"("n0":{"code":"X:A"})";
  for (int i = 1; i <= 20; ++i) chain += ",\"n" + std::to_string(i) + R"(":{"not":{"cohort":"n)" + std::to_string(i - 1) + "\"}}";
  const auto deep = parse(R"({"cohort":"n20"})", "\"let\":{" + chain + "}," + count);
  ASSERT_FALSE(deep);
  EXPECT_THAT(deep.error().message, HasSubstr("16 deep"));

  std::string nested = R"({"code":"X:A"})";
  for (int i = 0; i < 20; ++i) nested = R"({"code":"X:A","when":{"after":)" + nested + "}}";
  EXPECT_FALSE(parse(nested));
  EXPECT_FALSE(parse(R"({"any":[)" + leaves + R"(,{"code":"X:A"}]})"));
  EXPECT_EQ(parse_study(std::string(2'000'000, ' '), "s").error().code, ErrorCode::too_large);
}

TEST(StudyLanguage, ConditionsInWords) {
  const auto words = [](const std::string& condition, const std::string& rest = count) {
    return in_words(study_of(condition, rest).cohort, letters());
  };
  EXPECT_EQ(words(R"({"code":"X:A","kind":"feature"})"), "A (X:A) present");
  EXPECT_EQ(words(R"({"code":"X:unknown","kind":"procedure"})"), "X:unknown");
  EXPECT_EQ(words(R"({"code":"X:A","status":"absent"})"), "A (X:A) absent");
  EXPECT_EQ(words(R"({"code":"X:A","pick":"first","age":{"below":"P2Y"}})"), "A (X:A), the first below age 2 years");
  EXPECT_EQ(words(R"({"code":"X:A","times":{"at_least":2}})"), "A (X:A), at least 2 times");
  EXPECT_EQ(words(R"({"code":"X:A","value":{"greater":65,"unit":"pg/mL"}})"), "A (X:A) above 65 pg/mL");
  EXPECT_EQ(words(R"({"code":"X:A","site":"X:arm","side":"left"})"), "A (X:A) at arm (left)");
  EXPECT_EQ(words(R"({"code":"X:A","when":{"after":{"code":"X:B"},"at_most":"P1Y"}})"), "A (X:A), within 1 year after B (X:B)");
  EXPECT_EQ(words(R"({"code":"X:A","from":"2019","source":"clinician"})"), "A (X:A), said by clinician, from 2019");
  EXPECT_EQ(words(R"({"all":[{"code":"X:A"},{"any":[{"code":"X:B"},{"code":"X:C"}]}]})"), "A (X:A) and (B (X:B) or C (X:C))");
  EXPECT_EQ(words(R"({"not":{"cohort":"adults"}})", std::string(R"("let":{"adults":{"code":"X:A"}},)") + count), "not adults");
  EXPECT_THAT(words(R"({"code":["X:1","X:2","X:3","X:4","X:5","X:6","X:7"]})"), HasSubstr("X:5 or 2 more"));
  EXPECT_EQ(days_in_words(18 * 30.4375), "18 months");
  EXPECT_EQ(days_in_words(365.25), "1 year");
  EXPECT_EQ(days_in_words(10), "10 days");
  EXPECT_EQ(days_in_words(14), "2 weeks");
}

}  // namespace
}  // namespace skerry::cohort
