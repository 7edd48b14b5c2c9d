// Secondary suppression of a table with margins, as flows: a row's node passes on what its total brings in, a column's node
// passes to its total what its cells bring; whatever can still circulate among the withheld numbers is what an attacker with
// all the told ones cannot rule out.
#include <algorithm>
#include <optional>
#include <queue>

#include "disclosure/suppression.hpp"

namespace skerry::disclosure {
namespace {

using evidence::Count;
using evidence::Mark;
using Numbers = std::vector<std::vector<std::int64_t>>;
using Counts = std::vector<std::vector<Count>>;

struct Position {
  std::size_t row = 0, column = 0;
};

/// The circulation of a table with margins. Nodes: rows (the last is the row of totals), then columns (the last is the column
/// of totals). Each number is an edge; a withheld one can grow without end and shrink to 0.
class Circulation {
 public:
  Circulation(const Numbers& numbers, const Counts& told, Position without)
      : rows_(numbers.size()), nodes_(numbers.size() + numbers.front().size()), capacity_(nodes_, std::vector<std::int64_t>(nodes_, 0)) {
    for (std::size_t r = 0; r < numbers.size(); ++r) {
      for (std::size_t c = 0; c < numbers[r].size(); ++c) {
        if (told[r][c].mark == Mark::open || (r == without.row && c == without.column)) continue;
        const auto [from, to] = edge(numbers, r, c);
        capacity_[from][to] += unbounded;
        capacity_[to][from] += numbers[r][c];
      }
    }
  }

  /// From which node to which the number at (r, c) flows: cells from row to column; a row's total into its row; a column's
  /// total out of its column; the grand total from the row of totals to the column of totals, closing the circle.
  [[nodiscard]] std::pair<std::size_t, std::size_t> edge(const Numbers& numbers, std::size_t r, std::size_t c) const {
    const bool last_row = r + 1 == numbers.size();
    const bool last_column = c + 1 == numbers.front().size();
    const std::size_t row = r;
    const std::size_t column = rows_ + c;
    return last_row == last_column ? std::pair{row, column} : std::pair{column, row};
  }

  /// Maximum flow (Edmonds & Karp), cut off at `unbounded`.
  [[nodiscard]] std::int64_t flow(std::size_t from, std::size_t to) {
    auto left = capacity_;
    std::int64_t total = 0;
    while (total < unbounded) {
      std::vector<std::optional<std::size_t>> before(nodes_);
      before[from] = from;
      std::queue<std::size_t> open;
      open.push(from);
      while (!open.empty() && !before[to]) {
        const auto node = open.front();
        open.pop();
        for (std::size_t next = 0; next < nodes_; ++next) {
          if (before[next] || left[node][next] == 0) continue;
          before[next] = node;
          open.push(next);
        }
      }
      if (!before[to]) return total;
      std::int64_t width = unbounded;
      for (auto node = to; node != from; node = *before[node]) width = std::min(width, left[*before[node]][node]);
      for (auto node = to; node != from; node = *before[node]) {
        left[*before[node]][node] -= width;
        left[node][*before[node]] += width;
      }
      total += width;
    }
    return unbounded;
  }

 private:
  std::size_t rows_, nodes_;
  std::vector<std::vector<std::int64_t>> capacity_;
};

bool wide_enough(const Numbers& numbers, const Counts& told, Position at, int floor) {
  const auto range = range_of(numbers, told, at.row, at.column);
  return range.high - range.low >= floor;
}

std::optional<Position> too_narrow(const Numbers& numbers, const Counts& told, int floor) {
  for (std::size_t r = 0; r < numbers.size(); ++r) {
    for (std::size_t c = 0; c < numbers[r].size(); ++c) {
      if (told[r][c].mark != Mark::open && !wide_enough(numbers, told, {r, c}, floor)) return Position{r, c};
    }
  }
  return std::nullopt;
}

/// The told number to give up for one that is bounded too closely: in its row or column when there is one, the smallest that
/// is not 0, cells before totals; else anywhere.
Position next_to_withhold(const Numbers& numbers, const Counts& told, Position narrow) {
  std::optional<Position> best;
  const auto rank = [&](Position p) {
    const bool beside = p.row == narrow.row || p.column == narrow.column;
    const bool total = p.row + 1 == numbers.size() || p.column + 1 == numbers.front().size();
    const auto number = numbers[p.row][p.column];
    return std::tuple(!beside, total, number == 0, number, p.row, p.column);
  };
  for (std::size_t r = 0; r < numbers.size(); ++r) {
    for (std::size_t c = 0; c < numbers[r].size(); ++c) {
      const Position here{r, c};
      if (told[r][c].mark == Mark::open && (!best || rank(here) < rank(*best))) best = here;
    }
  }
  return *best;  // when all are withheld nothing is bounded, so there is one
}

}  // namespace

Range range_of(const Numbers& numbers, const Counts& told, std::size_t row, std::size_t column) {
  const auto number = numbers[row][column];
  if (told[row][column].mark == Mark::open) return {number, number};
  Circulation circulation(numbers, told, {row, column});
  const auto [from, to] = circulation.edge(numbers, row, column);
  const auto up = circulation.flow(to, from);
  const auto down = std::min(number, circulation.flow(from, to));
  return {number - down, up >= unbounded ? unbounded : number + up};
}

Counts protect_table(const Numbers& numbers, int floor) {
  Counts told(numbers.size());
  for (std::size_t r = 0; r < numbers.size(); ++r) {
    for (const auto number : numbers[r]) {
      const bool small = number > 0 && number < floor;
      told[r].push_back(small ? Count{std::nullopt, Mark::withheld} : Count{number, Mark::open});
    }
  }
  while (const auto narrow = too_narrow(numbers, told, floor)) {
    const auto next = next_to_withhold(numbers, told, *narrow);
    told[next.row][next.column] = {std::nullopt, Mark::withheld};
  }
  return told;
}

}  // namespace skerry::disclosure
