#include "vocabulary/vocabulary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

namespace skerry::vocabulary {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Term term(std::string id, std::vector<std::string> parents = {}, std::string label = "a label") {
  Term out;
  out.id = std::move(id);
  out.parents = std::move(parents);
  out.label = std::move(label);
  return out;
}

Term obsolete(std::string id, std::string replaced_by = {}) {
  Term out = term(std::move(id));
  out.obsolete = true;
  out.replaced_by = std::move(replaced_by);
  return out;
}

Vocabulary made(std::vector<Term> terms) {
  auto out = Vocabulary::from_terms(std::move(terms), "test 1");
  EXPECT_TRUE(out) << out.error().text();
  return out ? *out : Vocabulary{};
}

TEST(Vocabulary, AnEmptyOneKnowsOnlyThatAnIdIsItself) {
  const Vocabulary none;
  EXPECT_EQ(none.find("HP:1"), nullptr);
  EXPECT_EQ(none.exact("HP:1"), nullptr);
  EXPECT_TRUE(none.is_a("HP:1", "HP:1"));
  EXPECT_FALSE(none.is_a("HP:1", "HP:2"));
  EXPECT_THAT(none.descendants("HP:1"), ElementsAre("HP:1"));
  EXPECT_THAT(none.ancestors("HP:1"), ElementsAre("HP:1"));
  EXPECT_THAT(none.named("bone"), IsEmpty());
  EXPECT_EQ(none.size(), 0u);
  EXPECT_THAT(none.versions(), IsEmpty());
}

TEST(Vocabulary, GoesThroughADiamondOnce) {
  const auto terms = made({term("T:top"), term("T:left", {"T:top"}), term("T:right", {"T:top"}), term("T:low", {"T:left", "T:right"})});
  EXPECT_THAT(terms.descendants("T:top"), ElementsAre("T:left", "T:low", "T:right", "T:top"));
  EXPECT_THAT(terms.ancestors("T:low"), ElementsAre("T:left", "T:low", "T:right", "T:top"));
  EXPECT_TRUE(terms.is_a("T:low", "T:top"));
  EXPECT_FALSE(terms.is_a("T:top", "T:low"));
  EXPECT_FALSE(terms.is_a("T:left", "T:right"));
  EXPECT_FALSE(terms.is_a("T:left", "T:nowhere"));
}

TEST(Vocabulary, FindsWhatAnOldIdStandsForNow) {
  auto live = term("T:new", {"T:top"});
  live.alternative_ids = {"T:other"};
  const auto terms = made({term("T:top"), live, obsolete("T:older", "T:old"), obsolete("T:old", "T:new"), obsolete("T:dead")});
  EXPECT_EQ(terms.find("T:older")->id, "T:new");
  EXPECT_EQ(terms.find("T:other")->id, "T:new");
  EXPECT_EQ(terms.find("T:dead"), nullptr);
  EXPECT_TRUE(terms.exact("T:old")->obsolete);
  EXPECT_EQ(terms.exact("T:other"), nullptr);
  EXPECT_TRUE(terms.is_a("T:older", "T:top"));
  EXPECT_TRUE(terms.is_a("T:other", "T:old"));
  EXPECT_THAT(terms.descendants("T:top"), ElementsAre("T:new", "T:old", "T:older", "T:other", "T:top"));
  EXPECT_THAT(terms.descendants("T:other"), ElementsAre("T:new", "T:old", "T:older", "T:other"));
  EXPECT_THAT(terms.ancestors("T:older"), ElementsAre("T:new", "T:top"));
}

TEST(Vocabulary, ReplacementsInACircleLeadNowhere) {
  const auto terms = made({obsolete("T:a", "T:b"), obsolete("T:b", "T:a"), obsolete("T:c", "T:c")});
  EXPECT_EQ(terms.find("T:a"), nullptr);
  EXPECT_EQ(terms.find("T:c"), nullptr);
  EXPECT_TRUE(terms.is_a("T:a", "T:a"));
  EXPECT_FALSE(terms.is_a("T:a", "T:b"));
}

TEST(Vocabulary, RefusesACircleAndNamesIt) {
  const auto circle = Vocabulary::from_terms(
      {term("T:top"), term("T:a", {"T:c", "T:top"}), term("T:b", {"T:a"}), term("T:c", {"T:b"}), term("T:below", {"T:a"})}, "v");
  ASSERT_FALSE(circle);
  EXPECT_EQ(circle.error().code, ErrorCode::malformed);
  EXPECT_THAT(circle.error().message, testing::ContainsRegex("T:[abc] is below itself"));
  EXPECT_FALSE(Vocabulary::from_terms({term("T:a", {"T:a"})}, "v"));
}

TEST(Vocabulary, RefusesAnIdTwice) {
  EXPECT_EQ(Vocabulary::from_terms({term("T:a"), term("T:b"), term("T:a")}, "v").error().code, ErrorCode::duplicate_key);
}

TEST(Vocabulary, RefusesAnIsATooDeepToClose) {
  std::vector<Term> chain;
  for (int i = 0; i < 12'000; ++i)
    chain.push_back(term("T:" + std::to_string(i), i == 0 ? std::vector<std::string>{} : std::vector{"T:" + std::to_string(i - 1)}));
  const auto closed = Vocabulary::from_terms(std::move(chain), "v");
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().code, ErrorCode::too_large);
}

TEST(Vocabulary, FindsTermsByTheirNames) {
  auto bone = term("T:bone", {}, "Ossification");
  bone.synonyms = {"Bone formation", "Formación ÓSEA"};
  const auto terms = made({bone, term("T:other", {}, "bone FORMATION"), obsolete("T:old")});
  const auto found = terms.named("Bone Formation");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0]->id, "T:bone");
  EXPECT_EQ(terms.named("formaciÓn ósea").size(), 1u);
  EXPECT_THAT(terms.named("a label"), IsEmpty()) << "obsolete terms have no names to find";
}

TEST(Vocabulary, TheOtherVocabularyStandsWhereBothHaveATerm) {
  const auto pack = made({term("T:top"), term("T:a", {"T:top"}, "old name"), term("T:own", {"T:a"})});
  auto renamed = term("T:a", {"T:top", "T:more"}, "new name");
  const auto whole = Vocabulary::from_terms({term("T:top"), term("T:more"), renamed}, "whole 2");
  ASSERT_TRUE(whole);
  const auto both = pack.merged(*whole);
  ASSERT_TRUE(both) << both.error().text();
  EXPECT_EQ(both->find("T:a")->label, "new name");
  EXPECT_TRUE(both->is_a("T:own", "T:more"));
  EXPECT_THAT(both->versions(), ElementsAre("test 1", "whole 2"));
  EXPECT_EQ(both->size(), 4u);
  EXPECT_TRUE(std::is_sorted(both->terms().begin(), both->terms().end(), [](const Term& a, const Term& b) { return a.id < b.id; }));
}

TEST(Vocabulary, TwoThatContradictEachOtherDoNotMerge) {
  const auto one = made({term("T:a"), term("T:b", {"T:a"})});
  const auto other = made({term("T:a", {"T:b"})});
  EXPECT_EQ(one.merged(other).error().code, ErrorCode::conflict);
}

/// The closure of a random acyclic graph, against the plainest way to compute it.
RC_GTEST_PROP(Vocabulary, ClosureIsThatOfWalkingUp, ()) {
  const int count = *rc::gen::inRange(1, 25);
  std::vector<Term> terms;
  for (int i = 0; i < count; ++i) {
    std::set<std::string> parents;
    for (const int parent :
         *rc::gen::container<std::vector<int>>(static_cast<std::size_t>(*rc::gen::inRange(0, 4)), rc::gen::inRange(0, 25))) {
      if (parent < i) parents.insert("T:" + std::to_string(parent));
    }
    terms.push_back(term("T:" + std::to_string(i), {parents.begin(), parents.end()}));
  }
  const auto all = Vocabulary::from_terms(terms, "v");
  RC_ASSERT(all);
  for (const auto& from : terms) {
    std::set<std::string> above{from.id};
    for (auto i = terms.rbegin(); i != terms.rend(); ++i) {
      if (above.contains(i->id)) above.insert(i->parents.begin(), i->parents.end());
    }
    RC_ASSERT(all->ancestors(from.id) == std::vector<std::string>(above.begin(), above.end()));
    for (const auto& to : terms) {
      RC_ASSERT(all->is_a(from.id, to.id) == above.contains(to.id));
      const auto below = all->descendants(to.id);
      RC_ASSERT(std::binary_search(below.begin(), below.end(), from.id) == above.contains(to.id));
    }
  }
}

}  // namespace
}  // namespace skerry::vocabulary
