#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "cohort/study.hpp"

namespace skerry::cohort {
namespace {

TEST(StudyFiles, ThoseOfThePackAreWhole) {
  std::set<std::string> digests;
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(SKERRY_SOURCE_DIR "/packs/poh/studies")) {
    const auto study = read_study(entry.path().string());
    ASSERT_TRUE(study) << study.error().text();
    EXPECT_EQ(study->id, "poh/" + entry.path().stem().string());
    EXPECT_EQ(study->purpose, Purpose::public_figures);
    for (const auto* language : {"en", "it"}) EXPECT_TRUE(study->title.contains(language)) << study->id << " " << language;
    digests.insert(to_hex(study->digest));
    ++count;
  }
  EXPECT_GE(count, 8u);
  EXPECT_EQ(digests.size(), count) << "two studies ask the same";
}

// Figures are recorded under these digests in the release ledgers of registries: what a study means may not change under it.
TEST(StudyFiles, KeepTheirDigests) {
  const std::vector<std::pair<std::string, std::string>> digests{
      {"features", "9953ef47bc92c1e6e8e5a595de637719b1b2825699bb21fe8107d0f3157b7432"},
      {"gnas-origin", "a84be92bfb72018a0aff81303ac443021483fac99d29501943d83b58ccca6b39"},
      {"ossification-php1a-by-sex", "8236345c417d69f2f563225ca985ffb31f941a490668e07cc05c596bbf9a89a8"},
      {"participants", "bc6e614c5943d5bf5e19a092eec665f651187fb6214020fa377358cb7cc9d73b"},
      {"regrowth-after-excision", "ac3d9a78aa34ba3bd1cd119fb55b6ded085f2c97a948cc9111acd964951ec820"}};
  for (const auto& [name, digest] : digests) {
    const auto study = read_study(SKERRY_SOURCE_DIR "/packs/poh/studies/" + name + ".json");
    ASSERT_TRUE(study) << study.error().text();
    EXPECT_EQ(to_hex(study->digest), digest) << name;
  }
}

}  // namespace
}  // namespace skerry::cohort
