#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "pack/messages.hpp"
#include "pack/pack.hpp"

namespace skerry::pack {
namespace {

using std::int64_t;

TEST(FormatMessage, FollowsThePluralRulesOfTheLanguage) {
  const std::string english = "{n, plural, =0 {nobody} one {# person} other {# people}}";
  EXPECT_EQ(*format_message(english, "en", {{"n", int64_t{0}}}), "nobody");
  EXPECT_EQ(*format_message(english, "en", {{"n", int64_t{1}}}), "1 person");
  EXPECT_EQ(*format_message(english, "en", {{"n", int64_t{1234}}}), "1,234 people");
  const std::string italian = "{n, plural, one {# persona} other {# persone}}";
  EXPECT_EQ(*format_message(italian, "it", {{"n", int64_t{12345}}}), "12.345 persone");
  const std::string polish = "{n, plural, one {# osoba} few {# osoby} many {# osób} other {# osoby}}";
  EXPECT_EQ(*format_message(polish, "pl", {{"n", int64_t{3}}}), "3 osoby");
  EXPECT_EQ(*format_message(polish, "pl", {{"n", int64_t{5}}}), "5 osób");
}

TEST(FormatMessage, TakesTextsNumbersAndDays) {
  EXPECT_EQ(*format_message("it's {name}", "en", {{"name", std::string("Émile {x}")}}), "it's Émile {x}");
  EXPECT_EQ(*format_message("{share, number, percent}", "en", {{"share", 0.5}}), "50%");
  EXPECT_EQ(*format_message("{share, number, ::.0}", "it", {{"share", 2.5}}), "2,5");
  EXPECT_EQ(*format_message("{day, date, long}", "en", {{"day", 1795348800000.0}}), "November 22, 2026");
  EXPECT_EQ(*format_message("{day, date, long}", "it", {{"day", 1795348800000.0}}), "22 novembre 2026");
}

TEST(FormatMessage, IgnoresValuesNobodyAskedForAndMissesThoseItNeeds) {
  EXPECT_EQ(*format_message("plain", "en", {{"n", int64_t{1}}}), "plain");
  const auto missing = format_message("{a} and {b}", "en", {{"a", std::string("x")}});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::missing_field);
  EXPECT_NE(missing.error().message.find("{b}"), std::string::npos);
}

TEST(FormatMessage, TellsAWrongPatternAndAWrongLanguage) {
  EXPECT_EQ(format_message("{a", "en", {}).error().code, ErrorCode::malformed);
  EXPECT_EQ(format_message("{a, plural, one {x}}", "en", {{"a", int64_t{1}}}).error().code, ErrorCode::malformed);
  EXPECT_EQ(format_message("{a, plural, one {x} other {y}}", "en", {{"a", std::string("many")}}).error().code, ErrorCode::malformed);
  EXPECT_EQ(format_message("x", "", {}).error().code, ErrorCode::unknown_value);
  EXPECT_EQ(format_message("x", "not a language", {}).error().code, ErrorCode::unknown_value);
}

TEST(FormatMessage, IsSafeFromManyThreads) {
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&wrong] {
      for (int64_t i = 0; i < 3000; ++i) {
        // More patterns than a thread keeps, so that they are also thrown away.
        const auto text = format_message(std::to_string(i % 2500) + " {n, plural, one {# a} other {# b}}", "en", {{"n", i % 3}});
        const std::string expected = std::to_string(i % 2500) + " " + std::to_string(i % 3) + (i % 3 == 1 ? " a" : " b");
        if (!text || *text != expected) ++wrong;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(Messages, NameTheirArguments) {
  EXPECT_EQ(*arguments_of("{n, plural, one {{who} has #} other {{where, select, a {x} other {{deep}}}}} {0}", "en"),
            (std::set<std::string>{"0", "deep", "n", "where", "who"}));
  EXPECT_TRUE(arguments_of("it's plain", "en")->empty());
  EXPECT_TRUE(known_language("it"));
  EXPECT_TRUE(known_language("pt-BR"));
  EXPECT_FALSE(known_language("xx"));
  EXPECT_FALSE(known_language(""));
}

}  // namespace
}  // namespace skerry::pack
