#include "evidence/stratified.hpp"

#include <algorithm>
#include <cmath>

#include "evidence/cholesky.hpp"
#include "evidence/interval.hpp"
#include "evidence/tail.hpp"

namespace skerry::evidence {
namespace {

constexpr double exact_cost_max = 1e8;

std::vector<Fourfold> informative(std::span<const Fourfold> strata) {
  std::vector<Fourfold> out;
  for (const auto& table : strata) {
    if (!table.fixed() && table.people() >= 2) out.push_back(table);
  }
  return out;
}

struct Numbers {
  double a, b, c, d, n;
  explicit Numbers(const Fourfold& table)
      : a(static_cast<double>(table.a)),
        b(static_cast<double>(table.b)),
        c(static_cast<double>(table.c)),
        d(static_cast<double>(table.d)),
        n(a + b + c + d) {}
};

/// Where A (d - a + A) / ((b + a - A)(c + a - A)) is the odds ratio: the cell expected given the margins.
double expected_cell(const Numbers& t, double odds_ratio) {
  const double row = t.a + t.b;
  const double column = t.a + t.c;
  const double square = 1 - odds_ratio;
  const double linear = t.d - t.a + odds_ratio * (row + column);
  const double constant = odds_ratio * row * column;
  if (square == 0) return constant / linear;
  const double root = std::sqrt(linear * linear + 4 * square * constant);
  return linear >= 0 ? 2 * constant / (linear + root) : (root - linear) / (2 * square);
}

}  // namespace

std::optional<Test> mantel_haenszel(std::span<const Fourfold> strata, bool correct) {
  double difference = 0;
  double variance = 0;
  for (const auto& table : informative(strata)) {
    const Numbers t(table);
    difference += (t.a * t.d - t.b * t.c) / t.n;
    variance += (t.a + t.b) / t.n * ((t.c + t.d) / t.n) * (t.a + t.c) * ((t.b + t.d) / (t.n - 1));
  }
  if (variance <= 0) return std::nullopt;
  difference = std::fabs(difference);
  if (correct && difference >= 0.5) difference -= 0.5;
  Test out;
  out.name = correct ? "Cochran-Mantel-Haenszel test with continuity correction" : "Cochran-Mantel-Haenszel test";
  out.statistic = difference * difference / variance;
  out.df = 1;
  out.p = chi_square_upper(*out.statistic, 1);
  return out;
}

std::optional<Test> exact_conditional(std::span<const Fourfold> strata) {
  const auto told = informative(strata);
  if (told.empty() || cell_distribution_cost(told) > exact_cost_max) return std::nullopt;
  Test out;
  out.name = "Exact conditional test of independence in strata";
  out.exact = true;
  out.p = conditional_p(told);
  return out;
}

std::optional<Estimate> common_odds_ratio(std::span<const Fourfold> strata, double level) {
  double up = 0;
  double down = 0;
  double pr = 0;
  double ps_qr = 0;
  double qs = 0;
  for (const auto& table : strata) {
    const Numbers t(table);
    if (t.n <= 0) continue;
    const double r = t.a * t.d / t.n;
    const double s = t.b * t.c / t.n;
    const double p = (t.a + t.d) / t.n;
    const double q = (t.b + t.c) / t.n;
    up += r;
    down += s;
    pr += p * r;
    ps_qr += p * s + q * r;
    qs += q * s;
  }
  if (up <= 0 || down <= 0) return std::nullopt;
  Estimate out;
  out.id = "common_odds_ratio";
  out.ratio = true;
  out.value = std::log(up / down);
  out.standard_error = std::sqrt(pr / (2 * up * up) + ps_qr / (2 * up * down) + qs / (2 * down * down));
  const double half = normal_quantile(level) * *out.standard_error;
  out.low = out.value - half;
  out.high = out.value + half;
  return out;
}

std::optional<Test> breslow_day(std::span<const Fourfold> strata, bool tarone) {
  const auto told = informative(strata);
  const auto common = common_odds_ratio(told, 0.95);
  if (told.size() < 2 || !common) return std::nullopt;
  double statistic = 0;
  double difference = 0;
  double variances = 0;
  for (const auto& table : told) {
    const Numbers t(table);
    const double cell = expected_cell(t, std::exp(common->value));
    const double variance = 1 / (1 / cell + 1 / (t.a + t.b - cell) + 1 / (t.a + t.c - cell) + 1 / (t.d - t.a + cell));
    statistic += (t.a - cell) * (t.a - cell) / variance;
    difference += t.a - cell;
    variances += variance;
  }
  Test out;
  out.name = tarone ? "Breslow-Day test with Tarone's correction" : "Breslow-Day test";
  out.statistic = tarone ? std::max(0.0, statistic - difference * difference / variances) : statistic;
  out.df = static_cast<double>(told.size() - 1);
  out.p = chi_square_upper(*out.statistic, *out.df);
  return out;
}

std::optional<Test> generalised_mantel_haenszel(std::span<const CrossTable> strata) {
  if (strata.empty()) return std::nullopt;
  const std::size_t rows = strata[0].rows;
  const std::size_t columns = strata[0].columns;
  if (rows < 2 || columns < 2) return std::nullopt;
  const std::size_t size = (rows - 1) * (columns - 1);
  std::vector<long double> difference(size);
  std::vector<long double> variance(size * size);
  for (const auto& table : strata) {
    const auto n = static_cast<long double>(table.people());
    if (n < 2) continue;
    const auto row = table.row_sums();
    const auto column = table.column_sums();
    const auto share = [n](std::int64_t part) { return static_cast<long double>(part) / n; };
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t r = i / (columns - 1);
      const std::size_t c = i % (columns - 1);
      difference[i] += static_cast<long double>(table.at(r, c)) - share(row[r]) * static_cast<long double>(column[c]);
      for (std::size_t j = 0; j < size; ++j) {
        const std::size_t r2 = j / (columns - 1);
        const std::size_t c2 = j % (columns - 1);
        const long double among_rows = (r == r2 ? share(row[r]) : 0.0L) - share(row[r]) * share(row[r2]);
        const long double among_columns = (c == c2 ? share(column[c]) : 0.0L) - share(column[c]) * share(column[c2]);
        variance[i * size + j] += n * n / (n - 1) * among_rows * among_columns;
      }
    }
  }
  std::vector<long double> least(size);
  for (std::size_t i = 0; i < size; ++i) least[i] = variance[i * size + i] * 1e-12L;
  const Cholesky<long double> equations(variance, size, least);
  if (equations.dependent()) return std::nullopt;
  const auto solved = equations.solve(difference);
  long double statistic = 0;
  for (std::size_t i = 0; i < size; ++i) statistic += difference[i] * solved[i];
  Test out;
  out.name = "Generalised Cochran-Mantel-Haenszel test";
  out.statistic = static_cast<double>(statistic);
  out.df = static_cast<double>(size);
  out.p = chi_square_upper(*out.statistic, *out.df);
  return out;
}

}  // namespace skerry::evidence
