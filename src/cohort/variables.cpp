#include "cohort/variables.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace skerry::cohort {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr double age_width_years_max = 2;

/// Added up in order of size: the rows of a person come in any order.
double mean_of(std::vector<double> numbers) {
  std::ranges::sort(numbers);
  double sum = 0;
  for (const auto number : numbers) sum += number;
  return sum / static_cast<double>(numbers.size());
}

bool all_same(const std::vector<double>& numbers) {
  return std::ranges::adjacent_find(numbers, std::ranges::not_equal_to{}) == numbers.end();
}

/// The number of the first or last row: of several of one day their mean; NaN when it cannot be said which it is and they differ.
double at_edge(Pick pick, std::vector<Row> rows, const Birth& birth) {
  for (auto& row : rows) row.one_of = false;
  keep_picked(pick, Said::present, birth, rows);
  std::vector<double> numbers;
  bool sure = false, open = false;
  for (const auto& row : rows) {
    numbers.push_back(row.number);
    sure = sure || row.holds == Truth::yes || row.one_of;
    open = open || row.holds != Truth::yes;
  }
  if (!sure) return unknown;
  if (!open || all_same(numbers)) return mean_of(std::move(numbers));
  return unknown;
}

double extreme(bool lowest, const std::vector<Row>& rows) {
  double sure = unknown, any = unknown;
  const auto take = [&](double& best, double number) {
    if (std::isnan(best) || (lowest ? number < best : number > best)) best = number;
  };
  for (const auto& row : rows) {
    take(any, row.number);
    if (row.holds == Truth::yes) take(sure, row.number);
  }
  return sure < any || sure > any ? unknown : sure;
}

class Filler {
 public:
  Filler(const VariablePlan& plan, RangeEvaluator& people) : plan_(plan), variable_(*plan.variable), people_(people) {}

  std::vector<std::vector<double>> all() {
    if (variable_.of == Variable::Of::groups) return groups();
    std::vector<double> out;
    switch (variable_.of) {
      case Variable::Of::indicator: out = indicator(); break;
      case Variable::Of::count: out = count(); break;
      case Variable::Of::age: out = age(); break;
      default: out = value(); break;
    }
    if (variable_.per < 1 || variable_.per > 1) {
      for (auto& number : out) number /= variable_.per;
    }
    return {std::move(out)};
  }

 private:
  [[nodiscard]] std::vector<double> filled(double with) const { return std::vector<double>(people_.people(), with); }
  [[nodiscard]] std::size_t place(index::Person person) const { return person - people_.range().from; }

  std::vector<double> value() {
    auto out = filled(unknown);
    if (plan_.leaf == no_leaf) return out;
    for_each_person(people_.rows(plan_.leaf), [&](index::Person person, std::span<const Row> rows) {
      const auto edge = variable_.which == Variable::Which::at_index ? people_.index_of(person).edge : Edge{};
      out[place(person)] = chosen(variable_.which, rows, edge, people_.birth_of(person));
    });
    return out;
  }

  std::vector<double> indicator() {
    const auto truths = people_.holds(plan_.condition);
    auto out = filled(0);
    truths.yes.for_each([&](std::size_t i) { out[i] = 1; });
    truths.contradictory.for_each([&](std::size_t i) { out[i] = unknown; });
    truths.open.for_each([&](std::size_t i) { out[i] = unknown; });
    return out;
  }

  std::vector<double> count() {
    auto out = filled(0);
    if (plan_.leaf == no_leaf) return out;
    for_each_person(people_.rows(plan_.leaf), [&](index::Person person, std::span<const Row> rows) {
      const auto times = times_of(rows);
      out[place(person)] = times.least == times.most ? static_cast<double>(times.least) : unknown;
    });
    return out;
  }

  std::vector<double> age() {
    auto out = filled(unknown);
    const auto take = [&](index::Person person, const Edge& edge) {
      if (edge.certain) out[place(person)] = years_of(as_age(edge.when, people_.birth_of(person)), age_width_years_max);
    };
    if (plan_.leaf == no_leaf) {
      for (auto person = people_.range().from; person < people_.range().to; ++person) take(person, people_.index_of(person).edge);
      return out;
    }
    const auto last = people_.study().plan().leaves[plan_.leaf].condition.pick == Pick::last;
    for_each_person(people_.rows(plan_.leaf), [&](index::Person person, std::span<const Row> rows) {
      const auto birth = people_.birth_of(person);
      take(person, last ? last_of(rows, Said::present, birth) : first_of(rows, Said::present, birth));
    });
    return out;
  }

  std::vector<std::vector<double>> groups() {
    std::vector<Truths> truths;
    for (const auto& group : plan_.groups) truths.push_back(people_.holds(group));
    const auto places = group_places(truths, people_.people());
    std::vector<std::vector<double>> out;
    for (std::size_t g = 1; g < truths.size(); ++g) {
      auto& column = out.emplace_back(filled(0));
      for (std::size_t i = 0; i < column.size(); ++i) {
        if (places[i] == g) column[i] = 1;
        if (places[i] >= truths.size()) column[i] = unknown;
      }
    }
    return out;
  }

  const VariablePlan& plan_;
  const Variable& variable_;
  RangeEvaluator& people_;
};

}  // namespace

double years_of(const Range& range, double width_years_max) noexcept {
  if (!range.known()) return unknown;
  const auto width = static_cast<double>(range.high - range.low);
  if (width > width_years_max * static_cast<double>(year_ticks)) return unknown;
  return static_cast<double>(range.low + range.high) / static_cast<double>(2 * year_ticks);
}

double chosen(Variable::Which which, std::span<const Row> rows, const Edge& index, const Birth& birth) {
  std::vector<Row> mine;
  for (const auto& row : rows) {
    if (row.said == Said::present) mine.push_back(row);
  }
  if (mine.empty()) return unknown;
  switch (which) {
    case Variable::Which::first: return at_edge(Pick::first, std::move(mine), birth);
    case Variable::Which::last: return at_edge(Pick::last, std::move(mine), birth);
    case Variable::Which::lowest: return extreme(true, mine);
    case Variable::Which::highest: return extreme(false, mine);
    case Variable::Which::mean: {
      std::vector<double> numbers;
      for (const auto& row : mine) {
        if (row.holds != Truth::yes) return unknown;
        numbers.push_back(row.number);
      }
      return mean_of(std::move(numbers));
    }
    case Variable::Which::at_index: {
      if (!index.certain) return unknown;
      TimeRelation on_or_before;
      on_or_before.relation = TimeRelation::Relation::before;
      for (auto& row : mine) row.holds = both(row.holds, relates(on_or_before, row.range(), index.when, birth));
      std::erase_if(mine, [](const Row& row) { return row.holds == Truth::no; });
      return mine.empty() ? unknown : at_edge(Pick::last, std::move(mine), birth);
    }
  }
  return unknown;
}

std::vector<std::vector<double>> columns_of(const VariablePlan& plan, RangeEvaluator& people) { return Filler(plan, people).all(); }

std::vector<std::string> names_of(const Variable& variable) {
  if (variable.of != Variable::Of::groups) return {variable.id};
  std::vector<std::string> out;
  for (std::size_t g = 1; g < variable.grouping.groups.size(); ++g) out.push_back(variable.id + "=" + variable.grouping.groups[g].id);
  return out;
}

}  // namespace skerry::cohort
