#include "cohort/select.hpp"

#include <algorithm>
#include <numeric>

#include "cohort/attrition.hpp"
#include "cohort/in_parallel.hpp"
#include "cohort/range_columns.hpp"
#include "cohort/stop.hpp"
#include "cohort/variables.hpp"

namespace skerry::cohort {
namespace {

struct Part {
  const SegmentStudy* study;
  PersonRange people;
};

template <class T>
void append(std::vector<T>& to, std::vector<T>&& from) {
  if (to.empty())
    to = std::move(from);
  else
    to.insert(to.end(), from.begin(), from.end());
}

template <class T>
void append(std::vector<std::vector<T>>& to, std::vector<std::vector<T>>&& from) {
  to.resize(std::max(to.size(), from.size()));
  for (std::size_t c = 0; c < from.size(); ++c) append(to[c], std::move(from[c]));
}

void append(Rows& to, Rows&& from, std::size_t people_before) {
  for (auto& person : from.person) person += static_cast<std::uint32_t>(people_before);
  append(to.person, std::move(from.person));
  append(to.entry, std::move(from.entry));
  append(to.exit, std::move(from.exit));
  append(to.cause, std::move(from.cause));
  append(to.years, std::move(from.years));
  append(to.outcome, std::move(from.outcome));
  append(to.x, std::move(from.x));
}

void append(Columns& to, Columns&& from) {
  if (from.rows) {
    if (!to.rows) to.rows.emplace();
    append(*to.rows, std::move(*from.rows), to.participants.size());
  }
  append(to.participants, std::move(from.participants));
  append(to.undecided, std::move(from.undecided));
  append(to.undecided_by_dates, std::move(from.undecided_by_dates));
  for (const auto column : {&Columns::group, &Columns::column, &Columns::stratum}) append(to.*column, std::move(from.*column));
  append(to.answers, std::move(from.answers));
  append(to.follow, std::move(from.follow));
  for (const auto column : {&Columns::step, &Columns::entry}) append(to.*column, std::move(from.*column));
  for (const auto column : {&Columns::cause, &Columns::willing, &Columns::reachable}) append(to.*column, std::move(from.*column));
  for (const auto column : {&Columns::outcome, &Columns::offset, &Columns::weight, &Columns::enrolled}) {
    append(to.*column, std::move(from.*column));
  }
  append(to.x, std::move(from.x));
  append(to.weighted_by, std::move(from.weighted_by));
  to.attrition.resize(std::max(to.attrition.size(), from.attrition.size()));
  for (std::size_t i = 0; i < from.attrition.size(); ++i) {
    auto& sum = to.attrition[i];
    const auto& more = from.attrition[i];
    for (const auto count : {&AttritionLine::kept, &AttritionLine::not_met, &AttritionLine::not_recorded, &AttritionLine::contradictory,
                             &AttritionLine::dates_undecided}) {
      sum.*count += more.*count;
    }
  }
}

template <class T>
void reorder(std::vector<T>& column, const std::vector<std::uint32_t>& order) {
  if (column.empty()) return;
  std::vector<T> sorted;
  sorted.reserve(order.size());
  for (const auto i : order) sorted.push_back(std::move(column[i]));
  column = std::move(sorted);
}

void reorder(Rows& rows, const std::vector<std::uint32_t>& order) {
  std::vector<std::uint32_t> place(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) place[order[i]] = static_cast<std::uint32_t>(i);
  for (auto& person : rows.person) person = place[person];
  std::vector<std::uint32_t> by_person(rows.person.size());
  std::iota(by_person.begin(), by_person.end(), 0U);
  std::ranges::stable_sort(by_person, {}, [&](auto row) { return rows.person[row]; });
  reorder(rows.person, by_person);
  reorder(rows.entry, by_person);
  reorder(rows.exit, by_person);
  reorder(rows.cause, by_person);
  reorder(rows.years, by_person);
  reorder(rows.outcome, by_person);
  for (auto& column : rows.x) reorder(column, by_person);
}

/// Segments hold any people; the columns go by participant.
void sort_by_participant(Columns& columns) {
  std::ranges::sort(columns.undecided);
  std::ranges::sort(columns.undecided_by_dates);
  if (std::ranges::is_sorted(columns.participants)) return;
  std::vector<std::uint32_t> order(columns.participants.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, {}, [&](auto i) { return columns.participants[i]; });
  if (columns.rows) reorder(*columns.rows, order);
  reorder(columns.participants, order);
  for (const auto column : {&Columns::group, &Columns::column, &Columns::stratum}) reorder(columns.*column, order);
  for (auto& item : columns.answers) reorder(item, order);
  reorder(columns.follow, order);
  for (const auto column : {&Columns::step, &Columns::entry}) reorder(columns.*column, order);
  for (const auto column : {&Columns::cause, &Columns::willing, &Columns::reachable}) reorder(columns.*column, order);
  for (const auto column : {&Columns::outcome, &Columns::offset, &Columns::weight, &Columns::enrolled}) reorder(columns.*column, order);
  for (auto* list : {&columns.x, &columns.weighted_by}) {
    for (auto& column : *list) reorder(column, order);
  }
}

}  // namespace

Result<Columns> select(const Study& study, const index::Reading& reading, const vocabulary::Vocabulary& vocabulary,
                       const SelectOptions& options) {
  Stop stop(options);
  const StudyPlan plan(study);
  const auto segments = reading.segments();
  std::vector<SegmentStudy> studies;
  studies.reserve(segments.size());
  for (const auto& segment : segments) studies.emplace_back(plan, segment, vocabulary);
  prepare(studies, options.threads, options, stop);
  std::vector<Part> parts;
  for (const auto& one : studies) {
    for (const auto range : ranges_of(one.segment())) parts.push_back({&one, range});
  }
  std::vector<Columns> found(parts.size());
  in_parallel(parts.size(), options.threads, [&](std::size_t p) {
    if (stop.now()) return;
    RangeEvaluator evaluator(*parts[p].study, parts[p].people, stop);
    found[p] = columns_of(evaluator, options.explain);
  });
  if (stop.now()) return fail(stop.error());
  if (auto whole = reading.checked(); !whole) return fail(whole.error());
  remember(studies);
  Columns out;
  out.answers.resize(plan.items.size());
  for (const auto& covariate : plan.covariates) {
    for (auto& name : names_of(*covariate.variable)) out.x_names.push_back(std::move(name));
  }
  out.x.resize(out.x_names.size());
  for (auto& part : found) append(out, std::move(part));
  sort_by_participant(out);
  if (options.explain) {
    auto words = attrition_words(study, vocabulary);
    out.attrition.resize(words.size());
    for (std::size_t i = 0; i < words.size(); ++i) out.attrition[i].words = std::move(words[i]);
  }
  return out;
}

Result<Columns> select(const Study& study, const consent::View& view, const vocabulary::Vocabulary& vocabulary,
                       const SelectOptions& options) {
  const auto reading = view.reading();
  if (!reading) return fail(reading.error());
  auto columns = select(study, *reading, vocabulary, options);
  // What was damaged and could not be read again must not pass for nothing.
  if (const auto whole = reading->checked(); !whole) return fail(whole.error());
  return columns;
}

Columns select(const Study& study, std::span<const Fact> facts, const vocabulary::Vocabulary& vocabulary) {
  return *select(study, index::reading_of(facts), vocabulary);
}

}  // namespace skerry::cohort
