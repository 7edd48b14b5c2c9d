// The same data in other parts: every statistic's sums must not notice.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <random>
#include <span>
#include <vector>

#include "evidence/data.hpp"
#include "evidence/statistic.hpp"

namespace skerry::evidence {

/// Rows [from, to).
template <class T>
std::vector<T> cut(const std::vector<T>& values, std::size_t from, std::size_t to) {
  if (values.empty()) return {};
  return std::vector<T>(values.begin() + static_cast<std::ptrdiff_t>(from), values.begin() + static_cast<std::ptrdiff_t>(to));
}
inline std::vector<std::vector<double>> cut_each(const std::vector<std::vector<double>>& columns, std::size_t from, std::size_t to) {
  std::vector<std::vector<double>> out;
  out.reserve(columns.size());
  for (const auto& column : columns) out.push_back(cut(column, from, to));
  return out;
}
inline Episodes rows_of(const Episodes& data, std::size_t from, std::size_t to) {
  return {cut(data.entry, from, to),  cut(data.exit, from, to),    cut(data.cause, from, to),
          cut(data.group, from, to),  cut(data.stratum, from, to), cut(data.weight, from, to),
          cut(data.offset, from, to), cut(data.person, from, to),  cut_each(data.x, from, to)};
}
inline Design rows_of(const Design& data, std::size_t from, std::size_t to) {
  return {cut(data.y, from, to), cut_each(data.x, from, to), cut(data.offset, from, to), cut(data.weight, from, to),
          cut(data.cluster, from, to)};
}
inline Sample rows_of(const Sample& data, std::size_t from, std::size_t to) { return {cut(data.y, from, to), cut(data.group, from, to)}; }
inline Crossing rows_of(const Crossing& data, std::size_t from, std::size_t to) {
  return {cut(data.row, from, to), cut(data.column, from, to), cut(data.stratum, from, to)};
}

/// Whether a part may end before `row`: not between rows of one person.
inline bool may_cut(const Episodes& data, std::size_t row) { return data.person.empty() || data.person[row] != data.person[row - 1]; }
inline bool may_cut(const Design& data, std::size_t row) { return data.cluster.empty() || data.cluster[row] != data.cluster[row - 1]; }
inline bool may_cut(const Sample&, std::size_t) { return true; }
inline bool may_cut(const Crossing&, std::size_t) { return true; }

/// Parts that end at about the given rows (any order, any number).
template <class Data>
std::vector<Data> split_at(const Data& data, std::vector<std::size_t> ends) {
  std::sort(ends.begin(), ends.end());
  ends.push_back(data.rows());
  std::vector<Data> out;
  std::size_t from = 0;
  for (std::size_t to : ends) {
    to = std::clamp(to, from, data.rows());
    while (to > from && to < data.rows() && !may_cut(data, to)) ++to;
    out.push_back(rows_of(data, from, to));
    from = to;
  }
  return out;
}

/// Every round's total, the parts added in the order given. Ends where the statistic does, or where it says an error.
template <class S, class Data>
std::vector<Totals> totals_of(S statistic, const std::vector<Data>& parts) {
  std::vector<Totals> out;
  for (int round = 0; round < 200; ++round) {
    const Totals empty = statistic.shape();
    Totals total = empty;
    for (const auto& part : parts) {
      Totals local = empty;
      statistic.add_local(part, local);
      total += local;
    }
    out.push_back(total);
    const auto more = statistic.take(total);
    if (!more || !*more) break;
  }
  return out;
}

/// Random splits, in random order, and several threads: the same bits in every round.
template <class S, class Data>
void expect_the_same_bits(const S& statistic, const Data& data, std::mt19937_64& random) {
  const auto whole = totals_of(statistic, std::vector<Data>{data});
  for (int i = 0; i < 3; ++i) {
    std::vector<std::size_t> ends(1 + random() % 8);
    for (auto& end : ends) end = random() % (data.rows() + 1);
    auto parts = split_at(data, ends);
    std::shuffle(parts.begin(), parts.end(), random);
    ASSERT_EQ(totals_of(statistic, parts), whole);
    S threaded = statistic;
    S alone = statistic;
    const auto a = run(threaded, std::span<const Data>(parts), 3);
    const auto b = run(alone, std::span<const Data>(&data, 1), 1);
    ASSERT_EQ(a.has_value(), b.has_value());
    ASSERT_EQ(threaded.shape(), alone.shape());
  }
}

}  // namespace skerry::evidence
