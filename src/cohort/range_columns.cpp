#include "cohort/range_columns.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cohort/attrition.hpp"
#include "cohort/follow_scan.hpp"
#include "cohort/follow_up.hpp"
#include "cohort/variables.hpp"

namespace skerry::cohort {

struct FollowUpReader::State {
  explicit State(RangeEvaluator& range) : people(range) {
    const auto& plan = people.study().plan();
    const auto cursor = [&](LeafId leaf) {
      return RowCursor(leaf == no_leaf || people.nobody() ? std::span<const Row>{} : std::span<const Row>(people.rows(leaf)));
    };
    event = cursor(plan.event);
    entry = cursor(plan.entry);
    until = cursor(plan.until);
    death = cursor(plan.death);
    last_encounter = cursor(plan.last_encounter);
    for (const auto leaf : plan.competing) competing.push_back(cursor(leaf));
    facts.competing.resize(competing.size());
  }
  RangeEvaluator& people;
  RowCursor event{{}}, entry{{}}, until{{}}, death{{}}, last_encounter{{}};
  std::vector<RowCursor> competing;
  FollowUpFacts facts;
};

FollowUpReader::FollowUpReader(RangeEvaluator& people) : state_(std::make_unique<State>(people)) {}
FollowUpReader::~FollowUpReader() = default;

const FollowUpFacts& FollowUpReader::of(index::Person person) {
  auto& facts = state_->facts;
  facts.index = &state_->people.index_of(person);
  facts.birth = state_->people.birth_of(person);
  facts.event = state_->event.of(person);
  facts.entry = state_->entry.of(person);
  facts.until = state_->until.of(person);
  facts.death = state_->death.of(person);
  facts.last_encounter = state_->last_encounter.of(person);
  for (std::size_t i = 0; i < facts.competing.size(); ++i) facts.competing[i] = state_->competing[i].of(person);
  return facts;
}

namespace {

constexpr double enrolment_days_max = 31;

class Builder {
 public:
  Builder(RangeEvaluator& people, bool explain) : people_(people), plan_(people.study().plan()), study_(*plan_.study), explain_(explain) {}

  Columns all() {
    cohort();
    groups();
    for (const auto& item : plan_.items) answers(item);
    if (plan_.follows) follow();
    model();
    if (plan_.feasibility) feasibility();
    out_.rows = rows_of(people_, members_, out_);
    if (explain_) {
      auto lines = statistic_attrition(study_, out_);
      out_.attrition.insert(out_.attrition.end(), lines.begin(), lines.end());
    }
    return std::move(out_);
  }

 private:
  void cohort() {
    const auto& segment = people_.study().segment();
    const auto id_of = [&](std::size_t i) { return segment.participant(person_at(i)); };
    auto member = people_.holds(plan_.cohort);
    member.yes.for_each([&](std::size_t i) {
      members_.push_back(person_at(i));
      out_.participants.push_back(id_of(i));
    });
    member.contradictory.for_each([&](std::size_t i) { out_.undecided.push_back(id_of(i)); });
    member.open.for_each([&](std::size_t i) { out_.undecided_by_dates.push_back(id_of(i)); });
    Bitset remaining;
    if (explain_) out_.attrition = cohort_attrition(people_, remaining);
  }

  [[nodiscard]] index::Person person_at(std::size_t i) const { return people_.range().from + static_cast<index::Person>(i); }
  [[nodiscard]] std::size_t place(index::Person person) const { return person - people_.range().from; }

  /// Of the range's people to the members'.
  template <class T>
  std::vector<T> of_members(const std::vector<T>& all) const {
    std::vector<T> out;
    out.reserve(members_.size());
    for (const auto person : members_) out.push_back(all[place(person)]);
    return out;
  }

  std::vector<std::uint16_t> grouped(const std::vector<ConditionNode>& nodes) {
    if (nodes.empty()) return {};
    std::vector<Truths> truths;
    for (const auto& node : nodes) truths.push_back(people_.holds(node));
    return of_members(group_places(truths, people_.people()));
  }

  void groups() {
    out_.group = grouped(plan_.groups);
    out_.column = grouped(plan_.columns);
    out_.stratum = grouped(plan_.strata);
  }

  void answers(const ConditionNode& item) {
    const auto truths = people_.holds(item);
    const auto against = people_.refuted(item);
    auto& column = out_.answers.emplace_back();
    column.reserve(members_.size());
    for (const auto person : members_) {
      const auto i = place(person);
      column.push_back(truths.yes.test(i)             ? Answer::present
                       : truths.contradictory.test(i) ? Answer::contradictory
                       : against.yes.test(i)          ? Answer::absent
                                                      : Answer::not_recorded);
    }
  }

  void follow() {
    const bool quick = FollowUpScan::applies(people_.study());
    std::optional<FollowUpScan> scan;
    RangeEvaluator odd(people_.study(), people_.range(), people_.stop());
    if (quick) {
      scan.emplace(people_.study(), people_.range(), people_.stop());
      odd.look_only_at(scan->odd());
    }
    FollowUpReader reader(quick ? odd : people_);
    out_.follow.reserve(members_.size());
    out_.step.reserve(members_.size());
    for (const auto person : members_) {
      const auto i = place(person);
      const auto found = quick && !scan->odd().test(i) ? scan->of(i) : follow_up(study_.time, reader.of(person));
      out_.follow.push_back(found.follow);
      out_.step.push_back(found.step);
      if (study_.type == StatisticType::kaplan_meier && !study_.time.entry && study_.time.competing.empty()) continue;
      out_.cause.push_back(found.cause);
      out_.entry.push_back(found.entry);
    }
  }

  std::vector<double> one(const std::optional<VariablePlan>& variable) {
    if (!variable) return {};
    return of_members(columns_of(*variable, people_).front());
  }

  void model() {
    out_.outcome = one(plan_.outcome);
    out_.offset = one(plan_.offset);
    out_.weight = one(plan_.weight);
    for (const auto& covariate : plan_.covariates) {
      for (const auto& column : columns_of(covariate, people_)) out_.x.push_back(of_members(column));
    }
    for (const auto& variable : plan_.weighted_by) {
      for (const auto& column : columns_of(variable, people_)) out_.weighted_by.push_back(of_members(column));
    }
  }

  void feasibility() {
    const auto yes = [&](const ConditionNode& node) {
      const auto truths = people_.holds(node);
      std::vector<std::uint8_t> column;
      for (const auto person : members_) column.push_back(truths.yes.test(place(person)) ? 1 : 0);
      return column;
    };
    out_.willing = yes(plan_.willing);
    out_.reachable = yes(plan_.reachable);
    out_.enrolled.assign(members_.size(), std::numeric_limits<double>::quiet_NaN());
    if (plan_.enrolled == no_leaf) return;
    RowCursor cursor(people_.rows(plan_.enrolled));
    for (std::size_t m = 0; m < members_.size(); ++m) {
      const auto birth = people_.birth_of(members_[m]);
      const auto edge = first_of(cursor.of(members_[m]), Said::present, birth);
      const auto when = edge.certain ? on_calendar(edge.when, birth) : Range{};
      if (!when.known() || static_cast<double>(when.high - when.low) > enrolment_days_max * index::ticks_per_day) continue;
      out_.enrolled[m] = std::floor(static_cast<double>(when.low + when.high) / (2 * index::ticks_per_day));
    }
  }

  RangeEvaluator& people_;
  const StudyPlan& plan_;
  const Study& study_;
  bool explain_;
  std::vector<index::Person> members_;
  Columns out_;
};

}  // namespace

Columns columns_of(RangeEvaluator& people, bool explain) { return Builder(people, explain).all(); }

}  // namespace skerry::cohort
