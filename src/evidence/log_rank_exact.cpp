#include "evidence/log_rank_exact.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

namespace skerry::evidence {
namespace {

constexpr std::int64_t people_max = 40;  // 2^20 sums in each half
constexpr std::int64_t events_max = 400;
constexpr double nearly = 1e-9;  // sums that differ by less, relative to the largest possible, are the same

/// What each person of a stratum adds to O - E when in the first group.
struct Scores {
  std::vector<double> of;
  std::int64_t first = 0;  ///< people of the first group
};

struct Pooled {
  double events = 0, at_risk = 0;
  std::int64_t people_events = 0, people_left = 0;
};

Pooled pooled_at(const LifeTable& table, std::uint16_t stratum, std::size_t t) {
  Pooled out;
  for (std::uint16_t g = 0; g < 2; ++g) {
    const auto& side = table.side(stratum, g);
    out.people_events += side.events[0][t];
    out.people_left += side.censored[t];
    for (std::size_t cause = 1; cause < side.events.size(); ++cause) out.people_left += side.events[cause][t];
    out.at_risk += static_cast<double>(side.at_risk[t]);
  }
  out.events = static_cast<double>(out.people_events);
  return out;
}

/// `observed` gains the first group's sum.
Scores scores_of(const LifeTable& table, std::uint16_t stratum, double rho, double& observed) {
  Scores out;
  double hazard = 0, survival = 1;
  const auto& first = table.side(stratum, 0);
  out.first = first.rows;
  const auto steps = static_cast<std::size_t>(table.question().steps);
  for (std::size_t t = 1; t <= steps; ++t) {
    const auto pooled = pooled_at(table, stratum, t);
    const double weight = rho == 0 ? 1 : std::pow(survival, rho);
    if (pooled.people_events > 0) {
      hazard += weight * pooled.events / pooled.at_risk;
      survival *= 1 - pooled.events / pooled.at_risk;
      observed += weight * static_cast<double>(first.events[0][t]) -
                  weight * pooled.events * static_cast<double>(first.at_risk[t]) / pooled.at_risk;
    }
    out.of.insert(out.of.end(), static_cast<std::size_t>(pooled.people_events), weight - hazard);
    out.of.insert(out.of.end(), static_cast<std::size_t>(pooled.people_left), -hazard);
  }
  const auto staying = first.staying + table.side(stratum, 1).staying;
  out.of.insert(out.of.end(), static_cast<std::size_t>(staying), -hazard);
  return out;
}

/// All sums of half of the people, by how many of the stratum that is cut in two are taken.
class Half {
 public:
  struct Person {
    double score = 0;
    std::int64_t to_take = 0;  ///< of the people of this stratum that are left in this half; -1 in the cut stratum: any number
    bool ends = false;         ///< the last of its stratum in this half
  };
  std::map<std::int64_t, std::vector<double>> sums;

  void enumerate(const std::vector<Person>& people, std::size_t i = 0, double sum = 0, std::int64_t taken = 0, std::int64_t cut = 0) {
    if (i == people.size()) {
      sums[cut].push_back(sum);
      return;
    }
    const auto& person = people[i];
    for (std::int64_t take = 0; take < 2; ++take) {
      const auto now = taken + take;
      const bool free = person.to_take < 0;
      if (!free && (now > person.to_take || (person.ends && now != person.to_take))) continue;
      const double next = sum + (take == 1 ? person.score : 0);
      enumerate(people, i + 1, next, person.ends ? 0 : now, cut + (free ? take : 0));
    }
  }
};

/// How many pairs of an ascending a and an ascending b have a + b >= limit.
double pairs_from(const std::vector<double>& a, const std::vector<double>& b, double limit) {
  double pairs = 0;
  auto from = b.size();
  for (const double x : a) {
    while (from > 0 && x + b[from - 1] >= limit) --from;
    pairs += static_cast<double>(b.size() - from);
  }
  return pairs;
}

std::vector<double> negated(std::vector<double> sums) {
  for (double& x : sums) x = -x;
  std::sort(sums.begin(), sums.end());
  return sums;
}

double permutation_p(const std::vector<Scores>& strata, double observed) {
  std::size_t everyone = 0;
  double largest = 0;
  for (const auto& stratum : strata) {
    everyone += stratum.of.size();
    for (const double score : stratum.of) largest += std::fabs(score);
  }
  std::vector<Half::Person> halves[2];
  std::int64_t cut_first = 0;
  std::size_t seen = 0;
  for (const auto& stratum : strata) {
    const auto end = seen + stratum.of.size();
    const bool cut = seen < everyone / 2 && end > everyone / 2;
    if (cut) cut_first = stratum.first;
    for (std::size_t i = 0; i < stratum.of.size(); ++i) {
      auto& half = halves[seen + i < everyone / 2 ? 0 : 1];
      half.push_back({stratum.of[i], cut ? -1 : stratum.first, i + 1 == stratum.of.size() || (cut && seen + i + 1 == everyone / 2)});
    }
    seen = end;
  }
  Half low, high;
  low.enumerate(halves[0]);
  high.enumerate(halves[1]);
  const double limit = std::fabs(observed) - nearly * largest;
  double all = 0, far = 0;
  for (auto& [taken, sums] : low.sums) {
    const auto other = high.sums.find(cut_first - taken);
    if (other == high.sums.end()) continue;
    std::sort(sums.begin(), sums.end());
    std::sort(other->second.begin(), other->second.end());
    all += static_cast<double>(sums.size()) * static_cast<double>(other->second.size());
    far += pairs_from(sums, other->second, limit);
    far += pairs_from(negated(sums), negated(other->second), limit);
  }
  return limit <= 0 ? 1 : std::min(1.0, far / all);
}

/// Probabilities of 0, 1, ... of the first group among d events, n at risk of whom m are of the first group.
std::vector<double> hypergeometric(std::int64_t n, std::int64_t m, std::int64_t d) {
  const auto log_choose = [](std::int64_t a, std::int64_t b) {
    return std::lgamma(static_cast<double>(a + 1)) - std::lgamma(static_cast<double>(b + 1)) - std::lgamma(static_cast<double>(a - b + 1));
  };
  const auto low = std::max<std::int64_t>(0, d - (n - m));
  const auto high = std::min(d, m);
  std::vector<double> out(static_cast<std::size_t>(high) + 1, 0.0);
  double sum = 0;
  double term = std::exp(log_choose(m, low) + log_choose(n - m, d - low) - log_choose(n, d));
  for (auto k = low; k <= high; ++k) {
    out[static_cast<std::size_t>(k)] = term;
    sum += term;
    term *= static_cast<double>(m - k) * static_cast<double>(d - k) / (static_cast<double>(k + 1) * static_cast<double>(n - m - d + k + 1));
  }
  for (double& p : out) p /= sum;
  return out;
}

/// The distribution of the first group's number of events over the steps' tables, given their margins.
std::optional<double> conditional_p(const LifeTable& table) {
  std::vector<double> distribution{1.0};
  std::int64_t observed = 0, events = 0;
  double expected = 0;
  const auto steps = static_cast<std::size_t>(table.question().steps);
  for (std::uint16_t s = 0; s < table.question().strata; ++s) {
    for (std::size_t t = 1; t <= steps; ++t) {
      const auto& first = table.side(s, 0);
      const auto d = first.events[0][t] + table.side(s, 1).events[0][t];
      if (d == 0) continue;
      events += d;
      if (events > events_max) return {};
      const auto n = first.at_risk[t] + table.side(s, 1).at_risk[t];
      observed += first.events[0][t];
      expected += static_cast<double>(d) * static_cast<double>(first.at_risk[t]) / static_cast<double>(n);
      const auto now = hypergeometric(n, first.at_risk[t], d);
      std::vector<double> next(distribution.size() + now.size() - 1, 0.0);
      for (std::size_t i = 0; i < distribution.size(); ++i) {
        for (std::size_t j = 0; j < now.size(); ++j) next[i + j] += distribution[i] * now[j];
      }
      distribution = std::move(next);
    }
  }
  const double distance = std::fabs(static_cast<double>(observed) - expected) - nearly * static_cast<double>(events);
  double p = 0;
  for (std::size_t k = 0; k < distribution.size(); ++k) {
    if (std::fabs(static_cast<double>(k) - expected) >= distance) p += distribution[k];
  }
  return std::min(1.0, p);
}

}  // namespace

std::optional<Test> exact_log_rank(const LifeTable& table, double rho) {
  std::int64_t people = 0;
  for (std::uint16_t s = 0; s < table.question().strata; ++s) people += table.side(s, 0).rows + table.side(s, 1).rows;
  if (!table.question().entries && people <= people_max) {
    double observed = 0;
    std::vector<Scores> strata;
    for (std::uint16_t s = 0; s < table.question().strata; ++s) strata.push_back(scores_of(table, s, rho, observed));
    return Test{"Exact permutation log-rank", observed, {}, {}, permutation_p(strata, observed), true};
  }
  if (rho != 0) return {};
  const auto p = conditional_p(table);
  if (!p) return {};
  return Test{"Exact conditional log-rank", {}, {}, {}, *p, true};
}

}  // namespace skerry::evidence
