#include "disclosure/suppression.hpp"

#include <algorithm>

namespace skerry::disclosure {
namespace {

using cohort::Answer;
using cohort::Follow;
using cohort::StatisticType;
using evidence::Count;
using evidence::Layout;
using evidence::Mark;
using evidence::Sums;
using evidence::Told;

constexpr Count withheld{std::nullopt, Mark::withheld};

Count floored(std::int64_t number, int floor) {
  if (number > 0 && number < floor) return {std::nullopt, Mark::few};
  return {number, Mark::open};
}

bool open(const Count& count) { return count.mark == Mark::open; }

/// People told of each group and of all: all together only when nobody can be singled out by subtracting the groups.
Count total_of(const std::vector<Count>& groups, std::int64_t in_no_group, std::int64_t total, int floor) {
  const bool all_open = std::ranges::all_of(groups, open);
  if (!open(floored(total, floor))) return floored(total, floor);
  return all_open && open(floored(in_no_group, floor)) ? Count{total, Mark::open} : withheld;
}

void protect_counts(const cohort::Study& study, const Layout& layout, const Sums& sums, int floor, Told& told) {
  if (study.by.groups.empty()) {
    told.people = floored(sums[layout.count(0)], floor);
    told.counts = {told.people};
    return;
  }
  // The groups, "in no group or several", and their total: a table of one row.
  std::vector<std::int64_t> numbers;
  std::int64_t total = 0;
  for (std::size_t place = 0; place < layout.places(); ++place) {
    const auto number = sums[layout.count(place)];
    total += number;
    if (place < layout.groups() + 1) numbers.push_back(number);
    if (place == layout.groups() + 1) numbers.back() += number;
  }
  numbers.push_back(total);
  const auto safe = protect_table({numbers, numbers}, floor);
  // Both rows of that table are the same numbers; what either withholds is withheld.
  for (std::size_t g = 0; g < layout.groups(); ++g) told.counts.push_back(open(safe[0][g]) && open(safe[1][g]) ? safe[0][g] : withheld);
  told.people = open(safe[0].back()) && open(safe[1].back()) ? safe[0].back() : withheld;
}

struct Group {
  std::int64_t people = 0;
  std::vector<Told::Answers> rows;
  bool clean = true;  ///< every part of every row is 0 or at least the floor
};

Told::Answers answers_of(const Layout& layout, const Sums& sums, std::size_t place, std::size_t item, int floor) {
  const auto sum = [&](Answer answer) { return sums[layout.answer(place, item, answer)]; };
  const auto present = sum(Answer::present);
  const auto absent = sum(Answer::absent);
  Told::Answers out;
  out.present = floored(present, floor);
  out.recorded = floored(present + absent, floor);
  out.contradictory = floored(sum(Answer::contradictory), floor);
  out.not_recorded = floored(sum(Answer::not_recorded), floor);
  if (open(out.present) && (!open(out.recorded) || !open(floored(absent, floor)))) out.present = withheld;
  return out;
}

/// How narrowly the rows of a group bound its people. Each row says: recorded and what is few or told beside it.
bool bounds_too_narrow(const std::vector<Told::Answers>& rows, int floor) {
  std::int64_t low = 0;
  std::int64_t high = unbounded;
  for (const auto& row : rows) {
    std::int64_t row_low = 0;
    std::int64_t row_high = 0;
    for (const auto* count : {&row.recorded, &row.contradictory, &row.not_recorded}) {
      if (count->mark == Mark::withheld) row_high = unbounded;
      row_low += count->number.value_or(count->mark == Mark::few ? 1 : 0);
      row_high += count->number.value_or(floor - 1);
    }
    low = std::max(low, row_low);
    high = std::min(high, row_high);
  }
  return high - low < floor - 2;  // one number said to be few leaves exactly this much
}

/// The parts of a row add up to the group's people, so where one part of one row is small, neither the people nor any other
/// row's "not recorded" is told: with either, the small part could be calculated.
void hide_totals(std::vector<Told::Answers>& rows, int floor) {
  for (auto& row : rows) {
    const bool has_few = !open(row.recorded) || !open(row.contradictory) || !open(row.not_recorded);
    if (!has_few || open(row.not_recorded)) row.not_recorded = withheld;
  }
  if (!bounds_too_narrow(rows, floor)) return;
  for (auto& row : rows) {
    row.not_recorded = withheld;
    if (!open(row.contradictory)) row.contradictory = withheld;
  }
}

Group group_of(const Layout& layout, const Sums& sums, std::size_t place, int floor) {
  Group group;
  for (std::size_t item = 0; item < layout.items(); ++item) {
    group.rows.push_back(answers_of(layout, sums, place, item, floor));
    const auto& row = group.rows.back();
    group.clean = group.clean && open(row.recorded) && open(row.contradictory) && open(row.not_recorded);
  }
  for (const auto answer : {Answer::not_recorded, Answer::absent, Answer::present, Answer::contradictory}) {
    group.people += sums[layout.answer(place, 0, answer)];
  }
  return group;
}

void protect_answers(const Layout& layout, const Sums& sums, int floor, Told& told) {
  std::vector<Count> people;
  std::int64_t total = 0;
  std::int64_t in_no_group = 0;
  for (std::size_t place = 0; place < layout.places(); ++place) {
    auto group = group_of(layout, sums, place, floor);
    total += group.people;
    if (place >= layout.groups()) {
      in_no_group += group.people;
      continue;
    }
    auto count = floored(group.people, floor);
    if (!group.clean) {
      if (open(count)) count = withheld;
      hide_totals(group.rows, floor);
    }
    for (auto& row : group.rows) row.people = count;
    told.answers.insert(told.answers.end(), group.rows.begin(), group.rows.end());
    people.push_back(count);
  }
  told.people = total_of(people, in_no_group, total, floor);
}

void protect_cross(const Layout& layout, const Sums& sums, int floor, Told& told) {
  std::vector<std::vector<std::int64_t>> numbers(layout.groups() + 1, std::vector<std::int64_t>(layout.columns() + 1, 0));
  std::int64_t not_grouped = 0;
  for (std::size_t r = 0; r < layout.places(); ++r) {
    for (std::size_t c = 0; c < layout.columns() + 2; ++c) {
      const auto number = sums[layout.cross(r, c)];
      if (r >= layout.groups() || c >= layout.columns()) {
        not_grouped += number;
        continue;
      }
      numbers[r][c] = number;
      numbers[r].back() += number;
      numbers.back()[c] += number;
      numbers.back().back() += number;
    }
  }
  auto safe = protect_table(numbers, floor);
  auto& cross = told.cross;
  cross.total = safe.back().back();
  const auto total = numbers.back().back() + not_grouped;
  cross.not_grouped = floored(not_grouped, floor);
  told.people = open(cross.total) && open(cross.not_grouped) ? floored(total, floor) : withheld;
  cross.column_totals = std::move(safe.back());
  cross.column_totals.pop_back();
  safe.pop_back();
  for (auto& row : safe) {
    cross.row_totals.push_back(row.back());
    row.pop_back();
  }
  cross.cells = std::move(safe);
}

std::int64_t leaving_people(const std::vector<evidence::Leaving>& steps) {
  std::int64_t people = 0;
  for (const auto& step : steps) people += step.events + step.censored;
  return people;
}

void protect_curves(const cohort::Study& study, const Layout& layout, const Sums& sums, const Policy& policy, int floor, Told& told) {
  std::vector<Count> people;
  std::int64_t total = 0;
  std::int64_t in_no_group = 0;
  for (std::size_t place = 0; place < layout.places(); ++place) {
    std::vector<evidence::Leaving> steps;
    for (std::size_t i = 0; i < layout.steps(); ++i) {
      steps.push_back({static_cast<double>(i) * study.time.step, sums[layout.event(place, i)], sums[layout.censored(place, i)],
                       layout.late_entries() ? sums[layout.entered(place, i)] : 0});
    }
    const auto left_out = [&](Follow follow) { return sums[layout.left_out(place, follow)]; };
    const auto followed = leaving_people(steps);
    const auto all = followed + left_out(Follow::no_index) + left_out(Follow::undecidable) + left_out(Follow::not_recorded);
    total += all;
    if (place >= layout.groups()) {
      in_no_group += all;
      continue;
    }
    Told::Followed out{
        floored(followed, floor), floored(left_out(Follow::undecidable), floor), floored(left_out(Follow::not_recorded), floor), {}, false};
    std::erase_if(steps, [](const auto& step) { return step.events + step.censored + step.entered == 0; });
    out.leaving = policy.textbook() ? steps : merge_steps(steps, floor);
    out.merged = out.leaving.size() < steps.size() && !out.leaving.empty();
    const bool clean =
        open(out.people) && open(out.undecidable) && open(out.not_recorded) && open(floored(left_out(Follow::no_index), floor));
    people.push_back(clean ? floored(all, floor) : withheld);
    std::int64_t staying = layout.late_entries() ? 0 : followed;
    for (const auto& step : out.leaving) staying += step.entered - step.events - step.censored;
    out.staying = out.leaving.empty() ? 0 : staying;
    // From here on `entered` is who is followed right after a step (survival.hpp): those of the next one.
    for (std::size_t i = 0; i < out.leaving.size(); ++i) {
      out.leaving[i].entered = i + 1 < out.leaving.size() ? out.leaving[i + 1].entered : 0;
    }
    told.followed.push_back(std::move(out));
  }
  told.people = total_of(people, in_no_group, total, floor);
}

}  // namespace

std::vector<evidence::Leaving> merge_steps(const std::vector<evidence::Leaving>& steps, int floor) {
  const auto enough = [floor](std::int64_t people) { return people == 0 || people >= floor; };
  const auto take_in = [](evidence::Leaving& into, const evidence::Leaving& later) {
    into.time = later.time;
    into.events += later.events;
    into.censored += later.censored;
    into.entered += later.entered;
  };
  evidence::Leaving after;  // all that comes after the step looked at
  for (const auto& step : steps) take_in(after, step);
  const bool late_entries = after.entered > 0;
  std::vector<evidence::Leaving> out, behind;  // behind[i]: what comes after out[i]
  evidence::Leaving open_step;
  std::int64_t followed = late_entries ? 0 : after.events + after.censored;
  for (const auto& step : steps) {
    take_in(open_step, step);
    followed += step.entered - step.events - step.censored;
    after.events -= step.events;
    after.censored -= step.censored;
    after.entered -= step.entered;
    const bool may_be_told = enough(open_step.events) && enough(open_step.censored) && enough(open_step.entered) && enough(followed) &&
                             open_step.events + open_step.censored >= floor;
    if (!may_be_told) continue;
    out.push_back(open_step);
    behind.push_back(after);
    open_step = {};
  }
  // Who leaves or comes later is at least `floor` people or nobody: else they could be told from the steps before.
  while (!out.empty() && !(enough(behind.back().events + behind.back().censored) && enough(behind.back().entered))) {
    out.pop_back();
    behind.pop_back();
  }
  return out;
}

evidence::Told protect(const cohort::Study& study, const Layout& layout, const Sums& sums, const Policy& policy) {
  Told told;
  const int floor = policy.textbook() ? 1 : std::max(policy.floor(), study.floor.value_or(0));
  told.floor = floor;
  told.undecided = floored(sums[Layout::undecided()], floor);
  switch (study.type) {
    case StatisticType::count: protect_counts(study, layout, sums, floor, told); break;
    case StatisticType::proportion: protect_answers(layout, sums, floor, told); break;
    case StatisticType::crosstab: protect_cross(layout, sums, floor, told); break;
    case StatisticType::kaplan_meier: protect_curves(study, layout, sums, policy, floor, told); break;
    default: break;
  }
  return told;
}

}  // namespace skerry::disclosure
