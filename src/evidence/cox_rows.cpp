#include "evidence/cox_rows.hpp"

#include <algorithm>

namespace skerry::evidence {
namespace {

struct Order {
  std::vector<std::uint32_t> place;  ///< of each taken row of the slice, in its order
  std::vector<std::uint32_t> row;    ///< of the source
  std::vector<CoxRows::Run> runs;
};

/// A counting sort by key; run_of(key) says what the key stands for.
template <class RunOf>
Order order_by(const std::vector<std::uint32_t>& keys, std::vector<std::uint32_t> rows, std::size_t keys_count, const RunOf& run_of) {
  std::vector<std::uint32_t> starts(keys_count + 1, 0);
  for (const auto key : keys) ++starts[key + 1];
  Order out;
  for (std::size_t key = 0; key < keys_count; ++key) {
    if (starts[key + 1] > 0) {
      auto run = run_of(key);
      run.begin = starts[key];
      run.end = starts[key] + starts[key + 1];
      out.runs.push_back(run);
    }
    starts[key + 1] += starts[key];
  }
  out.place.resize(keys.size());
  std::uint32_t* next = starts.data();
  for (std::size_t i = 0; i < keys.size(); ++i) out.place[i] = next[keys[i]]++;
  out.row = std::move(rows);
  return out;
}

std::vector<double> placed(const std::vector<double>& column, const Order& order) {
  if (column.empty()) return {};
  std::vector<double> out(order.place.size());
  double* to = out.data();
  const double* from = column.data();
  const std::uint32_t* place = order.place.data();
  const std::uint32_t* row = order.row.data();
  for (std::size_t i = 0; i < order.place.size(); ++i) to[place[i]] = from[row[i]];
  return out;
}

CoxRows::Sorted sorted(const Episodes& part, Order order) {
  CoxRows::Sorted out;
  for (const auto& column : part.x) out.x.push_back(placed(column, order));
  out.weight = placed(part.weight, order);
  out.offset = placed(part.offset, order);
  out.runs = std::move(order.runs);
  return out;
}

}  // namespace

CoxRows sort_rows(const Episodes& part, std::size_t first, std::size_t last, std::int32_t steps, std::uint16_t strata, bool entries) {
  CoxRows out;
  out.source = &part;
  out.first = first;
  out.last = last;
  const auto width = static_cast<std::uint32_t>(steps) + 2;
  std::vector<std::uint32_t> keys, rows, entry_keys, entry_rows;
  keys.reserve(last - first);
  rows.reserve(last - first);
  const std::int32_t* exit = part.exit.data();
  const std::uint8_t* cause = part.cause.data();
  const std::int32_t* entry = entries && !part.entry.empty() ? part.entry.data() : nullptr;
  const std::uint16_t* stratum = part.stratum.empty() || strata == 1 ? nullptr : part.stratum.data();
  const std::uint32_t* person = part.person.empty() ? nullptr : part.person.data();
  std::uint32_t before = 0;
  for (auto i = first; i < last; ++i) {
    const std::int32_t from = entry == nullptr ? 0 : std::max(0, entry[i]);
    const std::uint32_t s = stratum == nullptr ? 0 : stratum[i];
    if (exit[i] <= from || from >= steps || s >= strata) continue;
    const bool stays = exit[i] > steps;
    const auto at = s * width + static_cast<std::uint32_t>(stays ? steps + 1 : exit[i]);
    if (person == nullptr || keys.empty() || person[i] != before) ++out.people;
    if (person != nullptr) before = person[i];
    keys.push_back(2 * at + (!stays && cause[i] == 1 ? 1U : 0U));
    rows.push_back(static_cast<std::uint32_t>(i));
    if (from == 0) continue;
    entry_keys.push_back(s * width + static_cast<std::uint32_t>(from));
    entry_rows.push_back(static_cast<std::uint32_t>(i));
  }
  out.rows = static_cast<std::int64_t>(keys.size());
  const auto cells = std::size_t{width} * strata;
  const auto stratum_of = [&](std::size_t cell) { return static_cast<std::uint16_t>(cell / width); };
  const auto step_of = [&](std::size_t cell) { return static_cast<std::int32_t>(cell % width); };
  out.leaving = sorted(part, order_by(keys, std::move(rows), 2 * cells,
                                      [&](std::size_t key) { return CoxRows::Run{stratum_of(key / 2), step_of(key / 2), key % 2 == 1}; }));
  if (!entry_keys.empty()) {
    out.entering = sorted(part, order_by(entry_keys, std::move(entry_rows), cells,
                                         [&](std::size_t key) { return CoxRows::Run{stratum_of(key), step_of(key), false}; }));
  }
  return out;
}

}  // namespace skerry::evidence
