#include "evidence/outcome_data.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace skerry::evidence {

using cohort::Columns;
using cohort::Follow;
using cohort::StatisticType;
using cohort::Study;
using Share = std::span<const std::uint32_t>;

namespace {

constexpr std::size_t share_people_min = 8192;

/// Of a column of one value a person; those that have no such column are all recorded.
bool recorded(const std::vector<double>& column, std::size_t i) { return column.empty() || !std::isnan(column[i]); }

bool recorded(const std::vector<std::vector<double>>& columns, std::size_t i) {
  return std::ranges::all_of(columns, [i](const auto& column) { return recorded(column, i); });
}

bool in_one(const std::vector<std::uint16_t>& places, const cohort::Grouping& grouping, std::size_t i) {
  return grouping.groups.empty() || places.empty() || places[i] < grouping.groups.size();
}

/// Times put together: (entry, exit] in grid steps becomes (entry, exit] in told steps. What ends after the last cut is cut off behind it.
/// Grid steps count from 1 here: what happens on the first day is over (0, 1].
void put_together(const std::vector<std::int32_t>& cuts, std::int32_t& entry, std::int32_t& exit, std::uint8_t& cause) {
  // Someone who comes in within a told step is followed from its beginning.
  entry = static_cast<std::int32_t>(std::ranges::lower_bound(cuts, entry) - cuts.begin());
  exit = static_cast<std::int32_t>(std::ranges::lower_bound(cuts, exit - 1) - cuts.begin()) + 1;
  if (exit > static_cast<std::int32_t>(cuts.size())) cause = 0;
}

std::uint8_t cause_of(const Columns& columns, std::size_t i) {
  if (!columns.cause.empty()) return columns.cause[i];
  return columns.follow[i] == Follow::event ? 1 : 0;
}

template <class T>
void pick(const std::vector<T>& from, Share people, std::vector<T>& to) {
  if (from.empty()) return;
  to.reserve(people.size());
  for (const auto i : people) to.push_back(from[i]);
}

/// Of every row that belongs to one of these people: visit(row).
template <class Visit>
void rows_of(const cohort::Rows& rows, Share people, Visit&& visit) {
  auto row = static_cast<std::size_t>(std::ranges::lower_bound(rows.person, people.empty() ? 0 : people.front()) - rows.person.begin());
  for (const auto person : people) {
    while (row < rows.person.size() && rows.person[row] < person) ++row;
    for (; row < rows.person.size() && rows.person[row] == person; ++row) visit(row);
  }
}

}  // namespace

bool is_timed(StatisticType type) noexcept {
  switch (type) {
    case StatisticType::kaplan_meier:
    case StatisticType::rate:
    case StatisticType::cumulative_incidence:
    case StatisticType::cox:
    case StatisticType::mean_cumulative: return true;
    default: return false;
  }
}

Complete complete_cases(const Study& study, const Columns& columns) {
  Complete out;
  const bool timed = is_timed(study.type);
  for (std::size_t i = 0; i < columns.participants.size(); ++i) {
    const bool placed = in_one(columns.group, study.by, i) && in_one(columns.stratum, study.strata, i) &&
                        (study.type != StatisticType::crosstab || in_one(columns.column, study.columns, i));
    const auto follow = timed && !columns.follow.empty() ? columns.follow[i] : Follow::censored;
    const bool late = timed && !columns.entry.empty() && columns.entry[i] > 0 && columns.entry[i] >= columns.step[i];
    if (!placed) {
      ++out.not_grouped;
    } else if (follow == Follow::undecidable) {
      ++out.undecidable;
    } else if (follow == Follow::no_index || follow == Follow::not_recorded || late || !recorded(columns.outcome, i) ||
               !recorded(columns.offset, i) || !recorded(columns.weight, i) || !recorded(columns.x, i) ||
               !recorded(columns.weighted_by, i)) {
      ++out.left_out;
    } else {
      out.people.push_back(static_cast<std::uint32_t>(i));
    }
  }
  return out;
}

std::vector<Share> shares_of(Share people, unsigned threads) {
  const auto count = std::clamp<std::size_t>(people.size() / share_people_min, 1, std::size_t{4} * std::max(1U, threads));
  std::vector<Share> out;
  for (std::size_t s = 0; s < count; ++s) {
    const auto from = people.size() * s / count;
    out.push_back(people.subspan(from, people.size() * (s + 1) / count - from));
  }
  return out;
}

Design design_of(const Study& study, const Columns& columns, Share people) {
  Design out;
  if (study.type == StatisticType::mixed && columns.rows) {
    const auto& rows = *columns.rows;
    // The first covariate of repeated measures is their time.
    out.x.resize(1 + rows.x.size());
    rows_of(rows, people, [&](std::size_t row) {
      out.y.push_back(rows.outcome[row]);
      out.x[0].push_back(rows.years[row]);
      for (std::size_t c = 0; c < rows.x.size(); ++c) out.x[c + 1].push_back(rows.x[c][row]);
      out.cluster.push_back(rows.person[row]);
    });
    return out;
  }
  pick(columns.outcome, people, out.y);
  out.x.resize(columns.x.size());
  for (std::size_t c = 0; c < columns.x.size(); ++c) pick(columns.x[c], people, out.x[c]);
  pick(columns.offset, people, out.offset);
  pick(columns.weight, people, out.weight);
  return out;
}

Sample sample_of(const Study& study, const Columns& columns, Share people) {
  Sample out;
  pick(columns.outcome, people, out.y);
  if (!study.by.groups.empty()) pick(columns.group, people, out.group);
  return out;
}

Crossing crossing_of(const Study& study, const Columns& columns, Share people) {
  Crossing out;
  pick(columns.group, people, out.row);
  pick(columns.column, people, out.column);
  if (!study.strata.groups.empty()) pick(columns.stratum, people, out.stratum);
  return out;
}

Episodes episodes_of(const Study& study, const Columns& columns, Share people, const Cuts* cuts, Clock clock) {
  const std::int32_t shift = clock == Clock::from_one ? 1 : 0;
  Episodes out;
  const bool by_rows = columns.rows && !columns.rows->exit.empty();
  const bool truncated = !columns.entry.empty() && study.time.entry.has_value();
  const auto group = [&](std::size_t person) { return study.by.groups.empty() ? std::uint16_t{0} : columns.group[person]; };
  const auto once_more = [&](std::uint32_t person, std::int32_t exit, std::uint8_t cause) {
    return study.type == StatisticType::mean_cumulative && cause > 0 && !out.person.empty() && out.person.back() == person &&
           out.exit.back() == exit;
  };
  const auto add = [&](std::uint32_t person, std::int32_t entry, std::int32_t exit, std::uint8_t cause) {
    if (cuts != nullptr) put_together((*cuts)[group(person)], entry, exit, cause);
    if ((exit <= entry && clock == Clock::from_one && !once_more(person, exit, cause)) ||
        (cuts != nullptr && (*cuts)[group(person)].empty()))
      return false;
    out.exit.push_back(exit);
    out.cause.push_back(cause);
    if (by_rows || truncated) out.entry.push_back(entry);
    if (by_rows) out.person.push_back(person);
    if (!study.by.groups.empty()) out.group.push_back(columns.group[person]);
    if (!study.strata.groups.empty()) out.stratum.push_back(columns.stratum[person]);
    if (!columns.weight.empty()) out.weight.push_back(columns.weight[person]);
    if (!columns.offset.empty()) out.offset.push_back(columns.offset[person]);
    return true;
  };
  out.x.resize(by_rows ? columns.rows->x.size() : columns.x.size());
  if (by_rows) {
    const auto& rows = *columns.rows;
    rows_of(rows, people, [&](std::size_t row) {
      const auto from = rows.entry.empty() ? 0 : rows.entry[row];
      const bool goes_on = row > 0 && rows.person[row - 1] == rows.person[row] && rows.exit[row - 1] == from;
      if (!add(rows.person[row], from == 0 && !goes_on ? 0 : from + shift, rows.exit[row] + shift, rows.cause[row])) return;
      for (std::size_t c = 0; c < rows.x.size(); ++c) out.x[c].push_back(rows.x[c][row]);
    });
    return out;
  }
  for (const auto i : people) {
    const auto entry = truncated && columns.entry[i] > 0 ? columns.entry[i] + shift : 0;
    if (!add(i, entry, columns.step[i] + shift, cause_of(columns, i))) continue;
    for (std::size_t c = 0; c < columns.x.size(); ++c) out.x[c].push_back(columns.x[c][i]);
  }
  return out;
}

std::vector<Label> group_labels(const Study& study) {
  if (study.by.groups.empty()) return {Label{}};
  std::vector<Label> out;
  for (const auto& group : study.by.groups) out.push_back({group.id, group.title, group.code});
  return out;
}

Label covariate_label(const Study& study, const std::string& name) {
  for (const auto& variable : study.model.covariates) {
    if (variable.of != cohort::Variable::Of::groups) {
      if (variable.id == name) return {name, variable.title, {}};
      continue;
    }
    for (const auto& group : variable.grouping.groups) {
      if (variable.id + "=" + group.id != name) continue;
      Label out{name, group.title, group.code};
      for (auto& [language, text] : out.title) {
        const auto of = variable.title.find(language);
        if (of != variable.title.end()) text = of->second + ": " + text;
      }
      return out;
    }
  }
  return {name, {}, {}};
}

std::vector<Label> outcome_labels(const Study& study) {
  if (!study.by.groups.empty() || !study.model.outcome) return group_labels(study);
  return {Label{study.model.outcome->id, study.model.outcome->title, {}}};
}

GroupSizes group_sizes(const Study& study, const Columns& columns, const Complete& complete) {
  const auto groups = std::max<std::size_t>(1, study.by.groups.size());
  GroupSizes out{std::vector<std::int64_t>(groups, 0), std::vector<std::int64_t>(groups, 0)};
  const bool timed = is_timed(study.type) && !columns.follow.empty();
  for (const auto i : complete.people) {
    const std::size_t group = study.by.groups.empty() ? 0 : columns.group[i];
    ++out.people[group];
    if (timed && had_event(columns, i)) ++out.events[group];
  }
  return out;
}

Outcome outcome_of(const Complete& complete) {
  Outcome out;
  out.people = static_cast<std::int64_t>(complete.people.size());
  out.left_out = complete.left_out;
  out.undecidable = complete.undecidable;
  out.not_grouped = complete.not_grouped;
  out.guards.push_back({"people in the result", out.people});
  return out;
}

bool had_event(const Columns& columns, std::size_t i) {
  return columns.follow[i] == Follow::event && (columns.cause.empty() || columns.cause[i] == 1);
}

void guard_covariates(const Columns& columns, const Complete& complete, const std::function<bool(std::uint32_t)>& event, Outcome& outcome) {
  for (std::size_t c = 0; c < columns.x.size(); ++c) {
    const auto& x = columns.x[c];
    std::array<std::array<std::int64_t, 2>, 2> people{};  // [covariate][event]
    for (const auto i : complete.people) {
      if (x[i] == 0 || x[i] == 1) ++people[x[i] == 1 ? 1 : 0][event && event(i) ? 1 : 0];
    }
    if (people[0][0] + people[0][1] + people[1][0] + people[1][1] != outcome.people) continue;
    const auto name = c < columns.x_names.size() ? columns.x_names[c] : std::to_string(c);
    outcome.guards.push_back({"with " + name, people[1][0] + people[1][1]});
    outcome.guards.push_back({"without " + name, people[0][0] + people[0][1]});
    if (!event) continue;
    outcome.guards.push_back({"events with " + name, people[1][1]});
    outcome.guards.push_back({"no event with " + name, people[1][0]});
    outcome.guards.push_back({"events without " + name, people[0][1]});
    outcome.guards.push_back({"no event without " + name, people[0][0]});
  }
}

void guard_groups(const Study& study, const GroupSizes& sizes, std::vector<Guard>& guards) {
  const auto labels = group_labels(study);
  for (std::size_t g = 0; g < sizes.people.size(); ++g) {
    guards.push_back({"people, group " + labels[g].id, sizes.people[g]});
    if (!is_timed(study.type)) continue;
    guards.push_back({"events, group " + labels[g].id, sizes.events[g]});
    guards.push_back({"no event, group " + labels[g].id, sizes.people[g] - sizes.events[g]});
  }
}

void guard_strata(const Study& study, const Columns& columns, Outcome& outcome) {
  if (study.strata.groups.empty()) return;
  std::int64_t outside = 0;
  for (std::size_t i = 0; i < columns.participants.size(); ++i) {
    outside += in_one(columns.group, study.by, i) && !in_one(columns.stratum, study.strata, i) ? 1 : 0;
  }
  outcome.guards.push_back({"in no stratum", outside});
}

void caution_groups(const Study& study, Outcome& outcome) {
  if (study.by.groups.empty() || !study.model.weighted_by.empty()) return;
  outcome.cautions.push_back({"statistic.groups_not_compared",
                              "The groups only say who is counted here: they are not compared. To compare them, make them a covariate."});
}

Outcome not_computed(Outcome outcome, const Error& error) {
  outcome.not_computable = error.message;
  return outcome;
}

Magnitude magnitude_of(std::string of, const Columns& columns, Share people) {
  Magnitude out;
  out.of = std::move(of);
  for (const auto i : people) {
    const auto size = std::abs(columns.outcome[i]);
    out.total += size;
    if (size > out.largest) {
      out.second = out.largest;
      out.largest = size;
    } else if (size > out.second) {
      out.second = size;
    }
  }
  return out;
}

}  // namespace skerry::evidence
