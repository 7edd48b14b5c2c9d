// Time to event. Columns: exit, cause and, where wanted, entry, group, stratum, weight, offset, person, x1, x2, ...
// Options: steps (default: the last exit), and each statistic's own.
#include <fmt/format.h>

#include "evidence/cox.hpp"
#include "evidence/incidence.hpp"
#include "evidence/life_table.hpp"
#include "evidence/log_rank.hpp"
#include "evidence/mean_cumulative.hpp"
#include "evidence/survival.hpp"
#include "table.hpp"

namespace skerry::evidence::table {
namespace {

Episodes episodes(const Table& table) {
  Episodes out;
  out.entry = table.steps("entry");
  out.exit = table.steps("exit");
  for (const auto cause : table.places("cause")) out.cause.push_back(static_cast<std::uint8_t>(cause));
  out.group = table.places("group");
  out.stratum = table.places("stratum");
  out.weight = table.reals("weight");
  out.offset = table.reals("offset");
  out.person = table.people("person");
  out.x = table.all("x");
  return out;
}

std::int32_t steps_of(const Episodes& data, const Options& options) {
  const auto last = data.exit.empty() ? 1 : *std::max_element(data.exit.begin(), data.exit.end());
  return static_cast<std::int32_t>(options.number("steps", last));
}

cohort::CurveInterval interval_of(const Options& options) {
  const auto name = options.text("interval", "log");
  if (name == "plain") return cohort::CurveInterval::plain;
  if (name == "log-log") return cohort::CurveInterval::log_log;
  if (name == "arcsin") return cohort::CurveInterval::arcsine;
  if (name == "logit") return cohort::CurveInterval::logit;
  return cohort::CurveInterval::log;
}

Result<LifeTable> life_table(const Episodes& data, const Options& options) {
  const std::vector<Episodes> one{data};
  LifeTable table(life_table_question(one, steps_of(data, options)));
  if (auto done = run_on(table, data, options); !done) return fail(done.error());
  return table;
}

Result<void> kaplan_meier(const Table& table, const Options& options, Answer& answer) {
  const auto data = episodes(table);
  const auto life = life_table(data, options);
  if (!life) return fail(life.error());
  const double level = options.number("level", 0.95);
  for (std::uint16_t g = 0; g < life->question().groups; ++g) {
    const auto curve = survival_curve(*life, g, interval_of(options), level);
    if (!curve) return fail(curve.error());
    const auto key = fmt::format("group.{}", g);
    answer.add(key + ".people", curve->people);
    answer.add(key + ".events", curve->events);
    for (const auto& point : curve->points) {
      const auto at = fmt::format("{}.{}", key, point.step);
      answer.add(at + ".at_risk", point.at_risk);
      answer.add(at + ".events", point.events);
      answer.add(at + ".censored", point.censored);
      answer.add(at + ".survival", point.survival);
      answer.add(at + ".standard_error", point.standard_error);
      answer.add(at + ".low", point.low);
      answer.add(at + ".high", point.high);
      answer.add(at + ".cumulative_hazard", point.cumulative_hazard);
      answer.add(at + ".hazard_error", point.hazard_error);
    }
    for (const double p : {0.25, 0.5, 0.75}) {
      const auto quantile = survival_quantile(*curve, p);
      const auto at = fmt::format("{}.quantile.{}", key, p);
      answer.add(at + ".value", quantile.at);
      answer.add(at + ".low", quantile.low);
      answer.add(at + ".high", quantile.high);
    }
    if (const auto until = options.number("until")) {
      const auto mean = restricted_mean(*curve, *until, level);
      if (mean) {
        answer.add(key + ".restricted_mean", mean->mean);
        answer.add(key + ".restricted_mean_error", mean->standard_error);
      }
    }
    answer.add(curve->cautions);
  }
  return {};
}

Result<void> logrank(const Table& table, const Options& options, Answer& answer) {
  const auto data = episodes(table);
  const auto life = life_table(data, options);
  if (!life) return fail(life.error());
  const auto exact = options.text("exact", "by_size");
  const auto how = exact == "never" ? Exactness::never : exact == "always" ? Exactness::always : Exactness::by_size;
  const auto result = log_rank(*life, options.number("rho", 0), how);
  if (!result) return fail(result.error());
  for (std::size_t g = 0; g < result->groups.size(); ++g) {
    answer.add(fmt::format("group.{}.observed", g), result->groups[g].observed);
    answer.add(fmt::format("group.{}.expected", g), result->groups[g].expected);
  }
  answer.add("name", result->test.name);
  answer.add("statistic", result->test.statistic);
  answer.add("df", result->test.df);
  answer.add("p", result->test.p);
  answer.add(result->cautions);
  return {};
}

Result<void> cox_model(const Table& table, const Options& options, Answer& answer) {
  const auto data = episodes(table);
  CoxQuestion question;
  question.steps = steps_of(data, options);
  question.covariates = table.names_of("x");
  question.strata = life_table_question(std::span(&data, 1), question.steps).strata;
  question.ties = options.text("ties", "efron") == "breslow" ? cohort::Ties::breslow : cohort::Ties::efron;
  question.entries = !data.entry.empty();
  question.weighted = !data.weight.empty();
  question.offset = !data.offset.empty();
  question.firth = options.flag("firth");
  question.robust = options.flag("robust");
  question.level = options.number("level", 0.95);
  const auto check = options.text("check");
  if (check == "km") question.check = TimeTransform::km;
  if (check == "identity") question.check = TimeTransform::identity;
  if (check == "rank") question.check = TimeTransform::rank;
  if (check == "log") question.check = TimeTransform::log;
  std::vector<std::size_t> ends;
  const auto wanted = options.size("parts", 1);
  for (std::size_t i = 1; i < wanted; ++i) ends.push_back(data.rows() * i / wanted);
  const auto parts = split_at(data, ends);
  const auto result = cox(parts, question, static_cast<unsigned>(options.size("threads", 1)));
  if (!result) return fail(result.error());
  for (std::size_t j = 0; j < result->coefficients.size(); ++j) {
    answer.add(fmt::format("coefficient.{}", j), result->coefficients[j].estimate);
    if (result->coefficients[j].infinite) answer.add(fmt::format("coefficient.{}.infinite", j), std::int64_t{1});
  }
  answer.add("log_likelihood_null", result->log_likelihood_null);
  answer.add("log_likelihood", result->log_likelihood);
  answer.add("likelihood_ratio", result->likelihood_ratio.statistic);
  answer.add("wald", result->wald.statistic);
  answer.add("score", result->score.statistic);
  answer.add("rounds", std::int64_t{result->rounds});
  answer.add("proportional", result->proportional);
  for (const auto& step : result->baseline) answer.add(fmt::format("hazard.{}.{}", step.stratum, step.step), step.cumulative_hazard);
  answer.add(result->cautions);
  return {};
}

Result<void> cuminc(const Table& table, const Options& options, Answer& answer) {
  const auto data = episodes(table);
  const auto life = life_table(data, options);
  if (!life) return fail(life.error());
  for (std::uint16_t g = 0; g < life->question().groups; ++g) {
    for (std::uint8_t cause = 1; cause <= life->question().causes; ++cause) {
      const auto curve = cumulative_incidence(*life, g, cause, interval_of(options), options.number("level", 0.95));
      if (!curve) return fail(curve.error());
      for (const auto& point : curve->points) {
        const auto at = fmt::format("group.{}.cause.{}.{}", g, cause, point.step);
        answer.add(at + ".incidence", point.incidence);
        answer.add(at + ".standard_error", point.standard_error);
        answer.add(at + ".low", point.low);
        answer.add(at + ".high", point.high);
      }
    }
  }
  return {};
}

Result<void> gray(const Table& table, const Options& options, Answer& answer) {
  const auto data = episodes(table);
  const auto life = life_table(data, options);
  if (!life) return fail(life.error());
  const auto result = gray_test(*life, static_cast<std::uint8_t>(options.number("cause", 1)), options.number("rho", 0));
  if (!result) return fail(result.error());
  answer.add("statistic", result->test.statistic);
  answer.add("df", result->test.df);
  answer.add("p", result->test.p);
  answer.add(result->cautions);
  return {};
}

Result<void> mean_cumulative(const Table& table, const Options& options, Answer& answer) {
  const auto data = episodes(table);
  MeanCumulative statistic({steps_of(data, options), life_table_question(std::span(&data, 1), 1).groups, options.number("level", 0.95)});
  if (auto done = run_on(statistic, data, options); !done) return done;
  for (const auto& curve : statistic.curves()) {
    answer.add(fmt::format("group.{}.people", curve.group), curve.people);
    for (const auto& point : curve.points) {
      const auto at = fmt::format("group.{}.{}", curve.group, point.step);
      answer.add(at + ".at_risk", point.at_risk);
      answer.add(at + ".events", point.events);
      answer.add(at + ".mean", point.mean);
      answer.add(at + ".standard_error", point.standard_error);
      answer.add(at + ".low", point.low);
      answer.add(at + ".high", point.high);
    }
  }
  return {};
}

const Registration incidence{"cuminc", cuminc};
const Registration comparison_of_incidence{"gray", gray};
const Registration recurrent{"mean_cumulative", mean_cumulative};
const Registration curves{"kaplan_meier", kaplan_meier};
const Registration comparison{"logrank", logrank};
const Registration model{"cox", cox_model};

}  // namespace
}  // namespace skerry::evidence::table
