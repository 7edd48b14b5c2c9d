#include "answers/reviewer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "answers/example_pack.hpp"

namespace skerry::answers {
namespace {

using testing::HasSubstr;

const KeyRequest plain{"A Reviewer", "endocrinologist", false, {}};

TEST(ReviewerKey, IsPrivateAndComesBack) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "key.json";
  const auto made = make_reviewer_key(file, plain);
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_FALSE(*needs_passphrase(file));
  const auto back = read_reviewer_key(file);
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(back->reviewer().key_id, made->reviewer().key_id);
  EXPECT_EQ(back->reviewer().name, "A Reviewer");
  EXPECT_EQ(back->sign("x"), made->sign("x"));
  EXPECT_NE(back->sign("x"), made->sign("y"));
}

TEST(ReviewerKey, IsNeverWrittenOverAnother) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "key.json";
  ASSERT_TRUE(make_reviewer_key(file, plain));
  const auto before = folder.read("key.json");
  EXPECT_EQ(make_reviewer_key(file, plain).error().code, ErrorCode::already_exists);
  EXPECT_EQ(folder.read("key.json"), before);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1) << "no temporary file is left";
}

TEST(ReviewerKey, OthersMayNotReadIt) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "key.json";
  ASSERT_TRUE(make_reviewer_key(file, plain));
  std::filesystem::permissions(file, std::filesystem::perms::group_read, std::filesystem::perm_options::add);
  const auto read = read_reviewer_key(file);
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().text(), HasSubstr("chmod 600"));
}

TEST(ReviewerKey, WithAPassphraseTheSecretIsLocked) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "key.json";
  const auto made = make_reviewer_key(file, {"A", "b", true, "correct horse"});
  ASSERT_TRUE(made);
  EXPECT_TRUE(*needs_passphrase(file));
  EXPECT_EQ(read_reviewer_key(file).error().code, ErrorCode::signature_invalid);
  EXPECT_EQ(read_reviewer_key(file, "wrong horse").error().code, ErrorCode::signature_invalid);
  const auto back = read_reviewer_key(file, "correct horse");
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(back->sign("x"), made->sign("x"));
  EXPECT_TRUE(back->reviewer().demonstration);
}

TEST(ReviewerKey, NamesAreWhatAPageCanShow) {
  const TemporaryFolder folder;
  for (const auto* name : {"", "   ", "a\nb", "a\x1b[0m", "a\xff",
                           "\xe2\x80\xae"
                           "reversed"}) {
    EXPECT_FALSE(make_reviewer_key(folder.path() / "key.json", {name, "role", false, {}})) << name;
    EXPECT_FALSE(make_reviewer_key(folder.path() / "key.json", {"name", name, false, {}})) << name;
  }
  EXPECT_FALSE(make_reviewer_key(folder.path() / "key.json", {std::string(201, 'a'), "role", false, {}}));
  EXPECT_TRUE(make_reviewer_key(folder.path() / "key.json", {"Dr Søren “Test” Ønsker", "médecin", false, {}}));
}

TEST(ReviewerKey, BrokenFilesAreErrors) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "key.json";
  ASSERT_TRUE(make_reviewer_key(file, plain));
  ASSERT_TRUE(make_reviewer_key(folder.path() / "other.json", plain));
  const auto good = folder.read("key.json");
  const auto other = folder.read("other.json");
  const auto code_of = [&](const std::string& text) {
    folder.write("key.json", text);
    const auto read = read_reviewer_key(file);
    return read ? std::string("no error") : std::string(name_of(read.error().code));
  };
  EXPECT_EQ(code_of(good), "no error");
  EXPECT_EQ(code_of(good.substr(0, good.size() / 2)), "malformed");
  EXPECT_EQ(code_of("{}"), "missing_field");
  EXPECT_EQ(code_of("\"x\""), "wrong_type");
  const auto secret = [](const std::string& text) { return text.substr(text.find("\"secret\"")); };
  EXPECT_EQ(code_of(good.substr(0, good.find("\"secret\"")) + secret(other)), "signature_invalid");
  auto wrong_id = good;
  wrong_id[good.find("\"key_id\":\"") + 10] ^= 1;
  EXPECT_EQ(code_of(wrong_id), "conflict");
  EXPECT_EQ(read_reviewer_key(folder.path() / "none.json").error().code, ErrorCode::not_found);
}

TEST(Reviewers, AreAddedOnceAndInOrder) {
  const TemporaryFolder folder;
  EXPECT_TRUE(read_reviewers(folder.path())->empty());
  const auto a = make_reviewer_key(folder.path() / "a.json", {"A", "role \"x\" </script>", false, {}});
  const auto b = make_reviewer_key(folder.path() / "b.json", {"B", "role", true, {}});
  ASSERT_TRUE(a && b);
  ASSERT_TRUE(add_reviewer(folder.path(), a->reviewer()));
  ASSERT_TRUE(add_reviewer(folder.path(), b->reviewer()));
  const auto before = folder.read("reviewers.json");
  ASSERT_TRUE(add_reviewer(folder.path(), a->reviewer()));
  EXPECT_EQ(folder.read("reviewers.json"), before);
  const auto known = read_reviewers(folder.path());
  ASSERT_TRUE(known) << known.error().text();
  ASSERT_EQ(known->size(), 2u);
  EXPECT_EQ((*known)[0].role, "role \"x\" </script>");
  EXPECT_TRUE((*known)[1].demonstration);
  EXPECT_GT((*known)[1].added_at.seconds, 0);

  auto renamed = a->reviewer();
  renamed.name = "A, professor";
  EXPECT_EQ(add_reviewer(folder.path(), renamed).error().code, ErrorCode::conflict);
  renamed.name = "";
  EXPECT_EQ(add_reviewer(folder.path(), renamed).error().code, ErrorCode::missing_field);
}

TEST(Reviewers, BrokenFilesAreErrorsWithALineAndAreNotOverwritten) {
  const TemporaryFolder folder;
  const auto a = make_reviewer_key(folder.path() / "a.json", plain);
  ASSERT_TRUE(a && add_reviewer(folder.path(), a->reviewer()));
  const auto good = folder.read("reviewers.json");
  const auto error_of = [&](const std::string& text) {
    folder.write("reviewers.json", text);
    const auto read = read_reviewers(folder.path());
    EXPECT_FALSE(add_reviewer(folder.path(), a->reviewer()));
    EXPECT_EQ(folder.read("reviewers.json"), text);
    return read ? std::string("no error") : read.error().text();
  };
  const auto with = [&good](const std::string& from, const std::string& to) {
    auto text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  const auto entry = good.substr(good.find("\n{\"key_id\"") + 1, good.find("\n]") - good.find("\n{\"key_id\"") - 1);
  EXPECT_THAT(error_of(with(entry, entry + ",\n" + entry)), HasSubstr("reviewers.json:5:"));
  EXPECT_THAT(error_of(with("reviewers 1", "reviewers 9")), HasSubstr("reviewers.json:2:"));
  EXPECT_THAT(error_of(with("\"public_key\":\"", "\"public_key\":\"zz")), HasSubstr("reviewers.json:4:"));
  EXPECT_THAT(error_of(with("\"demonstration\":false", "\"demonstration\":0")), HasSubstr("expected true or false"));
  EXPECT_THAT(error_of(good.substr(0, good.size() - 4)), HasSubstr("reviewers.json:"));
  EXPECT_THAT(error_of(""), HasSubstr("reviewers.json"));
}

}  // namespace
}  // namespace skerry::answers
