// Who is in a result, and their values as the statistics read them. For the outcome*.cpp files of this room.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "evidence/data.hpp"
#include "evidence/outcome.hpp"

namespace skerry::evidence {

/// Complete cases: everything the statistic needs is recorded. The rest are counted by the first reason that holds: no group, dates,
/// record.
struct Complete {
  std::vector<std::uint32_t> people;  ///< indices into the columns, ascending
  std::int64_t left_out = 0, undecidable = 0, not_grouped = 0;
};
[[nodiscard]] Complete complete_cases(const cohort::Study& study, const cohort::Columns& columns);

[[nodiscard]] bool is_timed(cohort::StatisticType type) noexcept;  ///< its data are Episodes

/// The people in a few shares of about equal size, for threads; one when there are few. Never empty.
[[nodiscard]] std::vector<std::span<const std::uint32_t>> shares_of(std::span<const std::uint32_t> people, unsigned threads);

[[nodiscard]] Design design_of(const cohort::Study& study, const cohort::Columns& columns, std::span<const std::uint32_t> people);
[[nodiscard]] Sample sample_of(const cohort::Study& study, const cohort::Columns& columns, std::span<const std::uint32_t> people);
[[nodiscard]] Crossing crossing_of(const cohort::Study& study, const cohort::Columns& columns, std::span<const std::uint32_t> people);
/// How grid steps become the times of rows. from_one: grid step 0 is (0, 1], so that what happens on the first day counts. from_zero: as
/// they are, for person-time.
enum class Clock : std::uint8_t { from_one, from_zero };
/// With `cuts` (from_one only) times are told steps. mean_cumulative: a further event of a person in one step is a row with entry = exit.
[[nodiscard]] Episodes episodes_of(const cohort::Study& study, const cohort::Columns& columns, std::span<const std::uint32_t> people,
                                   const Cuts* cuts = nullptr, Clock clock = Clock::from_one);

/// One part a share.
template <class Make>
[[nodiscard]] auto parts_of(const Complete& complete, unsigned threads, Make&& make) {
  std::vector<decltype(make(std::span<const std::uint32_t>{}))> out;
  for (const auto share : shares_of(complete.people, threads)) out.push_back(make(share));
  return out;
}

/// What everything of the study's groups is called; one nameless label when there are none.
[[nodiscard]] std::vector<Label> group_labels(const cohort::Study& study);

/// What a covariate is called: its title, or that of the group a 0/1 column is of; its name alone when it has none.
[[nodiscard]] Label covariate_label(const cohort::Study& study, const std::string& name);

/// What an estimate of each group is of: the groups, or the outcome when there are none.
[[nodiscard]] std::vector<Label> outcome_labels(const cohort::Study& study);

/// Numbers of people in each group of the result; of those with an event too for timed statistics.
struct GroupSizes {
  std::vector<std::int64_t> people, events;
};
[[nodiscard]] GroupSizes group_sizes(const cohort::Study& study, const cohort::Columns& columns, const Complete& complete);

/// Begins an outcome: people and reasons, and a guard each on who was left out.
[[nodiscard]] Outcome outcome_of(const Complete& complete);

/// Guards of every 0/1 covariate: people with 1 and with 0, and of them those for whom `event` holds and those for whom it does not.
void guard_covariates(const cohort::Columns& columns, const Complete& complete, const std::function<bool(std::uint32_t)>& event,
                      Outcome& outcome);
/// Guards of the people of each group, and of those with and without the event in timed statistics.
void guard_groups(const cohort::Study& study, const GroupSizes& sizes, std::vector<Guard>& guards);
/// People in the groups but in none or several of the strata: with the groups told, they could be calculated.
void guard_strata(const cohort::Study& study, const cohort::Columns& columns, Outcome& outcome);
/// Whether the event ended this person's time.
[[nodiscard]] bool had_event(const cohort::Columns& columns, std::size_t i);

/// The sums behind the outcome's values over these people.
[[nodiscard]] Magnitude magnitude_of(std::string of, const cohort::Columns& columns, std::span<const std::uint32_t> people);

/// Says that regressions do not compare the groups, where there are some that only say who is in the result.
void caution_groups(const cohort::Study& study, Outcome& outcome);

/// The outcome with the reason why it has no result.
[[nodiscard]] Outcome not_computed(Outcome outcome, const Error& error);
/// run(), with what the statistic cannot compute kept in the outcome: false then. Errors: those of the limits; too_large.
template <class Data>
[[nodiscard]] Result<bool> run_for(Statistic<Data>& statistic, const std::vector<Data>& parts, unsigned threads, const Limits& limits,
                                   Outcome& outcome) {
  auto ran = run<Data>(statistic, parts, threads, limits);
  if (ran) return true;
  if (ran.error().code != ErrorCode::not_computable) return fail(std::move(ran.error()));
  outcome.not_computable = std::move(ran.error().message);
  return false;
}

// One function a family.
using Columns = cohort::Columns;
[[nodiscard]] Result<Outcome> compute_table(const cohort::Study&, const Columns&, unsigned threads, const Limits&);
[[nodiscard]] Result<Outcome> compute_means(const cohort::Study&, const Columns&, unsigned threads, const Limits&);
[[nodiscard]] Result<Outcome> compute_ranks(const cohort::Study&, const Columns&, unsigned threads, const Limits&);
[[nodiscard]] Result<Outcome> compute_linear(const cohort::Study&, const Columns&, unsigned threads, const Limits&);
[[nodiscard]] Result<Outcome> compute_model(const cohort::Study&, const Columns&, unsigned threads, const Limits&);
[[nodiscard]] Result<Outcome> compute_curves(const cohort::Study&, const Columns&, unsigned threads, const Limits&);
[[nodiscard]] Result<Outcome> compute_rate(const cohort::Study&, const Columns&, unsigned threads, const Limits&);
[[nodiscard]] Result<Outcome> compute_incidence(const cohort::Study&, const Columns&, unsigned threads, const Limits&, const Cuts*);
[[nodiscard]] Result<Outcome> compute_recurrent(const cohort::Study&, const Columns&, unsigned threads, const Limits&, const Cuts*);
[[nodiscard]] Result<Outcome> compute_cox(const cohort::Study&, const Columns&, unsigned threads, const Limits&);
[[nodiscard]] Result<Outcome> compute_feasibility(const cohort::Study&, const Columns&, unsigned threads, const Limits&);

}  // namespace skerry::evidence
