#include "base/error.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace skerry {
namespace {

constexpr ErrorCode all[] = {
#define SKERRY_ERROR(name, number, http, exit, text) ErrorCode::name,
#include "base/error_catalogue.def"
#undef SKERRY_ERROR
};

TEST(Error, ThePlaceSaysWhatIsKnown) {
  EXPECT_EQ((Error{ErrorCode::malformed, "is no date", {}}).text(), "is no date");
  EXPECT_EQ((Error{ErrorCode::malformed, "is no date", {"a.json", 0, 0, "/subject/id"}}).text(), "a.json: /subject/id: is no date");
  EXPECT_EQ((Place{"a.json", 3, 7, ""}).text(), "a.json:3:7");
  EXPECT_EQ((Place{"", 3, 0, "x"}).text(), "line 3: x");
  EXPECT_EQ(Place{}.text(), "");
}

TEST(Error, EveryCodeHasItsOwnNumberAndNameAndAnExitCodePeopleWereTold) {
  std::set<int> numbers;
  std::set<std::string_view> names;
  const std::set<int> documented{1, 2, 3, 4, 5, 6, 7, 70};
  for (const auto code : all) {
    EXPECT_TRUE(numbers.insert(static_cast<int>(code)).second) << name_of(code);
    EXPECT_TRUE(names.insert(name_of(code)).second) << name_of(code);
    EXPECT_FALSE(meaning_of(code).empty());
    EXPECT_TRUE(documented.contains(exit_code_of(code))) << name_of(code);
    EXPECT_GE(http_status_of(code), 400);
    EXPECT_LT(http_status_of(code), 600);
  }
}

TEST(Error, TheNumbersPeopleRelyOnStay) {
  EXPECT_EQ(static_cast<int>(ErrorCode::in_use), 160);
  EXPECT_EQ(exit_code_of(ErrorCode::in_use), 5);
  EXPECT_EQ(exit_code_of(ErrorCode::storage_full), 6);
  EXPECT_EQ(exit_code_of(ErrorCode::verification_failed), 7);
  EXPECT_EQ(http_status_of(ErrorCode::not_found), 404);
}

TEST(Error, ACodeOutsideTheCatalogueIsABug) {
  EXPECT_EQ(name_of(static_cast<ErrorCode>(9)), "internal");
  EXPECT_EQ(exit_code_of(static_cast<ErrorCode>(9)), 70);
}

}  // namespace
}  // namespace skerry
