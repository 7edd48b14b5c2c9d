#include "disclosure/attrition_protection.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace skerry::disclosure {
namespace {

using evidence::Count;
using evidence::ExplainedLine;
using evidence::Mark;

constexpr Count withheld{std::nullopt, Mark::withheld};

bool small(std::int64_t people, int floor) { return people > 0 && people < floor; }

std::array<Count*, 4> reasons_of(ExplainedLine& line) {
  return {&line.not_met, &line.not_recorded, &line.contradictory, &line.dates_undecided};
}

void hide_reasons(ExplainedLine& line) {
  for (auto* reason : reasons_of(line)) *reason = withheld;
}

/// The reasons of one line add up to what two told numbers differ by. Beside a small one, all that are not 0 are withheld.
void tell_reasons(const cohort::AttritionLine& from, ExplainedLine& line, int floor) {
  const std::array<std::int64_t, 4> people{from.not_met, from.not_recorded, from.contradictory, from.dates_undecided};
  const bool clean = std::ranges::none_of(people, [floor](auto number) { return small(number, floor); });
  const auto not_none = std::ranges::count_if(people, [](auto number) { return number > 0; });
  const auto reasons = reasons_of(line);
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (clean || people[i] == 0) {
      *reasons[i] = {people[i], Mark::open};
    } else {
      // Two reasons of which one is small: the other is known but for the floor, which is as much as "few" tells.
      *reasons[i] = small(people[i], floor) && not_none > 1 ? Count{std::nullopt, Mark::few} : withheld;
    }
  }
}

}  // namespace

std::vector<ExplainedLine> protect_attrition(const std::vector<cohort::AttritionLine>& lines,
                                             const std::vector<std::int64_t>& told_elsewhere, int floor) {
  std::vector<ExplainedLine> out;
  std::vector<std::int64_t> told = told_elsewhere;
  std::optional<std::int64_t> before;  // the line before, when it is told
  for (const auto& from : lines) {
    ExplainedLine line{from.words, withheld, withheld, withheld, withheld, withheld};
    const bool apart = std::ranges::none_of(told, [&](auto other) { return small(std::abs(other - from.kept), floor); });
    if (small(from.kept, floor)) {
      line.kept = {std::nullopt, Mark::few};
    } else if (apart) {
      line.kept = {from.kept, Mark::open};
      told.push_back(from.kept);
    }
    const bool open = line.kept.mark == Mark::open;
    if (out.empty()) {
      // Nobody leaves before the first line.
      if (open) tell_reasons(from, line, floor);
    } else if (open && before) {
      tell_reasons(from, line, floor);
    }
    before = open ? line.kept.number : std::nullopt;
    out.push_back(std::move(line));
  }
  return out;
}

void withhold_line(std::vector<ExplainedLine>& lines, std::size_t line) {
  lines[line].kept = withheld;
  hide_reasons(lines[line]);
  if (line + 1 < lines.size()) hide_reasons(lines[line + 1]);
}

}  // namespace skerry::disclosure
