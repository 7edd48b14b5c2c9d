// The interface's texts: whole in every language, all of them used, none missing.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "web/assets.hpp"
#include "web/phrases.hpp"
#include "web/templates.hpp"

namespace skerry::web {
namespace {

std::string read(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

std::string all_files(const char* folder, std::string_view ending) {
  std::string text;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(SKERRY_SOURCE_DIR) / folder)) {
    if (entry.path().string().ends_with(ending)) text += read(entry.path());
  }
  return text;
}

std::set<std::string> matches(const std::string& text, const char* pattern) {
  std::set<std::string> found;
  const std::regex expression(pattern);
  for (std::sregex_iterator match(text.begin(), text.end(), expression), end; match != end; ++match) found.insert((*match)[1]);
  return found;
}

std::string in_templates(std::string key) {
  std::replace(key.begin(), key.end(), '.', '_');
  return key;
}

std::set<std::string> keys_of(const Catalogue& catalogue, std::string_view language) {
  std::set<std::string> keys;
  for (const auto& [key, pattern] : catalogue.texts(language)) keys.insert(key);
  return keys;
}

TEST(Texts, AreTheSameInEveryLanguage) {
  const auto catalogue = Catalogue::read(page_files()).value();
  ASSERT_GE(catalogue.languages().size(), 2U);
  const auto english = keys_of(catalogue, "en");
  for (const auto& language : catalogue.languages()) {
    EXPECT_EQ(keys_of(catalogue, language), english) << language;
    for (const auto& [key, pattern] : catalogue.texts(language)) {
      // The same arguments, whatever the order.
      const char* argument = R"(\{([a-z]+)[,}])";
      EXPECT_EQ(matches(pattern, argument), matches(*catalogue.find("en", key), argument)) << language << ' ' << key;
      EXPECT_FALSE(pattern.empty()) << language << ' ' << key;
    }
  }
}

TEST(Texts, AreAllUsedAndNoneIsMissing) {
  const auto catalogue = Catalogue::read(page_files()).value();
  const auto templates = all_files("web/templates", ".mustache"), code = all_files("src/web", ".cpp");
  const auto in_use = matches(templates, R"(\{\{t\.([a-z0-9_]+)\}\})");
  const auto literals = matches(code, "\"([a-z_]+\\.[a-z0-9_.]*)\"");
  const auto english = keys_of(catalogue, "en");
  std::set<std::string> known;
  for (const auto& key : english) {
    known.insert(in_templates(key));
    const bool built =
        std::any_of(literals.begin(), literals.end(), [&](const auto& begin) { return begin.ends_with('.') && key.starts_with(begin); });
    const bool titles = key.ends_with(".title") && code.find("+ \".title\"") != std::string::npos;
    EXPECT_TRUE(in_use.contains(in_templates(key)) || literals.contains(key) || built || titles) << key << " is not used";
  }
  for (const auto& key : in_use) {
    EXPECT_TRUE(known.contains(key)) << key << " is used in a template and is in no language";
    for (const auto& original : english) {
      if (in_templates(original) != key) continue;
      EXPECT_EQ(catalogue.find("en", original)->find('{'), std::string::npos) << original << " has arguments: a template cannot say it";
    }
  }
}

TEST(Texts, FollowThePluralRulesOfEachLanguage) {
  const auto catalogue = Catalogue::read(page_files()).value();
  const pack::Pack pack;
  const Phrases english(catalogue, pack, "en"), italian(catalogue, pack, "it");
  const auto people = [](std::int64_t number) { return pack::Arguments{{"people", number}}; };
  EXPECT_EQ(english.say("experiences.count", people(1)), "1 person shared an experience on this question.");
  EXPECT_EQ(english.say("experiences.count", people(2)), "2 people shared an experience on this question.");
  EXPECT_EQ(english.say("experiences.count", people(0)), "Nobody has shared an experience on this question yet.");
  EXPECT_EQ(italian.say("experiences.count", people(1)), "1 persona ha condiviso un’esperienza su questa domanda.");
  EXPECT_EQ(italian.say("experiences.count", people(1'200)), "1.200 persone hanno condiviso un’esperienza su questa domanda.");
  EXPECT_EQ(english.percent(0.3875), "39%");
  EXPECT_EQ(english.number(2.5), "2.5");
  EXPECT_EQ(italian.number(2.5), "2,5");
  EXPECT_EQ(italian.say("question.updated", {{"date", day_argument(parse_partial_date("2026-11-22").value())}}),
            "Ultimo aggiornamento: 22 novembre 2026");
}

TEST(Texts, OfALanguageWithoutInterfaceAreEnglish) {
  const auto catalogue = Catalogue::read(page_files()).value();
  const pack::Pack pack;
  EXPECT_EQ(Phrases(catalogue, pack, "fr").say("nav.privacy"), "Privacy");
  EXPECT_EQ(Phrases(catalogue, pack, "en").say("no.such"), "no.such");
}

TEST(Texts, WrittenAsPagesAreThereInEveryLanguage) {
  for (const auto& language : Catalogue::read(page_files()).value().languages()) {
    for (const std::string page : {"privacy", "accessibility"}) {
      EXPECT_NE(find_embedded(page_files(), "templates/" + page + "." + language + ".mustache"), nullptr) << page << ' ' << language;
    }
  }
}

TEST(Templates, EscapeValues) {
  const auto catalogue = Catalogue::read(page_files()).value();
  const pack::Pack pack;
  Data data;
  data.set("heading", "<b>\"&'");
  data.set("text", "x");
  const auto html = fill_template("error", data, Phrases(catalogue, pack, "en"));
  EXPECT_NE(html.find("&lt;b&gt;&quot;&amp;&#39;"), std::string::npos);
  EXPECT_EQ(fill_template("no-such", data, Phrases(catalogue, pack, "en")), "");
}

TEST(Stylesheet, LoadsNothingAndIsSmall) {
  EXPECT_GT(stylesheet().size(), 5'000U);
  EXPECT_LT(stylesheet().size(), 60'000U);
  EXPECT_EQ(stylesheet().find("http"), std::string_view::npos);
  EXPECT_EQ(stylesheet().find("@import"), std::string_view::npos);
  EXPECT_EQ(stylesheet().find("Frutiger"), std::string_view::npos);
  EXPECT_NE(stylesheet().find("prefers-color-scheme: dark"), std::string_view::npos) << "dark";
}

}  // namespace
}  // namespace skerry::web
