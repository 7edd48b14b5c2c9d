#include "answers/structured_data.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/json.hpp>
#include <string>

#include "answers/example_pack.hpp"

namespace skerry::answers {
namespace {

namespace json = boost::json;

ReviewStatus reviewed() {
  ReviewStatus status;
  status.review = Review::reviewed;
  status.name = "A Reviewer";
  status.role = "endocrinologist";
  status.reviewed_on = PartialDate{2026, 11, 20};
  return status;
}

std::string data_of(const pack::Pack& pack, const ReviewStatus& status, std::string_view language = "en", std::string_view url = "") {
  const auto& question = pack.questions.front();
  const auto answer = render_question(pack, question, language);
  return structured_data(pack, question, language, status, answer.value_or(RenderedAnswer{}), url);
}

TEST(StructuredData, SaysWhatThePageIs) {
  const auto page = json::parse(data_of(example_pack(), reviewed(), "it", "https://registry.example/it/questions/treatment")).as_object();
  EXPECT_EQ(page.at("@context"), "https://schema.org");
  EXPECT_EQ(page.at("@type"), (json::array{"MedicalWebPage", "FAQPage"}));
  EXPECT_EQ(page.at("inLanguage"), "it");
  EXPECT_EQ(page.at("dateModified"), "2026-11-22");
  EXPECT_EQ(page.at("url"), "https://registry.example/it/questions/treatment");
  EXPECT_EQ(page.at("lastReviewed"), "2026-11-20");
  EXPECT_EQ(page.at("reviewedBy").at("name"), "A Reviewer");
  const auto& asked = page.at("mainEntity").as_array().at(0);
  EXPECT_EQ(asked.at("name"), "Che cosa aiuta?");
  EXPECT_EQ(asked.at("acceptedAnswer").at("text"), "Non c'è una cura.");
  const auto& codes = page.at("about").at("code").as_array();
  ASSERT_EQ(codes.size(), 3u);
  EXPECT_EQ(codes[1].at("codingSystem"), "ORPHA");
  EXPECT_EQ(codes[1].at("codeValue"), "2762");
  ASSERT_EQ(page.at("citation").as_array().size(), 1u) << "the Italian text cites one source";
  EXPECT_EQ(page.at("citation").as_array()[0].at("url"), "https://example.org/1");
}

TEST(StructuredData, NamesAReviewerOnlyWhileAReviewHolds) {
  for (const auto review :
       {Review::not_reviewed, Review::review_due, Review::changed_since_review, Review::unknown_reviewer, Review::invalid_signature}) {
    auto status = reviewed();
    status.review = review;
    const auto page = json::parse(data_of(example_pack(), status)).as_object();
    EXPECT_FALSE(page.contains("reviewedBy")) << name_of(review);
    EXPECT_FALSE(page.contains("lastReviewed")) << name_of(review);
    EXPECT_FALSE(page.contains("url"));
  }
  auto demonstration = reviewed();
  demonstration.demonstration = true;
  const auto page = json::parse(data_of(example_pack(), demonstration)).as_object();
  EXPECT_FALSE(page.contains("reviewedBy"));
  EXPECT_FALSE(page.contains("lastReviewed"));
}

TEST(StructuredData, CannotLeaveItsScriptElement) {
  auto pack = example_pack();
  for (const std::string attack : {"</script><script>alert(1)</script>", "<!--<script>", "]]>", "</SCRIPT ", "\"}, {\"@type\": \"x\""}) {
    pack.questions.front().title["en"] = attack;
    pack.sources.front().citation = attack;
    pack.name["en"] = attack;
    auto status = reviewed();
    status.name = attack;
    const auto data = data_of(pack, status, "en", "https://example.org/?a=1&b=<2>");
    EXPECT_EQ(data.find_first_of("<>&"), std::string::npos) << data;
    const auto page = json::parse(data).as_object();
    EXPECT_EQ(page.at("name"), json::value(attack));
    EXPECT_EQ(page.at("reviewedBy").at("name"), json::value(attack));
    EXPECT_EQ(page.at("about").at("name"), json::value(attack));
  }
}

RC_GTEST_PROP(StructuredData, AnyTextComesBackFromTheJson, ()) {
  auto pack = example_pack();
  const auto text = *rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127));
  pack.questions.front().short_answer["en"] = text;
  const auto data = data_of(pack, reviewed());
  RC_ASSERT(data.find_first_of("<>&") == std::string::npos);
  const auto page = json::parse(data).as_object();
  RC_ASSERT(page.at("mainEntity").as_array()[0].at("acceptedAnswer").at("text").as_string() == text);
}

}  // namespace
}  // namespace skerry::answers
