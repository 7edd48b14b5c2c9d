#include "cohort/attrition.hpp"

#include <cmath>
#include <functional>

#include "cohort/words.hpp"

namespace skerry::cohort {
namespace {

std::int64_t count_of(const Bitset& set) { return static_cast<std::int64_t>(set.count()); }

/// A line from what became of each person who is still in.
enum class Fate : std::uint8_t { kept, not_met, not_recorded, contradictory, dates_undecided };

struct StatisticLine {
  std::string words;
  std::function<Fate(const Columns&, std::size_t)> fate;
};

Fate in_group(std::uint16_t place, std::size_t groups) {
  return place < groups ? Fate::kept : place == groups ? Fate::not_met : Fate::contradictory;
}

Fate number_known(double number) { return std::isnan(number) ? Fate::not_recorded : Fate::kept; }

void add_follow_up(std::vector<StatisticLine>& out) {
  out.push_back({"The index event is recorded with its date", [](const Columns& columns, std::size_t i) {
                   return columns.follow[i] == Follow::no_index ? Fate::not_recorded : Fate::kept;
                 }});
  out.push_back({"Followed to the event or to a censoring", [](const Columns& columns, std::size_t i) {
                   if (columns.follow[i] == Follow::not_recorded) return Fate::not_recorded;
                   return columns.follow[i] == Follow::undecidable ? Fate::dates_undecided : Fate::kept;
                 }});
}

/// One line a line of the statistic, in order.
std::vector<StatisticLine> statistic_lines(const Study& study) {
  std::vector<StatisticLine> out;
  const auto group_line = [&](const Grouping& grouping, const char* words, std::vector<std::uint16_t> Columns::* column) {
    if (grouping.groups.empty()) return;
    const auto groups = grouping.groups.size();
    out.push_back({words, [groups, column](const Columns& columns, std::size_t i) {
                     return (columns.*column).empty() ? Fate::kept : in_group((columns.*column)[i], groups);
                   }});
  };
  group_line(study.by, "In exactly one group", &Columns::group);
  group_line(study.columns, "In exactly one column", &Columns::column);
  group_line(study.strata, "In exactly one stratum", &Columns::stratum);
  if (is_time_to_event(study.type)) add_follow_up(out);
  if (study.model.outcome) {
    out.push_back({"The outcome \"" + study.model.outcome->id + "\" is recorded", [](const Columns& columns, std::size_t i) {
                     return columns.outcome.empty() ? Fate::kept : number_known(columns.outcome[i]);
                   }});
  }
  if (!study.model.covariates.empty()) {
    out.push_back({"All covariates are recorded", [](const Columns& columns, std::size_t i) {
                     for (const auto& column : columns.x) {
                       if (std::isnan(column[i])) return Fate::not_recorded;
                     }
                     return Fate::kept;
                   }});
  }
  if (study.type == StatisticType::feasibility) {
    out.push_back({"Agreed to be contacted",
                   [](const Columns& columns, std::size_t i) { return columns.willing[i] != 0 ? Fate::kept : Fate::not_met; }});
    out.push_back(
        {"Can be reached", [](const Columns& columns, std::size_t i) { return columns.reachable[i] != 0 ? Fate::kept : Fate::not_met; }});
  }
  return out;
}

}  // namespace

std::vector<const ConditionNode*> cohort_lines(const ConditionNode& cohort) {
  std::vector<const ConditionNode*> out;
  if (cohort.form == Condition::Form::everyone) return out;
  if (cohort.form != Condition::Form::all) return {&cohort};
  for (const auto& part : cohort.parts) out.push_back(&part);
  return out;
}

std::vector<std::string> attrition_words(const Study& study, const vocabulary::Vocabulary& vocabulary) {
  std::vector<std::string> out{"Everyone whose consent covers the purpose"};
  if (study.cohort.form == Condition::Form::all) {
    for (const auto& part : study.cohort.parts) out.push_back(in_words(part, vocabulary));
  } else if (study.cohort.form != Condition::Form::everyone) {
    out.push_back(in_words(study.cohort, vocabulary));
  }
  for (auto& line : statistic_lines(study)) out.push_back(std::move(line.words));
  return out;
}

std::vector<AttritionLine> cohort_attrition(RangeEvaluator& people, Bitset& remaining) {
  remaining = people.everyone();
  std::vector<AttritionLine> out(1);
  out[0].kept = count_of(remaining);
  for (const auto* node : cohort_lines(people.study().plan().cohort)) {
    auto truths = people.holds(*node);
    auto& line = out.emplace_back();
    for (auto* set : {&truths.contradictory, &truths.open, &truths.yes}) *set &= remaining;
    line.contradictory = count_of(truths.contradictory);
    line.dates_undecided = count_of(truths.open);
    line.kept = count_of(truths.yes);
    Bitset not_met = remaining;
    not_met -= truths.yes;
    not_met -= truths.contradictory;
    not_met -= truths.open;
    const auto left = count_of(not_met);
    not_met &= truths.recorded;
    line.not_met = count_of(not_met);
    line.not_recorded = left - line.not_met;
    remaining = std::move(truths.yes);
  }
  return out;
}

std::vector<AttritionLine> statistic_attrition(const Study& study, const Columns& columns) {
  std::vector<AttritionLine> out;
  std::vector<bool> in(columns.participants.size(), true);
  for (const auto& line : statistic_lines(study)) {
    auto& counts = out.emplace_back();
    for (std::size_t i = 0; i < in.size(); ++i) {
      if (!in[i]) continue;
      const auto fate = line.fate(columns, i);
      in[i] = fate == Fate::kept;
      counts.kept += fate == Fate::kept;
      counts.not_met += fate == Fate::not_met;
      counts.not_recorded += fate == Fate::not_recorded;
      counts.contradictory += fate == Fate::contradictory;
      counts.dates_undecided += fate == Fate::dates_undecided;
    }
  }
  return out;
}

}  // namespace skerry::cohort
