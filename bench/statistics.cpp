// Survival statistics against R on the same rows in one run: bench_statistics [ROWS] [REPEATS] [SCRIPT]. Medians; ratios as a table.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <sstream>
#include <string>

#include "evidence/cox.hpp"
#include "evidence/life_table.hpp"
#include "evidence/log_rank.hpp"
#include "evidence/survival.hpp"

namespace {

using namespace skerry;
using namespace skerry::evidence;

constexpr std::int32_t steps = 1000;
constexpr unsigned threads = 2;

Episodes made(std::size_t rows) {
  std::mt19937_64 random(20260101);
  std::normal_distribution<double> normal;
  std::exponential_distribution<double> waiting;
  Episodes out;
  out.x.resize(3);
  for (std::size_t i = 0; i < rows; ++i) {
    const double age = 40 + 12 * normal(random), dose = normal(random), carrier = random() % 3 == 0 ? 1 : 0;
    const double time = 400 * waiting(random) / std::exp(0.02 * (age - 40) - 0.3 * dose + 0.5 * carrier);
    const double censored = 1 + static_cast<double>(random() % 1500);
    out.exit.push_back(std::max(1, static_cast<std::int32_t>(std::ceil(std::min({time, censored, 1.0 * steps})))));
    out.cause.push_back(time <= censored && time <= steps ? 1 : 0);
    out.group.push_back(static_cast<std::uint16_t>(random() % 4));
    out.x[0].push_back(age);
    out.x[1].push_back(dose);
    out.x[2].push_back(carrier);
  }
  return out;
}

double median_seconds(int repeats, const std::function<void()>& work) {
  std::vector<double> times;
  for (int i = 0; i < repeats; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    times.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

void write(const Episodes& data, const std::string& path) {
  std::ofstream out(path, std::ios::binary);
  const auto put = [&](const void* from, std::size_t bytes) {
    out.write(static_cast<const char*>(from), static_cast<std::streamsize>(bytes));
  };
  const std::vector<std::int32_t> cause(data.cause.begin(), data.cause.end()), group(data.group.begin(), data.group.end());
  for (const auto* column : {&data.exit, &cause, &group}) put(column->data(), column->size() * sizeof(std::int32_t));
  for (const auto& x : data.x) put(x.data(), x.size() * sizeof(double));
}

/// What R prints: times by name and values to compare. Empty without R.
struct ByR {
  std::map<std::string, double> seconds, checks;
};

ByR ask_r(const std::string& script, const std::string& file, std::size_t rows, int repeats) {
  ByR out;
  const auto command = "Rscript '" + script + "' '" + file + "' " + std::to_string(rows) + " " + std::to_string(repeats) + " 2>/dev/null";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::array<char, 256> line{};
  while (pipe && std::fgets(line.data(), line.size(), pipe.get()) != nullptr) {
    std::istringstream words(line.data());
    std::string name;
    double value = 0;
    words >> name;
    const bool check = name == "check";
    if (check) words >> name;
    if (words >> value) (check ? out.checks : out.seconds)[name] = value;
  }
  return out;
}

}  // namespace

int main(int count, char** arguments) {
  const auto rows = count > 1 ? static_cast<std::size_t>(std::strtoull(arguments[1], nullptr, 10)) : std::size_t{1'000'000};
  const int repeats = count > 2 ? static_cast<int>(std::strtol(arguments[2], nullptr, 10)) : 5;
  const std::string script = count > 3 ? arguments[3] : "bench/statistics.R";
  const auto data = made(rows);
  const std::vector<Episodes> parts{data};
  std::map<std::string, double> seconds, checks;
  seconds["kaplan_meier"] = median_seconds(repeats * 3, [&] {
    LifeTable table(life_table_question(parts, steps));
    if (!run(static_cast<Statistic<Episodes>&>(table), std::span<const Episodes>(parts), threads)) std::abort();
    for (std::uint16_t g = 0; g < 4; ++g)
      checks["kaplan_meier"] = survival_curve(table, g, cohort::CurveInterval::log, 0.95)->points.back().survival;
  });
  seconds["log_rank"] = median_seconds(repeats * 3, [&] {
    LifeTable table(life_table_question(parts, steps));
    if (!run(static_cast<Statistic<Episodes>&>(table), std::span<const Episodes>(parts), threads)) std::abort();
    checks["log_rank"] = *log_rank(table)->test.statistic;
  });
  CoxQuestion question;
  question.steps = steps;
  question.covariates = {"age", "dose", "carrier"};
  int rounds = 0;
  seconds["cox"] = median_seconds(repeats * 3, [&] {
    const auto fit = cox(parts, question, threads);
    if (!fit) std::abort();
    rounds = fit->rounds;
    for (std::size_t j = 0; j < 3; ++j) {
      checks["cox" + std::to_string(j + 1)] = fit->coefficients[j].estimate.value;
      checks["cox_error" + std::to_string(j + 1)] = *fit->coefficients[j].estimate.standard_error;
    }
  });
  const auto file = (std::filesystem::temp_directory_path() / ("skerry-bench-" + std::to_string(rows) + ".bin")).string();
  write(data, file);
  const auto r = ask_r(script, file, rows, std::max(1, repeats / 2));
  std::filesystem::remove(file);
  std::cout << rows << " people, " << threads << " threads, grid of " << steps << " steps, " << rounds << " rounds of Cox\n";
  if (r.seconds.empty()) std::cout << "SKIPPED: Rscript or its package survival is not installed, so there is nothing to compare with\n";
  std::cout << "| work | Skerry ms | R ms | ratio |\n|---|---|---|---|\n";
  for (const auto& [name, mine] : seconds) {
    const auto theirs = r.seconds.find(name);
    std::printf("| %s | %.2f | %.0f | %.0f |\n", name.c_str(), mine * 1000, theirs == r.seconds.end() ? 0.0 : theirs->second * 1000,
                theirs == r.seconds.end() ? 0.0 : theirs->second / mine);
  }
  int wrong = 0;
  // Measured against an independent fit in 128-bit floats, 1,000,000 rows: ours is 2e-14 standard errors from the maximum, R's 1.8e-6
  // (8.6e-9 of the coefficient, 5.5e-10 of its error). R's third Newton step ends 2.1e-6 standard errors away; the fourth is halved away,
  // for it raises a log likelihood of -9.7e6, whose last bit is 1.9e-9, by some 2e-12. Shuffled rows and a fit begun there give the same.
  // At 100,000 and 300,000 rows R's fourth step is taken: 4e-12 and 1.2e-10 standard errors.
  for (const auto& [name, theirs] : r.checks) {
    const double difference = std::fabs(checks[name] - theirs) / std::max(std::fabs(theirs), 1e-300);
    const double allowed = rows > 200'000 && name.starts_with("cox") ? (name.starts_with("cox_error") ? 2e-9 : 2e-8) : 1e-10;
    if (!(difference < allowed)) ++wrong;
    std::printf("%s: relative difference %.1e%s\n", name.c_str(), difference, difference < allowed ? "" : "  WRONG");
  }
  return wrong == 0 ? 0 : 1;
}
