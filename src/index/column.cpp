#include "index/column.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <vector>

#include "base/processor.hpp"

namespace skerry::index {
namespace {

static_assert(std::endian::native == std::endian::little, "the index is little-endian; docs/index-format.md");

constexpr std::size_t lanes = 32;
static_assert(block_rows == lanes * 32);

constexpr std::uint64_t zigzag(std::int64_t number) noexcept {
  return (static_cast<std::uint64_t>(number) << 1) ^ static_cast<std::uint64_t>(number >> 63);
}

constexpr std::uint32_t mask_of(unsigned width) noexcept { return width >= 32 ? ~std::uint32_t{0} : (std::uint32_t{1} << width) - 1; }

constexpr std::size_t packed_bytes(std::size_t rows, unsigned width) noexcept { return (rows * width + 7) / 8; }

// A whole block: number j * 32 + lane stands at bit j * width of its lane, so that 32 numbers are unpacked by the same shifts.
void pack_block(const std::uint32_t* numbers, unsigned width, std::string& out) {
  std::array<std::uint32_t, block_rows> words{};
  for (std::size_t i = 0; i < block_rows; ++i) {
    const auto bit = i / lanes * width;
    const auto word = bit / 32 * lanes + i % lanes;
    const auto shift = bit % 32;
    words[word] |= numbers[i] << shift;
    if (shift + width > 32) words[word + lanes] |= numbers[i] >> (32 - shift);
  }
  const auto at = out.size();
  out.resize(at + packed_bytes(block_rows, width));
  std::memcpy(out.data() + at, words.data(), packed_bytes(block_rows, width));
}

SKERRY_WIDE void unpack_block(const std::uint8_t* packed, unsigned width, std::uint32_t* __restrict out) noexcept {
  alignas(64) std::array<std::uint32_t, block_rows> copy;
  std::memcpy(copy.data(), packed, packed_bytes(block_rows, width));
  const std::uint32_t* __restrict words = copy.data();
  const auto mask = mask_of(width);
  for (unsigned j = 0; j < block_rows / lanes; ++j) {
    const auto shift = j * width % 32;
    const auto* from = words + j * width / 32 * lanes;
    auto* to = out + j * lanes;
    if (shift + width <= 32) {
      for (std::size_t lane = 0; lane < lanes; ++lane) to[lane] = (from[lane] >> shift) & mask;
    } else {
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        to[lane] = ((from[lane] >> shift) | (from[lanes + lane] << (32 - shift))) & mask;
      }
    }
  }
}

SKERRY_WIDE void scale_block(std::uint32_t base, std::uint32_t step, std::uint32_t* out) noexcept {
  for (std::size_t i = 0; i < block_rows; ++i) out[i] = base + step * out[i];
}

// Fewer rows: bit by bit, the lowest first.
void pack_few(std::span<const std::uint32_t> numbers, unsigned width, std::string& out) {
  std::uint64_t waiting = 0;
  unsigned bits = 0;
  for (const auto number : numbers) {
    waiting |= std::uint64_t{number} << bits;
    for (bits += width; bits >= 8; bits -= 8, waiting >>= 8) out.push_back(static_cast<char>(waiting & 0xff));
  }
  if (bits > 0) out.push_back(static_cast<char>(waiting & 0xff));
}

void unpack_few(const std::uint8_t* packed, std::size_t rows, unsigned width, std::uint32_t* out) noexcept {
  std::array<std::uint8_t, block_rows * 4 + 8> copy;
  const auto size = packed_bytes(rows, width);
  std::memcpy(copy.data(), packed, size);
  std::memset(copy.data() + size, 0, 8);
  const auto mask = mask_of(width);
  const auto* bytes = copy.data();
  for (std::size_t i = 0, bit = 0; i < rows; ++i, bit += width) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes + bit / 8, sizeof word);
    out[i] = static_cast<std::uint32_t>(word >> (bit % 8)) & mask;
  }
}

void pack(std::span<const std::uint32_t> numbers, unsigned width, std::string& out) {
  if (width == 0) return;
  numbers.size() == block_rows ? pack_block(numbers.data(), width, out) : pack_few(numbers, width, out);
}

/// The different numbers, ascending; none when there are more than a table is worth.
std::optional<std::vector<std::int64_t>> variety_of(std::span<const std::int64_t> numbers) {
  constexpr std::size_t places = 1024, variety_max = WholeColumn::table_max;
  std::array<std::int64_t, places> place;
  std::array<bool, places> taken{};
  std::vector<std::int64_t> out;
  for (const auto number : numbers) {
    auto at = static_cast<std::size_t>(static_cast<std::uint64_t>(number) * 0x9e3779b97f4a7c15U >> 54);
    while (taken[at] && place[at] != number) at = (at + 1) % places;
    if (taken[at]) continue;
    if (out.size() == variety_max) return std::nullopt;
    taken[at] = true;
    place[at] = number;
    out.push_back(number);
  }
  std::ranges::sort(out);
  return out;
}

std::string table_bytes(std::span<const std::int64_t> table) {
  std::string out;
  put_varint(out, table.size());
  put_signed_varint(out, table.front());
  for (std::size_t i = 1; i < table.size(); ++i) put_varint(out, static_cast<std::uint64_t>(table[i] - table[i - 1]));
  return out;
}

void put_kind(WholeColumn::Mode mode, unsigned width, std::string& out) {
  out.push_back(static_cast<char>(static_cast<unsigned>(mode) << 6 | width));
}

constexpr std::array<double, NumberColumn::digits_max + 1> powers_of_ten{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};

bool same_bits(double a, double b) noexcept { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

std::optional<std::vector<std::int64_t>> as_decimals(std::span<const double> numbers, unsigned digits) {
  std::vector<std::int64_t> out;
  out.reserve(numbers.size());
  const auto power = powers_of_ten[digits];
  for (const auto number : numbers) {
    const auto scaled = std::nearbyint(number * power);
    if (!(std::abs(scaled) <= std::numeric_limits<std::int32_t>::max())) return std::nullopt;
    const auto whole = static_cast<std::int32_t>(scaled);  // of -0.0 it is 0, which has other bits
    if (!same_bits(whole / power, number)) return std::nullopt;
    out.push_back(whole);
  }
  return out;
}

}  // namespace

std::uint8_t Cursor::byte() noexcept {
  const auto* at = take(1);
  return at == nullptr ? std::uint8_t{0} : *at;
}

std::uint64_t Cursor::varint() noexcept {
  std::uint64_t out = 0;
  for (unsigned shift = 0; shift < 70; shift += 7) {
    const auto next = byte();
    if (!ok_) return 0;
    out |= shift < 64 ? std::uint64_t{next & 0x7fU} << shift : 0;
    if (next < 0x80) return out;
  }
  fail();
  return 0;
}

std::int64_t Cursor::signed_varint() noexcept {
  const auto number = varint();
  return static_cast<std::int64_t>((number >> 1) ^ (~(number & 1) + 1));
}

const std::uint8_t* Cursor::take(std::size_t size) noexcept {
  if (size > left_) {
    fail();
    return nullptr;
  }
  const auto* at = at_;
  at_ += size;
  left_ -= size;
  return at;
}

void put_varint(std::string& out, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) out.push_back(static_cast<char>(number | 0x80));
  out.push_back(static_cast<char>(number));
}

void put_signed_varint(std::string& out, std::int64_t number) { put_varint(out, zigzag(number)); }

void encode_whole(std::span<const std::int64_t> numbers, std::string& out) {
  const auto [low, high] = std::ranges::minmax(numbers);
  if (low == high) {
    put_kind(WholeColumn::Mode::constant, 0, out);
    put_signed_varint(out, low);
    return;
  }
  std::uint64_t step = 0;
  for (const auto number : numbers) {
    if (step == 1) break;
    step = std::gcd(step, static_cast<std::uint64_t>(number - low));
  }
  const auto width = static_cast<unsigned>(std::bit_width(static_cast<std::uint64_t>(high - low) / step));
  std::array<std::uint32_t, block_rows> codes;
  const auto packed = std::span(codes).first(numbers.size());
  if (width > 2) {
    if (const auto variety = variety_of(numbers)) {
      const auto narrow = static_cast<unsigned>(std::bit_width(variety->size() - 1));
      auto table = table_bytes(*variety);
      if (table.size() + packed_bytes(numbers.size(), narrow) < packed_bytes(numbers.size(), width)) {
        put_kind(WholeColumn::Mode::table, narrow, out);
        out += table;
        for (std::size_t i = 0; i < numbers.size(); ++i) {
          packed[i] = static_cast<std::uint32_t>(std::ranges::lower_bound(*variety, numbers[i]) - variety->begin());
        }
        return pack(packed, narrow, out);
      }
    }
  }
  put_kind(WholeColumn::Mode::frame, width, out);
  put_signed_varint(out, low);
  put_varint(out, step);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    packed[i] = static_cast<std::uint32_t>(static_cast<std::uint64_t>(numbers[i] - low) / step);
  }
  pack(packed, width, out);
}

bool WholeColumn::parse(Cursor& bytes, std::size_t rows) noexcept {
  const auto kind = bytes.byte();
  mode = static_cast<Mode>(kind >> 6);
  width = kind & 0x3fU;
  if (width > 32) return false;
  if (mode == Mode::constant) {
    base = static_cast<std::uint32_t>(bytes.signed_varint());
    return bytes.ok();
  }
  if (mode == Mode::frame) {
    base = static_cast<std::uint32_t>(bytes.signed_varint());
    step = static_cast<std::uint32_t>(bytes.varint());
  } else if (mode == Mode::table) {
    table_size = bytes.varint();
    if (table_size == 0 || table_size > table_max || width > 8) return false;
    table = bytes.take(0);
    (void)bytes.signed_varint();
    for (std::size_t i = 1; i < table_size; ++i) (void)bytes.varint();
  } else {
    return false;
  }
  packed = bytes.take(packed_bytes(rows, width));
  return packed != nullptr;
}

void WholeColumn::unpack(std::size_t rows, std::uint32_t* out) const noexcept {
  if (mode == Mode::constant || width == 0) {
    std::fill_n(out, rows, base);
    if (mode != Mode::table) return;
  } else {
    rows == block_rows ? unpack_block(packed, width, out) : unpack_few(packed, rows, width, out);
  }
  if (mode == Mode::table) {
    std::array<std::uint32_t, table_max> numbers;
    std::fill_n(numbers.data(), std::size_t{1} << width, 0U);  // codes beyond the table are 0
    Cursor bytes(std::span(table, static_cast<std::size_t>(packed - table)));
    auto number = bytes.signed_varint();
    for (std::size_t i = 0; i < table_size; ++i) {
      if (i > 0) number = static_cast<std::int64_t>(static_cast<std::uint64_t>(number) + bytes.varint());
      numbers.data()[i] = static_cast<std::uint32_t>(number);
    }
    if (width == 0) return static_cast<void>(std::fill_n(out, rows, numbers.data()[0]));
    for (std::size_t i = 0; i < rows; ++i) out[i] = numbers.data()[out[i]];
    return;
  }
  if (rows == block_rows) {
    if (base != 0 || step != 1) scale_block(base, step, out);
  } else {
    for (std::size_t i = 0; i < rows; ++i) out[i] = base + step * out[i];
  }
}

void encode_numbers(std::span<const double> numbers, std::string& out) {
  const bool constant = std::ranges::all_of(numbers, [&](double number) { return same_bits(number, numbers.front()); });
  const auto put_raw = [&out](double number) {
    const auto at = out.size();
    out.resize(at + sizeof number);
    std::memcpy(out.data() + at, &number, sizeof number);
  };
  for (unsigned digits = 0; digits <= NumberColumn::digits_max; ++digits) {
    const auto decimals = as_decimals(numbers, digits);
    if (!decimals) continue;
    out.push_back(static_cast<char>(NumberColumn::Mode::decimal));
    out.push_back(static_cast<char>(digits));
    return encode_whole(*decimals, out);
  }
  out.push_back(static_cast<char>(constant ? NumberColumn::Mode::constant : NumberColumn::Mode::raw));
  for (const auto number : numbers.first(constant ? 1 : numbers.size())) put_raw(number);
}

bool NumberColumn::parse(Cursor& bytes, std::size_t rows) noexcept {
  mode = static_cast<Mode>(bytes.byte());
  if (mode == Mode::decimal) {
    digits = bytes.byte();
    return digits <= digits_max && whole.parse(bytes, rows);
  }
  if (mode != Mode::constant && mode != Mode::raw) return false;
  raw = bytes.take(sizeof(double) * (mode == Mode::constant ? 1 : rows));
  return raw != nullptr;
}

void NumberColumn::unpack(std::size_t rows, double* out) const noexcept {
  if (mode == Mode::raw) {
    std::memcpy(out, raw, rows * sizeof(double));
    return;
  }
  if (mode == Mode::constant) {
    double number = 0;
    std::memcpy(&number, raw, sizeof number);
    std::fill_n(out, rows, number);
    return;
  }
  std::array<std::uint32_t, block_rows> numbers;
  whole.unpack(rows, numbers.data());
  const auto power = powers_of_ten[digits];
  const auto* from = numbers.data();
  if (digits == 0) {
    for (std::size_t i = 0; i < rows; ++i) out[i] = static_cast<std::int32_t>(from[i]);
  } else {
    for (std::size_t i = 0; i < rows; ++i) out[i] = static_cast<std::int32_t>(from[i]) / power;
  }
}

}  // namespace skerry::index
