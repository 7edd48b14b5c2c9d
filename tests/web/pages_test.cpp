#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <vector>

#include "answers/reviewer.hpp"
#include "answers/signature.hpp"
#include "web/site_fixture.hpp"

namespace skerry::web {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string question = "/en/questions/treatment-approaches";

TEST(QuestionPage, HasEveryPart) {
  const TestSite test(300);
  const auto body = test.body(question);
  for (const char* part :
       {"In short", "The answer", "Not reviewed", "Last updated on", "<svg class=\"chart", "nhsuk-table", "confidence interval",
        "snapshot ", "Recompute this figure", " shared an experience on this question", "not medical advice", "application/ld+json",
        "MedicalWebPage", "hreflang=\"it\"", "rel=\"external noopener noreferrer\""}) {
    EXPECT_THAT(body, HasSubstr(part));
  }
  EXPECT_THAT(body, Not(HasSubstr("reviewed by")));
  EXPECT_THAT(body, Not(HasSubstr("ynthetic"))) << "only a demonstration calls its data synthetic";
  EXPECT_THAT(body, Not(HasSubstr("<form")));
}

TEST(QuestionPage, ShowsNoFigureOfAnEmptyRegistryAsANumber) {
  const TestSite test;
  EXPECT_EQ(test.get(question).status, 200);
  EXPECT_EQ(test.get("/en/").status, 200);
  EXPECT_THAT(test.body(question), HasSubstr("Nobody has shared an experience"));
  EXPECT_THAT(test.body("/it/questions/treatment-approaches"), HasSubstr("Nessuno ha ancora condiviso"));
}

TEST(QuestionPage, ClaimsAReviewOnlyWhileItsSignatureHolds) {
  TestSite test;
  const auto key =
      answers::make_reviewer_key(test.folder / "key", {.name = "Reviewer <1>", .role = "tester", .demonstration = true, .passphrase = {}});
  ASSERT_TRUE(key) << key.error().text();
  const auto day = parse_partial_date("2026-11-20").value();
  const auto* asked = test.pack.question("treatment-approaches");
  ASSERT_NE(asked, nullptr);
  const auto signature = answers::sign(test.pack, *asked, "en", *key, day);
  ASSERT_TRUE(signature) << signature.error().text();
  ASSERT_TRUE(answers::store_signature(test.folder, *signature));
  EXPECT_THAT(test.body(question), Not(HasSubstr("reviewed by"))) << "the reviewer is not known yet";

  ASSERT_TRUE(answers::add_reviewer(test.folder, key->reviewer()));
  const auto reviewed = test.body(question);
  EXPECT_THAT(reviewed, HasSubstr("Medically reviewed by Reviewer &lt;1&gt;, tester, on"));
  EXPECT_THAT(reviewed, testing::AnyOf(HasSubstr("20 November 2026"), HasSubstr("November 20, 2026")));
  EXPECT_THAT(reviewed, HasSubstr("Demonstration reviewer"));
  EXPECT_THAT(test.body("/it/questions/treatment-approaches"), HasSubstr("Non rivista")) << "the signature is for the English text";

  auto& text = test.pack.questions.front().answer.find("en")->second;
  text += "\n\nOne more sentence.\n";
  test.restart({});
  const auto changed = test.body(question);
  EXPECT_THAT(changed, HasSubstr("Changed since review"));
  EXPECT_THAT(changed, Not(HasSubstr("reviewed by")));
}

TEST(QuestionPage, SurvivesADamagedSignatureFile) {
  const TestSite test;
  std::filesystem::create_directories(test.folder / "signatures");
  std::ofstream(test.folder / "signatures" / "treatment-approaches.en.json") << "{not json";
  const auto response = test.get(question);
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(*response.body, HasSubstr("Not reviewed"));
}

TEST(FigurePage, RecomputesAndGivesTheSameAsJsonAndCsv) {
  const TestSite test(300);
  std::size_t answered = 0;
  for (const auto& study : test.pack.studies) {
    const auto address = "/en/figures/" + study.id;
    const auto page = test.body(address);
    EXPECT_THAT(page, HasSubstr("skerry ask study.json"));
    if (page.find("This figure is not released") != std::string::npos) {
      EXPECT_EQ(test.get(address + ".json").status, 403) << study.id;
      continue;
    }
    ++answered;
    EXPECT_THAT(page, HasSubstr("It equals the released figure")) << study.id;
    const auto json = test.get(address + ".json");
    EXPECT_EQ(json.content_type, "application/json");
    EXPECT_THAT(*json.body, HasSubstr(study.id));
    EXPECT_EQ(*test.get(address + ".json").body, *json.body);
    EXPECT_THAT(test.get(address + ".csv").content_type, HasSubstr("text/csv"));
  }
  EXPECT_GE(answered, 20u) << "few of the pack's studies may be refused";
}

TEST(Home, NamesTheRegistryAndEscapesItsName) {
  SiteOptions options;
  options.name = "A & <b>B</b>";
  const TestSite test(0, options);
  const auto body = test.body("/en/");
  EXPECT_THAT(body, HasSubstr("A &amp; &lt;b&gt;B&lt;/b&gt;"));
  EXPECT_THAT(body, Not(HasSubstr("<b>B")));
  EXPECT_THAT(body, HasSubstr("treatment-approaches"));
  EXPECT_THAT(body, HasSubstr("2762"));
}

TEST(BaseUrl, MakesAddressesWhole) {
  SiteOptions options;
  options.base_url = "https://registry.example.org";
  const TestSite test(0, options);
  const auto body = test.body(question);
  EXPECT_THAT(body, HasSubstr("rel=\"canonical\" href=\"https://registry.example.org" + question));
  EXPECT_THAT(body, HasSubstr("hreflang=\"it\" href=\"https://registry.example.org/it/questions/treatment-approaches\""));
}

ledger::Batch one_more() {
  ledger::Batch batch;
  Fact fact;
  fact.code = {"HP:0012531", "Pain"};
  fact.source = {SourceKind::participant, ""};
  batch.facts = {fact};
  return batch;
}

TEST(PageCache, KeepsAPageUntilTheLedgerChanges) {
  TestSite test(30);
  SiteOptions options;
  options.recheck_interval = std::chrono::hours(1);
  test.restart(options);
  const auto request = TestSite::request(question);
  EXPECT_FALSE(test.site->fast(request)) << "nothing is ready before the first reader";
  const auto first = test.site->handle(request);
  static_cast<void>(test.site->handle(request));  // the first one released figures, which changed the ledger
  test.restart(options);
  const auto again = test.site->handle(request);
  const auto ready = test.site->fast(request);
  ASSERT_TRUE(ready);
  EXPECT_EQ(ready->body, again.body) << "sent without a copy";
  auto with_query = request;
  with_query.query = {{"x", "1"}};
  EXPECT_FALSE(test.site->fast(with_query));
  EXPECT_FALSE(test.site->fast(TestSite::request(question, "POST")));
}

TEST(PageCache, IsEmptiedByFactsSignaturesAndReviewers) {
  const TestSite test(30);
  const auto body = [&] { return test.get(question).body; };
  static_cast<void>(body());
  const auto kept = body();
  EXPECT_EQ(kept, body()) << "the same bytes, not made again";
  ASSERT_TRUE(test.ledger->append("test", std::vector{one_more()}));
  const auto after_fact = body();
  EXPECT_NE(kept, after_fact);
  static_cast<void>(body());
  const auto settled = body();
  std::filesystem::create_directories(test.folder / "signatures");
  std::ofstream(test.folder / "signatures" / "treatment-approaches.en.json") << "{}";
  EXPECT_NE(settled, body());
  const auto before_reviewer = body();
  std::ofstream(test.folder / "reviewers.json") << R"({"reviewers":[]})";
  EXPECT_NE(before_reviewer, body());
}

TEST(Conditional, ReadersWhoHaveThePageGetNoBody) {
  const TestSite test;
  const auto first = test.get("/en/privacy");
  ASSERT_NE(header_of(first, "etag"), nullptr);
  for (const auto& [asked, status] : std::map<std::string, int>{
           {*header_of(first, "etag"), 304}, {"W/" + *header_of(first, "etag") + ", \"x\"", 304}, {"*", 304}, {"\"x\"", 200}, {"", 200}}) {
    auto request = TestSite::request("/en/privacy");
    request.headers["if-none-match"] = asked;
    const auto response = test.site->handle(request);
    EXPECT_EQ(response.status, status) << asked;
    EXPECT_EQ(response.body->empty(), status == 304);
    EXPECT_NE(header_of(response, "etag"), nullptr);
  }
}

}  // namespace
}  // namespace skerry::web
