// What a statistic says, once its sums may be told: rows, tables, curves. Numbers that may not be told are not in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/date.hpp"
#include "base/digest.hpp"
#include "cohort/study.hpp"
#include "evidence/estimate.hpp"
#include "fact/code.hpp"
#include "pack/pack.hpp"

namespace skerry::evidence {

/// Why a count is not told. `few`: it is at least 1 and below the floor. `withheld`: another number that is not told could be
/// calculated from it; says nothing about its size.
enum class Mark : std::uint8_t { open, few, withheld };

struct Count {
  std::optional<std::int64_t> number;  ///< unset unless mark is open
  Mark mark = Mark::open;
  bool operator==(const Count&) const = default;
};

struct Interval {
  double low = 0, high = 0;  ///< proportions, 0 to 1
  bool operator==(const Interval&) const = default;
};

/// Something a page says beside a figure: a message of the pack with its arguments, and the same in English.
struct Note {
  std::string key;  ///< "figure.not_recorded_few"; listed in docs/disclosure.md
  pack::Arguments arguments;
  std::string english;
  bool operator==(const Note&) const = default;
};

/// One line of a count or a proportion. The name to show: title in the page's language, else the label of `code`, else `id`.
struct Row {
  std::string id;
  pack::Texts title;
  Code code;
  std::string group;  ///< id of the group of people, empty when all together
  pack::Texts group_title;
  Code group_code;
  Count people;  ///< count: those counted; proportion: everyone in the group, recorded or not
  // proportion only:
  Count present;        ///< numerator
  Count recorded;       ///< denominator: present or absent
  Count contradictory;  ///< recorded both present and absent; in neither of the above
  Count not_recorded;
  std::optional<double> proportion;  ///< unset below 20 people recorded: say "4 of 15 people", never a percentage
  std::optional<Interval> interval;  ///< unset when present or recorded is
  bool operator==(const Row&) const = default;
};

struct Label {
  std::string id;
  pack::Texts title;
  Code code;
  bool operator==(const Label&) const = default;
};

/// cells[r][c]: people in rows[r] and columns[c].
struct Table {
  pack::Texts row_title, column_title;
  std::vector<Label> rows, columns;
  std::vector<std::vector<Count>> cells;
  std::vector<Count> row_totals, column_totals;
  Count total;
  Count not_grouped;  ///< people of the cohort in none or several of the rows or of the columns: not in the table
  bool operator==(const Table&) const = default;
};

/// One step of a curve: what happened after the previous step's time and until `time` (inclusive).
struct Step {
  double time = 0;  ///< in the study's unit
  std::int64_t at_risk = 0, events = 0, censored = 0;
  double survival = 1;        ///< estimate just after `time`
  double standard_error = 0;  ///< Greenwood, of survival
  double low = 1, high = 1;   ///< interval of survival; both NaN-free, 0 to 1
  bool operator==(const Step&) const = default;
};

struct Curve {
  Label group;                   ///< id empty when all together
  Count people;                  ///< followed from the index
  Count undecidable;             ///< dates too imprecise or missing for the grid: left out
  Count not_recorded;            ///< nothing told after the index: left out
  std::vector<Step> steps;       ///< ascending; empty when there are too few people to draw a curve
  bool grouped = false;          ///< steps of the study's grid were put together: what lies between two of these is not told
  std::optional<double> median;  ///< first step's time with survival <= 0.5
  bool operator==(const Curve&) const = default;
};

struct Snapshot {
  std::int64_t sequence = 0;
  Digest chain;
  Instant at;
  bool operator==(const Snapshot&) const = default;
};

/// A curve that is not a survival curve: cumulative incidence of one cause, mean number of events. Steps as of Curve, with `survival` the
/// curve's value (a mean may exceed 1).
struct NamedCurve {
  std::string measure;  ///< "cumulative_incidence", "mean_cumulative"
  Label cause;
  Curve curve;
  bool operator==(const NamedCurve&) const = default;
};

/// One number of a model or summary with the people behind it.
struct EstimateRow {
  Label label;          ///< what it is of: a covariate, a group
  std::string measure;  ///< "hazard_ratio", "mean", "rate", "median", "odds_ratio", "power", "people_needed", ...
  Estimate estimate;
  Count people, events;  ///< both may be unset and open: nothing is said of them
  bool told = true;      ///< false: too few people; nothing of the estimate is set
  bool operator==(const EstimateRow&) const = default;
};

/// Attrition under the disclosure rules.
struct ExplainedLine {
  std::string words;
  Count kept, not_met, not_recorded, contradictory, dates_undecided;
  bool operator==(const ExplainedLine&) const = default;
};

/// Whose values a computed result rests on, and why the others' do not.
struct InResult {
  Count people;
  Count left_out;     ///< something was not recorded
  Count undecidable;  ///< dates too imprecise or missing
  Count not_grouped;  ///< in none or several of the groups
  bool operator==(const InResult&) const = default;
};

struct Figure {
  std::string study;  ///< id
  Digest digest;      ///< of the study
  pack::Texts title;
  cohort::StatisticType type = cohort::StatisticType::count;
  std::string method;  ///< "Clopper-Pearson exact interval"; in English, a proper name
  double level = 0.95;
  cohort::TimeUnit unit = cohort::TimeUnit::month;  ///< of curves
  double horizon = 0;                               ///< of curves, in units
  int floor = 0;                                    ///< the smallest count told
  Snapshot snapshot;
  Count people;                ///< all in the cohort
  std::vector<Row> rows;       ///< count, proportion
  std::optional<Table> table;  ///< crosstab
  std::vector<Curve> curves;   ///< kaplan_meier, one a group
  std::vector<NamedCurve> named_curves;
  std::optional<InResult> in_result;  ///< of all types but count, proportion, crosstab and kaplan_meier
  std::vector<EstimateRow> estimates;
  std::vector<Test> tests;
  std::vector<ExplainedLine> explained;
  std::string in_words;  ///< what the figure can and cannot say, in plain English; also a note with its key
  std::vector<Note> notes;
  bool operator==(const Figure&) const = default;
};

}  // namespace skerry::evidence
