// A JSON file read whole, with the line and column of every value, for files people write: packs, studies, questions.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace skerry::pack {

enum class NodeKind : std::uint8_t { null, boolean, number, string, array, object };

struct Member;

/// One JSON value and where it stands. Members keep the order of the file; a key stands once.
struct Node {
  NodeKind kind = NodeKind::null;
  bool boolean = false;
  double number = 0;
  bool integer = false;  ///< the number was written without point or exponent and fits 53 bits
  std::string string;
  std::vector<Node> items;             ///< of an array
  std::vector<Member> members;         ///< of an object
  std::uint32_t line = 0, column = 0;  ///< from 1, in bytes
  std::string pointer;                 ///< RFC 6901, from the file's root

  [[nodiscard]] const Node* find(std::string_view key) const noexcept;
  /// The place of this value in `file`.
  [[nodiscard]] Place place(std::string_view file) const;
};

struct Member {
  std::string key;
  Node value;
};

/// Limits: 16 MiB, depth 64. Errors (with line and column): malformed, duplicate_key, too_large, too_deep, invalid_text.
[[nodiscard]] Result<Node> parse_json(std::string_view text, std::string_view file);
[[nodiscard]] Result<std::string> read_text_file(const std::string& path, std::size_t bytes_max = 16u << 20);

/// The nearest of `candidates` by edit distance, for "did you mean"; empty when none is near.
[[nodiscard]] std::string nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace skerry::pack
