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

}  // namespace
}  // namespace skerry::cohort
