#include "table.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace skerry::evidence::table {
namespace {

template <class T>
std::vector<T> whole(const Table& table, std::string_view name) {
  std::vector<T> out;
  const auto* column = table.find(name);
  if (column == nullptr) return out;
  out.reserve(column->size());
  for (const double value : *column) out.push_back(static_cast<T>(std::llround(value)));
  return out;
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += (c == '\n') ? ' ' : c;
  }
  return out + "\"";
}

}  // namespace

const std::vector<double>* Table::find(std::string_view name) const {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return &columns[i];
  }
  return nullptr;
}

std::vector<std::uint16_t> Table::places(std::string_view name) const { return whole<std::uint16_t>(*this, name); }
std::vector<std::uint32_t> Table::people(std::string_view name) const { return whole<std::uint32_t>(*this, name); }
std::vector<std::int32_t> Table::steps(std::string_view name) const { return whole<std::int32_t>(*this, name); }

std::vector<double> Table::reals(std::string_view name) const {
  const auto* column = find(name);
  return column == nullptr ? std::vector<double>{} : *column;
}

std::vector<std::vector<double>> Table::all(std::string_view prefix) const {
  std::vector<std::vector<double>> out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].starts_with(prefix)) out.push_back(columns[i]);
  }
  return out;
}

std::vector<std::string> Table::names_of(std::string_view prefix) const {
  std::vector<std::string> out;
  for (const auto& name : names) {
    if (name.starts_with(prefix)) out.push_back(name);
  }
  return out;
}

std::string Options::text(std::string_view key, std::string_view otherwise) const {
  const auto found = values.find(key);
  return std::string(found == values.end() ? otherwise : found->second);
}

std::optional<double> Options::number(std::string_view key) const {
  const auto found = values.find(key);
  if (found == values.end()) return std::nullopt;
  double out = std::nan("");
  std::from_chars(found->second.data(), found->second.data() + found->second.size(), out);
  return out;
}

double Options::number(std::string_view key, double otherwise) const { return number(key).value_or(otherwise); }

std::size_t Options::size(std::string_view key, std::size_t otherwise) const {
  const auto value = number(key);
  return value && *value >= 0 ? static_cast<std::size_t>(*value) : otherwise;
}

std::vector<double> Options::numbers(std::string_view key) const {
  std::vector<double> out;
  const std::string text = this->text(key);
  const char* at = text.data();
  const char* end = at + text.size();
  while (at < end) {
    double value = std::nan("");
    const auto [next, error] = std::from_chars(at, end, value);
    out.push_back(value);
    at = next < end ? next + 1 : end;
    if (error != std::errc{}) break;
  }
  return out;
}

void Answer::line(const std::string& key, std::string value) { lines_.emplace_back(key, std::move(value)); }

void Answer::add(const std::string& key, double value) {
  if (std::isnan(value)) return line(key, "\"NaN\"");
  if (std::isinf(value)) return line(key, value > 0 ? "\"Inf\"" : "\"-Inf\"");
  line(key, fmt::format("{:.17g}", value));
}

void Answer::add(const std::string& key, std::int64_t value) { line(key, fmt::format("{}", value)); }
void Answer::add(const std::string& key, const std::string& value) { line(key, quoted(value)); }

void Answer::add(const std::string& key, const std::optional<double>& value) {
  if (value) return add(key, *value);
  line(key, "null");
}

void Answer::add(const std::string& key, const Estimate& estimate) {
  add(key + ".value", estimate.value);
  add(key + ".standard_error", estimate.standard_error);
  add(key + ".robust_error", estimate.robust_error);
  add(key + ".low", estimate.low);
  add(key + ".high", estimate.high);
  add(key + ".p", estimate.p);
}

void Answer::add(const std::string& key, const std::optional<Estimate>& estimate) {
  if (estimate) add(key, *estimate);
}

void Answer::add(const std::string& key, const Test& test) {
  const std::string name = key + "." + test.name;
  add(name + ".statistic", test.statistic);
  add(name + ".df", test.df);
  add(name + ".df2", test.df2);
  add(name + ".p", test.p);
  add(name + ".exact", static_cast<std::int64_t>(test.exact ? 1 : 0));
}

void Answer::add(const std::string& key, const std::vector<Test>& tests) {
  if (!tests.empty()) add(key + ".first", tests.front().name);
  for (const auto& test : tests) add(key, test);
}

void Answer::add(const std::vector<Caution>& cautions) {
  for (std::size_t i = 0; i < cautions.size(); ++i) add(fmt::format("caution.{}", i), cautions[i].key + ": " + cautions[i].english);
}

std::string Answer::json() const {
  std::string out = "{";
  for (std::size_t i = 0; i < lines_.size(); ++i) out += (i == 0 ? "\n" : ",\n") + quoted(lines_[i].first) + ": " + lines_[i].second;
  return out + "\n}\n";
}

}  // namespace skerry::evidence::table
