#include "index/block.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace skerry::index {
namespace {

constexpr std::size_t qualifiers_max = block_rows * 1000;  // fact::check allows 1,000 a fact

unsigned parts_of(std::span<const Row> rows, bool qualified) noexcept {
  unsigned parts = qualified ? part_qualifiers : 0U;
  for (const auto& row : rows) {
    if (row.axis != Span::Axis::none) parts |= part_time;
    if (row.value_kind != ValueKind::none) parts |= part_value_kind;
    if (row.value != 0) parts |= part_value;
    if (row.unit != 0) parts |= part_unit;
    if (row.value_kind == ValueKind::number || row.value_kind == ValueKind::integer || row.value_kind == ValueKind::boolean) {
      parts |= part_number;
    }
    if (row.site != 0) parts |= part_site;
    if (row.side != Side::unknown) parts |= part_side;
    if (row.source != 0) parts |= part_source;
    if (row.link != 0) parts |= part_link;
    if (row.part_of != 0) parts |= part_part_of;
  }
  return parts;
}

/// One column of rows (or qualifiers) as whole numbers.
template <class From, class Get>
void put_column(std::span<const From> rows, std::string& out, Get get) {
  std::array<std::int64_t, block_rows> numbers;
  for (std::size_t i = 0; i < rows.size(); ++i) numbers.data()[i] = static_cast<std::int64_t>(get(rows[i]));
  encode_whole(std::span(numbers).first(rows.size()), out);
}

template <class From, class Get>
void put_numbers(std::span<const From> rows, std::string& out, Get get) {
  std::array<double, block_rows> numbers;
  for (std::size_t i = 0; i < rows.size(); ++i) numbers.data()[i] = get(rows[i]);
  encode_numbers(std::span(numbers).first(rows.size()), out);
}

void put_time(std::span<const Row> rows, std::string& out) {
  put_column(rows, out, [](const Row& row) { return row.axis; });
  // Rows without a time repeat a neighbour's, which costs nothing.
  const auto known = std::ranges::find_if(rows, [](const Row& row) { return row.axis != Span::Axis::none; });
  std::int64_t low = known->low, length = std::int64_t{known->high} - known->low;
  put_column(rows, out, [&low](const Row& row) { return low = row.axis == Span::Axis::none ? low : row.low; });
  put_column(rows, out,
             [&length](const Row& row) { return length = row.axis == Span::Axis::none ? length : std::int64_t{row.high} - row.low; });
}

void put_qualifiers(std::span<const QualifierRow> qualifiers, std::string& out) {
  put_varint(out, qualifiers.size());
  std::int64_t before = 0;
  for (; !qualifiers.empty(); qualifiers = qualifiers.subspan(std::min(block_rows, qualifiers.size()))) {
    const auto some = qualifiers.first(std::min(block_rows, qualifiers.size()));
    put_column(some, out, [&before](const QualifierRow& said) {
      const auto step = said.row - before;
      before = said.row;
      return step;
    });
    put_column(some, out, [](const QualifierRow& said) { return said.role; });
    put_column(some, out, [](const QualifierRow& said) { return said.kind; });
    put_column(some, out, [](const QualifierRow& said) { return said.value; });
    put_column(some, out, [](const QualifierRow& said) { return said.unit; });
    put_numbers(some, out, [](const QualifierRow& said) { return said.number; });
  }
}

using Numbers = std::array<std::uint32_t, block_rows>;

/// A column of codes: none beyond the dictionary.
void decode_terms(const WholeColumn& column, bool there, std::size_t rows, std::size_t terms, Term* out) noexcept {
  if (!there) return static_cast<void>(std::fill_n(out, rows, Term{0}));
  column.unpack(rows, out);
  for (std::size_t i = 0; i < rows; ++i) out[i] = out[i] <= terms ? out[i] : 0;
}

template <class Enum>
void decode_enum(const WholeColumn& column, bool there, std::size_t rows, Enum first, Enum last, Enum* out) noexcept {
  if (!there) return static_cast<void>(std::fill_n(out, rows, first));
  if (column.mode == WholeColumn::Mode::constant) {
    const bool known = column.base >= static_cast<std::uint32_t>(first) && column.base <= static_cast<std::uint32_t>(last);
    return static_cast<void>(std::fill_n(out, rows, known ? static_cast<Enum>(column.base) : first));
  }
  Numbers numbers;
  column.unpack(rows, numbers.data());
  const auto* from = numbers.data();
  const auto low = static_cast<std::uint32_t>(first), range = static_cast<std::uint32_t>(last) - low;
  const auto narrow = [&](std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<Enum>(from[i] - low <= range ? from[i] : low);
  };
  rows == block_rows ? narrow(block_rows) : narrow(rows);
}

/// Inlined with block_rows it is unrolled.
inline void put_times(const std::uint32_t* from, const std::uint32_t* length, std::int32_t* __restrict low, std::int32_t* __restrict high,
                      std::size_t rows) noexcept {
  for (std::size_t i = 0; i < rows; ++i) {
    low[i] = static_cast<std::int32_t>(from[i]);
    high[i] = static_cast<std::int32_t>(from[i] + length[i]);
  }
}

}  // namespace

void encode_block(std::span<const Row> rows, std::span<const QualifierRow> qualifiers, std::string& out) {
  const auto parts = parts_of(rows, !qualifiers.empty());
  put_varint(out, parts);
  put_varint(out, rows.front().person);
  if (rows.size() > 1) {
    // The first row's step is not used; the second's in its place costs nothing.
    std::int64_t before = 2 * std::int64_t{rows[0].person} - rows[1].person;
    put_column(rows, out, [&before](const Row& row) {
      const auto step = row.person - before;
      before = row.person;
      return step;
    });
  }
  if ((parts & part_time) != 0) put_time(rows, out);
  if ((parts & part_value_kind) != 0) put_column(rows, out, [](const Row& row) { return row.value_kind; });
  if ((parts & part_value) != 0) put_column(rows, out, [](const Row& row) { return row.value; });
  if ((parts & part_unit) != 0) put_column(rows, out, [](const Row& row) { return row.unit; });
  if ((parts & part_number) != 0) put_numbers(rows, out, [](const Row& row) { return row.number; });
  if ((parts & part_site) != 0) put_column(rows, out, [](const Row& row) { return row.site; });
  if ((parts & part_side) != 0) put_column(rows, out, [](const Row& row) { return row.side; });
  put_column(rows, out, [](const Row& row) { return row.source_kind; });
  if ((parts & part_source) != 0) put_column(rows, out, [](const Row& row) { return row.source; });
  if ((parts & part_link) != 0) put_column(rows, out, [](const Row& row) { return row.link; });
  if ((parts & part_part_of) != 0) put_column(rows, out, [](const Row& row) { return row.part_of; });
  if ((parts & part_qualifiers) != 0) put_qualifiers(qualifiers, out);
}

bool BlockBytes::parse(std::span<const std::uint8_t> bytes, std::size_t rows) noexcept {
  Cursor at(bytes);
  rows_ = rows;
  parts_ = static_cast<unsigned>(at.varint());
  first_ = static_cast<Person>(at.varint());
  if (rows == 0 || rows > block_rows || parts_ > part_all) return false;
  const auto whole = [&](unsigned part, WholeColumn& column) { return (parts_ & part) == 0 || column.parse(at, rows); };
  if (rows > 1 && !steps_.parse(at, rows)) return false;
  if (!whole(part_time, axis_) || !whole(part_time, low_) || !whole(part_time, length_)) return false;
  if (!whole(part_value_kind, value_kind_) || !whole(part_value, value_) || !whole(part_unit, unit_)) return false;
  if ((parts_ & part_number) != 0 && !number_.parse(at, rows)) return false;
  if (!whole(part_site, site_) || !whole(part_side, side_) || !source_kind_.parse(at, rows) || !whole(part_source, source_)) return false;
  if (!whole(part_link, link_) || !whole(part_part_of, part_of_)) return false;
  const auto left = at.left();
  qualifiers_ = std::span(at.take(left), left);
  return at.ok();
}

bool BlockBytes::sound(std::size_t people) const {
  std::uint64_t last = first_;
  if (rows_ > 1) {
    Numbers steps;
    steps_.unpack(rows_, steps.data());
    for (std::size_t i = 1; i < rows_; ++i) last += steps.data()[i];
  }
  if (last >= people) return false;
  std::vector<QualifierRow> qualifiers;
  return decode_qualifiers(0, qualifiers);
}

void BlockBytes::decode_people(Person* out) const noexcept {
  out[0] = first_;
  if (rows_ == 1) return;
  steps_.unpack(rows_, out);
  auto person = first_ - out[0];
  for (std::size_t i = 0; i < rows_; ++i) out[i] = person += out[i];
}

void BlockBytes::decode_time(Block& out) const noexcept {
  decode_enum(axis_, (parts_ & part_time) != 0, rows_, Span::Axis::none, Span::Axis::age, out.axis.data());
  auto* low = out.low.data();
  auto* high = out.high.data();
  if ((parts_ & part_time) == 0) {
    std::fill_n(low, rows_, 0);
    std::fill_n(high, rows_, 0);
    return;
  }
  Numbers lows, lengths;
  low_.unpack(rows_, lows.data());
  length_.unpack(rows_, lengths.data());
  if (rows_ == block_rows) {
    put_times(lows.data(), lengths.data(), low, high, block_rows);
  } else {
    put_times(lows.data(), lengths.data(), low, high, rows_);
  }
  if (axis_.mode == WholeColumn::Mode::constant) return;
  const auto* axis = out.axis.data();
  const auto blank = [=](std::size_t rows) {
    for (std::size_t i = 0; i < rows; ++i) {
      const auto keep = axis[i] == Span::Axis::none ? 0 : -1;
      low[i] &= keep;
      high[i] &= keep;
    }
  };
  rows_ == block_rows ? blank(block_rows) : blank(rows_);
}

void BlockBytes::decode_value(std::size_t terms, Block& out) const noexcept {
  decode_enum(value_kind_, (parts_ & part_value_kind) != 0, rows_, ValueKind::none, ValueKind::other, out.value_kind.data());
  decode_terms(value_, (parts_ & part_value) != 0, rows_, terms, out.value.data());
  decode_terms(unit_, (parts_ & part_unit) != 0, rows_, terms, out.unit.data());
  (parts_ & part_number) != 0 ? number_.unpack(rows_, out.number.data()) : static_cast<void>(std::fill_n(out.number.data(), rows_, 0.0));
}

bool BlockBytes::decode_qualifiers(std::size_t terms, std::vector<QualifierRow>& out) const {
  out.clear();
  if ((parts_ & part_qualifiers) == 0) return true;
  Cursor at(qualifiers_);
  auto left = at.varint();
  if (left > qualifiers_max) return false;
  std::uint64_t row = 0;
  while (left > 0) {
    const auto count = std::min<std::size_t>(left, block_rows);
    left -= count;
    WholeColumn step, role, kind, value, unit;
    NumberColumn number;
    if (!step.parse(at, count) || !role.parse(at, count) || !kind.parse(at, count) || !value.parse(at, count) || !unit.parse(at, count) ||
        !number.parse(at, count)) {
      return false;
    }
    Numbers steps, roles, values, units;
    std::array<ValueKind, block_rows> kinds;
    std::array<double, block_rows> numbers;
    step.unpack(count, steps.data());
    decode_terms(role, true, count, terms, roles.data());
    decode_enum(kind, true, count, ValueKind::none, ValueKind::other, kinds.data());
    decode_terms(value, true, count, terms, values.data());
    decode_terms(unit, true, count, terms, units.data());
    number.unpack(count, numbers.data());
    for (std::size_t i = 0; i < count; ++i) {
      row += steps[i];
      if (row >= rows_) return false;
      out.push_back({static_cast<std::uint32_t>(row), roles[i], kinds[i], values[i], numbers[i], units[i]});
    }
  }
  return true;
}

void BlockBytes::decode(unsigned columns, std::size_t terms, Block& out) const {
  out.size = rows_;
  decode_people(out.person.data());
  if ((columns & column_when) != 0) decode_time(out);
  if ((columns & column_value) != 0) decode_value(terms, out);
  if ((columns & column_place) != 0) {
    decode_terms(site_, (parts_ & part_site) != 0, rows_, terms, out.site.data());
    decode_enum(side_, (parts_ & part_side) != 0, rows_, Side::unknown, Side::midline, out.side.data());
  }
  if ((columns & column_source) != 0) {
    decode_enum(source_kind_, true, rows_, SourceKind::participant, SourceKind::publication, out.source_kind.data());
    decode_terms(source_, (parts_ & part_source) != 0, rows_, terms, out.source.data());
  }
  if ((columns & column_link) != 0) {
    for (const auto& [column, part, to] :
         {std::tuple{&link_, part_link, out.link.data()}, std::tuple{&part_of_, part_part_of, out.part_of.data()}}) {
      (parts_ & part) != 0 ? column->unpack(rows_, to) : static_cast<void>(std::fill_n(to, rows_, 0U));
    }
  }
  if ((columns & column_qualifier) != 0) (void)decode_qualifiers(terms, out.qualifiers);
}

}  // namespace skerry::index
