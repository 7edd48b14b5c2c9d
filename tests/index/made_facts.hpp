// Facts of every shape, made at random.
#pragma once

#include <rapidcheck.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fact/fact.hpp"

namespace skerry::test {

inline Code made_code(const char* system, int kinds) {
  const auto number = *rc::gen::inRange(0, kinds);
  return {std::string(system) + ":" + std::to_string(number), "label " + std::to_string(*rc::gen::inRange(0, 3))};
}

inline Moment made_moment() {
  switch (*rc::gen::inRange(0, 9)) {
    case 0: return Instant{*rc::gen::inRange<std::int64_t>(-2'000'000'000, 2'000'000'000), *rc::gen::inRange(0, 1'000'000'000)};
    case 1: return PartialDate{static_cast<std::int16_t>(*rc::gen::inRange(1900, 2030)), 0, 0};
    case 2: return PartialDate{static_cast<std::int16_t>(*rc::gen::inRange(1900, 2030)), 7, 0};
    case 3:
      return PartialDate{static_cast<std::int16_t>(*rc::gen::inRange(1900, 2030)), 7, static_cast<std::uint8_t>(*rc::gen::inRange(1, 31))};
    case 4: {
      Age age;
      age.years = *rc::gen::inRange(0, 100);
      if (*rc::gen::arbitrary<bool>()) age.months = *rc::gen::inRange(0, 12);
      return age;
    }
    case 5: {
      Age age;
      age.hours = *rc::gen::inRange(0, 1000);
      age.fraction = ".5";
      return age;
    }
    case 6: return GestationalAge{20, 3};
    case 7: return Code{"HP:0003577", "Congenital onset"};
    default: return StatedTime{"long ago"};
  }
}

inline When made_when() {
  switch (*rc::gen::inRange(0, 8)) {
    case 0: return {};
    case 1: return When::before(made_moment());
    case 2: return When::after(made_moment());
    case 3: return When::between(made_moment(), made_moment());
    default: return When::at(made_moment());
  }
}

inline double made_number() {
  switch (*rc::gen::inRange(0, 6)) {
    case 0: return *rc::gen::inRange(-1000, 1000) / 10.0;
    case 1: return *rc::gen::inRange(0, 200);
    case 2: return -0.0;
    case 3: return 1e300 / *rc::gen::inRange(1, 100);
    case 4: return *rc::gen::inRange(0, 100'000'000) / 1000.0;
    default: return 1.0 / *rc::gen::inRange(1, 1000);
  }
}

inline Value made_value() {
  switch (*rc::gen::inRange(0, 10)) {
    case 0: return made_code("SNOMED", 5);
    case 1: return Quantity{made_number(), made_code("UCUM", 2), std::nullopt};
    case 2: return *rc::gen::arbitrary<std::int64_t>();
    case 3: return *rc::gen::arbitrary<bool>();
    case 4: return Text{"words"};
    case 5: return made_when();
    case 6: {
      Variant variant;
      if (*rc::gen::arbitrary<bool>()) variant.origin = made_code("GENO", 2);
      return variant;
    }
    case 7: return Record{"{}"};
    default: return std::monostate{};
  }
}

/// People 1, 3, 4, 6, ...; ids ascending over all; parts, corrections and qualifiers among them.
inline std::vector<Fact> made_facts(int people, int facts_max, int concepts) {
  std::vector<Fact> facts;
  std::int64_t id = 0;
  for (int person = 0; person < people; ++person) {
    const auto first = facts.size();
    const auto count = *rc::gen::inRange(0, facts_max + 1);
    for (int i = 0; i < count; ++i) {
      Fact fact;
      id += *rc::gen::inRange(1, 4);
      fact.id.number = id;
      fact.participant.number = 1 + person + person / 2;
      fact.kind = static_cast<Kind>(*rc::gen::inRange(1, 4));
      fact.code = made_code("HP", concepts);
      fact.status = static_cast<Status>(*rc::gen::inRange(1, 5));
      if (*rc::gen::inRange(0, 3) != 0) fact.value = made_value();
      fact.when = made_when();
      if (*rc::gen::inRange(0, 3) == 0) fact.where = {made_code("UBERON", 4), static_cast<Side>(*rc::gen::inRange(0, 5))};
      fact.source.kind = static_cast<SourceKind>(*rc::gen::inRange(1, 6));
      if (*rc::gen::inRange(0, 2) == 0) fact.source.reference = "PMID:" + std::to_string(*rc::gen::inRange(1, 9));
      const auto qualifiers = *rc::gen::inRange(0, 12) - 8;
      for (int q = 0; q < qualifiers; ++q) fact.qualifiers.push_back({made_code("skerry", 3), made_value()});
      if (i > 0 && *rc::gen::inRange(0, 4) == 0) {
        fact.part_of = facts[first + static_cast<std::size_t>(*rc::gen::inRange(0, i))].id;
        if (*rc::gen::inRange(0, 5) == 0) fact.part_of.number += 1;  // may name a fact that is no more
      }
      if (*rc::gen::inRange(0, 6) == 0) fact.supersedes.number = id - 1;
      facts.push_back(std::move(fact));
    }
  }
  return facts;
}

}  // namespace skerry::test
