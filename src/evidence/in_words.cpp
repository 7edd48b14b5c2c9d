#include "evidence/in_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace skerry::evidence {
namespace {

using cohort::StatisticType;

Note note(std::string key, pack::Arguments arguments, std::string english) {
  return {std::move(key), std::move(arguments), std::move(english)};
}

/// The first told row that is not the intercept and has an interval.
const EstimateRow* main_row(const Figure& figure) {
  const auto found = std::ranges::find_if(figure.estimates, [](const EstimateRow& row) {
    return row.told && row.estimate.id != "(intercept)" && row.estimate.low && row.estimate.high;
  });
  return found == figure.estimates.end() ? nullptr : &*found;
}

Note says_proportion(const Figure& figure) {
  const auto row = std::ranges::find_if(figure.rows, [](const Row& one) { return one.interval && one.recorded.number.value_or(0) > 0; });
  if (row == figure.rows.end()) return {};
  const auto low = std::round(row->interval->low * 100);
  const auto high = std::round(row->interval->high * 100);
  return note(
      "figure.says_proportion", {{"low", low}, {"high", high}},
      fmt::format("By chance alone the true share may lie anywhere from {} to {} in 100; of people in whom it was not recorded this "
                  "says nothing.",
                  low, high));
}

Note says_curve(const Figure& figure) {
  const auto curve = std::ranges::find_if(figure.curves, [](const Curve& one) { return !one.steps.empty(); });
  if (curve == figure.curves.end()) return {};
  const auto& last = curve->steps.back();
  const auto low = std::round(last.low * 100);
  const auto high = std::round(last.high * 100);
  return note("figure.says_curve", {{"low", low}, {"high", high}},
              fmt::format("At the end of the first curve the true share without the event may lie anywhere from {} to {} in 100; the "
                          "estimate supposes that people no longer followed fare like the others.",
                          low, high));
}

std::string name_of_row(const EstimateRow& row) {
  const auto name = english_name(row.label);
  return name.empty() ? row.estimate.id : name;
}

struct Ends {
  std::string value, low, high;
};
Ends ends_of(const EstimateRow& row) {
  const auto& one = row.estimate;
  const auto text = [&one](double value) {
    return std::isinf(shown(one, value)) ? std::string("without limit") : plain_number(shown(one, value));
  };
  return {text(one.value), text(*one.low), text(*one.high)};
}

/// Of a model's first covariate: its size, how sure it is, and that it is no cause.
Note says_effect(const EstimateRow& row, std::string_view what) {
  const double none = 0;  // on the scale it is estimated on, ratios too
  const bool clear = *row.estimate.low > none || *row.estimate.high < none;
  const auto [value, low, high] = ends_of(row);
  const auto name = name_of_row(row);
  pack::Arguments arguments{{"name", name}, {"value", value}, {"low", low}, {"high", high}};
  const auto events = row.events.number.value_or(0);
  const auto with = events > 0 ? fmt::format("with {} events ", events) : std::string{};
  auto english = fmt::format("{}: {} {}; {}the true value may lie anywhere from {} to {}, so ", name, what, value, with, low, high);
  if (clear) {
    english += "chance alone is an unlikely explanation. That it goes with the outcome does not show that it is the cause.";
  } else {
    english += "this cannot tell whether it matters.";
  }
  return note(clear ? "figure.says_effect" : "figure.says_no_effect", std::move(arguments), std::move(english));
}

Note says_range(const Figure& figure, std::string key, std::string_view of) {
  const auto* row = main_row(figure);
  if (row == nullptr) return {};
  const auto [value, low, high] = ends_of(*row);
  return note(std::move(key), {{"low", low}, {"high", high}},
              fmt::format("The true {} may lie anywhere from {} to {}; people who are not in this registry may differ.", of, low, high));
}

Note says_named_curve(const Figure& figure) {
  const auto named = std::ranges::find_if(figure.named_curves, [](const NamedCurve& one) { return !one.curve.steps.empty(); });
  if (named == figure.named_curves.end()) return {};
  const auto& last = named->curve.steps.back();
  if (named->measure == "mean_cumulative") {
    return note("figure.says_recurrent", {{"low", plain_number(last.low)}, {"high", plain_number(last.high)}},
                fmt::format("The true mean number of events may lie anywhere from {} to {} at the end of the first curve; a mean says "
                            "nothing of any one person.",
                            plain_number(last.low), plain_number(last.high)));
  }
  const auto low = std::round(last.low * 100);
  const auto high = std::round(last.high * 100);
  return note("figure.says_incidence", {{"low", low}, {"high", high}},
              fmt::format("At the end of the first curve the true share may lie anywhere from {} to {} in 100, in a world where the other "
                          "events can come first.",
                          low, high));
}

Note says_model(const Figure& figure, std::string_view what) {
  const auto* row = main_row(figure);
  return row == nullptr ? Note{} : says_effect(*row, what);
}

}  // namespace

double shown(const Estimate& estimate, double value) { return estimate.ratio ? std::exp(value) : value; }

std::string plain_number(double value) {
  if (!std::isfinite(value)) return std::isnan(value) ? "unknown" : value > 0 ? "unlimited" : "-unlimited";
  const double size = std::abs(value);
  if (size >= 1000) {
    const double unit = std::pow(10.0, std::floor(std::log10(size)) - 2);
    return fmt::format("{:.0f}", std::round(value / unit) * unit);
  }
  if (size > 0 && size < 1e-4) return fmt::format("{:.2e}", value);
  return fmt::format("{:.3g}", value);
}

std::string plain_p(double p) { return p < 0.001 ? "below 0.001" : plain_number(p); }

std::string english_name(const Label& label) {
  if (const auto found = label.title.find("en"); found != label.title.end()) return found->second;
  if (!label.title.empty()) return label.title.begin()->second;
  if (!label.code.label.empty()) return label.code.label;
  return label.id.empty() ? label.code.id : label.id;
}

Note says_in_words(const cohort::Study& study, const Figure& figure) {
  switch (study.type) {
    case StatisticType::count: return {};
    case StatisticType::proportion: return says_proportion(figure);
    case StatisticType::crosstab:
      return note("figure.says_table", {}, "A table shows what occurs together; it does not show that one is the cause of the other.");
    case StatisticType::kaplan_meier: return says_curve(figure);
    case StatisticType::rate: return says_range(figure, "figure.says_rate", "rate");
    case StatisticType::mean: return says_range(figure, "figure.says_mean", "mean");
    case StatisticType::quantiles: return says_range(figure, "figure.says_quantile", "value at the first of these quantiles");
    case StatisticType::rank_test:
      return note("figure.says_ranks", {},
                  "A rank test says whether one group tends to higher values, not by how much for any one person.");
    case StatisticType::linear:
    case StatisticType::mixed: return says_model(figure, "the outcome differs by");
    case StatisticType::logistic: return says_model(figure, "the odds are multiplied by");
    case StatisticType::poisson:
    case StatisticType::negative_binomial: return says_model(figure, "the expected number is multiplied by");
    case StatisticType::cox: return says_model(figure, "the event comes faster by a factor of");
    case StatisticType::cumulative_incidence:
    case StatisticType::mean_cumulative: return says_named_curve(figure);
    case StatisticType::feasibility:
      return note(
          "figure.says_feasibility", {},
          "This says what a trial with these people could show, not whether the treatment works; who is willing today may not be then.");
  }
  return {};
}

}  // namespace skerry::evidence
