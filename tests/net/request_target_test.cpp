#include "net/request_target.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>

namespace skerry::net {
namespace {

std::string path_of(std::string_view target) {
  const auto parsed = parse_request_target(target);
  return parsed ? parsed->path : "refused: " + std::string(name_of(parsed.error().code));
}

TEST(RequestTarget, DecodesThePath) {
  EXPECT_EQ(path_of("/"), "/");
  EXPECT_EQ(path_of("/en/answers/treatment"), "/en/answers/treatment");
  EXPECT_EQ(path_of("/a%20b%2Fc"), "/a b/c");
  EXPECT_EQ(path_of("/caf%C3%A9"), "/caf\xC3\xA9");
  EXPECT_EQ(path_of("/caf%c3%a9"), "/caf\xC3\xA9");
  EXPECT_EQ(path_of("/a+b"), "/a+b") << "a plus is a plus in a path";
  EXPECT_EQ(path_of("/.well-known/x..y/...?"), "/.well-known/x..y/...");
}

TEST(RequestTarget, TakesTheAbsoluteForm) {
  EXPECT_EQ(path_of("http://registry.example/en?x=1"), "/en");
  EXPECT_EQ(path_of("HTTPS://registry.example:8443/en"), "/en");
  EXPECT_EQ(path_of("http://registry.example"), "/");
  EXPECT_EQ(path_of("http://registry.example?x=1"), "/");
  EXPECT_EQ(path_of("http://[::1]:80/en"), "/en");
}

TEST(RequestTarget, RefusesWhatIsNotPlain) {
  constexpr std::string_view nul("/a\0b", 4);
  const std::array<std::string_view, 34> bad = {
      "",        "*",           "en",           "?x=1",       "/%",   "/%4",     "/%4g",      "/%g4",  "/%%20",
      "/%00",    "/%0a",        "/%0D%0A",      "/%1f",       "/%7f", "/..",     "/a/../b",   "/a/..", "/%2e%2e",
      "/.%2E/b", "/a%2f..%2fb", "/./a",         "/a#b",       "/a b", "/a\tb",   "/\xC3\xA9", nul,     "ftp://h/a",
      "http://", "http:/",      "http://u@h/a", "https:///a", "//..", "/?x=%00", "/?x=%zz"};
  for (const auto target : bad) EXPECT_EQ(path_of(target), "refused: malformed") << target;
}

TEST(RequestTarget, RefusesWhatIsNotUtf8) {
  for (const std::string_view target : {"/%80", "/%C3", "/%C3%28", "/%C0%AF", "/%E0%80%AF", "/%ED%A0%80", "/%F4%90%80%80", "/%F5%80%80%80",
                                        "/%FF", "/?x=%C3", "/?%FE=1", "/%C0%AE%C0%AE/"}) {
    EXPECT_EQ(path_of(target), "refused: invalid_text") << target;
  }
  for (const std::string_view target : {"/%C2%80", "/%E0%A0%80", "/%ED%9F%BF", "/%F0%90%80%80", "/%F4%8F%BF%BF"}) {
    EXPECT_TRUE(parse_request_target(target)) << target;
  }
}

TEST(Query, KeepsOrderAndRepetition) {
  const auto query = parse_query("b=2&a=1&b=3&c&=d&&e=f=g&h=");
  ASSERT_TRUE(query);
  EXPECT_EQ(*query, (Query{{"b", "2"}, {"a", "1"}, {"b", "3"}, {"c", ""}, {"", "d"}, {"e", "f=g"}, {"h", ""}}));
}

TEST(Query, DecodesPlusAndEscapes) {
  EXPECT_EQ(parse_query("q=two+words%2B%26%3D"), (Query{{"q", "two words+&="}}));
  EXPECT_EQ(parse_query("text=a%0D%0Ab"), (Query{{"text", "a\r\nb"}})) << "a text field has lines";
  EXPECT_EQ(parse_query(""), Query{});
  EXPECT_EQ(parse_query("&&&"), Query{});
}

std::string escaped(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', digits[byte / 16], digits[byte % 16]};
  }
  return out;
}

RC_GTEST_PROP(QueryProperty, GivesBackWhatWasEscaped, ()) {
  const auto letters = rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127));
  const auto pairs = *rc::gen::container<Query>(rc::gen::pair(rc::gen::nonEmpty(letters), letters));
  std::string text;
  for (const auto& [name, value] : pairs) text += escaped(name) + "=" + escaped(value) + "&";
  RC_ASSERT(parse_query(text) == pairs);
}

RC_GTEST_PROP(RequestTargetProperty, NeverGivesAPathThatLeavesItsRoot, ()) {
  const auto pieces = *rc::gen::container<std::vector<std::string>>(
      rc::gen::element<std::string>("/", ".", "..", "%2e", "%2F", "a", "%25", "%5c", "?", "http://h", "%c3%a9"));
  std::string target;
  for (const auto& piece : pieces) target += piece;
  const auto parsed = parse_request_target(target);
  if (!parsed) return;
  RC_ASSERT(parsed->path.starts_with('/'));
  RC_ASSERT((parsed->path + "/").find("/../") == std::string::npos);
  RC_ASSERT((parsed->path + "/").find("/./") == std::string::npos);
}

}  // namespace
}  // namespace skerry::net
