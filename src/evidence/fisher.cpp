// Fisher's exact test (crosstab_tests.hpp): 2 x 2 by the hypergeometric distribution, larger tables by a network of columns.
#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "evidence/conditional.hpp"
#include "evidence/crosstab_tests.hpp"

namespace skerry::evidence {
namespace {

constexpr double as_probable = 1e-7;  // of logarithms

using Left = std::vector<std::int32_t>;  ///< of each row, ascending: people not yet given to a column

struct LeftHash {
  std::size_t operator()(const Left& left) const noexcept {
    std::uint64_t hash = 1469598103934665603ULL;
    for (const auto value : left) hash = (hash ^ static_cast<std::uint64_t>(value)) * 1099511628211ULL;
    return static_cast<std::size_t>(hash);
  }
};

/// The tables with given margins, column by column. The weight of a column's cells x is C! / product of x!; in logarithms.
class Network {
 public:
  Network(std::vector<std::int64_t> rows, std::vector<std::int64_t> columns)
      : rows_(rows.begin(), rows.end()), columns_(std::move(columns)) {
    std::sort(rows_.begin(), rows_.end());
    std::sort(columns_.rbegin(), columns_.rend());
    std::int64_t people = 0;
    for (const auto sum : columns_) people += sum;
    double factorial = 0;
    factorial_.push_back(0);
    for (std::int64_t i = 1; i <= people; ++i) factorial_.push_back(factorial += std::log(static_cast<double>(i)));
    bounds_.resize(columns_.size() + 1);
  }

  [[nodiscard]] double weight(const std::vector<std::int64_t>& cells) const {
    double out = 0;
    for (const auto sum : columns_) out += factorial_[static_cast<std::size_t>(sum)];
    for (const auto cell : cells) out -= factorial_[static_cast<std::size_t>(cell)];
    return out;
  }

  /// The probability of all tables with a log weight of at most `most`; unset when there are too many.
  std::optional<double> at_most(double most) {
    if (!explore(rows_, 0)) return std::nullopt;
    most_ = most;
    Stage stage;
    stage[rows_][0] = {0, 1};
    for (std::size_t column = 0; column < columns_.size(); ++column) {
      Stage next;
      for (const auto& [left, pasts] : stage) {
        if (!extend(left, pasts, column, next)) return std::nullopt;
      }
      stage = std::move(next);
    }
    return std::min(1.0, counted_);
  }

 private:
  struct Past {
    double log_weight = 0, ways = 0;
  };
  using Pasts = std::unordered_map<std::int64_t, Past>;  // by the rounded weight
  using Stage = std::unordered_map<Left, Pasts, LeftHash>;
  struct Bounds {
    double longest = 0, shortest = 0;
  };
  static constexpr std::int64_t steps_max = 6'000'000;

  /// Calls visit(what is left, log weight) for every way to fill a column; false when it said stop.
  template <class Visit>
  bool fill(const Left& left, std::size_t column, Visit visit) const {
    Left after = left;
    return fill_row(left, after, 0, columns_[column], factorial_[static_cast<std::size_t>(columns_[column])], visit);
  }
  template <class Visit>
  bool fill_row(const Left& left, Left& after, std::size_t row, std::int64_t open, double weight, Visit& visit) const {
    if (row + 1 == left.size()) {
      if (open > left[row]) return true;
      after[row] = left[row] - static_cast<std::int32_t>(open);
      Left sorted = after;
      std::sort(sorted.begin(), sorted.end());
      return visit(std::move(sorted), weight - factorial_[static_cast<std::size_t>(open)]);
    }
    std::int64_t behind = 0;
    for (std::size_t i = row + 1; i < left.size(); ++i) behind += left[i];
    for (std::int64_t x = std::max<std::int64_t>(0, open - behind); x <= std::min<std::int64_t>(left[row], open); ++x) {
      after[row] = left[row] - static_cast<std::int32_t>(x);
      if (!fill_row(left, after, row + 1, open - x, weight - factorial_[static_cast<std::size_t>(x)], visit)) return false;
    }
    return true;
  }

  /// Finds the greatest and least log weight from here to the end.
  bool explore(const Left& left, std::size_t column) {
    if (column == columns_.size()) return true;
    auto& known = bounds_[column];
    if (known.contains(left)) return true;
    Bounds bounds{-1e300, 1e300};
    const bool done = fill(left, column, [&](Left after, double weight) {
      if (++steps_ > steps_max || !explore(after, column + 1)) return false;
      const auto& rest = bounds_of(after, column + 1);
      bounds.longest = std::max(bounds.longest, weight + rest.longest);
      bounds.shortest = std::min(bounds.shortest, weight + rest.shortest);
      return true;
    });
    bounds_[column][left] = bounds;
    return done;
  }
  const Bounds& bounds_of(const Left& left, std::size_t column) const {
    static const Bounds end;
    return column == columns_.size() ? end : bounds_[column].find(left)->second;
  }

  bool extend(const Left& left, const Pasts& pasts, std::size_t column, Stage& next) {
    return fill(left, column, [&](const Left& after, double weight) {
      const auto& rest = bounds_of(after, column + 1);
      Pasts* to = nullptr;
      for (const auto& [key, past] : pasts) {
        if (++steps_ > steps_max) return false;
        const double so_far = past.log_weight + weight;
        if (so_far + rest.shortest > most_) continue;  // no table from here counts
        if (so_far + rest.longest <= most_) {          // all do
          counted_ += past.ways * std::exp(so_far + all_from(after) - all_from(rows_));
          continue;
        }
        if (to == nullptr) to = &next[after];
        auto& merged = (*to)[std::llround(so_far * 1e11)];
        merged.log_weight = so_far;
        merged.ways += past.ways;
      }
      return true;
    });
  }
  /// ln of the sum of the weights of all ways from here to the end: a multinomial coefficient.
  [[nodiscard]] double all_from(const Left& left) const {
    std::int64_t people = 0;
    double out = 0;
    for (const auto value : left) {
      people += value;
      out -= factorial_[static_cast<std::size_t>(value)];
    }
    return out + factorial_[static_cast<std::size_t>(people)];
  }

  Left rows_;
  std::vector<std::int64_t> columns_;
  std::vector<double> factorial_;
  std::vector<std::unordered_map<Left, Bounds, LeftHash>> bounds_;
  double most_ = 0, counted_ = 0;
  std::int64_t steps_ = 0;
};

std::optional<double> larger(const CrossTable& table) {
  constexpr std::int64_t people_max = 100'000;
  if (table.people() > people_max) return std::nullopt;
  // The network's columns are the table's longer side, so that what is left of the rows is short.
  const bool turn = table.rows > table.columns;
  Network network(turn ? table.column_sums() : table.row_sums(), turn ? table.row_sums() : table.column_sums());
  return network.at_most(network.weight(table.cells) + as_probable);
}

}  // namespace

std::optional<Test> fisher(const CrossTable& table) {
  Test out;
  out.name = "Fisher's exact test";
  out.exact = true;
  if (table.rows == 2 && table.columns == 2) {
    const Fourfold one{table.cells[0], table.cells[1], table.cells[2], table.cells[3]};
    out.p = conditional_p(std::span(&one, 1));
    return out;
  }
  out.p = larger(table);
  if (!out.p) return std::nullopt;
  return out;
}

}  // namespace skerry::evidence
