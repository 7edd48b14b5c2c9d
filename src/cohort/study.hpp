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

/// What a condition asks of the facts with its code. `recorded`: present or absent, either way.
enum class Asked : std::uint8_t { present, absent, recorded };

/// Compares a fact's value. Numbers only match numbers of the same unit (an empty unit: integers and dimensionless numbers).
struct Comparison {
  enum class Relation : std::uint8_t { equal, less, at_most, greater, at_least, code, origin };
  Relation relation = Relation::equal;
  double number = 0;
  std::string unit;  ///< UCUM, "UCUM:mg/dL"
  std::string code;  ///< relation code: the value is this code or below it; origin: a Variant's parent of origin is
  bool operator==(const Comparison&) const = default;
};

/// One condition on a person. A leaf (`fact`) asks for a fact; the others combine `parts`; `everyone` always holds.
/// A leaf is satisfied, not satisfied, or contradictory when the person has it both present and absent; `all`, `any` and
/// `none` then follow Kleene's three-valued logic.
struct Condition {
  enum class Form : std::uint8_t { everyone, fact, all, any, none };
  Form form = Form::everyone;
  // of a leaf:
  std::string code;  ///< CURIE; with everything below it by is-a unless `exact`
  bool exact = false;
  std::optional<Kind> kind;  ///< any kind when unset
  Asked asked = Asked::present;
  std::vector<Comparison> value;  ///< all of them must hold for one and the same fact
  std::string site;               ///< body site or one below it; empty: any
  std::optional<Side> side;       ///< `both` in a fact satisfies left and right
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

enum class StatisticType : std::uint8_t { count, proportion, crosstab, kaplan_meier };
enum class ProportionInterval : std::uint8_t { clopper_pearson, mid_p, wilson };
enum class CurveInterval : std::uint8_t { plain, log, log_log };
enum class TimeUnit : std::uint8_t { day, week, month, year };  ///< 1, 7, 30.4375 and 365.25 days
/// Where a person without the event leaves: when the event was last recorded absent, or at the last encounter.
enum class Censoring : std::uint8_t { absent, last_encounter };

/// kaplan_meier: from each person's first `index` to `event`.
struct TimeToEvent {
  bool from_birth = false;  ///< time is age; `index` is not used
  Condition index, event;   ///< leaves
  bool of_index = false;    ///< only events that are part_of the index fact
  Censoring censoring = Censoring::absent;
  TimeUnit unit = TimeUnit::month;
  std::int32_t step = 1;     ///< grid step, in units
  std::int32_t horizon = 0;  ///< in units, a multiple of step; later events are censored there
  CurveInterval interval = CurveInterval::log_log;
  bool operator==(const TimeToEvent&) const = default;
};

struct Study {
  std::string id;  ///< "poh/ossification-php1a"
  pack::Texts title;
  Purpose purpose = Purpose::public_figures;
  Condition cohort;
  StatisticType type = StatisticType::count;
  std::vector<Item> of;  ///< proportion: each is counted present, absent, contradictory or not recorded
  Grouping columns;      ///< crosstab: across; `by` goes down
  TimeToEvent time;      ///< kaplan_meier
  ProportionInterval proportion_interval = ProportionInterval::clopper_pearson;
  double level = 0.95;                   ///< of the intervals, 0.5 to 0.999
  Grouping by;                           ///< no groups: all people together
  std::optional<std::int64_t> snapshot;  ///< a ledger sequence; the latest when unset
  std::optional<int> floor;              ///< raises the smallest count that may be told
  Digest digest;                         ///< of the canonical text of all the above: what a release is recorded under

  bool operator==(const Study&) const = default;
};

/// `file` is how messages name the text. Errors, with line, column and JSON pointer: malformed, duplicate_key, too_large,
/// too_deep, invalid_text; invalid_study for everything else (unknown key, wrong type, value out of range).
[[nodiscard]] Result<Study> parse_study(std::string_view text, std::string_view file);
[[nodiscard]] Result<Study> read_study(const std::string& path);
/// One text for each meaning: sorted keys, defaults written out; titles are not part of it. BLAKE2b of it is the digest.
[[nodiscard]] std::string canonical_text(const Study& study);
[[nodiscard]] std::string canonical_text(const Condition& condition);

[[nodiscard]] double days_in(TimeUnit unit) noexcept;
[[nodiscard]] std::string_view name_of(TimeUnit unit) noexcept;       ///< "month"
[[nodiscard]] std::string_view name_of(StatisticType type) noexcept;  ///< "kaplan_meier"
[[nodiscard]] std::string_view name_of(ProportionInterval interval) noexcept;
[[nodiscard]] std::string_view name_of(CurveInterval interval) noexcept;

}  // namespace skerry::cohort
