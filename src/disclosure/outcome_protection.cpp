#include "disclosure/outcome_protection.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <set>

namespace skerry::disclosure {
namespace {

using evidence::Count;
using evidence::EstimateRow;
using evidence::Guard;
using evidence::Magnitude;
using evidence::Mark;
using evidence::Outcome;

bool small(std::int64_t people, int floor) { return people > 0 && people < floor; }

Count floored(std::int64_t people, int floor) {
  if (small(people, floor)) return {std::nullopt, Mark::few};
  return {people, Mark::open};
}

bool dominated(const Magnitude& sum) { return sum.largest > 0 && sum.total - sum.largest - sum.second < dominance_share_min * sum.largest; }

bool may_stand(const std::vector<Guard>& guards, const std::vector<Magnitude>& magnitudes, int floor) {
  return std::ranges::none_of(guards, [floor](const Guard& guard) { return small(guard.people, floor); }) &&
         std::ranges::none_of(magnitudes, dominated);
}

/// A row whose own people are too few, without any of its numbers.
EstimateRow withheld(const EstimateRow& row, int floor) {
  EstimateRow out;
  out.label = row.label;
  out.measure = row.measure;
  out.estimate.id = row.estimate.id;
  out.estimate.ratio = row.estimate.ratio;
  out.told = false;
  out.people = row.people.number && small(*row.people.number, floor) ? Count{std::nullopt, Mark::few} : Count{std::nullopt, Mark::withheld};
  out.events = {std::nullopt, Mark::withheld};
  return out;
}

Result<void> refuse_few(const Outcome& outcome, int floor) {
  if (std::ranges::any_of(outcome.guards, [floor](const Guard& guard) { return small(guard.people, floor); })) {
    return fail(ErrorCode::disclosure_refused, "too few people: some of the numbers behind this result are too small to be told");
  }
  if (std::ranges::any_of(outcome.magnitudes, dominated)) {
    return fail(ErrorCode::disclosure_refused, "too few people: one person's value would make up nearly all of this result");
  }
  const auto people = static_cast<std::size_t>(std::max<std::int64_t>(0, outcome.people));
  if (outcome.parameters > people / 3) {
    return fail(ErrorCode::disclosure_refused, "too few people: a model may have one parameter for every three of them at most");
  }
  if (outcome.numbers_opened > people * (outcome.parameters + 1)) {
    return fail(ErrorCode::disclosure_refused, "too few people: the result has more numbers than they allow");
  }
  return {};
}

/// How one merged step stands, over all causes.
struct Merging {
  std::vector<std::int64_t> events;
  std::int64_t censored = 0, entered = 0;
  std::set<std::uint32_t> who;
  bool recurrent = false;

  void take_in(const evidence::GridStep& step) {
    events.resize(std::max(events.size(), step.events.size()), 0);
    for (std::size_t c = 0; c < step.events.size(); ++c) events[c] += step.events[c];
    censored += step.censored;
    entered += step.entered;
    who.insert(step.who.begin(), step.who.end());
    recurrent = recurrent || !step.who.empty();
  }
  [[nodiscard]] std::int64_t with_event() const {
    std::int64_t sum = 0;
    for (const auto count : events) sum += count;
    return sum;
  }
  [[nodiscard]] bool enough(int floor) const {
    const auto fits = [floor](std::int64_t people) { return !small(people, floor); };
    if (!fits(censored) || !fits(entered)) return false;
    if (recurrent) return fits(static_cast<std::int64_t>(who.size()));
    return std::ranges::all_of(events, fits);
  }
};

std::vector<std::int32_t> cuts_of(const evidence::Grid& grid, int floor) {
  const auto fits = [floor](std::int64_t people) { return !small(people, floor); };
  Merging after;
  for (const auto& step : grid) after.take_in(step);
  const bool recurrent = after.recurrent;
  const auto leaving = [recurrent](const evidence::GridStep& step) {
    std::int64_t people = step.censored;
    for (const auto count : step.events) people += recurrent ? 0 : count;
    return people;
  };
  std::int64_t left_after = 0;
  std::int64_t entered_after = 0;
  for (const auto& step : grid) {
    left_after += leaving(step);
    entered_after += step.entered;
  }
  std::int64_t followed = left_after - entered_after;  // at the start
  std::vector<std::int32_t> out;
  std::vector<bool> rest_fits;
  Merging open_step;
  std::int64_t leave = 0;
  for (std::size_t i = 0; i < grid.size(); ++i) {
    open_step.take_in(grid[i]);
    leave += leaving(grid[i]);
    followed += grid[i].entered - leaving(grid[i]);
    left_after -= leaving(grid[i]);
    entered_after -= grid[i].entered;
    const bool something = recurrent ? !open_step.who.empty() || leave > 0 : leave >= floor;
    if (!something || !open_step.enough(floor) || !fits(followed)) continue;
    out.push_back(static_cast<std::int32_t>(i));
    rest_fits.push_back(fits(left_after) && fits(entered_after));
    open_step = {};
    leave = 0;
  }
  while (!out.empty() && !rest_fits[out.size() - 1]) out.pop_back();
  return out;
}

}  // namespace

evidence::Cuts choose_cuts(const std::vector<evidence::Grid>& grids, int floor) {
  evidence::Cuts out;
  for (const auto& grid : grids) out.push_back(cuts_of(grid, floor));
  return out;
}

bool names_few(std::string_view sentence, int floor) {
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    if (std::isdigit(static_cast<unsigned char>(sentence[i])) == 0) continue;
    int number = 0;
    const auto [end, error] = std::from_chars(sentence.data() + i, sentence.data() + sentence.size(), number);
    const auto next = static_cast<std::size_t>(end - sentence.data());
    const bool whole = error == std::errc{} && (i == 0 || (sentence[i - 1] != '.' && sentence[i - 1] != ','));
    const auto rest = sentence.substr(next);
    for (const std::string_view word : {" people", " person", " participant", " event", " row", " of "}) {
      if (whole && number > 0 && number < floor && rest.starts_with(word)) return true;
    }
    i = next;
  }
  return false;
}

Result<evidence::Told::Computed> protect_outcome(const Outcome& outcome, int floor) {
  if (auto enough = refuse_few(outcome, floor); !enough) return fail(std::move(enough.error()));
  if (!outcome.not_computable.empty()) {
    return fail(ErrorCode::not_computable, names_few(outcome.not_computable, floor)
                                               ? "there are too few records of this kind to compute the statistic"
                                               : outcome.not_computable);
  }
  evidence::Told::Computed told;
  told.method = outcome.method;
  bool all_rows = true;
  for (const auto& [row, guards, magnitudes] : outcome.estimates) {
    const bool stands = may_stand(guards, magnitudes, floor);
    all_rows = all_rows && stands;
    told.estimates.push_back(stands ? row : withheld(row, floor));
    auto& last = told.estimates.back();
    if (last.people.number) last.people = floored(*last.people.number, floor);
    if (last.events.number) last.events = floored(*last.events.number, floor);
  }
  // A comparison tells of the rows it compares.
  if (all_rows) told.tests = outcome.tests;
  told.curves = outcome.curves;
  for (auto& curve : told.curves) {
    if (curve.curve.people.number) curve.curve.people = floored(*curve.curve.people.number, floor);
    if (curve.curve.steps.empty() && curve.curve.people.mark == Mark::open && curve.curve.people.number != 0) {
      curve.curve.people = {std::nullopt, Mark::withheld};
    }
  }
  for (const auto& caution : outcome.cautions) {
    if (!names_few(caution.english, floor)) told.cautions.push_back(caution);
  }
  told.people = all_rows ? floored(outcome.people, floor) : Count{std::nullopt, Mark::withheld};
  told.left_out = floored(outcome.left_out, floor);
  told.undecidable = floored(outcome.undecidable, floor);
  told.not_grouped = floored(outcome.not_grouped, floor);
  return told;
}

}  // namespace skerry::disclosure
