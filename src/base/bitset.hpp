// A dense set of small numbers, 64 to a word: sets of people.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace skerry {

/// How many bits are set.
[[nodiscard]] std::size_t count_bits(const std::uint64_t* words, std::size_t count) noexcept;

/// Bits beyond size() are always zero. Sets that are combined have the same size (undefined otherwise).
class Bitset {
 public:
  Bitset() = default;
  explicit Bitset(std::size_t size, bool full = false) : words_((size + 63) / 64, full ? ~std::uint64_t{0} : 0), size_(size) { trim(); }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool test(std::size_t i) const noexcept { return (words_.data()[i / 64] >> (i % 64) & 1) != 0; }
  void set(std::size_t i) noexcept { words_.data()[i / 64] |= std::uint64_t{1} << (i % 64); }
  void reset(std::size_t i) noexcept { words_.data()[i / 64] &= ~(std::uint64_t{1} << (i % 64)); }

  [[nodiscard]] std::span<const std::uint64_t> words() const noexcept { return words_; }
  /// For filling whole words; call trim() afterwards.
  [[nodiscard]] std::span<std::uint64_t> words() noexcept { return words_; }
  void trim() noexcept {
    if (size_ % 64 != 0) words_.back() &= (std::uint64_t{1} << (size_ % 64)) - 1;
  }

  Bitset& operator&=(const Bitset& other) noexcept {
    return combine(other, [](auto a, auto b) { return a & b; });
  }
  Bitset& operator|=(const Bitset& other) noexcept {
    return combine(other, [](auto a, auto b) { return a | b; });
  }
  /// Those of this set that are not in the other.
  Bitset& operator-=(const Bitset& other) noexcept {
    return combine(other, [](auto a, auto b) { return a & ~b; });
  }
  void flip() noexcept {
    for (auto& word : words_) word = ~word;
    trim();
  }

  [[nodiscard]] std::size_t count() const noexcept { return count_bits(words_.data(), words_.size()); }
  [[nodiscard]] bool any() const noexcept {
    for (const auto word : words_) {
      if (word != 0) return true;
    }
    return false;
  }
  /// visit(i) for every member, ascending.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (std::size_t w = 0; w < words_.size(); ++w) {
      for (auto word = words_.data()[w]; word != 0; word &= word - 1) visit(w * 64 + static_cast<std::size_t>(std::countr_zero(word)));
    }
  }
  bool operator==(const Bitset&) const = default;

 private:
  template <class Operation>
  Bitset& combine(const Bitset& other, Operation operation) noexcept {
    auto* mine = words_.data();
    const auto* theirs = other.words_.data();
    for (std::size_t w = 0; w < words_.size(); ++w) mine[w] = operation(mine[w], theirs[w]);
    return *this;
  }
  std::vector<std::uint64_t> words_;
  std::size_t size_ = 0;
};

}  // namespace skerry
