#include "cohort/study.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cohort/people.hpp"

namespace skerry::cohort {
namespace {

using testing::HasSubstr;

constexpr auto start = R"({"id":"x/y","title":{"en":"t"},"cohort":{"code":"X:A"},)";

struct Fault {
  std::string text, pointer, says;
};

TEST(Study, FaultsAreNamedWithTheirPlace) {
  const std::string whole_start = start;
  const std::vector<Fault> faults{
      {"{}", "", "\"id\" is missing"},
      {R"({"id":"X","title":{"en":"t"},"cohort":{"code":"X:A"},"statistic":{"type":"count"}})", "/id", "PACK/NAME"},
      {whole_start + R"("statistic":{"type":"counts"}})", "/statistic/type", "did you mean \"count\""},
      {whole_start + R"("statistc":{"type":"count"}})", "/statistc", "did you mean \"statistic\""},
      {whole_start + R"("statistic":{"type":"count","level":0.9}})", "/statistic/level", "not known here"},
      {whole_start + R"("statistic":{"type":"proportion","of":{"code":"X:A","status":"absent"}}})", "/statistic/of", "takes no \"status\""},
      {whole_start + R"("statistic":{"type":"proportion","of":[]}})", "/statistic/of", "list"},
      {whole_start + R"("statistic":{"type":"proportion","of":[{"code":"X:A"},{"code":"X:A"}]}})", "/statistic/of", "stands twice"},
      {whole_start + R"("statistic":{"type":"crosstab","columns":{"code":"X:A","values":["X:B"]}}})", "", "needs \"by\""},
      {whole_start + R"("statistic":{"type":"kaplan_meier","index":"birth","event":{"code":"X:A"},"unit":"month","step":7,"horizon":12}})",
       "/statistic/horizon", "multiple of the step"},
      {whole_start + R"("statistic":{"type":"kaplan_meier","index":"birth","event":{"code":"X:A"},"unit":"day","horizon":20000}})",
       "/statistic/horizon", "10000 steps"},
      {whole_start +
           R"("statistic":{"type":"kaplan_meier","index":"birth","of_index":true,"event":{"code":"X:A"},"unit":"day","horizon":2}})",
       "/statistic/of_index", "birth"},
      {whole_start + R"("statistic":{"type":"count"},"floor":1})", "/floor", "from 2"},
      {whole_start + R"("statistic":{"type":"count"},"snapshot":"yesterday"})", "/snapshot", "latest"},
      {whole_start + R"("statistic":{"type":"count"},"purpose":"own_care"})", "/purpose", "not one of"},
      {R"({"id":"x/y","title":{},"cohort":{"code":"X:A"},"statistic":{"type":"count"}})", "/title", "at least one language"},
      {R"({"id":"x/y","title":{"en":"t"},"cohort":{},"statistic":{"type":"count"}})", "/cohort", "one of"},
      {R"({"id":"x/y","title":{"en":"t"},"cohort":{"code":"X:A","all":[]},"statistic":{"type":"count"}})", "/cohort/all", "only one"},
      {R"({"id":"x/y","title":{"en":"t"},"cohort":{"code":"osteoma"},"statistic":{"type":"count"}})", "/cohort/code", "SYSTEM:ID"},
      {R"({"id":"x/y","title":{"en":"t"},"cohort":{"any":[{"code":"X:A","kind":"featur"}]},"statistic":{"type":"count"}})",
       "/cohort/any/0/kind", "did you mean \"feature\""},
      {R"({"id":"x/y","title":{"en":"t"},"cohort":{"code":"X:A","value":{"unit":"UCUM:mm"}},"statistic":{"type":"count"}})",
       "/cohort/value", "needs"},
      {R"({"id":"x/y","title":{"en":"t"},"cohort":{"any":[{"everyone":true}],"site":"X:B"},"statistic":{"type":"count"}})", "/cohort/site",
       "belongs beside"},
  };
  for (const auto& fault : faults) {
    const auto study = parse_study(fault.text, "s.json");
    ASSERT_FALSE(study) << fault.text;
    EXPECT_EQ(study.error().code, ErrorCode::invalid_study) << fault.text;
    EXPECT_EQ(study.error().place.path, fault.pointer) << fault.text;
    EXPECT_EQ(study.error().place.file, "s.json");
    EXPECT_EQ(study.error().place.line, 1u);
    EXPECT_THAT(study.error().message, HasSubstr(fault.says)) << fault.text;
  }
}

TEST(Study, ConditionsAreNotNestedWithoutEnd) {
  std::string cohort = R"({"code":"X:A"})";
  for (int i = 0; i < 20; ++i) cohort = R"({"not":)" + cohort + "}";
  EXPECT_FALSE(parse_study(R"({"id":"x/y","title":{"en":"t"},"cohort":)" + cohort + R"(,"statistic":{"type":"count"}})", "s"));
}

TEST(Study, ItsDigestIsOfItsMeaning) {
  const auto one = study_of(R"({"code":"X:A"})");
  const auto spaced = parse_study(R"(  {"statistic": {"type": "count"}, "cohort": {"exact": false, "status": "present", "code": "X:A"},
    "snapshot": "latest", "title": {"en": "Another title"}, "comment": "said otherwise", "id": "x/y"})",
                                  "s");
  ASSERT_TRUE(spaced) << spaced.error().text();
  EXPECT_EQ(one.digest, spaced->digest);
  for (const auto* other : {R"({"code":"X:B"})", R"({"code":"X:A","exact":true})", R"({"code":"X:A","status":"absent"})",
                            R"({"not":{"code":"X:A"}})", R"({"code":"X:A","side":"left"})", R"({"code":"X:A","value":{"less":3}})"}) {
    EXPECT_NE(study_of(other).digest, one.digest) << other;
  }
  EXPECT_NE(study_of(R"({"code":"X:A"})", R"("statistic":{"type":"count"},"floor":7)").digest, one.digest);
}

}  // namespace
}  // namespace skerry::cohort
