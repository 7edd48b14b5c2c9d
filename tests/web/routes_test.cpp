#include "web/routes.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <set>

#include "web/assets.hpp"
#include "web/site_fixture.hpp"

namespace skerry::web {
namespace {

const std::vector<std::string> languages{"en", "it"};

TEST(Routes, EveryPatternMatchesItsOwnKind) {
  const std::map<std::string, RouteKind> examples{
      {"/", RouteKind::root},
      {"/en", RouteKind::language_root},
      {"/it/", RouteKind::home},
      {"/en/questions/x", RouteKind::question},
      {"/en/figures/poh/x", RouteKind::figure},
      {"/en/figures/a/b/c.json", RouteKind::figure},
      {"/it/privacy", RouteKind::privacy},
      {"/en/accessibility", RouteKind::accessibility},
      {"/static/x.css", RouteKind::asset},
      {"/en/workbench", RouteKind::workbench},
      {"/it/workbench/enter/x.y", RouteKind::workbench_enter},
      {"/en/workbench/studies/registry/x", RouteKind::workbench_study},
      {"/healthz", RouteKind::health},
      {"/robots.txt", RouteKind::robots},
      {"/favicon.svg", RouteKind::icon},
      {"/favicon.ico", RouteKind::old_icon},
  };
  std::set<RouteKind> met;
  for (const auto& [path, kind] : examples) {
    const auto match = match_route(path, languages);
    ASSERT_TRUE(match) << path;
    EXPECT_EQ(match->kind, kind) << path;
    met.insert(kind);
  }
  EXPECT_EQ(met.size(), routes().size()) << "a route without an example";
  EXPECT_EQ(match_route("/en/figures/a/b/c.json", languages)->name, "a/b/c.json");
  EXPECT_EQ(match_route("/it/questions/x", languages)->language, "it");
}

TEST(Routes, NothingElseMatches) {
  for (const std::string_view path : {"",
                                      "x",
                                      "//",
                                      "/de",
                                      "/de/",
                                      "/EN/",
                                      "/en//",
                                      "/en/questions",
                                      "/en/questions/",
                                      "/en/questions/a/b",
                                      "/en/figures",
                                      "/en/figures/",
                                      "/en/privacy/",
                                      "/static",
                                      "/static/",
                                      "/static/a/b",
                                      "/healthz/",
                                      "/robots.txt/x",
                                      "/en/../it/",
                                      "/.git/config",
                                      "/en/questions//x"}) {
    EXPECT_FALSE(match_route(path, languages)) << path;
  }
}

TEST(Routes, NoPathMakesMatchingFail) {
  rc::check([](const std::string& tail) {
    const auto match = match_route("/" + tail, languages);
    if (match && !match->language.empty()) RC_ASSERT(match->language == "en" || match->language == "it");
  });
}

TEST(Language, IsWhatTheReaderAsksForMost) {
  const std::map<std::string, std::string> cases{
      {"", "en"},
      {"it", "it"},
      {"it-CH, en;q=0.5", "it"},
      {"en;q=0.2, it;q=0.9", "it"},
      {"de, fr;q=0.9, it;q=0.1", "it"},
      {"de", "en"},
      {"*", "en"},
      {"it;q=0", "en"},
      {"IT", "it"},
      {"it;q=x, en;q=0.1", "en"},
      {"it;q=7", "en"},
      {"italic", "en"},
      {"de;q=1, *;q=0.5, it;q=0.4", "en"},
      {",,,;;;q=,it", "it"},
      {std::string(20'000, ','), "en"},
  };
  for (const auto& [field, expected] : cases) EXPECT_EQ(negotiate_language(field, languages), expected) << field.substr(0, 40);
  rc::check([](const std::string& field) {
    const auto language = negotiate_language(field, languages);
    RC_ASSERT(language == "en" || language == "it");
  });
}

class Addresses : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    SiteOptions options;
    options.name = "Test registry";
    options.demonstration = true;
    shared = std::make_unique<TestSite>(300, options);
  }
  static void TearDownTestSuite() { shared.reset(); }
  inline static std::unique_ptr<TestSite> shared;

  static std::map<std::string, int> all() {
    std::map<std::string, int> expected{{"/", 303},
                                        {"/static/" + stylesheet_name(), 200},
                                        {"/healthz", 200},
                                        {"/robots.txt", 200},
                                        {"/favicon.svg", 200},
                                        {"/favicon.ico", 308},
                                        {"/nothing", 404},
                                        {"/static/skerry.css", 404}};
    for (const std::string language : {"en", "it"}) {
      expected["/" + language] = 308;
      for (const char* path : {"", "questions/treatment-approaches", "privacy", "accessibility"})
        expected["/" + language + "/" + path] = 200;
      expected["/" + language + "/questions/nothing"] = 404;
      expected["/" + language + "/figures/poh/nothing"] = 404;
      expected["/" + language + "/figures/poh/nothing.json"] = 404;
      for (const auto& study : shared->pack.studies) {
        for (const char* ending : {"", ".json", ".csv"}) expected["/" + language + "/figures/" + study.id + ending] = 200;
      }
    }
    return expected;
  }
};

TEST_F(Addresses, AnswerEachMethodAndUnknownParameters) {
  for (const auto& [path, status] : all()) {
    // A figure of a study may be refused: too few people.
    const bool data = path.find("/figures/") != std::string::npos && (path.ends_with(".json") || path.ends_with(".csv"));
    for (const std::string method : {"GET", "HEAD"}) {
      const auto given = shared->site->handle(TestSite::request(path, method)).status;
      EXPECT_TRUE(given == status || (data && given == 403)) << method << ' ' << path << ": " << given;
    }
    for (const std::string method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "", "get"}) {
      const auto response = shared->site->handle(TestSite::request(path, method));
      const bool no_route = !match_route(path, languages);
      EXPECT_EQ(response.status, no_route ? 404 : 405) << method << ' ' << path;
      if (!no_route) {
        ASSERT_NE(header_of(response, "allow"), nullptr);
        EXPECT_EQ(*header_of(response, "allow"), "GET, HEAD");
      }
    }
    auto unknown = TestSite::request(path);
    unknown.query = {{"id", "1 OR 1=1"}};
    unknown.target += "?id=1";
    EXPECT_EQ(shared->site->handle(unknown).status, match_route(path, languages) ? 400 : 404) << path;
    auto bare = TestSite::request(path);
    bare.target += "?";
    EXPECT_EQ(shared->site->handle(bare).status, match_route(path, languages) ? 400 : 404) << path;
  }
}

TEST_F(Addresses, CarrySecurityHeaders) {
  auto paths = all();
  for (const auto& [path, status] : paths) {
    for (const std::string method : {"GET", "POST"}) {
      const auto response = shared->site->handle(TestSite::request(path, method));
      for (const char* name :
           {"content-security-policy", "x-content-type-options", "referrer-policy", "permissions-policy", "cross-origin-opener-policy",
            "cross-origin-resource-policy", "cross-origin-embedder-policy", "cache-control"}) {
        EXPECT_NE(header_of(response, name), nullptr) << name << ' ' << path;
      }
      const auto* policy = header_of(response, "content-security-policy");
      ASSERT_NE(policy, nullptr);
      EXPECT_TRUE(policy->starts_with("default-src 'none'")) << *policy;
      EXPECT_EQ(policy->find("unsafe"), std::string::npos);
      EXPECT_EQ(policy->find("script-src"), std::string::npos);
      EXPECT_NE(policy->find("frame-ancestors 'none'"), std::string::npos);
    }
  }
}

TEST_F(Addresses, PagesAreInTheirLanguageAndSayThatTheDataIsSynthetic) {
  for (const auto& [path, status] : all()) {
    const auto response = shared->get(path);
    if (!response.content_type.starts_with("text/html")) continue;
    EXPECT_EQ(response.content_type, "text/html; charset=utf-8");
    const auto& body = *response.body;
    const std::string language = path.starts_with("/it") ? "it" : "en";
    EXPECT_NE(body.find("<html lang=\"" + language + "\">"), std::string::npos) << path;
    EXPECT_NE(body.find(language == "it" ? "Dati dimostrativi sintetici" : "Synthetic demonstration data"), std::string::npos) << path;
    EXPECT_EQ(body.find(" style="), std::string::npos) << path;
    EXPECT_EQ(body.find("<script>"), std::string::npos) << path;
    EXPECT_EQ(body.find("{{"), std::string::npos) << path;
    EXPECT_EQ(body.find(" onclick"), std::string::npos) << path;
    EXPECT_TRUE(body.ends_with("</html>\n")) << path;
  }
}

TEST_F(Addresses, HostilePathsAreNotFoundAndNotEchoedRaw) {
  for (const std::string path : {"/en/questions/<script>alert(1)</script>", "/en/figures/../../etc/passwd", "/static/../skerry.toml",
                                 "/en/questions/a\0b", "/en/questions/'; DROP TABLE facts; --", "/\xF0\x9F\x98\x80", "/en/figures/.json"}) {
    const auto response = shared->get(path);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_EQ(response.body->find("<script>alert"), std::string::npos);
  }
  EXPECT_EQ(shared->get("/en/questions/" + std::string(60'000, 'x')).status, 404);
}

TEST_F(Addresses, TheFirstPageSendsReadersToTheirLanguage) {
  auto request = TestSite::request("/");
  request.headers["accept-language"] = "it-IT,it;q=0.8";
  const auto response = shared->site->handle(request);
  ASSERT_NE(header_of(response, "location"), nullptr);
  EXPECT_EQ(*header_of(response, "location"), "/it/");
  EXPECT_EQ(*header_of(response, "vary"), "accept-language");
  request.path = request.target = "/nothing";
  EXPECT_NE(shared->site->handle(request).body->find("Pagina non trovata"), std::string::npos);
}

}  // namespace
}  // namespace skerry::web
