// A question a registry can answer: who, what, by what, from which snapshot. Read from a small JSON file (docs/study.md,
// packs/study.schema.json). Pure values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "fact/fact.hpp"
#include "ledger/consent_record.hpp"
#include "pack/pack.hpp"

namespace skerry::cohort {

/// What a condition asks of the facts with its code. `recorded`: present or absent, either way; `not_recorded`: neither.
enum class Asked : std::uint8_t { present, absent, recorded, not_recorded };

/// Compares a fact's value. A number in another unit is converted where UCUM can (vocabulary/units.hpp); one that cannot be converted, or
/// has no unit where one is asked for, is passed over. An empty unit: integers and dimensionless numbers.
struct Comparison {
  enum class Relation : std::uint8_t { equal, less, at_most, greater, at_least, code, origin };
  Relation relation = Relation::equal;
  double number = 0;
  std::string unit;  ///< UCUM, "UCUM:mg/dL"
  std::string code;  ///< relation code: the value is this code or below it; origin: a Variant's parent of origin is
  bool operator==(const Comparison&) const = default;
};

/// Something else said about a fact (fact.hpp, Qualifier): that with this role has a value for which all comparisons hold.
struct QualifierTest {
  std::string role;               ///< CURIE
  std::vector<Comparison> value;  ///< empty: any value
  bool operator==(const QualifierTest&) const = default;
};

/// Which of the facts that match a leaf are looked at: all, or the first or last in time. Which one is first cannot be said when their
/// dates do not tell; then the answer is undecided.
enum class Pick : std::uint8_t { any, first, last };

struct Condition;

/// How the fact lies in time to another one. The time between them must be at least `least_days` and at most `most_days`.
///   after    the fact is later than the other by that much (0: the same day counts)
///   before   earlier by that much
///   within   no further away than most_days, in either direction
///   during   inside the other's own range of days (an "between" date: a treatment's course)
/// With several facts of the other, one for which it holds is enough (or its `pick`). What the dates leave open is undecided.
struct TimeRelation {
  enum class Relation : std::uint8_t { after, before, within, during };
  Relation relation = Relation::after;
  std::vector<Condition> other;  ///< one leaf; empty: the study's index event
  double least_days = 0;
  std::optional<double> most_days;
  bool operator==(const TimeRelation&) const = default;
};

/// One condition on a person. A leaf (`fact`) asks for a fact; the others combine `parts`; `everyone` always holds.
/// A leaf is satisfied, not satisfied, contradictory (the person has it both present and absent) or undecided (dates leave it open);
/// `all`, `any` and `none` then follow Kleene's three-valued logic.
struct Condition {
  enum class Form : std::uint8_t { everyone, fact, all, any, none };
  Form form = Form::everyone;
  std::string name;  ///< of a named sub-cohort this was written as, for explanations; empty otherwise. Not part of the meaning.
  // of a leaf:
  std::string code;  ///< CURIE; with everything below it by is-a unless `exact`
  bool exact = false;
  std::optional<Kind> kind;  ///< any kind when unset
  Asked asked = Asked::present;
  std::vector<Comparison> value;          ///< all of them must hold for one and the same fact
  std::string site;                       ///< body site or one below it; empty: any
  std::optional<Side> side;               ///< `both` in a fact satisfies left and right
  std::vector<SourceKind> sources;        ///< who said it; empty: anyone
  std::string source_reference;           ///< "PMID:25802881"; empty: any
  std::vector<QualifierTest> qualifiers;  ///< all must hold for the fact
  std::optional<PartialDate> from,
      to;  ///< dated so, both inclusive; only calendar dates (or ages of people whose year of birth is known) are
  std::optional<double> age_from_days, age_to_days;  ///< age then, at least and below; likewise
  Pick pick = Pick::any;
  std::vector<TimeRelation> time;  ///< all must hold for one and the same fact
  std::int32_t at_least = 1;       ///< so many matching facts on different days
  std::optional<std::int32_t> at_most;
  // of the others:
  std::vector<Condition> parts;
  bool operator==(const Condition&) const = default;
};

/// A group of people or a thing that is counted, with what to call it. When `title` is empty its code's label is its name.
struct Item {
  std::string id;     ///< unique in its list; what JSON and CSV call it
  pack::Texts title;  ///< may be empty
  Code code;          ///< what it is about, for a label; may be empty
  Condition condition;
  bool operator==(const Item&) const = default;
};

/// Groups of people. Who is in none of them, or in several, is counted apart and never in a group.
struct Grouping {
  pack::Texts title;  ///< "by sex"; may be empty
  Code code;          ///< when the groups are values of one code
  std::vector<Item> groups;
  bool operator==(const Grouping&) const = default;
};

enum class StatisticType : std::uint8_t {
  count,
  proportion,
  crosstab,      ///< with chi-square, Fisher; with strata Cochran-Mantel-Haenszel and Breslow-Day
  kaplan_meier,  ///< with log-rank tests between groups, restricted mean
  rate,          ///< events by person-time, exact Poisson
  mean,          ///< with variance; two groups: Welch's and Student's t
  quantiles,     ///< on a grid
  rank_test,     ///< Mann-Whitney (two groups) or Kruskal-Wallis
  linear,        ///< regression
  logistic,
  poisson,
  negative_binomial,
  mixed,                 ///< random-intercept linear mixed model over repeated measures
  cumulative_incidence,  ///< competing risks: Aalen-Johansen, Gray's test between groups
  cox,
  mean_cumulative,  ///< recurrent events
  feasibility,      ///< of a trial: who could take part, how long recruitment takes, what effect it could show
};
enum class ProportionInterval : std::uint8_t { clopper_pearson, mid_p, wilson };
enum class CurveInterval : std::uint8_t { plain, log, log_log, arcsine, logit };
enum class TimeUnit : std::uint8_t { day, week, month, year };  ///< 1, 7, 30.4375 and 365.25 days
/// Where a person without the event leaves: when the event was last recorded absent, at the last encounter, or at death.
enum class Censoring : std::uint8_t { absent, last_encounter, death };

/// Time from each person's index to an event: kaplan_meier, cumulative_incidence, cox, rate, mean_cumulative.
struct TimeToEvent {
  bool from_birth = false;         ///< time is age; `index` is not used
  Condition index, event;          ///< leaves; the index's pick is first unless it says last
  std::vector<Item> competing;     ///< cumulative_incidence: what else may come first, each a leaf
  std::optional<Condition> entry;  ///< a leaf: followed only from its first fact on (left truncation); else from the index
  bool of_index = false;           ///< only events that are part_of the index fact
  Censoring censoring = Censoring::absent;
  std::optional<Condition> until;  ///< a leaf: also leaves at its first fact after the index
  TimeUnit unit = TimeUnit::month;
  std::int32_t step = 1;     ///< grid step, in units
  std::int32_t horizon = 0;  ///< in units, a multiple of step; later events are censored there
  CurveInterval interval = CurveInterval::log_log;
  double rho = 0;                             ///< G-rho family: 0 log-rank, 1 Peto-Peto
  std::optional<std::int32_t> restricted_to;  ///< restricted mean up to here, in units
  Condition death;                            ///< leaf, censoring death and competing; form everyone when not used
  bool operator==(const TimeToEvent&) const = default;
};

/// One number a person (or a row of repeated measures), from the facts.
struct Variable {
  enum class Of : std::uint8_t {
    value,      ///< the number of a fact matching the leaf
    indicator,  ///< 1 when the condition holds, 0 when it does not
    count,      ///< how many facts match the leaf, on different days
    age,        ///< years of age at the leaf's first fact, or at the index event when the condition is `everyone`
    groups,     ///< one 0/1 column a group but the first, which is the reference
  };
  enum class Which : std::uint8_t { first, last, lowest, highest, mean, at_index };  ///< at_index: the last on or before the index event
  std::string id;
  pack::Texts title;
  Of of = Of::value;
  Condition condition;
  Which which = Which::last;
  std::string unit;      ///< UCUM: values are converted to it
  Grouping grouping;     ///< of == groups
  double per = 1;        ///< values are divided by it: 10 for "per 10 years"
  bool changes = false;  ///< cox, indicator of a leaf: 0 until its first fact, then 1 (time-dependent)
  bool operator==(const Variable&) const = default;
};

enum class Ties : std::uint8_t { efron, breslow };

/// mean, quantiles, rank_test: `outcome` only. Regressions: outcome and covariates (cox: covariates; the outcome is `time`).
struct Model {
  std::optional<Variable> outcome;
  std::vector<Variable> covariates;
  std::optional<Variable> offset, weight;
  std::vector<Variable> weighted_by;  ///< inverse-probability weights of the groups of `by`: logistic model on these
  Ties ties = Ties::efron;
  bool firth = false;
  bool robust = false;    ///< sandwich errors
  bool repeated = false;  ///< mixed: every fact of the outcome is a row, with time from the index in years as covariate "time"
  std::vector<double> quantiles{0.25, 0.5, 0.75};
  double grid_from = 0, grid_to = 0, grid_step = 0;  ///< quantiles, rank_test: cells of the histogram, in the outcome's unit
  std::int32_t bootstrap = 0;                        ///< replicates; only where said
  std::optional<std::uint64_t> seed;
  bool operator==(const Model&) const = default;
};

/// feasibility: each is narrower than the one before; the cohort is who is eligible.
struct Feasibility {
  enum class Design : std::uint8_t { single_arm, two_arms, randomised_withdrawal, n_of_1 };
  Condition willing, reachable;  ///< agreed to be contacted for research; seen recently enough to be
  Design design = Design::single_arm;
  double control = 0;  ///< proportion (or rate) expected without the treatment
  double power = 0.8;
  double alpha = 0.05;                    ///< two-sided
  std::int32_t cycles = 0;                ///< n_of_1: pairs of periods a person
  double drop_out = 0;                    ///< share lost before the outcome
  std::optional<double> recruits_a_year;  ///< expected; else from the enrolments of the last `lookback_years`
  double lookback_years = 3;
  Condition enrolled;  ///< leaf whose date is the enrolment
  bool operator==(const Feasibility&) const = default;
};

struct Study {
  std::string id;  ///< "poh/ossification-php1a"
  pack::Texts title;
  Purpose purpose = Purpose::public_figures;
  Condition cohort;
  StatisticType type = StatisticType::count;
  std::vector<Item> of;  ///< proportion: each is counted present, absent, contradictory or not recorded
  Grouping columns;      ///< crosstab: across; `by` goes down
  Grouping strata;       ///< crosstab, kaplan_meier (log-rank), cox
  TimeToEvent time;      ///< of those statistics that have one
  Model model;
  Feasibility feasibility;
  ProportionInterval proportion_interval = ProportionInterval::clopper_pearson;
  double level = 0.95;                   ///< of the intervals, 0.5 to 0.999
  Grouping by;                           ///< no groups: all people together
  std::optional<std::int64_t> snapshot;  ///< a ledger sequence; the latest when unset
  std::optional<int> floor;              ///< raises the smallest count that may be told
  Digest digest;                         ///< of the canonical text of all the above: what a release is recorded under

  bool operator==(const Study&) const = default;
};

/// `file` is how messages name the text. Errors, with line, column and JSON pointer: malformed, duplicate_key, too_large (1 MiB),
/// too_deep, invalid_text; invalid_study for everything else (unknown key, wrong type, value out of range, what contradicts itself).
/// Limits: lists of 200, conditions nested 16 deep, 10,000 leaves with named cohorts written out.
[[nodiscard]] Result<Study> parse_study(std::string_view text, std::string_view file);
[[nodiscard]] Result<Study> read_study(const std::string& path);
/// One text for each meaning, with sorted keys; titles, comments and names of sub-cohorts are not part of it. What the first version of
/// the language could say is always written out, what has come since where it is not the default. BLAKE2b of it is the digest.
[[nodiscard]] std::string canonical_text(const Study& study);
[[nodiscard]] std::string canonical_text(const Condition& condition);

[[nodiscard]] double days_in(TimeUnit unit) noexcept;
[[nodiscard]] std::string_view name_of(TimeUnit unit) noexcept;       ///< "month"
[[nodiscard]] std::string_view name_of(StatisticType type) noexcept;  ///< "kaplan_meier"
[[nodiscard]] std::string_view name_of(ProportionInterval interval) noexcept;
[[nodiscard]] std::string_view name_of(CurveInterval interval) noexcept;

}  // namespace skerry::cohort
