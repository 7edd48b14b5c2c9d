#include "answers/signature.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "answers/canonical_text.hpp"
#include "answers/example_pack.hpp"
#include "answers/record_file.hpp"

namespace skerry::answers {
namespace {

using testing::HasSubstr;

constexpr PartialDate signed_on{2026, 11, 22};

class SignatureTest : public testing::Test {
 protected:
  SignatureTest() {
    auto made = make_reviewer_key(folder_.path() / "key.json", {"A Reviewer", "endocrinologist", false, {}});
    EXPECT_TRUE(made) << made.error().text();
    key_.emplace(std::move(*made));
    EXPECT_TRUE(add_reviewer(folder_.path(), key_->reviewer()));
  }

  void sign_it(const std::string& language = "en", PartialDate on = signed_on) {
    const auto signature = sign(pack_, question(), language, *key_, on);
    ASSERT_TRUE(signature) << signature.error().text();
    ASSERT_TRUE(store_signature(folder_.path(), *signature));
  }
  pack::Question& question() { return pack_.questions.front(); }
  ReviewStatus status_on(PartialDate day, const std::string& language = "en") {
    const auto found = status(folder_.path(), pack_, question(), language, day);
    EXPECT_TRUE(found) << found.error().text();
    return found.value_or(ReviewStatus{});
  }
  Review review(const std::string& language = "en") { return status_on(signed_on, language).review; }

  TemporaryFolder folder_;
  pack::Pack pack_ = example_pack();
  std::optional<ReviewerKey> key_;
};

TEST_F(SignatureTest, HoldsForTheTextItWasMadeFor) {
  EXPECT_EQ(review(), Review::not_reviewed);
  sign_it();
  const auto found = status_on(signed_on);
  EXPECT_EQ(found.review, Review::reviewed);
  EXPECT_EQ(found.name, "A Reviewer");
  EXPECT_EQ(found.role, "endocrinologist");
  EXPECT_EQ(found.key_id, key_->reviewer().key_id);
  EXPECT_FALSE(found.demonstration);
  EXPECT_EQ(found.reviewed_on, signed_on);
  EXPECT_EQ(found.due_on, (PartialDate{2028, 11, 22}));
  EXPECT_EQ(found.reason, "");
  EXPECT_EQ(review("it"), Review::not_reviewed);
}

TEST_F(SignatureTest, OneCharacterAnywhereIsAChange) {
  sign_it();
  const auto original = pack_;
  const std::vector<std::function<std::string*()>> texts{
      [this] { return &question().title["en"]; },  [this] { return &question().short_answer["en"]; },
      [this] { return &question().answer["en"]; }, [this] { return &pack_.sources[0].citation; },
      [this] { return &pack_.sources[0].url; },    [this] { return &pack_.sources[1].citation; }};
  for (std::size_t field = 0; field < texts.size(); ++field) {
    const auto length = texts[field]()->size();
    for (std::size_t at = 0; at < length; ++at) {
      (*texts[field]())[at] ^= 1;
      ASSERT_EQ(review(), Review::changed_since_review) << "field " << field << ", character " << at;
      pack_ = original;
    }
    *texts[field]() += " ";
    EXPECT_EQ(review(), Review::changed_since_review) << field;
    pack_ = original;
  }
  EXPECT_EQ(review(), Review::reviewed);
}

TEST_F(SignatureTest, EveryOtherPartOfTheTextIsCovered) {
  sign_it();
  const auto original = pack_;
  const std::vector<std::function<void()>> changes{
      [this] { question().updated.day = 23; },
      [this] { question().review_months = 25; },
      [this] { pack_.sources[1].read = true; },
      [this] { pack_.sources[1].url = "https://example.org/"; },
      [this] { question().sources = {"two", "one"}; },
      [this] { question().sources = {"one"}; },
      [this] { question().sources.push_back("other"); },
      [this] { question().answer["en"] = question().answer["it"]; },
      [this] { question().answer["en"].insert(9, "\r"); },
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    changes[i]();
    EXPECT_EQ(review(), Review::changed_since_review) << i;
    pack_ = original;
  }
  question().studies.clear();
  question().answer["it"] = "Un altro testo.";
  pack_.sources[2].citation = "Another";
  EXPECT_EQ(review(), Review::reviewed) << "the figures, the other language and other sources are not this text";
}

TEST_F(SignatureTest, ChangedTextKeepsItsReviewerNamed) {
  sign_it();
  question().answer["en"] += "One more sentence.";
  const auto found = status_on(signed_on);
  EXPECT_EQ(found.name, "A Reviewer");
  EXPECT_THAT(found.reason, HasSubstr("signed"));
}

TEST_F(SignatureTest, ReviewIsDueAfterItsMonths) {
  sign_it();
  EXPECT_EQ(status_on({2028, 11, 21}).review, Review::reviewed);
  EXPECT_EQ(status_on({2028, 11, 22}).review, Review::review_due);
  EXPECT_EQ(status_on({2040, 1, 1}).review, Review::review_due);
  EXPECT_EQ(status_on({2040, 1, 1}).name, "A Reviewer");
}

TEST_F(SignatureTest, ADateInTheFutureDoesNotHold) {
  sign_it();
  EXPECT_EQ(status_on({2026, 11, 21}).review, Review::reviewed);
  EXPECT_EQ(status_on({2026, 11, 20}).review, Review::invalid_signature);
  EXPECT_EQ(status_on({2026, 11, 20}).name, "");
}

TEST_F(SignatureTest, FiledUnderAnotherAnswerItDoesNotHold) {
  sign_it();
  const auto text = folder_.read("signatures/treatment.en.json");
  folder_.write("signatures/treatment.it.json", text);
  EXPECT_EQ(review("it"), Review::invalid_signature);
  question().id = "other";
  folder_.write("signatures/other.en.json", text);
  EXPECT_EQ(review(), Review::invalid_signature);
  question().id = "treatment";
  pack_.id = "fop";
  EXPECT_EQ(review(), Review::invalid_signature);
}

TEST_F(SignatureTest, AnotherReviewersKeyDoesNotHold) {
  auto other = make_reviewer_key(folder_.path() / "other.json", {"Somebody Else", "surgeon", false, {}});
  ASSERT_TRUE(other);
  auto signature = sign(pack_, question(), "en", *other, signed_on);
  ASSERT_TRUE(signature);
  ASSERT_TRUE(store_signature(folder_.path(), *signature));
  EXPECT_EQ(review(), Review::unknown_reviewer);
  EXPECT_EQ(status_on(signed_on).name, "");

  // Claiming the known reviewer's key, name and role does not make it theirs.
  signature->key_id = key_->reviewer().key_id;
  signature->name = key_->reviewer().name;
  signature->role = key_->reviewer().role;
  ASSERT_TRUE(store_signature(folder_.path(), *signature));
  EXPECT_EQ(review(), Review::invalid_signature);
  EXPECT_EQ(status_on(signed_on).name, "");

  ASSERT_TRUE(add_reviewer(folder_.path(), other->reviewer()));
  ASSERT_TRUE(store_signature(folder_.path(), *sign(pack_, question(), "en", *other, signed_on)));
  EXPECT_EQ(status_on(signed_on).name, "Somebody Else");
}

TEST_F(SignatureTest, EveryFieldOfTheFileIsSigned) {
  const auto good = sign(pack_, question(), "en", *key_, signed_on);
  ASSERT_TRUE(good);
  const std::vector<std::function<void(Signature&)>> changes{
      [](Signature& s) { s.reviewed_on.day = 21; }, [](Signature& s) { s.demonstration = true; },
      [](Signature& s) { s.role = "professor"; },   [](Signature& s) { s.name = "a reviewer"; },
      [](Signature& s) { s.text.bytes[0] ^= 1; },   [](Signature& s) { s.bytes[0] ^= 1; },
      [](Signature& s) { s.bytes[63] ^= 0x80; },    [](Signature& s) { s.bytes = {}; },
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    auto signature = *good;
    changes[i](signature);
    ASSERT_TRUE(store_signature(folder_.path(), signature));
    EXPECT_EQ(review(), Review::invalid_signature) << i;
  }
}

TEST_F(SignatureTest, TheNameShownIsTheRegistrys) {
  sign_it();
  auto text = folder_.read("reviewers.json");
  const auto at = text.find("A Reviewer");
  ASSERT_NE(at, std::string::npos);
  folder_.write("reviewers.json", text.replace(at, 10, "B Reviewer"));
  EXPECT_EQ(review(), Review::invalid_signature);
}

TEST_F(SignatureTest, ADemonstrationStaysOne) {
  auto key = make_reviewer_key(folder_.path() / "demo.json", {"Demonstration reviewer", "example", true, {}});
  ASSERT_TRUE(key);
  ASSERT_TRUE(add_reviewer(folder_.path(), key->reviewer()));
  ASSERT_TRUE(store_signature(folder_.path(), *sign(pack_, question(), "en", *key, signed_on)));
  EXPECT_TRUE(status_on(signed_on).demonstration);
  auto text = folder_.read("reviewers.json");
  text.replace(text.find("\"demonstration\":true"), 20, "\"demonstration\":false");
  folder_.write("reviewers.json", text);
  EXPECT_EQ(review(), Review::reviewed);
  EXPECT_TRUE(status_on(signed_on).demonstration) << "the signature says it too";
}

TEST_F(SignatureTest, FileComesBackAsItWas) {
  const auto good = sign(pack_, question(), "en", *key_, signed_on);
  ASSERT_TRUE(good);
  ASSERT_TRUE(store_signature(folder_.path(), *good));
  const auto back = read_signature(folder_.path(), "treatment", "en");
  ASSERT_TRUE(back && *back);
  EXPECT_EQ(signed_message(**back), signed_message(*good));
  EXPECT_EQ((*back)->bytes, good->bytes);
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path() / "signatures")) files += entry.exists() ? 1 : 0;
  EXPECT_EQ(files, 1u) << "no temporary file is left";
}

TEST_F(SignatureTest, BrokenFilesAreErrorsWithALine) {
  sign_it();
  const auto good = folder_.read("signatures/treatment.en.json");
  const auto error_of = [this](const std::string& text) {
    folder_.write("signatures/treatment.en.json", text);
    const auto found = status(folder_.path(), pack_, question(), "en", signed_on);
    return found ? std::string("no error: ") + std::string(name_of(found->review)) : found.error().text();
  };
  const auto with = [&good](const std::string& from, const std::string& to) {
    auto text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  for (std::size_t length = 0; length + 2 < good.size(); ++length) {
    ASSERT_THAT(error_of(good.substr(0, length)), HasSubstr("treatment.en.json")) << length;
  }
  EXPECT_THAT(error_of(with("\"en\"", "7")), HasSubstr("en.json:5:"));
  EXPECT_THAT(error_of(with("\"en\"", "7")), HasSubstr("expected a text"));
  EXPECT_THAT(error_of(with("2026-11-22", "2026-11")), HasSubstr("en.json:11:"));
  EXPECT_THAT(error_of(with("2026-11-22", "2026-02-30")), HasSubstr("expected a day"));
  EXPECT_THAT(error_of(with("\"role\"", "\"rolle\"")), HasSubstr("not known here"));
  EXPECT_THAT(error_of(with("\"name\"", "\"role\"")), HasSubstr("en.json:"));
  EXPECT_THAT(error_of(with("signature 1", "signature 2")), HasSubstr("this is not an answer's signature"));
  EXPECT_THAT(error_of(with("\"signature\": \"", "\"signature\": \"0")), HasSubstr("expected 128 lower-case hexadecimal digits"));
  EXPECT_THAT(error_of(with("false", "\"false\"")), HasSubstr("expected true or false"));
  EXPECT_THAT(error_of("[]"), HasSubstr("expected an object"));
  EXPECT_THAT(error_of(std::string(2 << 20, ' ')), HasSubstr("larger than"));
  EXPECT_THAT(error_of(std::string(100'000, '[')), HasSubstr("en.json"));
}

TEST_F(SignatureTest, NamesCannotLeadOutOfTheFolder) {
  for (const auto* name : {"../x", "a/b", "", ".", "a.b", "ü"}) {
    EXPECT_EQ(read_signature(folder_.path(), name, "en").error().code, ErrorCode::malformed) << name;
    EXPECT_EQ(read_signature(folder_.path(), "a", name).error().code, ErrorCode::malformed) << name;
  }
}

TEST_F(SignatureTest, WhatCannotBeShownCannotBeSigned) {
  EXPECT_EQ(sign(pack_, question(), "de", *key_, signed_on).error().code, ErrorCode::missing_field);
  EXPECT_EQ(sign(pack_, question(), "en", *key_, {2026, 11, 0}).error().code, ErrorCode::out_of_range);
  question().answer["en"] = "See [@other].";
  EXPECT_EQ(sign(pack_, question(), "en", *key_, signed_on).error().code, ErrorCode::unknown_value);
  question().sources.push_back("nowhere");
  EXPECT_EQ(canonical_text(pack_, question(), "en").error().code, ErrorCode::unknown_value);
}

TEST_F(SignatureTest, AFolderThatCannotBeWrittenKeepsTheOldSignature) {
  if (::geteuid() == 0) {
    // Root may write anywhere: a file in the folder's place fails for everybody.
    folder_.write("signatures", "in the way");
    const auto stored = store_signature(folder_.path(), *sign(pack_, question(), "en", *key_, signed_on));
    ASSERT_FALSE(stored);
    EXPECT_EQ(exit_code_of(stored.error().code), 6);
    return;
  }
  sign_it();
  std::filesystem::permissions(folder_.path() / "signatures", std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  const auto stored = store_signature(folder_.path(), *sign(pack_, question(), "en", *key_, {2027, 1, 1}));
  std::filesystem::permissions(folder_.path() / "signatures", std::filesystem::perms::owner_all);
  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().code, ErrorCode::storage_read_only);
  EXPECT_EQ(status_on(signed_on).reviewed_on, signed_on);
}

TEST(AddMonths, StaysInTheMonth) {
  EXPECT_EQ(add_months({2026, 1, 31}, 1), (PartialDate{2026, 2, 28}));
  EXPECT_EQ(add_months({2027, 1, 31}, 13), (PartialDate{2028, 2, 29}));
  EXPECT_EQ(add_months({2028, 2, 29}, 12), (PartialDate{2029, 2, 28}));
  EXPECT_EQ(add_months({2026, 12, 5}, 1), (PartialDate{2027, 1, 5}));
  EXPECT_EQ(add_months({2026, 11, 30}, 12), (PartialDate{2027, 11, 30}));
  EXPECT_EQ(add_months({2026, 11, 22}, 0), (PartialDate{2026, 11, 22}));
}

RC_GTEST_PROP(AddMonths, OnlyTheDayMayShrink, ()) {
  const auto start = date_of_day(*rc::gen::inRange(0, 40'000));
  const auto months = *rc::gen::inRange(0, 600);
  const auto end = add_months(start, months);
  RC_ASSERT(end.valid());
  RC_ASSERT(end.year * 12 + end.month == start.year * 12 + start.month + months);
  RC_ASSERT(end.day <= start.day);
  RC_ASSERT(end.day == start.day || end.day >= 28);
}

RC_GTEST_PROP(CanonicalText, FieldsCannotRunIntoOneAnother, ()) {
  const auto tricky = rc::gen::container<std::string>(rc::gen::elementOf(std::string("0123456789\n abanswer")));
  const auto make = [&tricky] {
    auto pack = example_pack();
    auto& question = pack.questions.front();
    question.title["en"] = "t" + *tricky;
    question.short_answer["en"] = "s" + *tricky;
    question.answer["en"] = "a" + *tricky;
    pack.sources[0].citation = *tricky;
    return pack;
  };
  const auto a = make();
  const auto b = make();
  const auto& qa = a.questions.front();
  const auto& qb = b.questions.front();
  const bool same = qa.title == qb.title && qa.short_answer == qb.short_answer && qa.answer == qb.answer &&
                    a.sources[0].citation == b.sources[0].citation;
  RC_ASSERT((*canonical_text(a, qa, "en") == *canonical_text(b, qb, "en")) == same);
}

TEST(CanonicalText, IsTheSameBytesForEver) {
  const auto pack = example_pack();
  const auto text = canonical_text(pack, pack.questions.front(), "it");
  ASSERT_TRUE(text);
  EXPECT_EQ(*text,
            "skerry answer text 1\npack 3\npoh\nquestion 9\ntreatment\nlanguage 2\nit\ntitle 15\nChe cosa aiuta?\n"
            "short answer 18\nNon c'è una cura.\nanswer 17\nUn testo [@one].\n\nupdated 10\n2026-11-22\nreview months 2\n24\nsources 1\n2\n"
            "source 3\none\ncitation 13\nFirst A. 2001\naddress 21\nhttps://example.org/1\nread 3\nyes\n"
            "source 3\ntwo\ncitation 14\nSecond B. 2002\naddress 0\n\nread 2\nno\n");
}

}  // namespace
}  // namespace skerry::answers
