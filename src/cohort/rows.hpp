// The facts that speak about a leaf, as rows in order of person.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "base/patient_data.hpp"
#include "cohort/leaf.hpp"
#include "cohort/stop.hpp"

namespace skerry::cohort {

/// What a fact says about a leaf. `other`: it is present with a value that was compared and is not the one asked for.
enum class Said : std::uint8_t { present, absent, other };

struct Row {
  index::Person person = 0;
  Said said = Said::present;
  Truth holds = Truth::yes;  ///< never `no`: such rows are left out
  bool one_of = false;       ///< of the person's rows marked so, one certainly is the one picked
  Span::Axis axis = Span::Axis::none;
  std::int32_t low = 0, high = 0;
  std::uint32_t link = 0, part_of = 0;
  std::uint64_t key = 0;  ///< not 0; the same fact has the same key in every leaf
  double number = 0;      ///< of leaves with numbers
  [[nodiscard]] Range range() const noexcept { return {axis, low, high}; }
};

/// People `from` up to, not including, `to` of a segment.
struct PersonRange {
  index::Person from = 0, to = 0;
  [[nodiscard]] std::size_t size() const noexcept { return to - from; }
};

/// The first block of a stream that may hold the person or a later one.
[[nodiscard]] std::size_t first_block(const index::SegmentReading& segment, index::StreamId stream, index::Person from);

/// The birth of each person of a range, or none looked up.
class Births {
 public:
  Births() = default;
  Births(PersonRange people, const index::SegmentReading& segment);
  [[nodiscard]] Birth of(index::Person person) const noexcept {
    if (low_.empty()) return {};
    const auto i = person - from_;
    return {low_.data()[i] <= high_.data()[i], low_.data()[i], high_.data()[i]};
  }

 private:
  index::Person from_ = 0;
  std::vector<std::int32_t> low_, high_;
};

/// Conversions of the units of one segment, each looked up once. Not thread-safe.
class UnitTable {
 public:
  explicit UnitTable(const index::SegmentReading& segment) : segment_(&segment) {}
  [[nodiscard]] const std::optional<vocabulary::Conversion>& from(index::Term unit, const std::string& to);

 private:
  const index::SegmentReading* segment_;
  std::unordered_map<std::string, std::unordered_map<index::Term, std::optional<vocabulary::Conversion>>> known_;
};

/// What gathering rows needs besides the plan.
struct Gathering {
  const index::SegmentReading& segment;
  PersonRange people;
  const Births& births;
  UnitTable& units;
  Stop& stop;
  index::Block& block;
};

/// The rows of everyone in the range (or of those in `only`, numbered from the range's first), by person. Empty when stopped.
/// Of a person, the order depends on the segment: nothing may depend on it.
[[nodiscard]] std::vector<Row> gather(const LeafPlan& plan, Gathering& with, const Bitset* only = nullptr);

/// visit(person, rows) for each person who has any.
template <class Visit>
void for_each_person(std::span<const Row> rows, Visit&& visit) {
  for (std::size_t at = 0; at < rows.size();) {
    std::size_t end = at + 1;
    while (end < rows.size() && rows.data()[end].person == rows.data()[at].person) ++end;
    visit(rows.data()[at].person, rows.subspan(at, end - at));
    at = end;
  }
}

/// Finds the rows of people asked for in ascending order.
class RowCursor {
 public:
  explicit RowCursor(std::span<const Row> rows) : rows_(rows) {}
  [[nodiscard]] std::span<const Row> of(index::Person person) noexcept {
    const auto* rows = rows_.data();
    std::size_t step = 1;
    while (at_ + step < rows_.size() && rows[at_ + step].person < person) step *= 2;
    std::size_t low = at_ + step / 2, high = std::min(rows_.size(), at_ + step + 1);
    if (at_ < rows_.size() && rows[at_].person >= person) low = high = at_;
    while (low < high) {
      const auto middle = low + (high - low) / 2;
      if (rows[middle].person < person)
        low = middle + 1;
      else
        high = middle;
    }
    at_ = low;
    auto end = at_;
    while (end < rows_.size() && rows[end].person == person) ++end;
    return rows_.subspan(at_, end - at_);
  }

 private:
  std::span<const Row> rows_;
  std::size_t at_ = 0;
};

}  // namespace skerry::cohort

template <>
inline constexpr bool skerry::is_patient_data<skerry::cohort::Row> = true;
