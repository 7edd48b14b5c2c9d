// The small JSON files of this room: read with the line of every fault.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "pack/json_document.hpp"

namespace skerry::answers {

/// Reads the members of one JSON object. The first fault is kept; after it every reading gives an empty value.
class RecordReader {
 public:
  /// `node` must outlive the reader. Members that are not in `known` are a fault: what nobody reads must not look as if it counted.
  RecordReader(const pack::Node& node, std::string file, std::initializer_list<std::string_view> known);

  std::string text(std::string_view key);  ///< a string
  bool flag(std::string_view key);         ///< true or false
  /// Lower-case hexadecimal digits for exactly bytes.size() bytes.
  void bytes(std::string_view key, std::span<std::uint8_t> bytes);
  const pack::Node* list(std::string_view key);
  /// Notes a fault at the member's place, unless there is one already.
  void wrong(std::string_view key, ErrorCode code, std::string message);

  [[nodiscard]] Result<void> finish() const;

 private:
  const pack::Node* member(std::string_view key, pack::NodeKind kind, std::string_view expected);

  const pack::Node& node_;
  std::string file_;
  Error error_;
  bool failed_ = false;
};

/// A JSON file of at most 1 MiB. Errors: not_found; those of parse_json.
[[nodiscard]] Result<pack::Node> read_record_file(const std::filesystem::path& file);

[[nodiscard]] std::string hex(std::span<const std::uint8_t> bytes);

}  // namespace skerry::answers
