// Random facts and conditions, small enough that much of them meets.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "cohort/people.hpp"

namespace skerry::cohort {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  int below(int n) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(n)); }
  bool one_in(int n) { return below(n) == 0; }
  template <class T>
  T of(std::initializer_list<T> list) {
    return *(list.begin() + below(static_cast<int>(list.size())));
  }

  When when() {
    const auto year = std::to_string(2010 + below(4));
    switch (below(8)) {
      case 0: return {};
      case 1: return day(year);
      case 2: return day(year + "-0" + std::to_string(1 + below(3)));
      case 3: return age("P" + std::to_string(below(6)) + "Y");
      case 4: return When::between(*parse_partial_date(year + "-01-02"), *parse_partial_date(year + "-03-01"));
      default: return day(year + "-01-0" + std::to_string(1 + below(5)));
    }
  }

  std::vector<Fact> facts(int people) {
    People out;
    for (int p = 0; p < people; ++p) {
      out.person();
      if (one_in(2)) out.add(Kind::person, std::string(concepts::birth_year), Status::present, std::int64_t{2005 + below(6)});
      if (one_in(2)) out.add(Kind::person, std::string(concepts::last_encounter), Status::present, {}, when());
      for (int f = below(7); f > 0; --f) {
        const auto status = of({Status::present, Status::present, Status::present, Status::absent, Status::not_recorded});
        Value value;
        if (one_in(2)) value = Quantity{static_cast<double>(below(4)), {of({"UCUM:mm", "UCUM:kg"}), ""}, {}};
        auto& fact = out.add(of({Kind::feature, Kind::procedure}), of({"X:A", "X:B", "X:C", "X:old-B", "X:D"}), status, value, when());
        if (one_in(8)) fact.where.site.id = "X:arm";
        fact.source.kind = of({SourceKind::participant, SourceKind::clinician});
      }
    }
    return out.facts();
  }

  Condition leaf(int depth = 0) {
    Condition out;
    out.form = Condition::Form::fact;
    out.code = of({"X:A", "X:B", "X:C", "X:D"});
    out.exact = one_in(6);
    out.asked = of({Asked::present, Asked::present, Asked::absent, Asked::recorded, Asked::not_recorded});
    if (one_in(4)) out.kind = of({Kind::feature, Kind::procedure});
    if (one_in(5)) out.value = {{Comparison::Relation::at_least, static_cast<double>(below(4)), "UCUM:mm", ""}};
    if (one_in(6)) out.sources = {SourceKind::clinician};
    if (out.asked == Asked::not_recorded) return out;
    if (one_in(5)) out.from = PartialDate{static_cast<std::int16_t>(2010 + below(4)), 0, 0};
    if (one_in(6)) out.to = PartialDate{2012, 1, 0};
    if (one_in(6)) out.age_from_days = 365.25 * below(5);
    if (one_in(6)) out.age_to_days = 365.25 * 5;
    if (one_in(4)) out.pick = of({Pick::first, Pick::last});
    if (out.pick == Pick::any && out.asked == Asked::present && one_in(4)) {
      out.at_least = 1 + below(3);
      if (one_in(2)) out.at_most = out.at_least + below(2);
    }
    if (depth < 2 && one_in(3)) {
      TimeRelation relation;
      using Relation = TimeRelation::Relation;
      relation.relation = of({Relation::after, Relation::before, Relation::within, Relation::during});
      relation.other = {leaf(depth + 1)};
      if (relation.other[0].asked != Asked::absent) relation.other[0].asked = Asked::present;
      relation.other[0].at_least = 1;
      relation.other[0].at_most.reset();
      if (one_in(2) && relation.relation != Relation::within) relation.least_days = below(40);
      if (one_in(2) || relation.relation == Relation::within) relation.most_days = 40 + below(400);
      out.time = {relation};
    }
    return out;
  }

  Condition condition(int depth = 0) {
    if (depth == 3 || one_in(2)) return leaf();
    Condition out;
    out.form = of({Condition::Form::all, Condition::Form::any, Condition::Form::none});
    for (int i = 1 + below(3); i > 0; --i) out.parts.push_back(condition(depth + 1));
    return out;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace skerry::cohort
