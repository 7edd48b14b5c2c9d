// statistics_of_table STATISTIC FILE.csv [key=value...]: the statistic of a table of numbers, as JSON. Without arguments: the names.
// statistics_of_table golden FILE.txt: compares with the values that are written there.
#include <charconv>
#include <cmath>
#include <fstream>
#include <iostream>
#include <limits>

#include "table.hpp"

namespace skerry::evidence::table {
namespace {

std::map<std::string, Compute>& registry() {
  static std::map<std::string, Compute> entries;
  return entries;
}

double number(std::string_view text) {
  if (text == "Inf") return std::numeric_limits<double>::infinity();
  if (text == "-Inf") return -std::numeric_limits<double>::infinity();
  double out = std::nan("");
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size() ? out : std::nan("");
}

std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> out(1);
  for (const char c : line) {
    if (c == ',') {
      out.emplace_back();
    } else if (c != '"' && c != '\r') {
      out.back() += c;
    }
  }
  return out;
}

Result<Table> read(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  if (!in || !std::getline(in, line)) return fail(ErrorCode::not_found, "there is no table with a header line in " + path);
  Table out;
  out.names = fields(line);
  out.columns.resize(out.names.size());
  while (std::getline(in, line)) {
    const auto row = fields(line);
    if (row.size() != out.names.size()) return fail(ErrorCode::malformed, "a line has not as many fields as the header");
    for (std::size_t i = 0; i < row.size(); ++i) out.columns[i].push_back(number(row[i]));
  }
  return out;
}

int main_of(const std::vector<std::string>& arguments) {
  if (arguments.size() < 2) {
    for (const auto& [name, compute] : registry()) std::cout << name << '\n';
    return arguments.empty() ? 0 : 2;
  }
  if (arguments[0] == "golden") return check_golden(arguments[1]);
  const auto entry = registry().find(arguments[0]);
  if (entry == registry().end()) {
    std::cerr << "unknown statistic " << arguments[0] << '\n';
    return 2;
  }
  Options options;
  for (std::size_t i = 2; i < arguments.size(); ++i) {
    const auto equals = arguments[i].find('=');
    if (equals == std::string::npos) {
      std::cerr << "expected key=value, found " << arguments[i] << '\n';
      return 2;
    }
    options.values[arguments[i].substr(0, equals)] = arguments[i].substr(equals + 1);
  }
  Answer answer;
  const auto table = read(arguments[1]);
  const auto done = table ? entry->second(*table, options, answer) : fail(table.error());
  if (!done) {
    Answer error;
    error.add("error", std::string(name_of(done.error().code)));
    error.add("message", done.error().message);
    std::cout << error.json();
    return 1;
  }
  std::cout << answer.json();
  return 0;
}

}  // namespace

Compute find(const std::string& name) {
  const auto entry = registry().find(name);
  return entry == registry().end() ? Compute{} : entry->second;
}

Registration::Registration(const std::string& name, Compute compute) { registry()[name] = std::move(compute); }

}  // namespace skerry::evidence::table

int main(int count, char** arguments) { return skerry::evidence::table::main_of({arguments + 1, arguments + count}); }
