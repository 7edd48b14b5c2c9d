#include "evidence/sum.hpp"

#include <algorithm>
#include <thread>

namespace skerry::evidence {

class Arithmetic {
 public:
  template <class T>
  static const T& content(const Sealed<T>& sealed) {
    return sealed.content_;
  }
};

namespace {

Sums sum_range(const Layout& layout, const cohort::Columns& columns, std::size_t from, std::size_t to) {
  Sums sums(layout.size(), 0);
  std::vector<std::uint32_t> cells;
  for (std::size_t i = from; i < to; ++i) {
    cells.clear();
    layout.cells_of(columns, i, cells);
    for (const auto cell : cells) ++sums[cell];
  }
  return sums;
}

void add_to(Sums& sums, const Sums& more) {
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += more[i];
}

}  // namespace

Sealed<Sums> local_sum(const Layout& layout, const cohort::Columns& columns, unsigned threads) {
  const std::size_t people = columns.participants.size();
  const std::size_t shares = std::clamp<std::size_t>(threads, 1, std::max<std::size_t>(people, 1));
  std::vector<Sums> parts(shares);
  {
    std::vector<std::jthread> workers;
    for (std::size_t s = 1; s < shares; ++s) {
      workers.emplace_back([&, s] { parts[s] = sum_range(layout, columns, people * s / shares, people * (s + 1) / shares); });
    }
    parts[0] = sum_range(layout, columns, 0, people / shares);
  }
  Sums sums = std::move(parts[0]);
  for (std::size_t s = 1; s < shares; ++s) add_to(sums, parts[s]);
  sums[Layout::undecided()] += static_cast<std::int64_t>(columns.undecided.size() + columns.undecided_by_dates.size());
  return Sealed(std::move(sums));
}

Sealed<Sums> add(const Sealed<Sums>& a, const Sealed<Sums>& b) {
  Sums sums = Arithmetic::content(a);
  add_to(sums, Arithmetic::content(b));
  return Sealed(std::move(sums));
}

Sealed<Contributions> contributions(const Layout& layout, const cohort::Columns& columns) {
  Contributions out;
  const auto left = undecided_people(columns);
  std::size_t member = 0;
  std::size_t undecided = 0;
  while (member < columns.participants.size() || undecided < left.size()) {
    const bool next_is_member =
        undecided == left.size() || (member < columns.participants.size() && columns.participants[member] < left[undecided]);
    if (next_is_member) {
      out.participants.push_back(columns.participants[member]);
      layout.cells_of(columns, member++, out.cells);
    } else {
      out.participants.push_back(left[undecided++]);
      out.cells.push_back(static_cast<std::uint32_t>(Layout::undecided()));
    }
    out.ends.push_back(static_cast<std::uint32_t>(out.cells.size()));
  }
  return Sealed(std::move(out));
}

Sealed<Sums> local_sum(const Layout& layout, const Sealed<Contributions>& people) {
  Sums sums(layout.size(), 0);
  for (const auto cell : Arithmetic::content(people).cells) ++sums[cell];
  return Sealed(std::move(sums));
}

}  // namespace skerry::evidence
