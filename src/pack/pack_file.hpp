// One file of a pack while it is checked: every fault is told with its place, and reading goes on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pack/json_document.hpp"
#include "pack/pack.hpp"

namespace skerry::pack {

/// The folder being checked, and what was found wrong so far.
struct Checking {
  std::filesystem::path folder;
  CheckReport report;
  std::vector<std::string> languages;  ///< once pack.json is read

  /// How messages name a file of the folder.
  [[nodiscard]] std::string named(std::string_view relative) const { return (folder / relative).string(); }
  void error(ErrorCode code, std::string message, Place place) { report.errors.push_back({code, std::move(message), std::move(place)}); }
  void warning(ErrorCode code, std::string message, Place place) {
    report.warnings.push_back({code, std::move(message), std::move(place)});
  }

  /// The file's text when the path stays inside the folder, links followed. Faults are told at `place`.
  [[nodiscard]] std::optional<std::string> text_of(const std::string& relative, const Place& place);
  /// The JSON of a file. A missing file is a fault only when it is `required`.
  [[nodiscard]] std::optional<Node> json_of(const std::string& relative, bool required);
  /// Files directly in `sub` with that ending, as "sub/name", sorted.
  [[nodiscard]] std::vector<std::string> files_in(const std::string& sub, std::string_view ending) const;
};

/// An object of a file, its keys known. Each getter tells its own fault and then gives something empty.
class Fields {
 public:
  /// Tells keys that are not `known`, with the nearest one ("$schema" and "about_this_file" are known everywhere).
  Fields(Checking& checking, std::string file, const Node& node, std::initializer_list<std::string_view> known);

  [[nodiscard]] std::string text(std::string_view key, bool required = true);
  [[nodiscard]] std::string optional_text(std::string_view key);  ///< may be missing or empty
  /// A text of lower-case letters, digits and "-".
  [[nodiscard]] std::string slug(std::string_view key);
  /// A CURIE: "HP:0034282".
  [[nodiscard]] std::string curie(std::string_view key, bool required = true);
  /// {"en": "...", "it": "..."}: the first language must be there, the others should.
  [[nodiscard]] Texts texts(std::string_view key, bool required = true);
  [[nodiscard]] std::int64_t integer(std::string_view key, std::int64_t lowest, std::int64_t highest);
  [[nodiscard]] bool boolean(std::string_view key, bool otherwise);
  [[nodiscard]] std::vector<std::string> words(std::string_view key, bool required = false);
  /// The items of an array; nullptr when there are none to walk.
  [[nodiscard]] const std::vector<Node>* items(std::string_view key, bool required = true);
  /// One of `allowed`.
  [[nodiscard]] std::string choice(std::string_view key, std::initializer_list<std::string_view> allowed);

  void error(ErrorCode code, std::string message, std::string_view key = {});
  void error_at(ErrorCode code, std::string message, const Node& node);
  [[nodiscard]] const Node* node(std::string_view key) const noexcept { return node_.find(key); }
  [[nodiscard]] Place place(std::string_view key) const;
  [[nodiscard]] const std::string& file() const noexcept { return file_; }

 private:
  const Node* typed(std::string_view key, NodeKind kind, bool required);

  Checking& checking_;
  std::string file_;
  const Node& node_;
};

[[nodiscard]] bool is_curie(std::string_view text) noexcept;
[[nodiscard]] bool is_slug(std::string_view text) noexcept;
[[nodiscard]] std::string_view name_of(NodeKind kind) noexcept;
/// " (did you mean \"x\"?)", or nothing.
[[nodiscard]] std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace skerry::pack
