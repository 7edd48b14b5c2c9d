// Reads the fields of a study's JSON. The first thing that is wrong is kept with its place; what is read after it means nothing.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/date.hpp"
#include "base/error.hpp"
#include "pack/json_document.hpp"
#include "pack/pack.hpp"

namespace skerry::cohort {

template <class T>
using Named = std::pair<std::string_view, T>;

class FieldReader {
 public:
  static constexpr std::size_t items_max = 200;

  explicit FieldReader(std::string_view file) : file_(file) {}

  [[nodiscard]] bool failed() const noexcept { return error_.has_value(); }
  [[nodiscard]] const std::optional<Error>& error() const noexcept { return error_; }
  void wrong(const pack::Node& at, std::string message);

  /// Whether it is an object and nothing was wrong before.
  bool object(const pack::Node& node);
  /// Whether it is a list of 1 to items_max things; `what` is their name in the message: "conditions".
  bool list(const pack::Node& node, std::string_view what);
  void keys(const pack::Node& node, std::span<const std::string_view> allowed);
  void keys(const pack::Node& node, std::initializer_list<std::string_view> allowed) {
    keys(node, std::span<const std::string_view>(allowed.begin(), allowed.size()));
  }
  /// nullptr, and an error, when it is missing.
  const pack::Node* need(const pack::Node& node, std::string_view key);

  std::string string(const pack::Node& node);
  std::string text(const pack::Node& node, std::string_view key, bool required);
  std::string curie(const pack::Node& node);
  pack::Texts texts(const pack::Node& node, std::string_view key, bool required);
  std::int64_t integer(const pack::Node& node, std::int64_t least, std::int64_t most);
  double number(const pack::Node& node, double least, double most);
  double number(const pack::Node& node);
  bool boolean(const pack::Node& node, std::string_view key);
  PartialDate date(const pack::Node& node);
  double duration_days(const pack::Node& node);  ///< ISO 8601: "P18M"
  std::string unit(const pack::Node& node);      ///< UCUM, with the prefix "UCUM:" in any case

  template <class T>
  T one_of(const pack::Node& node, std::span<const Named<T>> choices) {
    const auto word = string(node);
    std::vector<std::string_view> names;
    for (const auto& [name, value] : choices) {
      if (name == word) return value;
      names.push_back(name);
    }
    not_one_of(node, word, names);
    return choices.front().second;
  }

  /// "; did you mean \"x\"?" or nothing.
  static std::string suggestion(std::string_view word, std::span<const std::string_view> candidates);

 private:
  void not_one_of(const pack::Node& node, std::string_view word, std::span<const std::string_view> names);

  std::string file_;
  std::optional<Error> error_;
};

}  // namespace skerry::cohort
