#include "disclosure/release_ledger.hpp"

#include <algorithm>
#include <set>

#include "cohort/select.hpp"
#include "evidence/outcome.hpp"

namespace skerry::disclosure {
namespace {

using cohort::Answer;
using cohort::StatisticType;
using evidence::Contributions;
using evidence::Count;
using evidence::Layout;
using evidence::Mark;

using Cells = std::vector<std::uint32_t>;
using People = std::vector<ParticipantId>;

std::span<const std::uint32_t> cells_of(const Contributions& people, std::size_t i) {
  const std::size_t from = i == 0 ? 0 : people.ends[i - 1];
  return std::span(people.cells).subspan(from, people.ends[i] - from);
}

People people_in(const Contributions& all, const Cells& cells) {
  People out;
  for (std::size_t i = 0; i < all.participants.size(); ++i) {
    const bool in = std::ranges::any_of(cells_of(all, i), [&](auto cell) { return std::ranges::binary_search(cells, cell); });
    if (in) out.push_back(all.participants[i]);
  }
  return out;
}

/// Everyone who may be said to belong to the cohort.
People cohort_of(const Contributions& all) {
  People out;
  for (std::size_t i = 0; i < all.participants.size(); ++i) {
    if (cells_of(all, i).front() != Layout::undecided()) out.push_back(all.participants[i]);
  }
  return out;
}

struct Differences {
  std::size_t only_first = 0, only_second = 0;
};

Differences differences(const People& a, const People& b) {
  Differences out;
  auto i = a.begin();
  auto j = b.begin();
  while (i != a.end() || j != b.end()) {
    if (j == b.end() || (i != a.end() && *i < *j)) {
      ++out.only_first;
      ++i;
    } else if (i == a.end() || *j < *i) {
      ++out.only_second;
      ++j;
    } else {
      ++i;
      ++j;
    }
  }
  return out;
}

bool small(std::size_t number, int floor) { return number > 0 && number < static_cast<std::size_t>(floor); }

struct OpenedPeople {
  std::string_view measure;
  People people;
};

std::vector<OpenedPeople> opened_people(const Release& release) {
  std::vector<OpenedPeople> out;
  for (const auto& set : release.opened) out.push_back({set.measure, people_in(release.people, set.cells)});
  return out;
}

constexpr std::string_view values_of = "values of ";

/// A code named in both: each word of `codes` looked for in a list of codes or in the text of a condition.
bool share_a_code(std::string_view codes, std::string_view other) {
  while (!codes.empty()) {
    const auto word = codes.substr(0, codes.find(' '));
    codes.remove_prefix(std::min(codes.size(), word.size() + 1));
    for (auto at = word.empty() ? std::string_view::npos : other.find(word); at != std::string_view::npos; at = other.find(word, at + 1)) {
      const auto ends = [&](std::size_t i) { return i >= other.size() || other[i] == ' ' || other[i] == '"'; };
      if ((at == 0 || ends(at - 1)) && ends(at + word.size())) return true;
    }
  }
  return false;
}

bool comparable(std::string_view a, std::string_view b) {
  if (a == b || a.empty() || b.empty()) return true;
  if (a.starts_with(values_of)) return share_a_code(a.substr(values_of.size()), b);
  return b.starts_with(values_of) && share_a_code(b.substr(values_of.size()), a);
}

/// In the result, with the digest of one variable.
struct Valued {
  ParticipantId participant;
  std::uint32_t digest;
};

std::vector<Valued> valued(const Contributions& all, std::size_t variable) {
  std::vector<Valued> out;
  for (std::size_t i = 0; i < all.participants.size(); ++i) {
    const auto cells = cells_of(all, i);
    const bool in = cells.front() != Layout::undecided() && cells.front() != evidence::outcome_left_out && cells.size() > variable + 1;
    if (in) out.push_back({all.participants[i], cells[variable + 1]});
  }
  return out;
}

/// Sums over nearly the same values of nearly the same people: their difference would be of a few people.
bool sums_too_close(const std::vector<Valued>& a, const std::vector<Valued>& b, int floor) {
  std::size_t only_a = 0;
  std::size_t only_b = 0;
  std::size_t changed = 0;
  auto i = a.begin();
  auto j = b.begin();
  while (i != a.end() || j != b.end()) {
    if (j == b.end() || (i != a.end() && i->participant < j->participant)) {
      ++only_a;
      ++i;
    } else if (i == a.end() || j->participant < i->participant) {
      ++only_b;
      ++j;
    } else {
      changed += i->digest != j->digest ? 1 : 0;
      ++i;
      ++j;
    }
  }
  return (only_a == 0 || only_b == 0) && small(only_a + only_b + changed, floor);
}

bool values_subtractable(const Release& candidate, const Release& before) {
  for (std::size_t i = 0; i < candidate.variables.size(); ++i) {
    for (std::size_t j = 0; j < before.variables.size(); ++j) {
      if (!share_a_code(candidate.variables[i], before.variables[j])) continue;
      if (sums_too_close(valued(candidate.people, i), valued(before.people, j), std::max(candidate.floor, before.floor))) return true;
    }
  }
  return false;
}

bool subtractable(const Release& candidate, const std::vector<OpenedPeople>& opened, const Release& before) {
  const int floor = std::max(candidate.floor, before.floor);
  const auto cohorts = differences(cohort_of(candidate.people), cohort_of(before.people));
  if (small(cohorts.only_first, floor) || small(cohorts.only_second, floor)) return true;
  if (values_subtractable(candidate, before)) return true;
  for (const auto& theirs : opened_people(before)) {
    for (const auto& ours : opened) {
      if (!comparable(ours.measure, theirs.measure)) continue;
      const auto [only_ours, only_theirs] = differences(ours.people, theirs.people);
      const bool nested = only_ours == 0 || only_theirs == 0;
      if (nested && (small(only_ours, floor) || small(only_theirs, floor))) return true;
    }
  }
  return false;
}

/// Collects the sets behind told numbers; numbers that are 0 single out nobody.
class Opened {
 public:
  void add(const Count& count, std::string measure, Cells cells) {
    if (count.mark != Mark::open || count.number.value_or(0) == 0) return;
    std::ranges::sort(cells);
    sets_.push_back({std::move(measure), std::move(cells)});
  }
  [[nodiscard]] std::vector<OpenedSet> take() { return std::move(sets_); }

 private:
  std::vector<OpenedSet> sets_;
};

void add_range(Cells& cells, std::size_t from, std::size_t to) {
  for (auto cell = from; cell < to; ++cell) cells.push_back(static_cast<std::uint32_t>(cell));
}

void answers_sets(const cohort::Study& study, const Layout& layout, const evidence::Told& told, Opened& opened) {
  for (std::size_t g = 0; g < layout.groups(); ++g) {
    for (std::size_t i = 0; i < layout.items(); ++i) {
      const auto& answers = told.answers[g * layout.items() + i];
      const auto cell = [&](Answer answer) { return static_cast<std::uint32_t>(layout.answer(g, i, answer)); };
      const auto measure = cohort::canonical_text(study.of[i].condition);
      if (i == 0) {
        Cells everyone;
        add_range(everyone, layout.answer(g, 0, Answer::not_recorded), layout.answer(g, 0, Answer::contradictory) + 1);
        opened.add(answers.people, "", std::move(everyone));
      }
      opened.add(answers.recorded, measure, {cell(Answer::present), cell(Answer::absent)});
      opened.add(answers.present, measure, {cell(Answer::present)});
      const auto absent = answers.recorded.number.value_or(0) - answers.present.number.value_or(0);
      const bool both = answers.recorded.mark == Mark::open && answers.present.mark == Mark::open;
      if (both) opened.add({absent, Mark::open}, measure, {cell(Answer::absent)});
    }
  }
}

void cross_sets(const Layout& layout, const evidence::Told& told, Opened& opened) {
  Cells all;
  std::vector<Cells> columns(layout.columns());
  for (std::size_t r = 0; r < layout.groups(); ++r) {
    Cells row;
    for (std::size_t c = 0; c < layout.columns(); ++c) {
      const auto cell = static_cast<std::uint32_t>(layout.cross(r, c));
      opened.add(told.cross.cells[r][c], "", {cell});
      row.push_back(cell);
      columns[c].push_back(cell);
      all.push_back(cell);
    }
    opened.add(told.cross.row_totals[r], "", std::move(row));
  }
  for (std::size_t c = 0; c < columns.size(); ++c) opened.add(told.cross.column_totals[c], "", columns[c]);
  opened.add(told.cross.total, "", std::move(all));
}

void computed_sets(const cohort::Study& study, const Layout& layout, const evidence::Told& told, Opened& opened) {
  if (!told.computed) return;
  std::string codes;
  for (const auto& variable : evidence::outcome_variables(study)) codes += (codes.empty() ? "" : " ") + variable;
  const auto measure = std::string(values_of) + codes;
  Cells in;
  add_range(in, 1, 1 + layout.groups());
  Cells everyone = in;
  add_range(everyone, 1 + layout.groups(), 1 + layout.places());
  everyone.push_back(evidence::outcome_left_out);
  opened.add(told.people, "", std::move(everyone));
  opened.add(told.computed->people, measure, in);
  if (layout.groups() < 2) return;
  // A row is of one group when it carries the group's id.
  for (std::size_t g = 0; g < layout.groups(); ++g) {
    const auto of_group = [&](const evidence::Label& label) { return label.id == study.by.groups[g].id; };
    const auto row = std::ranges::find_if(told.computed->estimates, [&](const auto& one) { return one.told && of_group(one.label); });
    const auto curve = std::ranges::find_if(told.computed->curves, [&](const auto& one) { return of_group(one.curve.group); });
    if (row != told.computed->estimates.end()) opened.add(row->people, measure, {static_cast<std::uint32_t>(1 + g)});
    if (curve != told.computed->curves.end()) opened.add(curve->curve.people, measure, {static_cast<std::uint32_t>(1 + g)});
  }
}

}  // namespace

std::vector<OpenedSet> opened_sets(const cohort::Study& study, const Layout& layout, const evidence::Told& told) {
  Opened opened;
  Cells everyone;
  if (evidence::only_outcome(study.type)) {
    computed_sets(study, layout, told, opened);
    return opened.take();
  }
  add_range(everyone, 1, layout.size());
  opened.add(told.people, "", std::move(everyone));
  switch (study.type) {
    case StatisticType::count:
      for (std::size_t g = 0; g < told.counts.size(); ++g) {
        opened.add(told.counts[g], "", {static_cast<std::uint32_t>(layout.count(g))});
      }
      break;
    case StatisticType::proportion: answers_sets(study, layout, told, opened); break;
    case StatisticType::crosstab: cross_sets(layout, told, opened); break;
    case StatisticType::kaplan_meier:
      for (std::size_t g = 0; g < told.followed.size(); ++g) {
        Cells followed;
        add_range(followed, layout.event(g, 0), layout.event(g, 0) + 2 * layout.steps());
        opened.add(told.followed[g].people, "", std::move(followed));
      }
      break;
    default: break;
  }
  return opened.take();
}

std::size_t people_changed(const Contributions& a, const Contributions& b) {
  std::size_t changed = 0;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.participants.size() || j < b.participants.size()) {
    const bool only_a = j == b.participants.size() || (i < a.participants.size() && a.participants[i] < b.participants[j]);
    const bool only_b = !only_a && (i == a.participants.size() || b.participants[j] < a.participants[i]);
    const bool same = !only_a && !only_b && std::ranges::equal(cells_of(a, i), cells_of(b, j));
    changed += same ? 0 : 1;
    i += only_b ? 0 : 1;
    j += only_a ? 0 : 1;
  }
  return changed;
}

Verdict compare(const Release& candidate, const std::vector<Release>& earlier) {
  bool same = false;
  const auto opened = opened_people(candidate);
  for (const auto& before : earlier) {
    if (before.digest == candidate.digest) {
      const auto changed = people_changed(before.people, candidate.people);
      if (small(changed, std::max(candidate.floor, before.floor))) return Verdict::too_close;
      same = changed == 0 && before.floor == candidate.floor;
    } else if (subtractable(candidate, opened, before)) {
      return Verdict::too_close;
    }
  }
  return same ? Verdict::same_as_before : Verdict::new_release;
}

}  // namespace skerry::disclosure
