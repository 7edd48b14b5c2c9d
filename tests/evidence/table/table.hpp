// A table of numbers in, a statistic's numbers out: what the comparison with R (../oracle) calls. A family of statistics is one file
// table_NAME.cpp beside this one that registers its names:
//
//   Result<void> means(const Table& table, const Options& options, Answer& answer);
//   const Registration registration{"means", means};
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../parts.hpp"
#include "base/error.hpp"
#include "evidence/data.hpp"
#include "evidence/estimate.hpp"
#include "evidence/statistic.hpp"

namespace skerry::evidence::table {

struct Table {
  std::vector<std::string> names;
  std::vector<std::vector<double>> columns;  ///< [name][row]
  [[nodiscard]] std::size_t rows() const { return columns.empty() ? 0 : columns.front().size(); }
  /// Null when there is no such column.
  [[nodiscard]] const std::vector<double>* find(std::string_view name) const;
  /// Empty when there is no such column; the values must be whole and fit.
  [[nodiscard]] std::vector<std::uint16_t> places(std::string_view name) const;
  [[nodiscard]] std::vector<std::uint32_t> people(std::string_view name) const;
  [[nodiscard]] std::vector<std::int32_t> steps(std::string_view name) const;
  [[nodiscard]] std::vector<double> reals(std::string_view name) const;
  /// Columns called x, or x0, x1, ...: every name that starts with `prefix`, in the order of the file.
  [[nodiscard]] std::vector<std::vector<double>> all(std::string_view prefix) const;
  [[nodiscard]] std::vector<std::string> names_of(std::string_view prefix) const;
};

/// key=value of the command line.
struct Options {
  std::map<std::string, std::string, std::less<>> values;
  [[nodiscard]] std::string text(std::string_view key, std::string_view otherwise = "") const;
  [[nodiscard]] double number(std::string_view key, double otherwise) const;
  [[nodiscard]] std::optional<double> number(std::string_view key) const;
  [[nodiscard]] std::size_t size(std::string_view key, std::size_t otherwise) const;
  [[nodiscard]] bool flag(std::string_view key) const { return text(key) == "true"; }
  [[nodiscard]] std::vector<double> numbers(std::string_view key) const;  ///< a;b;c
};

/// One flat JSON object, a key a line: "mean.0.value": 1.5. Numbers with 17 digits; "Inf" and "-Inf" as text, NaN as "NaN"; unset null.
class Answer {
 public:
  void add(const std::string& key, double value);
  void add(const std::string& key, std::int64_t value);
  void add(const std::string& key, const std::optional<double>& value);
  void add(const std::string& key, const std::string& value);
  /// KEY.value, .standard_error, .robust_error, .low, .high, .p
  void add(const std::string& key, const Estimate& estimate);
  void add(const std::string& key, const std::optional<Estimate>& estimate);
  /// KEY.NAME.statistic, .df, .df2, .p
  void add(const std::string& key, const Test& test);
  void add(const std::string& key, const std::vector<Test>& tests);
  /// caution.0, caution.1, ...
  void add(const std::vector<Caution>& cautions);
  [[nodiscard]] std::string json() const;

 private:
  void line(const std::string& key, std::string value);
  std::vector<std::pair<std::string, std::string>> lines_;
};

using Compute = std::function<Result<void>(const Table&, const Options&, Answer&)>;
struct Registration {
  Registration(const std::string& name, Compute compute);
};
/// Empty when there is none of that name.
[[nodiscard]] Compute find(const std::string& name);
/// 0 when the statistics agree with a text of data sets and values (table_golden.cpp says its form); tells each that does not.
[[nodiscard]] int check_golden(const std::string& path);

/// About `parts` parts of equal length.
template <class Data>
std::vector<Data> split(const Data& data, std::size_t parts) {
  std::vector<std::size_t> ends;
  for (std::size_t i = 1; i < parts; ++i) ends.push_back(data.rows() * i / parts);
  return split_at(data, ends);
}

/// Options parts=N (default 1) and threads=N (default 1).
template <class Data>
Result<void> run_on(Statistic<Data>& statistic, const Data& data, const Options& options) {
  const auto parts = split(data, options.size("parts", 1));
  return run(statistic, std::span<const Data>(parts), static_cast<unsigned>(options.size("threads", 1)));
}

}  // namespace skerry::evidence::table
