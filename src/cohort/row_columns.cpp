// Rows of which a person has several: episodes between changes of a covariate, recurrent events, repeated measures.
#include <algorithm>
#include <cmath>
#include <tuple>

#include "cohort/follow_up.hpp"
#include "cohort/range_columns.hpp"
#include "cohort/variables.hpp"

namespace skerry::cohort {
namespace {

constexpr double measure_width_years_max = 2;

class Writer {
 public:
  Writer(RangeEvaluator& people, const std::vector<index::Person>& members, const Columns& columns)
      : people_(people), plan_(people.study().plan()), study_(*plan_.study), members_(members), columns_(columns) {
    out_.x.resize(columns.x.size());
  }

  Rows episodes() {
    std::vector<std::pair<std::size_t, RowCursor>> changing;
    std::size_t column = 0;
    for (const auto& covariate : plan_.covariates) {
      if (covariate.variable->changes && covariate.leaf != no_leaf) changing.emplace_back(column, RowCursor(people_.rows(covariate.leaf)));
      column += names_of(*covariate.variable).size();
    }
    for (std::size_t m = 0; m < members_.size(); ++m) {
      std::vector<std::pair<std::size_t, std::int32_t>> steps;
      bool known = true;
      for (auto& [x, cursor] : changing) known = change(members_[m], x, cursor.of(members_[m]), steps) && known;
      if (known && followed(m) && complete(m, steps)) split(m, steps);
    }
    return std::move(out_);
  }

  Rows recurrent() {
    FollowUpReader reader(people_);
    for (std::size_t m = 0; m < members_.size(); ++m) {
      if (columns_.follow[m] == Follow::no_index || columns_.follow[m] == Follow::undecidable) continue;
      const auto found = recurrences(study_.time, reader.of(members_[m]));
      if (!found || !complete(m, {})) continue;
      const std::int32_t start = columns_.entry.empty() ? 0 : columns_.entry[m];
      auto entry = start;
      for (const auto step : found->steps) {
        if (start > 0 && step <= start) continue;  // before the person was followed
        episode(m, entry, step, 1);
        entry = step;
      }
      episode(m, entry, found->end, 0);
    }
    return std::move(out_);
  }

  Rows measures() {
    if (!plan_.outcome || plan_.outcome->leaf == no_leaf) return std::move(out_);
    RowCursor cursor(people_.rows(plan_.outcome->leaf));
    const double per = plan_.outcome->variable->per;
    for (std::size_t m = 0; m < members_.size(); ++m) {
      if (!complete(m, {})) continue;
      const auto birth = people_.birth_of(members_[m]);
      const auto& index = people_.index_of(members_[m]).edge;
      std::vector<std::pair<double, double>> found;
      for (const auto& row : cursor.of(members_[m])) {
        if (row.said != Said::present || row.holds != Truth::yes || !index.certain) continue;
        const auto years = years_of(elapsed(index.when, row.range(), birth), measure_width_years_max);
        if (!std::isnan(years)) found.emplace_back(years, row.number / per);
      }
      std::ranges::sort(found);
      for (const auto& [years, number] : found) {
        person(m);
        out_.years.push_back(years);
        out_.outcome.push_back(number);
        for (std::size_t c = 0; c < columns_.x.size(); ++c) out_.x[c].push_back(columns_.x[c][m]);
      }
    }
    return std::move(out_);
  }

 private:
  void person(std::size_t m) { out_.person.push_back(static_cast<std::uint32_t>(m)); }

  [[nodiscard]] bool followed(std::size_t m) const { return columns_.follow[m] == Follow::event || columns_.follow[m] == Follow::censored; }

  /// Nothing of the person is missing but what changes.
  [[nodiscard]] bool complete(std::size_t m, const std::vector<std::pair<std::size_t, std::int32_t>>& changing) const {
    for (std::size_t c = 0; c < columns_.x.size(); ++c) {
      const bool changes = std::ranges::any_of(changing, [c](const auto& step) { return step.first == c; });
      if (!changes && std::isnan(columns_.x[c][m])) return false;
    }
    const auto given = [m](const std::vector<double>& column) { return column.empty() || !std::isnan(column[m]); };
    return given(columns_.offset) && given(columns_.weight);
  }

  /// The step a covariate changes at: beyond all when it never does. False when it cannot be said.
  bool change(index::Person person, std::size_t x, std::span<const Row> rows, std::vector<std::pair<std::size_t, std::int32_t>>& steps) {
    const auto birth = people_.birth_of(person);
    const auto edge = first_of(rows, Said::present, birth);
    if (!edge.recorded) {
      steps.emplace_back(x, INT32_MAX);
      return true;
    }
    const auto& index = people_.index_of(person).edge;
    if (!edge.certain || !index.certain) return false;
    const auto since = elapsed(index.when, edge.when, birth);
    if (since.known() && since.high <= 0) {
      steps.emplace_back(x, 0);
      return true;
    }
    const auto step = step_of(study_.time, since);
    if (step) steps.emplace_back(x, *step);
    return step.has_value();
  }

  void split(std::size_t m, const std::vector<std::pair<std::size_t, std::int32_t>>& steps) {
    std::int32_t entry = columns_.entry.empty() ? 0 : columns_.entry[m];
    const auto exit = columns_.step[m];
    std::vector<std::int32_t> cuts;
    for (const auto& [x, step] : steps) {
      if (step > entry && step < exit) cuts.push_back(step);
    }
    std::ranges::sort(cuts);
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    cuts.push_back(exit);
    for (const auto cut : cuts) {
      const auto cause = cut == exit && !columns_.cause.empty() ? columns_.cause[m] : std::uint8_t{0};
      episode(m, entry, cut, cause);
      // What changed in a step holds from the next one on.
      for (const auto& [x, step] : steps) out_.x[x].back() = step <= entry ? 1 : 0;
      entry = cut;
    }
  }

  void episode(std::size_t m, std::int32_t entry, std::int32_t exit, std::uint8_t cause) {
    person(m);
    out_.entry.push_back(entry);
    out_.exit.push_back(exit);
    out_.cause.push_back(cause);
    for (std::size_t c = 0; c < columns_.x.size(); ++c) out_.x[c].push_back(columns_.x[c][m]);
  }

  RangeEvaluator& people_;
  const StudyPlan& plan_;
  const Study& study_;
  const std::vector<index::Person>& members_;
  const Columns& columns_;
  Rows out_;
};

}  // namespace

std::optional<Rows> rows_of(RangeEvaluator& people, const std::vector<index::Person>& members, const Columns& columns) {
  const auto& study = *people.study().plan().study;
  Writer writer(people, members, columns);
  const bool changes = std::ranges::any_of(study.model.covariates, [](const Variable& variable) { return variable.changes; });
  if (study.type == StatisticType::cox && changes) return writer.episodes();
  if (study.type == StatisticType::mean_cumulative) return writer.recurrent();
  if (study.type == StatisticType::mixed && study.model.repeated) return writer.measures();
  return std::nullopt;
}

}  // namespace skerry::cohort
