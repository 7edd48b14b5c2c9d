// The published schema, the documentation and the reader say the same of the study language.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "cohort/json_schema.hpp"
#include "cohort/study.hpp"

namespace skerry::cohort {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

const JsonSchema& schema() {
  static const JsonSchema read(text_of(SKERRY_SOURCE_DIR "/packs/study.schema.json"));
  return read;
}

std::string study_with(const std::string& cohort, const std::string& statistic, const std::string& by = {}) {
  return R"({"id":"x/y","title":{"en":"t"},"cohort":)" + cohort + R"(,"statistic":)" + statistic + (by.empty() ? "" : ",\"by\":" + by) +
         "}";
}

constexpr auto sexes = R"({"code":"skerry:sex","kind":"person","values":["skerry:female","skerry:male"]})";

/// The fenced examples: what they are, and a whole study with each.
std::vector<std::pair<std::string, std::string>> examples() {
  std::vector<std::pair<std::string, std::string>> out;
  std::istringstream in(text_of(SKERRY_SOURCE_DIR "/docs/study.md"));
  std::string kind;
  std::string text;
  for (std::string line; std::getline(in, line);) {
    if (kind.empty()) {
      if (line.starts_with("```json ")) kind = line.substr(8);
      text.clear();
      continue;
    }
    if (line != "```") {
      text += line + "\n";
      continue;
    }
    if (kind == "study") out.emplace_back(kind, text);
    if (kind == "condition") out.emplace_back(kind, study_with(text, R"({"type":"count"})"));
    if (kind == "statistic") out.emplace_back(kind, study_with(R"({"everyone":true})", text, sexes));
    if (kind == "grouping") out.emplace_back(kind, study_with(R"({"everyone":true})", R"({"type":"count"})", text));
    if (kind == "variable") out.emplace_back(kind, study_with(R"({"everyone":true})", R"({"type":"mean","outcome":)" + text + "}"));
    kind.clear();
  }
  return out;
}

TEST(StudySchema, ExamplesOfTheDocumentationAreStudies) {
  std::set<StatisticType> types;
  std::set<std::string> kinds;
  for (const auto& [kind, text] : examples()) {
    const auto study = parse_study(text, "docs/study.md");
    ASSERT_TRUE(study) << study.error().text() << "\n" << text;
    EXPECT_TRUE(schema().accepts(boost::json::parse(text))) << text;
    types.insert(study->type);
    kinds.insert(kind);
  }
  EXPECT_EQ(types.size(), 17u) << "a statistic has no example";
  EXPECT_EQ(kinds, (std::set<std::string>{"condition", "grouping", "statistic", "study", "variable"}));
}

TEST(StudySchema, StudiesOfThePacksAreOfIt) {
  std::size_t studies = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(SKERRY_SOURCE_DIR "/packs")) {
    if (entry.path().parent_path().filename() != "studies") continue;
    EXPECT_TRUE(schema().accepts(boost::json::parse(text_of(entry.path())))) << entry.path();
    ++studies;
  }
  EXPECT_GE(studies, 38u);
}

std::string cohort(const std::string& condition) { return study_with(condition, R"({"type":"count"})"); }
std::string statistic(const std::string& text) { return study_with(R"({"everyone":true})", text, sexes); }

const std::vector<std::string> wrong_conditions{
    "{}",
    cohort("{}"),
    cohort(R"({"code":"X:A","all":[{"code":"X:B"}]})"),
    cohort(R"({"code":"osteoma"})"),
    cohort(R"({"code":[]})"),
    cohort(R"({"code":["X:A",7]})"),
    cohort(R"({"everyone":false})"),
    cohort(R"({"everyone":true,"site":"X:B"})"),
    cohort(R"({"code":"X:A","status":"maybe"})"),
    cohort(R"({"code":"X:A","value":{"unit":"mm"}})"),
    cohort(R"({"code":"X:A","value":{"code":"X:B","less":3}})"),
    cohort(R"({"code":"X:A","value":{"between":[1]}})"),
    cohort(R"({"code":"X:A","value":{"less":"3"}})"),
    cohort(R"({"code":"X:A","source":"doctor"})"),
    cohort(R"({"code":"X:A","source":["proxy","proxy"]})"),
    cohort(R"({"code":"X:A","source":[]})"),
    cohort(R"({"code":"X:A","reference":""})"),
    cohort(R"({"code":"X:A","qualifier":{"code":"X:B"}})"),
    cohort(R"({"code":"X:A","qualifier":{"role":"X:R","unit":"mm"}})"),
    cohort(R"({"code":"X:A","from":"yesterday"})"),
    cohort(R"({"code":"X:A","from":2019})"),
    cohort(R"({"code":"X:A","age":{}})"),
    cohort(R"({"code":"X:A","age":{"below":"18"}})"),
    cohort(R"({"code":"X:A","pick":"second"})"),
    cohort(R"({"code":"X:A","times":{}})"),
    cohort(R"({"code":"X:A","times":{"at_least":0}})"),
    cohort(R"({"code":"X:A","times":{"at_least":1.5}})"),
    cohort(R"({"code":"X:A","when":[]})"),
    cohort(R"({"code":"X:A","when":{"at_least":"P1D"}})"),
    cohort(R"({"code":"X:A","when":{"within":{"code":"X:B"}}})"),
    cohort(R"({"code":"X:A","when":{"within":{"code":"X:B"},"at_least":"P1D","at_most":"P2D"}})"),
    cohort(R"({"code":"X:A","when":{"during":{"code":"X:B"},"at_most":"P2D"}})"),
    cohort(R"({"code":"X:A","when":{"after":{"code":"X:B"},"before":{"code":"X:C"}}})"),
    cohort(R"({"code":"X:A","when":{"after":"birth"}})"),
    cohort(R"({"code":"X:A","when":{"after":{"code":"X:B","status":"absent"}}})"),
    cohort(R"({"code":"X:A","when":{"after":{"any":[{"code":"X:B"}]}}})"),
    cohort(R"({"code":"X:A","where":"X:B"})"),
    cohort(R"({"not":[]})"),
    cohort(R"({"cohort":7})"),
};

const std::vector<std::string> wrong_statistics{
    statistic(R"({"type":"median"})"),
    statistic(R"({"type":"count","level":0.9})"),
    statistic(R"({"type":"proportion","of":[]})"),
    statistic(R"({"type":"proportion","of":{"code":"X:A","status":"absent"}})"),
    statistic(R"({"type":"crosstab"})"),
    study_with(R"({"everyone":true})", R"({"type":"crosstab","columns":{"code":"X:A","values":["X:B"]}})"),
    study_with(R"({"everyone":true})", R"({"type":"rank_test","outcome":{"value":{"code":"X:A"}},"grid":{"from":0,"to":1,"step":1}})"),
    statistic(R"({"type":"crosstab","columns":{"values":["X:B"]}})"),
    statistic(R"({"type":"crosstab","columns":{"code":"X:A","groups":[{"code":"X:B"}]}})"),
    statistic(R"({"type":"kaplan_meier","index":"birth","event":{"code":"X:A"},"unit":"month"})"),
    statistic(R"({"type":"kaplan_meier","index":"diagnosis","event":{"code":"X:A"},"unit":"month","horizon":12})"),
    statistic(R"({"type":"kaplan_meier","index":"birth","event":{"code":"X:A"},"unit":"fortnight","horizon":12})"),
    statistic(R"({"type":"kaplan_meier","index":"birth","event":{"code":"X:A"},"unit":"month","horizon":12,"censoring":"death"})"),
    statistic(R"({"type":"kaplan_meier","index":"birth","event":{"code":"X:A"},"unit":"month","horizon":12,"competing":{"code":"X:B"}})"),
    statistic(R"({"type":"kaplan_meier","index":"birth","event":{"code":"X:A"},"unit":"month","horizon":12,"rho":-1})"),
    statistic(R"({"type":"cumulative_incidence","index":"birth","event":{"code":"X:A"},"unit":"month","horizon":12})"),
    statistic(R"({"type":"cox","index":"birth","event":{"code":"X:A"},"unit":"month","horizon":12})"),
    statistic(R"({"type":"cox","index":"birth","event":{"code":"X:A"},"unit":"month","horizon":12,"covariates":[]})"),
    statistic(
        R"({"type":"cox","index":"birth","event":{"code":"X:A"},"unit":"month","horizon":12,"ties":"exact","covariates":[{"value":{"code":"X:B"}}]})"),
    statistic(R"({"type":"mean"})"),
    statistic(R"({"type":"mean","outcome":{"value":{"code":"X:A"},"count":{"code":"X:A"}}})"),
    statistic(R"({"type":"mean","outcome":{"groups":{"groups":[{"code":"X:A"},{"code":"X:B"}]}}})"),
    statistic(R"({"type":"mean","outcome":{"indicator":{"any":[{"code":"X:A"}]}}})"),
    statistic(R"({"type":"mean","outcome":{"count":{"code":"X:A"},"unit":"mm"}})"),
    statistic(R"({"type":"mean","outcome":{"value":{"code":"X:A"},"per":0}})"),
    statistic(R"({"type":"mean","outcome":{"value":{"code":"X:A"},"changes":true}})"),
    statistic(R"({"type":"mean","outcome":{"value":{"code":"X:A"}},"seed":3})"),
    statistic(R"({"type":"mean","outcome":{"value":{"code":"X:A"}},"bootstrap":3})"),
    statistic(R"({"type":"mean","outcome":{"value":{"code":"X:A"}},"covariates":[{"value":{"code":"X:B"}}]})"),
    statistic(R"({"type":"quantiles","outcome":{"value":{"code":"X:A"}}})"),
    statistic(R"({"type":"quantiles","outcome":{"value":{"code":"X:A"}},"grid":{"from":0,"to":1}})"),
    statistic(R"({"type":"quantiles","outcome":{"value":{"code":"X:A"}},"grid":{"from":0,"to":1,"step":0}})"),
    statistic(R"({"type":"quantiles","outcome":{"value":{"code":"X:A"}},"quantiles":[0],"grid":{"from":0,"to":1,"step":1}})"),
    statistic(R"({"type":"linear","outcome":{"value":{"code":"X:A"}}})"),
    statistic(R"({"type":"logistic","outcome":{"value":{"code":"X:A"}},"covariates":[{"value":{"code":"X:B"}}]})"),
    statistic(R"({"type":"mixed","outcome":{"value":{"code":"X:A"}}})"),
    statistic(R"({"type":"mixed","index":"birth","outcome":{"count":{"code":"X:A"}}})"),
    statistic(R"({"type":"mixed","index":"birth","outcome":{"value":{"code":"X:A"},"which":"last"}})"),
    statistic(R"({"type":"feasibility","design":"single_arm","willing":{"everyone":true},"reachable":{"everyone":true},"control":0.5})"),
    statistic(R"({"type":"feasibility","design":"n_of_1","willing":{"everyone":true},"reachable":{"everyone":true},"recruits_a_year":2})"),
    statistic(
        R"({"type":"feasibility","design":"two_arms","willing":{"everyone":true},"reachable":{"everyone":true},"recruits_a_year":2})"),
    statistic(
        R"({"type":"feasibility","design":"two_arms","willing":{"everyone":true},"reachable":{"everyone":true},"recruits_a_year":2,"control":2})"),
    R"({"id":"X","title":{"en":"t"},"cohort":{"code":"X:A"},"statistic":{"type":"count"}})",
    R"({"id":"x/y","title":{},"cohort":{"code":"X:A"},"statistic":{"type":"count"}})",
    R"({"id":"x/y","title":{"en":"t"},"let":[],"cohort":{"code":"X:A"},"statistic":{"type":"count"}})",
    R"({"id":"x/y","title":{"en":"t"},"let":{"a":{}},"cohort":{"code":"X:A"},"statistic":{"type":"count"}})",
    R"({"id":"x/y","title":{"en":"t"},"cohort":{"code":"X:A"},"statistic":{"type":"count"},"floor":1})",
    R"({"id":"x/y","title":{"en":"t"},"cohort":{"code":"X:A"},"statistic":{"type":"count"},"snapshot":"yesterday"})",
    R"({"id":"x/y","title":{"en":"t"},"cohort":{"code":"X:A"},"statistic":{"type":"count"},"purpose":"own_care"})",
    R"({"id":"x/y","title":{"en":"t"},"cohort":{"code":"X:A"},"statistic":{"type":"count"},"colour":"red"})",
};

void expect_refused(const std::vector<std::string>& wrong) {
  for (const auto& text : wrong) {
    EXPECT_FALSE(schema().accepts(boost::json::parse(text))) << "the schema accepts " << text;
    const auto study = parse_study(text, "s");
    ASSERT_FALSE(study) << "the reader accepts " << text;
    EXPECT_EQ(study.error().code, ErrorCode::invalid_study) << text;
  }
}

TEST(StudySchema, WhatTheSchemaRefusesTheReaderRefuses) {
  expect_refused(wrong_conditions);
  expect_refused(wrong_statistics);
}

TEST(StudySchema, ItsOwnValidatorRefusesToo) {
  const JsonSchema odd(R"({"type":"object","if":{}})");
  EXPECT_ANY_THROW((void)odd.accepts(boost::json::parse("{}")));
  EXPECT_FALSE(schema().accepts(boost::json::parse("[]")));
}

}  // namespace
}  // namespace skerry::cohort
