#include "evidence/outcome.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <set>

#include "evidence/outcome_data.hpp"
#include "vocabulary/units.hpp"

namespace skerry::evidence {

using cohort::Columns;
using cohort::Condition;
using cohort::Follow;
using cohort::StatisticType;
using cohort::Study;
using cohort::Variable;

namespace {

using Codes = std::set<std::string>;

void codes_of(const Condition& condition, Codes& out) {
  if (!condition.code.empty()) out.insert(condition.code);
  for (const auto& part : condition.parts) codes_of(part, out);
}

std::string spaced(const Codes& codes) {
  std::string out;
  for (const auto& code : codes) out += (out.empty() ? "" : " ") + code;
  return out;
}

std::string codes_of(const Variable& variable) {
  Codes out;
  codes_of(variable.condition, out);
  for (const auto& group : variable.grouping.groups) codes_of(group.condition, out);
  return spaced(out);
}

std::string codes_of(const cohort::TimeToEvent& time) {
  Codes out;
  codes_of(time.index, out);
  codes_of(time.event, out);
  for (const auto& competing : time.competing) codes_of(competing.condition, out);
  return spaced(out);
}

/// splitmix64's finaliser (Steele, Lea & Flood, OOPSLA 2014): spreads the bits; it hides nothing, and need not inside the registry.
std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

/// A value to nine digits, so that the same quantity told in two units has one digest.
std::uint64_t bits_of(double value) {
  if (!std::isfinite(value) || value == 0) return std::isnan(value) ? 1 : 0;
  int exponent = 0;
  const double mantissa = std::round(std::frexp(value, &exponent) * 0x1p30);
  return std::bit_cast<std::uint64_t>(std::ldexp(mantissa, exponent - 30));
}

/// From the variable's unit to one that all units of its kind convert to, so that asking in another unit is no way round a comparison.
struct ToBase {
  explicit ToBase(const Variable& variable) : per(variable.per) {
    for (const auto* base :
         {"1", "m", "g", "s", "mol", "K", "deg", "m2", "L", "g/L", "mol/L", "/L", "[IU]/L", "kat/L", "Pa", "m/s", "g/mol", "kg/m2"}) {
      if (variable.of == Variable::Of::value && (conversion = vocabulary::conversion(variable.unit, base))) return;
    }
  }
  [[nodiscard]] double operator()(double value) const { return conversion ? conversion->apply(value * per) : value * per; }
  double per;
  std::optional<vocabulary::Conversion> conversion;
};

class Digests {
 public:
  void add(std::uint64_t bits) { state_ = mixed(state_ + 0x9e3779b97f4a7c15u + bits); }
  void add(double value) { add(bits_of(value)); }
  /// Twenty bits, above the cells that say where a person is counted: three bytes in a row of the release ledger.
  [[nodiscard]] std::uint32_t cell() const { return 0x10000u + static_cast<std::uint32_t>(state_ >> 44); }

 private:
  std::uint64_t state_ = 0;
};

struct PersonRows {
  std::size_t from = 0, to = 0;
};

class PersonDigests {
 public:
  PersonDigests(const Study& study, const Columns& columns) : study_(study), columns_(columns) {
    if (study.model.outcome) outcome_.emplace(*study.model.outcome);
  }

  /// The cells of person i's values, in the order of outcome_variables(). People are asked in ascending order.
  void add(std::size_t i, std::vector<std::uint32_t>& cells) {
    const auto rows = rows_of(i);
    if (is_timed(study_.type)) cells.push_back(time(i, rows));
    if (study_.model.outcome) cells.push_back(outcome(i, rows));
    cells.push_back(rest(i, rows));
  }

 private:
  PersonRows rows_of(std::size_t i) {
    if (!columns_.rows) return {};
    const auto& person = columns_.rows->person;
    while (row_ < person.size() && person[row_] < i) ++row_;
    PersonRows out{row_, row_};
    while (out.to < person.size() && person[out.to] == i) ++out.to;
    return out;
  }

  [[nodiscard]] std::uint32_t time(std::size_t i, PersonRows rows) const {
    Digests digest;
    if (!columns_.follow.empty()) digest.add(static_cast<std::uint64_t>(columns_.follow[i]));
    if (!columns_.step.empty()) digest.add(static_cast<double>(columns_.step[i]) * study_.time.step * cohort::days_in(study_.time.unit));
    if (!columns_.entry.empty()) digest.add(static_cast<double>(columns_.entry[i]) * study_.time.step * cohort::days_in(study_.time.unit));
    if (!columns_.cause.empty()) digest.add(std::uint64_t{columns_.cause[i]});
    for (auto r = rows.from; r < rows.to && r < columns_.rows->exit.size(); ++r) {
      digest.add(static_cast<std::uint64_t>(columns_.rows->exit[r]));
      digest.add(std::uint64_t{columns_.rows->cause[r]});
    }
    return digest.cell();
  }

  [[nodiscard]] std::uint32_t outcome(std::size_t i, PersonRows rows) const {
    Digests digest;
    if (!columns_.outcome.empty()) digest.add((*outcome_)(columns_.outcome[i]));
    for (auto r = rows.from; r < rows.to && r < columns_.rows->outcome.size(); ++r) {
      digest.add((*outcome_)(columns_.rows->outcome[r]));
      digest.add(columns_.rows->years[r]);
    }
    return digest.cell();
  }

  [[nodiscard]] std::uint32_t rest(std::size_t i, PersonRows rows) const {
    Digests digest;
    for (const auto& column : columns_.x) digest.add(column.empty() ? 0 : column[i]);
    for (auto r = rows.from; r < rows.to; ++r) {
      for (const auto& column : columns_.rows->x) digest.add(column[r]);
    }
    if (!columns_.offset.empty()) digest.add(columns_.offset[i]);
    if (!columns_.weight.empty()) digest.add(columns_.weight[i]);
    for (const auto& column : columns_.weighted_by) digest.add(column[i]);
    if (!study_.strata.groups.empty()) digest.add(std::uint64_t{columns_.stratum[i]});
    if (!columns_.willing.empty()) digest.add(std::uint64_t{columns_.willing[i]});
    if (!columns_.reachable.empty()) digest.add(std::uint64_t{columns_.reachable[i]});
    if (!columns_.enrolled.empty()) digest.add(columns_.enrolled[i]);
    return digest.cell();
  }

  const Study& study_;
  const Columns& columns_;
  std::optional<ToBase> outcome_;
  std::size_t row_ = 0;
};

}  // namespace

bool only_outcome(StatisticType type) noexcept {
  return type != StatisticType::count && type != StatisticType::proportion && type != StatisticType::crosstab &&
         type != StatisticType::kaplan_meier;
}

bool has_grid(StatisticType type) noexcept { return type == StatisticType::cumulative_incidence || type == StatisticType::mean_cumulative; }

bool has_outcome(const Study& study) {
  if (study.type == StatisticType::crosstab) return study.by.groups.size() > 1 && study.columns.groups.size() > 1;
  if (study.type == StatisticType::kaplan_meier) return study.by.groups.size() > 1 || study.time.restricted_to.has_value();
  return only_outcome(study.type);
}

Sealed<std::vector<Grid>> grid_counts(const Study& study, const Columns& columns) {
  const auto steps = static_cast<std::size_t>(study.time.horizon / study.time.step) + 1;
  const GridStep nobody{std::vector<std::int64_t>(1 + study.time.competing.size(), 0), 0, 0, {}};
  std::vector<Grid> out(std::max<std::size_t>(1, study.by.groups.size()), Grid(steps, nobody));
  const auto complete = complete_cases(study, columns);
  const auto episodes = episodes_of(study, columns, complete.people);
  for (std::size_t r = 0; r < episodes.rows(); ++r) {
    auto& grid = out[episodes.group.empty() ? 0 : episodes.group[r]];
    const auto step = [steps](std::int32_t time) { return std::min(steps - 1, static_cast<std::size_t>(time)); };
    auto& left = grid[step(episodes.exit[r] - 1)];
    const auto cause = episodes.cause[r];
    const auto continues = [&](std::size_t first, std::size_t second) {
      return !episodes.person.empty() && second < episodes.rows() && episodes.person[first] == episodes.person[second] &&
             episodes.exit[first] == episodes.entry[second];
    };
    if (cause > 0 && cause <= nobody.events.size()) ++left.events[cause - 1];
    if (cause > 0 && study.type == StatisticType::mean_cumulative)
      left.who.push_back(episodes.person.empty() ? static_cast<std::uint32_t>(r) : episodes.person[r]);
    if (cause == 0 && !continues(r, r + 1)) ++left.censored;
    const auto entry = episodes.entry.empty() ? 0 : episodes.entry[r];
    if (entry > 0 && (r == 0 || !continues(r - 1, r))) ++grid[step(entry)].entered;
  }
  return Sealed(std::move(out));
}

Result<Sealed<Outcome>> compute(const Study& study, const Columns& columns, unsigned threads, const Limits& limits, const Cuts* cuts) {
  auto outcome = [&]() -> Result<Outcome> {
    switch (study.type) {
      case StatisticType::crosstab: return compute_table(study, columns, threads, limits);
      case StatisticType::mean: return compute_means(study, columns, threads, limits);
      case StatisticType::quantiles:
      case StatisticType::rank_test: return compute_ranks(study, columns, threads, limits);
      case StatisticType::linear: return compute_linear(study, columns, threads, limits);
      case StatisticType::logistic:
      case StatisticType::poisson:
      case StatisticType::negative_binomial:
      case StatisticType::mixed: return compute_model(study, columns, threads, limits);
      case StatisticType::kaplan_meier: return compute_curves(study, columns, threads, limits);
      case StatisticType::rate: return compute_rate(study, columns, threads, limits);
      case StatisticType::cumulative_incidence: return compute_incidence(study, columns, threads, limits, cuts);
      case StatisticType::cox: return compute_cox(study, columns, threads, limits);
      case StatisticType::mean_cumulative: return compute_recurrent(study, columns, threads, limits, cuts);
      case StatisticType::feasibility: return compute_feasibility(study, columns, threads, limits);
      case StatisticType::count:
      case StatisticType::proportion: break;
    }
    return fail(ErrorCode::internal, "a count has no outcome");
  }();
  if (!outcome) return fail(std::move(outcome.error()));
  return Sealed(std::move(*outcome));
}

std::vector<std::string> outcome_variables(const Study& study) {
  std::vector<std::string> out;
  const auto& model = study.model;
  if (is_timed(study.type)) out.push_back(codes_of(study.time));
  if (model.outcome) out.push_back(codes_of(*model.outcome));
  return out;
}

Sealed<Contributions> outcome_contributions(const Study& study, const Columns& columns) {
  const auto complete = complete_cases(study, columns);
  PersonDigests digests(study, columns);
  Contributions out;
  const auto left = undecided_people(columns);
  std::size_t undecided = 0;
  std::size_t in_result = 0;
  const auto end = [&] { out.ends.push_back(static_cast<std::uint32_t>(out.cells.size())); };
  const auto undecided_before = [&](const ParticipantId* next) {
    for (; undecided < left.size() && (next == nullptr || left[undecided] < *next); ++undecided) {
      out.participants.push_back(left[undecided]);
      out.cells.push_back(static_cast<std::uint32_t>(Layout::undecided()));
      end();
    }
  };
  for (std::size_t i = 0; i < columns.participants.size(); ++i) {
    undecided_before(&columns.participants[i]);
    out.participants.push_back(columns.participants[i]);
    const bool in = in_result < complete.people.size() && complete.people[in_result] == i;
    in_result += in ? 1 : 0;
    const auto place = static_cast<std::uint32_t>(study.by.groups.empty() ? 1 : 1 + columns.group[i]);
    out.cells.push_back(in ? place : outcome_left_out);
    digests.add(i, out.cells);
    end();
  }
  undecided_before(nullptr);
  return Sealed(std::move(out));
}

}  // namespace skerry::evidence
