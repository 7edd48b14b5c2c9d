#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <filesystem>

#include "web/form.hpp"
#include "web/site_fixture.hpp"
#include "web/workbench_pass.hpp"

namespace skerry::web {
namespace {

using ::testing::HasSubstr;

std::string encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte / 16];
    out += digits[byte % 16];
  }
  return out;
}

class WorkbenchPages : public ::testing::Test {
 protected:
  TestSite site{120};
  WorkbenchKey key = WorkbenchKey::read(site.folder, true).value();
  std::string token = key.seal({consent::Role::researcher, "test desk", 0}).value_or("");

  void SetUp() override {
    const auto today = day_of(parse_instant("2026-11-22T10:00:00Z").value());
    token = key.seal({consent::Role::researcher, "test desk", today}).value();
  }
  net::Response get(std::string path, std::string cookie) const {
    auto request = TestSite::request(std::move(path));
    if (!cookie.empty()) request.headers["cookie"] = "a=b; " + std::string(workbench_cookie) + "=" + cookie;
    return site.site->handle(request);
  }
  net::Request post(std::string_view text, std::string_view action, std::string_view replaces = "") const {
    auto request = TestSite::request("/en/workbench", "POST");
    request.headers["cookie"] = std::string(workbench_cookie) + "=" + token;
    request.headers["content-type"] = "application/x-www-form-urlencoded";
    request.headers["host"] = "127.0.0.1:8080";
    request.headers["origin"] = "http://127.0.0.1:8080";
    request.body = "form=" + key.form_token(token) + "&replaces=" + std::string(replaces) + "&text=" + encoded(text) +
                   "&action=" + std::string(action);
    return request;
  }
  net::Response send(const net::Request& request) const { return site.site->handle(request); }
};

const std::string good = R"({
  "id": "registry/by-sex",
  "title": {"en": "People by sex"},
  "cohort": {"everyone": true},
  "statistic": {"type": "count"},
  "by": {"code": "skerry:sex", "kind": "person", "values": ["skerry:female", "skerry:male"]}
}
)";

TEST_F(WorkbenchPages, AreClosedWithoutAPass) {
  for (const auto* path :
       {"/en/workbench", "/en/workbench/studies/new", "/it/workbench/studies/poh/features", "/en/workbench/enter/forged.pass"}) {
    for (const std::string& cookie : {std::string(), std::string("x"), token + "x", token.substr(1)}) {
      const auto response = get(path, cookie);
      EXPECT_EQ(response.status, 403) << path;
      EXPECT_EQ(header_of(response, "set-cookie"), nullptr);
    }
  }
  auto request = post(good, "save");
  request.headers.erase("cookie");
  EXPECT_EQ(send(request).status, 403);
  EXPECT_FALSE(std::filesystem::exists(site.folder / "studies"));
}

TEST_F(WorkbenchPages, LetInByALinkThatEnds) {
  const auto response = get("/en/workbench/enter/" + token, "");
  EXPECT_EQ(response.status, 200);
  ASSERT_NE(header_of(response, "set-cookie"), nullptr);
  EXPECT_THAT(*header_of(response, "set-cookie"), HasSubstr("HttpOnly; SameSite=Strict"));
  const auto yesterday = day_of(parse_instant("2026-11-21T10:00:00Z").value());
  const auto ended = key.seal({consent::Role::steward, "test desk", yesterday}).value();
  EXPECT_EQ(get("/en/workbench/enter/" + ended, "").status, 403);
  EXPECT_EQ(get("/en/workbench", ended).status, 403);
}

TEST_F(WorkbenchPages, ListAndOpenStudies) {
  const auto list = get("/en/workbench", token);
  EXPECT_EQ(list.status, 200);
  EXPECT_THAT(*list.body, HasSubstr("/en/workbench/studies/poh/treatments-tried"));
  EXPECT_THAT(*list.body, HasSubstr("test desk"));
  const auto opened = get("/en/workbench/studies/poh/participants", token);
  EXPECT_EQ(opened.status, 200);
  EXPECT_THAT(*opened.body, HasSubstr("registry/participants"));
  EXPECT_EQ(get("/en/workbench/studies/poh/none", token).status, 404);
  EXPECT_EQ(get("/en/workbench/studies/registry/../../keys/vault", token).status, 404);
}

TEST_F(WorkbenchPages, ShowAFaultWithItsLine) {
  auto text = good;
  text.replace(text.find("\"count\""), 7, "\"counts\"");
  const auto response = send(post(text, "check"));
  EXPECT_EQ(response.status, 422);
  EXPECT_THAT(*response.body, HasSubstr("line 5"));
  EXPECT_THAT(*response.body, HasSubstr("did you mean"));
  EXPECT_THAT(*response.body, HasSubstr("counts"));
}

TEST_F(WorkbenchPages, PreviewIsARecordedRelease) {
  const auto before = site.ledger->releases().value().size();
  EXPECT_EQ(send(post(good, "check")).status, 200);
  EXPECT_EQ(site.ledger->releases().value().size(), before);
  const auto response = send(post(good, "preview"));
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(*response.body, HasSubstr("recorded with your name"));
  EXPECT_EQ(site.ledger->releases().value().size(), before + 1);
  const auto explained = send(post(good, "explain"));
  EXPECT_EQ(explained.status, 200);
  EXPECT_THAT(*explained.body, HasSubstr("Everyone whose consent covers the purpose"));
}

TEST_F(WorkbenchPages, SaveOnceAndNotOverOthers) {
  EXPECT_EQ(send(post(good, "save")).status, 200);
  EXPECT_EQ(send(post(good, "save")).status, 409) << "a new study may not take a name that is taken";
  auto changed = good;
  changed.replace(changed.find("People by sex"), 13, "By sex");
  EXPECT_EQ(send(post(changed, "save", to_hex(digest_of("something else")))).status, 409);
  EXPECT_EQ(send(post(changed, "save", to_hex(digest_of(good)))).status, 200);
  EXPECT_THAT(*get("/en/workbench/studies/registry/by-sex", token).body, HasSubstr("By sex"));
  EXPECT_FALSE(std::filesystem::is_empty(site.folder / "studies" / "earlier")) << "the replaced text is kept";
  auto foreign = good;
  foreign.replace(foreign.find("registry/by-sex"), 15, "poh/participants");
  EXPECT_EQ(send(post(foreign, "save")).status, 422);
}

TEST_F(WorkbenchPages, TakeNoFormFromElsewhere) {
  auto request = post(good, "save");
  request.headers["origin"] = "https://elsewhere.example";
  EXPECT_EQ(send(request).status, 403);
  request.headers["origin"] = "null";
  EXPECT_EQ(send(request).status, 403);
  request.headers.erase("origin");
  request.headers["sec-fetch-site"] = "cross-site";
  EXPECT_EQ(send(request).status, 403);
  request = post(good, "save");
  request.body.replace(5, 4, "AAAA");
  EXPECT_EQ(send(request).status, 403);
  EXPECT_FALSE(std::filesystem::exists(site.folder / "studies"));
}

TEST_F(WorkbenchPages, RefuseBrokenForms) {
  for (const auto* body : {"", "form", "text=%", "text=%zz&action=check", "a=1", "text=1&text=2", "text=%ff"}) {
    auto request = post(good, "check");
    request.body = body;
    EXPECT_EQ(send(request).status, 400) << body;
  }
  auto request = post(good, "delete");
  EXPECT_EQ(send(request).status, 400);
  request = post(good, "check");
  request.headers["content-type"] = "application/json";
  EXPECT_EQ(send(request).status, 400);
  EXPECT_EQ(send(post(std::string(300'000, ' '), "check")).status, 413);
  request = post(good, "check");
  request.method = "PUT";
  EXPECT_EQ(send(request).status, 405);
}

TEST(Form, ReadsWhatABrowserWrites) {
  constexpr std::array<std::string_view, 2> known{"a", "b"};
  const auto form = read_form("a=1+2%0D%0A3&b=", known);
  ASSERT_TRUE(form);
  EXPECT_EQ(form->at("a"), "1 2\n3");
  EXPECT_EQ(form->at("b"), "");
  rc::check("never crashes", [&](const std::string& body) { (void)read_form(body, known); });
}

TEST(WorkbenchPasses, HoldOnlyForTheirKeyAndDay) {
  rc::check("a changed pass does not hold", [](std::size_t at, char c) {
    static const auto folder = [] {
      auto name = (std::filesystem::temp_directory_path() / "skerry-pass-XXXXXX").string();
      return std::filesystem::path(mkdtemp(name.data()));
    }();
    std::filesystem::create_directories(folder / "keys");
    const auto key = WorkbenchKey::read(folder, true).value();
    const auto now = parse_instant("2026-11-22T10:00:00Z").value();
    auto token = key.seal({consent::Role::steward, "desk", day_of(now)}).value();
    RC_ASSERT(key.check(token, now).has_value());
    auto& byte = token[at % token.size()];
    if (byte == c) return;
    byte = c;
    RC_ASSERT(!key.check(token, now));
  });
}

}  // namespace
}  // namespace skerry::web
