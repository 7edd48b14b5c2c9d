// The engine against the plain answers, and against itself over any split of the people.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "cohort/counts.hpp"
#include "cohort/plain_answers.hpp"
#include "cohort/random_studies.hpp"

namespace skerry::cohort {
namespace {

std::vector<Fact> of_person(const std::vector<Fact>& facts, ParticipantId person) {
  std::vector<Fact> out;
  for (const auto& fact : facts) {
    if (fact.participant == person) out.push_back(fact);
  }
  return out;
}

std::vector<ParticipantId> everyone(int people) {
  std::vector<ParticipantId> out;
  for (int p = 1; p <= people; ++p) out.push_back({p});
  return out;
}

/// The people of the facts over several segments, in turn.
index::Reading split(const std::vector<Fact>& facts, int people, int segments) {
  std::vector<index::Reading> parts;
  for (int s = 0; s < segments; ++s) {
    std::vector<Fact> some;
    std::vector<ParticipantId> ids;
    for (int p = 1; p <= people; ++p) {
      if (p % segments != s) continue;
      ids.push_back({p});
      const auto theirs = of_person(facts, {p});
      some.insert(some.end(), theirs.begin(), theirs.end());
    }
    parts.push_back(index::reading_of(some, ids));
  }
  return index::joined(parts);
}

SelectOptions options_of(bool explain, unsigned threads) {
  SelectOptions out;
  out.explain = explain;
  out.threads = threads;
  return out;
}

Item group(const char* id, Condition condition) { return {id, {}, {}, std::move(condition)}; }

bool same(const std::vector<double>& a, const std::vector<double>& b) {
  return std::ranges::equal(a, b, [](double x, double y) { return (std::isnan(x) && std::isnan(y)) || !(x < y || x > y); });
}

/// NaN is not equal to itself.
void expect_same(Columns a, Columns b) {
  for (auto* columns : {&a, &b}) {
    for (auto* list : {&columns->x, &columns->weighted_by}) {
      for (auto& column : *list) std::ranges::replace_if(column, [](double x) { return std::isnan(x); }, -1e9);
    }
    std::ranges::replace_if(columns->outcome, [](double x) { return std::isnan(x); }, -1e9);
  }
  RC_ASSERT(same(a.outcome, b.outcome));
  RC_ASSERT(a.participants == b.participants);
  RC_ASSERT(a.undecided == b.undecided && a.undecided_by_dates == b.undecided_by_dates);
  RC_ASSERT(a.group == b.group);
  RC_ASSERT(a.follow == b.follow);
  RC_ASSERT(a.step == b.step && a.entry == b.entry && a.cause == b.cause);
  RC_ASSERT(a.x == b.x);
  RC_ASSERT(a.x_names == b.x_names);
  RC_ASSERT(a.rows == b.rows);
  RC_ASSERT(a.attrition == b.attrition);
  RC_ASSERT(a == b);
}

RC_GTEST_PROP(Engine, AnswersWhatThePlainAnswersSay, (std::uint64_t seed)) {
  Dice dice(seed);
  const int people = 1 + dice.below(8);
  const auto facts = dice.facts(people);
  Study study;
  study.cohort = dice.condition();
  const auto found = select(study, index::reading_of(facts, everyone(people)), letters());
  RC_ASSERT(found.has_value());
  Columns expected;
  for (int p = 1; p <= people; ++p) {
    const plain::Answers answers(of_person(facts, {p}), letters());
    const auto verdict = answers.holds(study.cohort);
    if (verdict == plain::Verdict::yes) expected.participants.push_back({p});
    if (verdict == plain::Verdict::contradictory) expected.undecided.push_back({p});
    if (verdict == plain::Verdict::undecided) expected.undecided_by_dates.push_back({p});
  }
  RC_LOG() << canonical_text(study.cohort) << "\n";
  RC_ASSERT(found->participants == expected.participants);
  RC_ASSERT(found->undecided == expected.undecided);
  RC_ASSERT(found->undecided_by_dates == expected.undecided_by_dates);
}

RC_GTEST_PROP(Engine, CountsWhatItSelects, (std::uint64_t seed)) {
  Dice dice(seed);
  const int people = 1 + dice.below(20);
  const auto facts = dice.facts(people);
  const auto reading = split(facts, people, 1 + dice.below(3));
  const auto words = letters();
  Study study;
  study.cohort = dice.condition();
  study.by.groups = {group("a", dice.condition()), group("b", dice.condition())};
  study.type = StatisticType::crosstab;
  study.columns.groups = {group("c", dice.leaf())};
  const auto first = count_groups(study, reading, words);
  const auto again = count_groups(study, reading, words, options_of(false, 2));
  const auto columns = select(study, reading, words);
  RC_ASSERT(first.has_value() && again.has_value() && columns.has_value());
  RC_ASSERT(*first == *again);
  std::vector<std::int64_t> cells(4 * 3);
  for (std::size_t i = 0; i < columns->participants.size(); ++i) ++cells[columns->group[i] * 3U + columns->column[i]];
  RC_ASSERT(first->cells == cells);
  RC_ASSERT(first->undecided == static_cast<std::int64_t>(columns->undecided.size()));
  RC_ASSERT(first->undecided_by_dates == static_cast<std::int64_t>(columns->undecided_by_dates.size()));
}

Study time_to_event(Dice& dice) {
  Study study;
  study.cohort = dice.one_in(2) ? Condition{} : dice.condition();
  study.type = StatisticType::kaplan_meier;
  auto& time = study.time;
  time.index.form = time.event.form = Condition::Form::fact;
  time.index.code = dice.of({"X:A", "X:B"});
  time.event.code = dice.of({"X:C", "X:D"});
  time.unit = dice.of({TimeUnit::day, TimeUnit::month, TimeUnit::year});
  time.step = 1 + dice.below(2);
  time.horizon = time.step * (1 + dice.below(30));
  time.censoring = dice.of({Censoring::absent, Censoring::last_encounter});
  if (dice.one_in(2)) time.event.time = {TimeRelation{TimeRelation::Relation::after, {}, static_cast<double>(dice.below(2)), {}}};
  study.by.groups = {group("a", dice.leaf()), group("b", dice.leaf())};
  return study;
}

RC_GTEST_PROP(Engine, FollowsTheSameWayQuickly, (std::uint64_t seed)) {
  Dice dice(seed);
  const int people = 1 + dice.below(20);
  const auto facts = dice.facts(people);
  auto study = time_to_event(dice);
  const auto quick = select(study, facts, letters());
  // Nobody has this; but it takes the long way.
  study.time.until.emplace();
  study.time.until->form = Condition::Form::fact;
  study.time.until->code = "X:never";
  const auto slow = select(study, facts, letters());
  RC_ASSERT(quick.follow == slow.follow);
  RC_ASSERT(quick.step == slow.step);
}

RC_GTEST_PROP(Engine, GivesTheSameBitsForAnySplit, (std::uint64_t seed)) {
  Dice dice(seed);
  const int people = 1 + dice.below(30);
  const auto facts = dice.facts(people);
  auto study = time_to_event(dice);
  study.type = StatisticType::cox;
  Variable number;
  number.id = "number";
  number.condition = dice.leaf();
  number.condition.asked = Asked::present;
  number.unit = "UCUM:mm";
  using Which = Variable::Which;
  number.which = dice.of({Which::first, Which::last, Which::lowest, Which::highest, Which::mean, Which::at_index});
  Variable ever;
  ever.id = "ever";
  ever.of = Variable::Of::indicator;
  ever.condition = dice.leaf();
  ever.condition.asked = Asked::present;
  ever.changes = dice.one_in(2);
  Variable old;
  old.id = "age";
  old.of = Variable::Of::age;
  study.model.covariates = {number, ever, old};
  study.model.outcome = number;
  const auto words = letters();
  const auto whole = select(study, split(facts, people, 1), words, options_of(true, 1));
  const auto parts = select(study, split(facts, people, 1 + dice.below(5)), words, options_of(true, 3));
  RC_ASSERT(whole.has_value() && parts.has_value());
  expect_same(*whole, *parts);
}

TEST(Engine, StopsWhenItIsToldTo) {
  Dice dice(1);
  const auto reading = index::reading_of(dice.facts(10));
  const auto study = study_of(R"({"code":"X:A","from":"2010"})");
  const std::atomic<bool> cancelled = true;
  SelectOptions unwanted;
  unwanted.cancelled = &cancelled;
  EXPECT_EQ(select(study, reading, letters(), unwanted).error().code, ErrorCode::cancelled);
  SelectOptions late;
  late.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  EXPECT_EQ(select(study, reading, letters(), late).error().code, ErrorCode::timeout);
}

TEST(Engine, AnswersTenThousandConditions) {
  Dice dice(2);
  const auto facts = dice.facts(50);
  Study study;
  study.cohort.form = Condition::Form::any;
  for (int i = 0; i < 10'000; ++i) study.cohort.parts.push_back(dice.leaf());
  const auto found = select(study, index::reading_of(facts), letters());
  ASSERT_TRUE(found.has_value());
  EXPECT_FALSE(found->participants.empty());
}

}  // namespace
}  // namespace skerry::cohort
