#include "cohort/study_shelf.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace skerry::cohort {
namespace {

std::string text_of(const std::string& id, const std::string& title = "T") {
  return R"({"id":")" + id + R"(","title":{"en":")" + title + R"("},"cohort":{"everyone":true},"statistic":{"type":"count"}})";
}

class Shelf : public ::testing::Test {
 protected:
  void SetUp() override {
    auto name = (std::filesystem::temp_directory_path() / "skerry-shelf-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder = name;
  }
  void TearDown() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  std::filesystem::path folder;
};

TEST_F(Shelf, KeepsWhatWasSavedAndWhatItReplaced) {
  StudyShelf shelf(folder / "studies");
  EXPECT_TRUE(shelf.all().value().empty());
  ASSERT_TRUE(shelf.save(text_of("registry/a"), std::nullopt));
  ASSERT_TRUE(shelf.save(text_of("registry/b"), std::nullopt));
  ASSERT_TRUE(shelf.save(text_of("registry/a", "U"), digest_of(text_of("registry/a"))));
  StudyShelf again(folder / "studies");
  const auto all = again.all().value();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].text, text_of("registry/a", "U"));
  const auto earlier = std::filesystem::directory_iterator(folder / "studies" / "earlier")->path();
  EXPECT_EQ(std::filesystem::file_size(earlier), text_of("registry/a").size());
}

TEST_F(Shelf, RefusesWhatIsNotItsOwnOrTaken) {
  StudyShelf shelf(folder);
  EXPECT_EQ(shelf.save(text_of("poh/a"), std::nullopt).error().code, ErrorCode::invalid_study);
  EXPECT_EQ(shelf.save("{", std::nullopt).error().code, ErrorCode::malformed);
  EXPECT_EQ(shelf.save(std::string(study_bytes_max + 1, ' '), std::nullopt).error().code, ErrorCode::too_large);
  ASSERT_TRUE(shelf.save(text_of("registry/a"), std::nullopt));
  EXPECT_EQ(shelf.save(text_of("registry/a"), std::nullopt).error().code, ErrorCode::conflict);
  EXPECT_EQ(shelf.save(text_of("registry/a"), digest_of("other")).error().code, ErrorCode::conflict);
  for (const auto* id : {"registry/", "registry/../a", "a", "", "registry/A", "registry/a.json", "registry/none"}) {
    EXPECT_EQ(shelf.find(id).error().code, ErrorCode::not_found) << id;
  }
}

TEST_F(Shelf, PassesOverFilesThatAreNoStudies) {
  std::ofstream(folder / "Notes.txt") << "x";
  std::ofstream(folder / ".hidden.json") << "{}";
  std::ofstream(folder / "UPPER.json") << "{}";
  EXPECT_TRUE(StudyShelf(folder).all().value().empty());
}

}  // namespace
}  // namespace skerry::cohort
