// Data sets with the values R gave for them: a text of cases, each
//   case STATISTIC key=value...
//   a header line and rows of numbers
//   expect RELATIVE VALUE KEY
//   end
#include <charconv>
#include <cmath>
#include <fstream>
#include <iostream>

#include "table.hpp"

namespace skerry::evidence::table {
namespace {

double number(std::string_view text) {
  double out = std::nan("");
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

std::vector<std::string> split_by(const std::string& line, char separator) {
  std::vector<std::string> out(1);
  for (const char c : line) {
    if (c == separator) {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

/// The value of a key in an answer, NaN when it is not there or not a number.
double value_of(const std::string& json, const std::string& key) {
  const std::string start = "\"" + key + "\": ";
  const auto found = json.find(start);
  return found == std::string::npos ? std::nan("") : number(std::string_view(json).substr(found + start.size()));
}

struct Case {
  std::string statistic, json;
  Options options;
  Table table;
};

bool agrees(const Case& of, const std::string& line) {
  const auto words = split_by(line, ' ');
  if (words.size() < 4) return false;
  const double relative = number(words[1]);
  const double want = number(words[2]);
  const std::string key = line.substr(words[0].size() + words[1].size() + words[2].size() + 3);
  const double got = value_of(of.json, key);
  if (std::fabs(got - want) <= relative * std::fabs(want)) return true;
  std::cerr << of.statistic << ", " << key << ": " << got << " instead of " << want << '\n';
  return false;
}

}  // namespace

int check_golden(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  Case now;
  int compared = 0;
  int different = 0;
  while (std::getline(in, line)) {
    while (line.ends_with(' ')) line.pop_back();
    if (line.starts_with("case ")) {
      now = {};
      const auto words = split_by(line, ' ');
      now.statistic = words[1];
      for (std::size_t i = 2; i < words.size(); ++i) {
        const auto parts = split_by(words[i], '=');
        if (parts.size() == 2) now.options.values[parts[0]] = parts[1];
      }
    } else if (line.starts_with("expect ")) {
      if (now.json.empty()) {
        Answer answer;
        const auto compute = find(now.statistic);
        const auto done = compute ? compute(now.table, now.options, answer) : fail(ErrorCode::not_found, "no such statistic");
        now.json = done ? answer.json() : done.error().message;
      }
      ++compared;
      different += agrees(now, line) ? 0 : 1;
    } else if (line.empty() || line == "end") {
      continue;
    } else if (now.table.names.empty()) {
      now.table.names = split_by(line, ',');
      now.table.columns.resize(now.table.names.size());
    } else {
      const auto row = split_by(line, ',');
      if (row.size() != now.table.columns.size()) return 2;
      for (std::size_t i = 0; i < row.size(); ++i) now.table.columns[i].push_back(number(row[i]));
    }
  }
  std::cout << compared - different << " of " << compared << " numbers agree\n";
  return different == 0 && compared > 0 ? 0 : 1;
}

}  // namespace skerry::evidence::table
