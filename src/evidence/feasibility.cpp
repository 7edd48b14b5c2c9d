#include "evidence/feasibility.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "evidence/tail.hpp"
#include "evidence/trial_power.hpp"

namespace skerry::evidence {
namespace {

constexpr std::int64_t two_arms_max = 2000;
constexpr std::int64_t people_max_of_all = 20'000;

bool two_arms(TrialDesign design) { return design == TrialDesign::two_arms || design == TrialDesign::randomised_withdrawal; }
double null_of(const TrialQuestion& question) { return question.design == TrialDesign::n_of_1 ? 0.5 : question.control; }

Result<void> check(const TrialQuestion& question) {
  const auto refuse = [](const char* what) { return fail(ErrorCode::out_of_range, what); };
  // Written so that what is not a number is refused too.
  if (!(question.control >= 0 && question.control <= 1)) return refuse("the proportion expected without the treatment must be from 0 to 1");
  if (!(question.power > 0 && question.power < 1)) return refuse("the power must be between 0 and 1");
  if (!(question.alpha > 0 && question.alpha < 1)) return refuse("alpha must be between 0 and 1");
  if (!(question.drop_out >= 0 && question.drop_out < 1)) return refuse("the share that drops out must be from 0 to below 1");
  if (!(question.responders > 0 && question.responders <= 1)) return refuse("the share of responders must be above 0 and at most 1");
  if (question.design == TrialDesign::n_of_1 && (question.cycles < 1 || question.cycles > 100)) {
    return refuse("a series in one person must have 1 to 100 pairs of periods");
  }
  return {};
}

/// People, or pairs of periods, that the analysis has.
std::int64_t analysed_of(const TrialQuestion& question, std::int64_t people) {
  double left = static_cast<double>(people) * (1 - question.drop_out);
  if (question.design == TrialDesign::randomised_withdrawal) left *= question.responders;
  const auto whole = static_cast<std::int64_t>(std::floor(left + 1e-9));
  return question.design == TrialDesign::n_of_1 ? whole * question.cycles : whole;
}

/// Chances of rejecting as a function of the expected proportion, the test made ready once.
using Rejects = std::function<Chances(double)>;
Rejects rejects_of(const TrialQuestion& question, std::int64_t analysed) {
  if (two_arms(question.design)) {
    const FisherTrial trial(analysed - analysed / 2, analysed / 2, question.alpha);
    return [trial, control = question.control](double expected) { return trial.rejects(expected, control); };
  }
  const BinomialTrial trial(analysed, null_of(question), question.alpha);
  return [trial](double expected) { return trial.rejects(expected); };
}

Result<std::int64_t> countable(const TrialQuestion& question, std::int64_t people) {
  if (auto fine = check(question); !fine) return fail(fine.error());
  if (people < 0) return fail(ErrorCode::out_of_range, "a number of people cannot be negative");
  if (people > people_max_of_all) return fail(ErrorCode::too_large, "exact power is calculated for at most 20,000 people");
  const std::int64_t analysed = analysed_of(question, people);
  const std::int64_t most = two_arms(question.design) ? two_arms_max : people_max_of_all;
  if (analysed > most) return fail(ErrorCode::too_large, fmt::format("exact power is calculated for at most {} in the analysis", most));
  return analysed;
}

double towards(const Chances& chances, double expected, double null) { return expected >= null ? chances.above : chances.below; }

/// The proportion nearest to `null` on the way to `end` at which the chance reaches `power`.
std::optional<double> nearest(const std::function<double(double)>& chance, double null, double end, double power) {
  if (null == end || chance(end) < power) return std::nullopt;
  double without = null;
  double with = end;
  for (int i = 0; i < 60; ++i) {
    const double middle = (without + with) / 2;
    (chance(middle) >= power ? with : without) = middle;
  }
  return with;
}

std::string percent(double share) {
  std::string text = fmt::format("{:.1f}", 100 * share);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text + " %";
}

std::string what_is_compared(const TrialQuestion& question, std::int64_t analysed) {
  switch (question.design) {
    case TrialDesign::single_arm:
      return fmt::format("All {} in the analysis are treated and compared with {} expected without the treatment.", analysed,
                         percent(question.control));
    case TrialDesign::two_arms:
      return fmt::format("Of the {} in the analysis {} are treated and {} are not; without the treatment {} are expected.", analysed,
                         analysed - analysed / 2, analysed / 2, percent(question.control));
    case TrialDesign::randomised_withdrawal:
      return fmt::format(
          "All start on the treatment, {} of them are taken to respond, and of the {} then in the analysis half go on and half "
          "stop; {} are expected of those who stop.",
          percent(question.responders), analysed, percent(question.control));
    case TrialDesign::n_of_1: break;
  }
  return fmt::format(
      "Each person goes through {} pairs of periods, one with and one without the treatment, in random order: {} pairs in all.",
      question.cycles, analysed);
}

std::string what_could_be_shown(const TrialQuestion& question, const Detectable& found) {
  const std::string what = question.design == TrialDesign::n_of_1 ? "a treated period that is the better one in" : "a true proportion of";
  if (!found.above && !found.below) {
    return fmt::format("So few cannot show any effect with a power of {}, however large it is.", percent(question.power));
  }
  std::string sides;
  if (found.above) sides = percent(*found.above) + " or more";
  if (found.below) sides += (sides.empty() ? "" : ", or ") + percent(*found.below) + " or less";
  return fmt::format("With a power of {} they could show {} {}.", percent(question.power), what, sides);
}

std::string what_it_cannot_say(TrialDesign design) {
  switch (design) {
    case TrialDesign::single_arm:
      return "It takes the proportion without the treatment as known for just these people: were they to differ from those it was seen in, "
             "the trial would mislead, however many take part.";
    case TrialDesign::two_arms:
      return "It cannot say how large the effect is likely to be, nor whether people would agree to be randomised.";
    case TrialDesign::randomised_withdrawal:
      return "It speaks only of people who respond at first, and takes for granted that the effect ends when the treatment does.";
    case TrialDesign::n_of_1: break;
  }
  return "It takes the effect to be the same in everyone and gone before the next period begins, and the disease to be stable meanwhile.";
}

std::vector<double> effects_of(const TrialQuestion& question) {
  std::vector<double> out;
  const double null = null_of(question);
  for (int i = 1; null + 0.1 * i <= 1 + 1e-9; ++i) out.push_back(std::min(1.0, null + 0.1 * i));
  for (int i = 1; null - 0.1 * i >= -1e-9; ++i) out.push_back(std::max(0.0, null - 0.1 * i));
  return out;
}

/// Of each effect, from how many people on the power is reached; each test is made ready once.
Result<std::vector<std::optional<std::int64_t>>> needed_for(const TrialQuestion& question, const std::vector<double>& effects,
                                                            std::int64_t people_max) {
  if (auto fine = countable(question, people_max); !fine) return fail(fine.error());
  std::vector<std::int64_t> short_of(effects.size(), 0);
  std::int64_t before = -1;
  std::vector<bool> reached(effects.size());
  for (std::int64_t people = 1; people <= people_max; ++people) {
    const auto analysed = analysed_of(question, people);
    if (analysed != before) {
      const auto rejects = rejects_of(question, analysed);
      for (std::size_t i = 0; i < effects.size(); ++i) {
        reached[i] = towards(rejects(effects[i]), effects[i], null_of(question)) >= question.power;
      }
      before = analysed;
    }
    for (std::size_t i = 0; i < effects.size(); ++i) {
      if (!reached[i]) short_of[i] = people;
    }
  }
  std::vector<std::optional<std::int64_t>> out;
  for (const auto last : short_of) out.push_back(last < people_max ? std::optional(last + 1) : std::nullopt);
  return out;
}

}  // namespace

Result<Power> power_of(const TrialQuestion& question, std::int64_t people, double expected) {
  const auto analysed = countable(question, people);
  if (!analysed) return fail(analysed.error());
  if (!(expected >= 0 && expected <= 1)) return fail(ErrorCode::out_of_range, "the proportion expected must be from 0 to 1");
  const auto rejects = rejects_of(question, *analysed);
  const double null = null_of(question);
  const auto by_chance = rejects(null);
  return Power{*analysed, towards(rejects(expected), expected, null), by_chance.above + by_chance.below};
}

Result<std::optional<std::int64_t>> people_needed(const TrialQuestion& question, double expected, std::int64_t people_max) {
  if (!(expected >= 0 && expected <= 1)) return fail(ErrorCode::out_of_range, "the proportion expected must be from 0 to 1");
  auto all = needed_for(question, {expected}, people_max);
  if (!all) return fail(all.error());
  return all->front();
}

Result<Detectable> detectable(const TrialQuestion& question, std::int64_t people) {
  const auto analysed = countable(question, people);
  if (!analysed) return fail(analysed.error());
  const auto rejects = rejects_of(question, *analysed);
  const double null = null_of(question);
  const auto by_chance = rejects(null);
  Detectable out;
  out.analysed = *analysed;
  out.alpha = by_chance.above + by_chance.below;
  out.above = nearest([&](double expected) { return rejects(expected).above; }, null, 1, question.power);
  out.below = nearest([&](double expected) { return rejects(expected).below; }, null, 0, question.power);
  return out;
}

Result<Recruitment> recruitment(const RecruitmentQuestion& question) {
  if (question.people < 0 || question.enrolled < 0 || !(question.level > 0 && question.level < 1)) {
    return fail(ErrorCode::out_of_range, "numbers of people cannot be negative, and the level must be between 0 and 1");
  }
  if (!question.a_year && !(question.years > 0 && question.years < 1000)) {
    return fail(ErrorCode::out_of_range, "the years looked back over must be more than 0");
  }
  if (question.a_year && !(*question.a_year > 0 && *question.a_year < 1e9)) {
    return fail(ErrorCode::out_of_range, "the people expected a year must be more than 0");
  }
  if (!question.a_year && question.enrolled == 0) {
    return fail(ErrorCode::not_computable, "nobody enrolled in the years looked back over: how long recruitment would take is not known");
  }
  if (question.people == 0) return Recruitment{};
  const auto n = static_cast<double>(question.people);
  const auto at = [&](double lower) {
    if (question.a_year) return gamma_quantile(n, *question.a_year, lower);
    const double shape = static_cast<double>(question.enrolled) + 0.5;
    return question.years * beta_quantile(n, shape, lower) / beta_quantile(shape, n, 1 - lower);
  };
  const double tail = (1 - question.level) / 2;
  return Recruitment{at(0.5), at(tail), at(1 - tail)};
}

Result<TrialResult> trial(const TrialQuestion& question, std::int64_t people, const std::optional<RecruitmentQuestion>& recruiting) {
  constexpr std::int64_t needed_max = 200;
  auto found = detectable(question, people);
  if (!found) return fail(found.error());
  TrialResult out;
  out.people = people;
  out.detectable = *found;
  const auto effects = effects_of(question);
  auto needed = needed_for(question, effects, needed_max);
  if (!needed) return fail(needed.error());
  for (std::size_t i = 0; i < effects.size(); ++i) out.needed.push_back({effects[i], (*needed)[i]});
  out.sentences.push_back(what_is_compared(question, found->analysed));
  out.sentences.push_back(what_could_be_shown(question, *found));
  out.sentences.push_back(
      fmt::format("The exact test would find an effect that is not there in {} of such trials; with so few outcomes "
                  "possible it cannot be exactly {}.",
                  percent(found->alpha), percent(question.alpha)));
  out.sentences.push_back(what_it_cannot_say(question.design));
  if (!found->above && !found->below) {
    out.cautions.push_back(
        {"statistic.trial_too_small", "So few people cannot show any effect with the power wished, however large it is."});
  }
  if (!recruiting) return out;
  auto time = recruitment(*recruiting);
  if (!time) {
    out.cautions.push_back({"statistic.recruitment_unknown", time.error().message});
    return out;
  }
  out.recruitment = *time;
  out.sentences.push_back(
      fmt::format("Finding {} people more would take about {:.1f} years, and with a probability of {} between {:.1f} and "
                  "{:.1f}, if people go on enrolling as they did.",
                  recruiting->people, time->median, percent(recruiting->level), time->low, time->high));
  return out;
}

}  // namespace skerry::evidence
