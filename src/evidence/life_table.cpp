#include "evidence/life_table.hpp"

#include <algorithm>
#include <utility>

namespace skerry::evidence {
namespace {

/// Of one kind and side: before the first step, the steps, after the last.
std::size_t cells_a_kind(const LifeTableQuestion& question) { return static_cast<std::size_t>(question.steps) + 2; }
std::size_t kinds(const LifeTableQuestion& question) { return 1U + question.causes + (question.entries ? 1U : 0U); }

}  // namespace

std::size_t LifeTableQuestion::cells() const noexcept {
  return (static_cast<std::size_t>(steps) + 2) * std::size_t{groups} * std::size_t{strata};
}

bool LifeTableQuestion::too_large() const noexcept { return cells() * (causes + 2U) * (weighted ? 3U : 1U) > 50'000'000; }

std::int64_t LifeTable::Side::events_of(std::uint8_t cause) const noexcept {
  std::int64_t sum = 0;
  for (const auto n : events[cause - 1U]) sum += n;
  return sum;
}

LifeTable::LifeTable(LifeTableQuestion question) : question_(question) {
  question_.steps = std::max(1, question_.steps);
  question_.groups = std::max<std::uint16_t>(1, question_.groups);
  question_.strata = std::max<std::uint16_t>(1, question_.strata);
  question_.causes = std::max<std::uint8_t>(1, question_.causes);
}

Totals LifeTable::shape() const {
  if (question_.too_large()) return {};
  const auto cells = question_.cells() * kinds(question_);
  return {cells, question_.weighted ? 2 * cells : 0};
}

void LifeTable::add_local(const Episodes& part, Totals& out) const {
  if (question_.too_large()) return;
  const auto rows = part.rows();
  const auto steps = question_.steps;
  const auto width = cells_a_kind(question_);
  const auto side_cells = width * kinds(question_);
  const auto all = question_.cells() * kinds(question_);
  const std::int32_t* entry = part.entry.empty() || !question_.entries ? nullptr : part.entry.data();
  const std::int32_t* exit = part.exit.data();
  const std::uint8_t* cause = part.cause.data();
  const std::uint16_t* group = part.group.empty() ? nullptr : part.group.data();
  const std::uint16_t* stratum = part.stratum.empty() || question_.strata == 1 ? nullptr : part.stratum.data();
  const double* weight = part.weight.empty() ? nullptr : part.weight.data();
  std::int64_t* counts = out.counts.data();
  Exact* reals = out.reals.data();
  for (std::size_t i = 0; i < rows; ++i) {
    const std::int32_t from = entry == nullptr ? 0 : std::max(0, entry[i]);
    const std::size_t g = group == nullptr ? 0 : group[i];
    const std::size_t s = stratum == nullptr ? 0 : stratum[i];
    if (exit[i] <= from || from >= steps || g >= question_.groups || s >= question_.strata) continue;
    const auto base = (s * question_.groups + g) * side_cells;
    const bool stays = exit[i] > steps;
    const std::size_t at = static_cast<std::size_t>(stays ? steps + 1 : exit[i]);
    const std::size_t kind = stays || cause[i] > question_.causes ? 0 : cause[i];
    const auto left = base + kind * width + at;
    const auto entered = base + (1U + question_.causes) * width + static_cast<std::size_t>(from);
    ++counts[left];
    if (question_.entries) ++counts[entered];
    if (!question_.weighted) continue;
    const double w = weight == nullptr ? 1 : weight[i];
    reals[left].add(w);
    reals[all + left].add(w * w);
    if (question_.entries) reals[entered].add(w);
  }
}

namespace {

/// At risk in each step: who leaves at it or later, less who enters at it or later.
template <class Sum, class Zero>
std::vector<Sum> at_risk_of(const Sum* kinds_from, std::size_t width, std::size_t leaving_kinds, bool entries, Zero zero) {
  std::vector<Sum> out(width, zero);
  Sum risk = zero;
  for (std::size_t t = width; t-- > 1;) {
    for (std::size_t kind = 0; kind < leaving_kinds; ++kind) risk += kinds_from[kind * width + t];
    if (entries) risk -= kinds_from[leaving_kinds * width + t];
    out[t] = risk;
  }
  return out;
}

std::vector<double> doubles(const Exact* from, std::size_t count) {
  std::vector<double> out(count);
  for (std::size_t i = 0; i < count; ++i) out[i] = from[i].to_double();
  return out;
}

std::vector<double> doubles(const std::vector<std::int64_t>& from) { return {from.begin(), from.end()}; }

LifeTable::Side read_counts(const LifeTableQuestion& question, const std::int64_t* counts) {
  const auto width = cells_a_kind(question);
  const std::size_t leaving_kinds = 1U + question.causes;
  LifeTable::Side side;
  side.at_risk = at_risk_of(counts, width, leaving_kinds, question.entries, std::int64_t{0});
  side.staying = counts[width - 1];
  const auto last = width - 1;
  side.at_risk.resize(last);
  side.censored.assign(counts, counts + last);
  for (std::size_t cause = 1; cause < leaving_kinds; ++cause)
    side.events.emplace_back(counts + cause * width, counts + cause * width + last);
  for (std::size_t cell = 0; cell < leaving_kinds * width; ++cell) side.rows += counts[cell];
  if (question.entries) {
    side.entered.assign(counts + leaving_kinds * width, counts + leaving_kinds * width + last);
  } else {
    side.entered.assign(last, 0);
    side.entered[0] = side.rows;
  }
  side.weight_at_risk = doubles(side.at_risk);
  for (const auto& events : side.events) side.weight_events.push_back(doubles(events));
  return side;
}

void read_weights(const LifeTableQuestion& question, const Exact* weights, const Exact* squares, LifeTable::Side& side) {
  const auto width = cells_a_kind(question);
  const std::size_t leaving_kinds = 1U + question.causes;
  const auto risk = at_risk_of(weights, width, leaving_kinds, question.entries, Exact{});
  side.weight_at_risk = doubles(risk.data(), width - 1);
  for (std::size_t cause = 1; cause < leaving_kinds; ++cause) side.weight_events[cause - 1] = doubles(weights + cause * width, width - 1);
  for (std::size_t kind = 0; kind < leaving_kinds; ++kind) side.squares.push_back(doubles(squares + kind * width, width));
}

template <class T>
void add_to(std::vector<T>& to, const std::vector<T>& more) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += more[i];
}

}  // namespace

Result<bool> LifeTable::take(const Totals& total) {
  if (question_.too_large())
    return fail(ErrorCode::too_large, "the time grid is too fine for so many groups; take longer steps or a nearer horizon");
  const auto side_cells = cells_a_kind(question_) * kinds(question_);
  const auto sides = std::size_t{question_.groups} * question_.strata;
  sides_.clear();
  std::int64_t rows = 0;
  for (std::size_t i = 0; i < sides; ++i) {
    sides_.push_back(read_counts(question_, total.counts.data() + i * side_cells));
    if (question_.weighted) {
      const Exact* weights = total.reals.data() + i * side_cells;
      for (const Exact* cell = weights; cell != weights + side_cells; ++cell) {
        if (!cell->sound()) return fail(ErrorCode::not_computable, "a weight is too large or not a number");
      }
      read_weights(question_, weights, weights + question_.cells() * kinds(question_), sides_.back());
    }
    rows += sides_.back().rows;
  }
  if (rows == 0) return fail(ErrorCode::not_computable, "nobody is followed from the index, so there is nothing to show over time");
  return false;
}

LifeTable::Side LifeTable::group(std::uint16_t group) const {
  Side out = side(0, group);
  for (std::uint16_t s = 1; s < question_.strata; ++s) {
    const auto& more = side(s, group);
    add_to(out.at_risk, more.at_risk);
    add_to(out.entered, more.entered);
    add_to(out.censored, more.censored);
    add_to(out.weight_at_risk, more.weight_at_risk);
    for (std::size_t c = 0; c < out.events.size(); ++c) {
      add_to(out.events[c], more.events[c]);
      add_to(out.weight_events[c], more.weight_events[c]);
    }
    for (std::size_t k = 0; k < out.squares.size(); ++k) add_to(out.squares[k], more.squares[k]);
    out.rows += more.rows;
    out.staying += more.staying;
  }
  return out;
}

LifeTableQuestion life_table_question(std::span<const Episodes> parts, std::int32_t steps) {
  LifeTableQuestion question;
  question.steps = steps;
  const auto highest = [](const auto& column) {
    return column.empty() ? 0 : static_cast<int>(*std::max_element(column.begin(), column.end()));
  };
  int groups = 0, strata = 0, causes = 1;
  for (const auto& part : parts) {
    groups = std::max(groups, highest(part.group));
    strata = std::max(strata, highest(part.stratum));
    causes = std::max(causes, highest(part.cause));
    question.entries = question.entries || !part.entry.empty();
    question.weighted = question.weighted || !part.weight.empty();
  }
  question.groups = static_cast<std::uint16_t>(std::min(groups + 1, 65535));
  question.strata = static_cast<std::uint16_t>(std::min(strata + 1, 65535));
  question.causes = static_cast<std::uint8_t>(causes);
  return question;
}

}  // namespace skerry::evidence
