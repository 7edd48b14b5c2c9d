// The answers that the packs of this project ship.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>

#include "answers/allowed_html.hpp"
#include "answers/answer_text.hpp"
#include "answers/signature.hpp"

namespace skerry::answers {
namespace {

using testing::HasSubstr;

const pack::Pack& shipped() {
  static const auto pack = pack::load_pack(std::string(SKERRY_SOURCE_DIR) + "/packs/poh");
  EXPECT_TRUE(pack) << pack.error().text();
  return *pack;
}

/// Every question in every language of the pack.
template <class Check>
void for_each_answer(Check check) {
  ASSERT_FALSE(shipped().questions.empty());
  for (const auto& question : shipped().questions) {
    for (const auto& language : shipped().languages) check(question, language);
  }
}

TEST(ShippedAnswers, RenderInEveryLanguage) {
  for_each_answer([](const pack::Question& question, const std::string& language) {
    ASSERT_TRUE(question.answer.contains(language)) << question.id << " " << language;
    const auto answer = render_question(shipped(), question, language);
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(AllowedHtml(answer->html).first_fault(), "") << question.id << " " << language;
    EXPECT_GE(answer->headings.size(), 3u);
    EXPECT_TRUE(canonical_text(shipped(), question, language)) << question.id << " " << language;
  });
}

TEST(ShippedAnswers, LanguagesCiteTheSameSources) {
  for_each_answer([](const pack::Question& question, const std::string& language) {
    const auto first = render_question(shipped(), question, shipped().languages.front());
    const auto here = render_question(shipped(), question, language);
    ASSERT_TRUE(first && here);
    ASSERT_EQ(here->cited.size(), first->cited.size()) << question.id << " " << language;
    EXPECT_EQ(here->headings.size(), first->headings.size()) << question.id << " " << language;
    for (std::size_t i = 0; i < here->cited.size(); ++i) {
      EXPECT_EQ(here->cited[i].source_id, first->cited[i].source_id) << question.id << " " << language;
      EXPECT_EQ(here->cited[i].uses.size(), first->cited[i].uses.size())
          << question.id << " " << language << " " << here->cited[i].source_id;
    }
    EXPECT_EQ(here->cited.size(), question.sources.size()) << question.id << ": a source is listed and not cited";
  });
}

TEST(ShippedAnswers, WhatNobodyReadIsMarkedUnverified) {
  const std::map<std::string, std::string> words{{"en", "(unverified"}, {"it", "(non verificato"}};
  for_each_answer([&words](const pack::Question& question, const std::string& language) {
    const auto& text = question.answer.at(language);
    for (const auto& id : question.sources) {
      if (shipped().source(id)->read) continue;
      const auto at = text.find("[@" + id);
      ASSERT_NE(at, std::string::npos) << id;
      EXPECT_LE(text.find(words.at(language), at), at + id.size() + 6) << question.id << " " << language << ": " << id;
    }
  });
}

TEST(ShippedAnswers, ShipUnsigned) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(std::string(SKERRY_SOURCE_DIR) + "/packs")) {
    EXPECT_NE(entry.path().filename(), "signatures") << entry.path();
    EXPECT_NE(entry.path().filename(), "reviewers.json") << entry.path();
  }
}

TEST(ShippedAnswers, SaySoWhereNothingIsKnown) {
  const auto* question = shipped().question("treatment-approaches");
  ASSERT_NE(question, nullptr);
  EXPECT_THAT(question->answer.at("en"), HasSubstr("no trials of physical therapy"));
  EXPECT_THAT(question->answer.at("en"), HasSubstr("does not tell anyone to refuse a vaccine"));
  EXPECT_THAT(question->answer.at("it"), HasSubstr("non dice a nessuno di rifiutare un vaccino"));
}

}  // namespace
}  // namespace skerry::answers
