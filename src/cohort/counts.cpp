#include "cohort/counts.hpp"

#include <algorithm>
#include <bit>

#include "cohort/in_parallel.hpp"
#include "cohort/range_evaluator.hpp"
#include "cohort/stop.hpp"

namespace skerry::cohort {
namespace {

constexpr std::size_t places_max = 255;

/// A set at hand: nobody when null.
using Set = std::shared_ptr<const Bitset>;

/// Of whom a condition holds, and of whom that cannot be said.
struct Found {
  Set yes, contradictory, open;
  [[nodiscard]] bool plain() const noexcept { return !contradictory && !open; }
};

std::size_t places_of(const Grouping& groups) { return groups.groups.empty() ? 1 : groups.groups.size() + 2; }

/// Conditions on one segment, from the sets on its shelf alone. `missing` when one is not there.
class OnShelf {
 public:
  OnShelf(const index::SegmentReading& segment, Shelf& shelf) : segment_(segment), shelf_(shelf) {}
  [[nodiscard]] bool missing() const noexcept { return missing_; }

  Found holds(const Condition& condition) {
    using Form = Condition::Form;
    if (condition.form == Form::everyone) return {everyone(), nullptr, nullptr};
    if (condition.form == Form::fact) return leaf(condition);
    if (condition.parts.size() == 1 && condition.form != Form::none) return holds(condition.parts.front());
    std::vector<Found> parts;
    for (const auto& part : condition.parts) {
      parts.push_back(holds(part));
      if (missing_) return {};
    }
    if (condition.form != Form::none && std::ranges::all_of(parts, &Found::plain)) return combined(condition.form, parts);
    return in_three_values(condition.form, parts);
  }

  /// The place of each person in a grouping; made of the groups' sets and kept.
  std::shared_ptr<const Places> places(const Grouping& groups) {
    if (auto known = shelf_.find(groups)) return known;
    std::vector<Truths> truths;
    for (const auto& group : groups.groups) {
      truths.push_back(widened(holds(group.condition)));
      if (missing_) return nullptr;
    }
    const auto wide = group_places(truths, segment_.people());
    auto out = std::make_shared<const Places>(wide.begin(), wide.end());
    shelf_.keep(groups, out);
    return out;
  }

 private:
  [[nodiscard]] Set everyone() const { return {std::shared_ptr<const void>{}, &segment_.covered()}; }

  Found leaf(const Condition& condition) {
    Leaf wanted{condition, false, false, {}, {}};
    wanted.condition.name.clear();
    if (condition.pick == Pick::any) wanted.condition.asked = Asked::present;
    const auto sets = asks_about_index(condition) ? nullptr : shelf_.find(wanted);
    if (!sets) {
      missing_ = true;
      return {};
    }
    const auto part = [&](const Bitset& set) { return set.size() == 0 ? Set{} : Set{sets, &set}; };
    if (condition.asked == Asked::present) return {part(sets->present), part(sets->contradictory), part(sets->undecided)};
    if (condition.asked == Asked::absent) return {part(sets->absent), part(sets->contradictory), part(sets->undecided)};
    auto recorded = std::make_shared<Bitset>(segment_.people());
    for (const auto* set : {&sets->present, &sets->absent, &sets->contradictory}) {
      if (set->size() != 0) *recorded |= *set;
    }
    if (condition.asked == Asked::not_recorded) {
      Bitset no = segment_.covered();
      no -= *recorded;
      if (sets->undecided.size() != 0) no -= sets->undecided;
      *recorded = std::move(no);
    }
    return {std::move(recorded), nullptr, part(sets->undecided)};
  }

  Found combined(Condition::Form form, const std::vector<Found>& parts) const {
    const bool all = form == Condition::Form::all;
    if (all && std::ranges::any_of(parts, [](const Found& part) { return !part.yes; })) return {};
    std::shared_ptr<Bitset> out;
    for (const auto& part : parts) {
      if (!part.yes) continue;
      if (!out)
        out = std::make_shared<Bitset>(*part.yes);
      else if (all)
        *out &= *part.yes;
      else
        *out |= *part.yes;
    }
    if (!out && all) return {everyone(), nullptr, nullptr};
    return {std::move(out), nullptr, nullptr};
  }

  [[nodiscard]] Truths widened(const Found& found) const {
    Truths out(segment_.people());
    if (found.yes) out.yes = *found.yes;
    if (found.contradictory) out.contradictory = *found.contradictory;
    if (found.open) out.open = *found.open;
    return out;
  }

  Found in_three_values(Condition::Form form, const std::vector<Found>& parts) const {
    Truths out(segment_.people());
    if (form == Condition::Form::all) out.yes = segment_.covered();
    for (const auto& part : parts) {
      if (form == Condition::Form::all)
        out &= widened(part);
      else
        out |= widened(part);
    }
    if (form == Condition::Form::none) out.negate(segment_.covered());
    const auto set = [](Bitset& bits) { return bits.any() ? std::make_shared<const Bitset>(std::move(bits)) : Set{}; };
    return {set(out.yes), set(out.contradictory), set(out.open)};
  }

  const index::SegmentReading& segment_;
  Shelf& shelf_;
  bool missing_ = false;
};

__attribute__((target_clones("avx2", "default"))) std::int64_t count_words(const std::uint64_t* a, std::size_t words) noexcept {
  std::int64_t out = 0;
  for (std::size_t w = 0; w < words; ++w) out += std::popcount(a[w]);
  return out;
}

std::int64_t count_of(const Set& set) { return set ? count_words(set->words().data(), set->words().size()) : 0; }

/// Adds the members of a set to the cells of their places; each thread takes words of its own.
void add_places(const Bitset& members, const Places* down, const Places* across, std::size_t columns, unsigned threads,
                std::vector<std::int64_t>& cells) {
  constexpr std::size_t worth_a_thread = 4096;  // words
  const auto words = members.words();
  const auto shares = std::clamp<std::size_t>(words.size() / worth_a_thread, 1, std::max(1U, threads));
  std::vector<std::vector<std::int64_t>> parts(shares, std::vector<std::int64_t>(cells.size()));
  in_parallel(shares, threads, [&](std::size_t s) {
    auto* out = parts[s].data();
    const auto* row = down ? down->data() : nullptr;
    const auto* column = across ? across->data() : nullptr;
    for (auto w = words.size() * s / shares; w < words.size() * (s + 1) / shares; ++w) {
      for (auto word = words.data()[w]; word != 0; word &= word - 1) {
        const auto person = w * 64 + static_cast<std::size_t>(std::countr_zero(word));
        ++out[(row ? row[person] * columns : 0) + (column ? column[person] : 0)];
      }
    }
  });
  for (const auto& part : parts) {
    for (std::size_t c = 0; c < cells.size(); ++c) cells[c] += part[c];
  }
}

/// False when a set is not at hand.
bool add_segment(const Study& study, const index::SegmentReading& segment, const vocabulary::Vocabulary& vocabulary, unsigned threads,
                 Counts& out) {
  const auto shelf = Shelf::of(segment, vocabulary);
  OnShelf at_hand(segment, *shelf);
  const auto cohort = at_hand.holds(study.cohort);
  if (at_hand.missing()) return false;
  const auto down = study.by.groups.empty() ? nullptr : at_hand.places(study.by);
  const auto across = study.columns.groups.empty() || at_hand.missing() ? nullptr : at_hand.places(study.columns);
  if (at_hand.missing()) return false;
  out.undecided += count_of(cohort.contradictory);
  out.undecided_by_dates += count_of(cohort.open);
  if (!down && !across)
    out.cells[0] += count_of(cohort.yes);
  else if (cohort.yes)
    add_places(*cohort.yes, down.get(), across.get(), out.columns, threads, out.cells);
  return true;
}

Counts empty_counts(const Study& study) {
  Counts out;
  out.rows = places_of(study.by);
  out.columns = places_of(study.columns);
  out.cells.resize(out.rows * out.columns);
  return out;
}

bool add_all(const Study& study, const index::Reading& reading, const vocabulary::Vocabulary& vocabulary, unsigned threads, Counts& out) {
  out = empty_counts(study);
  for (const auto& segment : reading.segments()) {
    if (!add_segment(study, segment, vocabulary, threads, out)) return false;
  }
  return true;
}

}  // namespace

Result<Counts> count_groups(const Study& study, const index::Reading& reading, const vocabulary::Vocabulary& vocabulary,
                            const SelectOptions& options) {
  Counts out;
  const bool fits = places_of(study.by) <= places_max && places_of(study.columns) <= places_max;
  if (fits && add_all(study, reading, vocabulary, options.threads, out)) return out;
  // Finds the sets of this study and leaves them on the shelf, of counts alone.
  auto counted = study;
  counted.type = StatisticType::count;
  counted.model = {};
  auto columns = select(counted, reading, vocabulary, options);
  if (!columns) return fail(columns.error());
  out = empty_counts(study);
  for (std::size_t i = 0; i < columns->participants.size(); ++i) {
    const std::size_t row = columns->group.empty() ? 0 : columns->group[i], column = columns->column.empty() ? 0 : columns->column[i];
    ++out.cells[row * out.columns + column];
  }
  out.undecided = static_cast<std::int64_t>(columns->undecided.size());
  out.undecided_by_dates = static_cast<std::int64_t>(columns->undecided_by_dates.size());
  return out;
}

}  // namespace skerry::cohort
