#include "index/reading.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "expected_rows.hpp"
#include "made_facts.hpp"

namespace skerry {
namespace {

using test::ReadOut;
using test::Streams;

/// Sets `whole` of the rows that were read from their links, and takes it out of rows where nobody is the whole.
bool links_agree(const std::vector<Fact>& facts, const Streams& expected, const ReadOut& read) {
  // (participant, link) -> place of the fact that carries it
  std::map<std::pair<std::int64_t, std::uint32_t>, std::size_t> wholes;
  std::map<test::StreamKey, std::size_t> next;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const test::StreamKey key{facts[i].code.id, facts[i].kind, facts[i].status};
    const auto link = read.links.at(key)[next[key]++].first;
    if (link != 0 && !wholes.emplace(std::pair{facts[i].participant.number, link}, i + 1).second) return false;
  }
  std::set<std::size_t> used;
  for (const auto& [key, rows] : expected) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto part_of = read.links.at(key)[i].second;
      const auto whole = part_of == 0 ? 0 : wholes.at({rows[i].participant, part_of});
      if (whole != rows[i].whole) return false;
      used.insert(whole);
    }
  }
  return std::ranges::all_of(wholes, [&](const auto& whole) { return used.contains(whole.second); });
}

Streams without_wholes(Streams streams) {
  for (auto& [key, rows] : streams) {
    for (auto& row : rows) row.whole = 0;
  }
  return streams;
}

RC_GTEST_PROP(Reading, GivesBackEveryFact, ()) {
  const auto facts = test::made_facts(*rc::gen::inRange(0, 40), *rc::gen::element(3, 12), *rc::gen::element(1, 4));
  const auto reading = index::reading_of(facts);
  const auto expected = test::expected_rows(facts);
  const auto read = test::read_out(reading);
  RC_ASSERT(read.streams == without_wholes(expected));
  RC_ASSERT(links_agree(facts, expected, read));
}

RC_GTEST_PROP(Reading, SetsOfPeopleAreThoseWithRows, ()) {
  const auto facts = test::made_facts(*rc::gen::inRange(1, 80), 5, 3);
  const auto reading = index::reading_of(facts);
  for (const auto& segment : reading.segments()) {
    for (index::StreamId stream = 0; stream < segment.streams().size(); ++stream) {
      const auto& info = segment.streams()[stream];
      std::set<std::int64_t> people, expected;
      Bitset set(segment.people());
      segment.add_people(stream, set);
      set.for_each([&](std::size_t person) { people.insert(segment.participant(static_cast<index::Person>(person)).number); });
      for (const auto& fact : facts) {
        if (fact.code.id == segment.curie(info.concept_term) && fact.kind == info.kind && fact.status == info.status) {
          expected.insert(fact.participant.number);
        }
      }
      RC_ASSERT(people == expected);
    }
  }
}

TEST(Reading, KeepsPeopleWithoutFacts) {
  Fact fact;
  fact.participant.number = 4;
  fact.code.id = "HP:1";
  const std::vector<ParticipantId> people{ParticipantId{2}, ParticipantId{4}, ParticipantId{9}};
  const auto reading = index::reading_of(std::span(&fact, 1), people);
  ASSERT_EQ(reading.segments().size(), 1U);
  const auto& segment = reading.segments()[0];
  ASSERT_EQ(segment.people(), 3U);
  EXPECT_TRUE(segment.everyone());
  EXPECT_EQ(segment.participant(0).number, 2);
  EXPECT_EQ(segment.participant(2).number, 9);
  EXPECT_EQ(segment.participant(3).number, 0) << "beyond the end";
  Bitset with(3);
  segment.add_people(0, with);
  EXPECT_TRUE(with.test(1));
  EXPECT_EQ(with.count(), 1U);
}

TEST(Reading, FindsTermsAndStreamsOfAConcept) {
  std::vector<Fact> facts(4);
  for (std::size_t i = 0; i < facts.size(); ++i) facts[i].participant.number = static_cast<std::int64_t>(i) + 1;
  facts[0].code.id = facts[1].code.id = facts[3].code.id = "HP:7";
  facts[2].code.id = "HP:8";
  facts[1].status = Status::absent;
  facts[3].kind = Kind::diagnosis;
  const auto reading = index::reading_of(facts);
  const auto& segment = reading.segments()[0];
  EXPECT_FALSE(segment.find("HP:9"));
  EXPECT_EQ(segment.curie(0), "");
  EXPECT_EQ(segment.curie(99), "");
  const auto term = segment.find("HP:7");
  ASSERT_TRUE(term);
  EXPECT_EQ(segment.curie(*term), "HP:7");
  const auto streams = segment.streams_of(*term);
  ASSERT_EQ(streams.size(), 3U);
  for (const auto stream : streams) EXPECT_EQ(segment.streams()[stream].concept_term, *term);
  EXPECT_TRUE(segment.streams_of(99).empty());
}

// Blocks of 1,024 rows, packed otherwise than fewer.
TEST(Reading, GivesBackManyFactsOfEveryWidth) {
  std::vector<Fact> facts;
  std::int64_t id = 0;
  std::uint64_t noise = 1;
  for (std::int64_t person = 1; person <= 6000; ++person) {
    for (int i = 0; i < 3; ++i) {
      noise = noise * 6364136223846793005U + 1442695040888963407U;
      Fact fact;
      fact.id.number = ++id;
      fact.participant.number = person + person / 100 * (person > 3000 ? 7 : 0);
      fact.code.id = i == 0 && person % 3 != 0 ? "HP:0" : "HP:" + std::to_string(noise >> 62);
      const auto bits = static_cast<int>(person / 200);  // 0 to 30
      fact.value = Quantity{static_cast<double>(noise >> (63 - bits)) / (person % 2 == 0 ? 10 : 1), {"UCUM:1", ""}, std::nullopt};
      if (i == 1) fact.value = Code{"X:" + std::to_string(noise % 3000), ""};
      fact.when = When::at(date_of_day(static_cast<std::int32_t>(noise >> 50)));
      if (noise % 7 == 0) fact.when = When::at(PartialDate{static_cast<std::int16_t>(1950 + noise % 60), 0, 0});
      if (noise % 11 == 0) fact.qualifiers.assign(noise % 5, Qualifier{{"skerry:role", ""}, static_cast<std::int64_t>(noise % 9)});
      if (i == 2) fact.part_of.number = id - 1;
      facts.push_back(std::move(fact));
    }
  }
  const auto read = test::read_out(index::reading_of(facts));
  auto expected = facts;
  for (auto& fact : expected) fact.part_of = {};
  EXPECT_TRUE(read.streams == test::expected_rows(expected));
  std::size_t parts = 0;
  for (const auto& [key, links] : read.links) {
    for (const auto& [link, part_of] : links) parts += part_of == 1 ? 1 : 0;
  }
  EXPECT_EQ(parts, 6000U);
}

TEST(Reading, OfNobodyIsEmpty) {
  const auto reading = index::reading_of({});
  for (const auto& segment : reading.segments()) {
    EXPECT_EQ(segment.people(), 0U);
    EXPECT_TRUE(segment.streams().empty());
  }
}

}  // namespace
}  // namespace skerry
