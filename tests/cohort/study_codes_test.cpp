#include "cohort/study_codes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cohort/people.hpp"

namespace skerry::cohort {
namespace {

TEST(StudyCodes, AreThoseOfEveryPart) {
  const auto study = study_of(
      R"({"all":[{"code":"X:1","value":{"code":"X:2"},"site":"X:3","reference":"PMID:1","qualifier":{"role":"X:4","code":"X:5"},
        "when":{"after":{"code":"X:6"}}},{"not":{"code":"X:7"}}]})",
      R"("by":{"code":"X:8","values":["X:9"]},"statistic":{"type":"cox","index":{"code":"X:10"},"event":{"code":"X:11"},"entry":{"code":"X:12"},
        "until":{"code":"X:13"},"unit":"day","horizon":9,"strata":{"groups":[{"code":"X:14"}]},"offset":{"value":{"code":"X:15"},"unit":"mg"},
        "covariates":[{"id":"g","groups":{"groups":[{"code":"X:16"},{"code":"X:17"}]}},{"value":{"code":"X:18"}}]})");
  std::set<std::string> expected;
  for (int i = 1; i <= 18; ++i) expected.insert("X:" + std::to_string(i));
  EXPECT_EQ(codes_of(study), expected);
  const auto trial = study_of(
      R"({"everyone":true})",
      R"("statistic":{"type":"feasibility","design":"single_arm","control":0.5,"willing":{"code":"X:1"},"reachable":{"code":"X:2"},"enrolled":{"code":"X:3"}})");
  EXPECT_THAT(codes_of(trial), testing::ElementsAre("X:1", "X:2", "X:3"));
}

}  // namespace
}  // namespace skerry::cohort
