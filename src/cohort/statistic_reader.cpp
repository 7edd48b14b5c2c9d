#include "cohort/statistic_reader.hpp"

#include <array>
#include <cmath>

namespace skerry::cohort {

using pack::Node;
using pack::NodeKind;

namespace {

using Keys = std::vector<std::string_view>;

constexpr std::array<StatisticType, 17> every_type{StatisticType::count,      StatisticType::proportion,
                                                   StatisticType::crosstab,   StatisticType::kaplan_meier,
                                                   StatisticType::rate,       StatisticType::mean,
                                                   StatisticType::quantiles,  StatisticType::rank_test,
                                                   StatisticType::linear,     StatisticType::logistic,
                                                   StatisticType::poisson,    StatisticType::negative_binomial,
                                                   StatisticType::mixed,      StatisticType::cumulative_incidence,
                                                   StatisticType::cox,        StatisticType::mean_cumulative,
                                                   StatisticType::feasibility};

Keys with(Keys keys, std::initializer_list<std::string_view> more) {
  keys.insert(keys.end(), more.begin(), more.end());
  return keys;
}

/// What the object of a statistic may say.
Keys keys_of(StatisticType type) {
  const Keys timed{"type", "index", "event", "of_index", "entry", "until", "censoring", "death", "unit", "step", "horizon", "level"};
  const Keys modelled{"type", "outcome", "index", "level"};
  switch (type) {
    case StatisticType::count: return {"type"};
    case StatisticType::proportion: return {"type", "of", "interval", "level"};
    case StatisticType::crosstab: return {"type", "columns", "strata", "level"};
    case StatisticType::kaplan_meier: return with(timed, {"interval", "rho", "restricted_to", "strata"});
    case StatisticType::cumulative_incidence: return with(timed, {"competing", "interval", "rho"});
    case StatisticType::cox: return with(timed, {"covariates", "ties", "strata", "offset", "weight", "robust", "firth"});
    case StatisticType::rate:
    case StatisticType::mean_cumulative: return timed;
    case StatisticType::mean: return with(modelled, {"weight", "weighted_by", "bootstrap", "seed"});
    case StatisticType::quantiles: return with(modelled, {"quantiles", "grid"});
    case StatisticType::rank_test: return with(modelled, {"grid"});
    case StatisticType::linear: return with(modelled, {"covariates", "weight", "weighted_by", "robust", "bootstrap", "seed"});
    case StatisticType::logistic: return with(modelled, {"covariates", "offset", "weight", "weighted_by", "firth", "robust"});
    case StatisticType::poisson: return with(modelled, {"covariates", "offset", "weight", "weighted_by", "robust"});
    case StatisticType::negative_binomial: return with(modelled, {"covariates", "offset"});
    case StatisticType::mixed: return with(modelled, {"covariates"});
    case StatisticType::feasibility:
      return {"type",  "willing", "reachable", "enrolled", "design",          "control",
              "power", "alpha",   "cycles",    "drop_out", "recruits_a_year", "lookback_years"};
  }
  return {"type"};
}

}  // namespace

bool StatisticReader::takes(std::string_view key) const { return std::ranges::find(allowed_, key) != allowed_.end(); }

void StatisticReader::statistic(const Node& node, const Node& root, Study& study) {
  const auto* type = need(node, "type");
  if (!type || failed()) return;
  std::vector<Named<StatisticType>> types;
  for (const auto entry : every_type) types.emplace_back(name_of(entry), entry);
  study.type = one_of<StatisticType>(*type, types);
  if (failed()) return;
  allowed_ = keys_of(study.type);
  keys(node, allowed_);
  if (failed()) return;
  if (study.type == StatisticType::proportion) proportion(node, study);
  if (study.type == StatisticType::crosstab) crosstab(node, study);
  if (study.type == StatisticType::feasibility) feasibility(node, study);
  if (takes("event")) time_to_event(node, study);
  if (takes("outcome") || takes("covariates")) model(node, root, study);
  if (const auto* strata = node.find("strata")) study.strata = grouping(*strata);
  if (const auto* level = node.find("level")) study.level = number(*level, 0.5, 0.999);
  const bool in_rows = study.type == StatisticType::crosstab || study.type == StatisticType::rank_test;
  if (in_rows && study.by.groups.empty()) {
    wrong(root,
          study.type == StatisticType::crosstab ? "A crosstab needs \"by\" for its rows" : "A rank test compares the groups of \"by\"");
  }
  if (study.type == StatisticType::rank_test && !failed() && study.by.groups.size() < 2) {
    wrong(*root.find("by"), "A rank test needs at least two groups to compare");
  }
  if (study.type == StatisticType::kaplan_meier && !study.strata.groups.empty() && study.by.groups.size() < 2) {
    wrong(*node.find("strata"), "\"strata\" are for the test between the groups of \"by\", and there are none");
  }
  if (const auto* rho = node.find("rho"); rho && !failed() && study.by.groups.size() < 2) {
    wrong(*rho, "\"rho\" is of the test between the groups of \"by\", and there are none");
  }
  const auto* speaks = index_spoken_of() ? index_spoken_of() : index_needed_;
  if (!failed() && speaks && study.time.index.form != Condition::Form::fact) {
    wrong(*speaks, study.time.from_birth ? "The index of this study is birth; say \"age\" instead"
                                         : "This study has no index event: its statistic has no \"index\"");
  }
}

void StatisticReader::proportion(const Node& node, Study& study) {
  const auto* of = need(node, "of");
  if (!of || failed()) return;
  study.of = items(*of);
  for (const auto& entry : study.of) {
    if (entry.condition.form != Condition::Form::fact || entry.condition.asked != Asked::present) {
      wrong(*of, "A proportion is of a \"code\" (present among those recorded); it takes no \"status\" and no combination");
    }
  }
  if (const auto* interval = node.find("interval")) {
    static constexpr std::array<Named<ProportionInterval>, 3> intervals{{{"clopper_pearson", ProportionInterval::clopper_pearson},
                                                                         {"mid_p", ProportionInterval::mid_p},
                                                                         {"wilson", ProportionInterval::wilson}}};
    study.proportion_interval = one_of<ProportionInterval>(*interval, intervals);
  }
}

void StatisticReader::crosstab(const Node& node, Study& study) {
  if (const auto* columns = need(node, "columns")) study.columns = grouping(*columns);
}

// --- time to an event ---

void StatisticReader::time_to_event(const Node& node, Study& study) {
  auto& time = study.time;
  const auto* index_node = need(node, "index");
  const auto* event = need(node, "event");
  if (failed()) return;
  index(*index_node, time);
  time.event = fact(*event, "The event");
  if (!failed() && !time.from_birth && canonical_text(time.event) == canonical_text(time.index)) {
    wrong(*event, "The event is the index event itself");
  }
  time.of_index = boolean(node, "of_index");
  if (time.of_index && time.from_birth) wrong(*node.find("of_index"), "An event cannot be part of a birth");
  if (study.type == StatisticType::cumulative_incidence) competing(node, time);
  leaving(node, time);
  steps(node, time);
  if (const auto* interval = node.find("interval")) {
    static constexpr std::array<Named<CurveInterval>, 5> intervals{{{"plain", CurveInterval::plain},
                                                                    {"log", CurveInterval::log},
                                                                    {"log_log", CurveInterval::log_log},
                                                                    {"arcsine", CurveInterval::arcsine},
                                                                    {"logit", CurveInterval::logit}}};
    time.interval = one_of<CurveInterval>(*interval, intervals);
  }
  if (const auto* rho = node.find("rho")) time.rho = number(*rho, 0, 10);
}

void StatisticReader::index(const Node& node, TimeToEvent& time) {
  time.from_birth = node.kind == NodeKind::string && node.string == "birth";
  if (time.from_birth) return;
  if (node.kind == NodeKind::string) return wrong(node, "The index is \"birth\" or a condition with a \"code\"");
  time.index = fact(node, "The index event");
  if (!failed() && speaks_of_index(time.index)) wrong(node, "The index event cannot be told by itself");
}

void StatisticReader::competing(const Node& node, TimeToEvent& time) {
  const auto* competing = need(node, "competing");
  if (!competing || failed()) return;
  time.competing = items(*competing);
  for (const auto& entry : time.competing) {
    if (failed()) return;
    if (entry.condition.form != Condition::Form::fact || entry.condition.asked != Asked::present) {
      wrong(*competing, "A competing event is one condition with a \"code\" and without \"status\"");
    } else if (canonical_text(entry.condition) == canonical_text(time.event)) {
      wrong(*competing, "The event cannot compete with itself");
    }
  }
  if (time.competing.size() > 20) wrong(*competing, "At most 20 events can compete");
}

/// Where people come in and where they leave.
void StatisticReader::leaving(const Node& node, TimeToEvent& time) {
  if (const auto* entry = node.find("entry")) time.entry = fact(*entry, "The entry");
  if (const auto* until = node.find("until")) time.until = fact(*until, "\"until\"");
  if (const auto* censoring = node.find("censoring")) {
    static constexpr std::array<Named<Censoring>, 3> allowed{
        {{"absent", Censoring::absent}, {"last_encounter", Censoring::last_encounter}, {"death", Censoring::death}}};
    time.censoring = one_of<Censoring>(*censoring, allowed);
  }
  const auto* death = node.find("death");
  if (death) time.death = fact(*death, "The death");
  if (!failed() && time.censoring == Censoring::death && !death) {
    wrong(*node.find("censoring"), "Censoring at death needs \"death\": the condition that tells it");
  }
  if (!failed() && time.censoring != Censoring::death && death) wrong(*death, R"("death" is only looked at with "censoring": "death")");
}

void StatisticReader::steps(const Node& node, TimeToEvent& time) {
  const auto* unit = need(node, "unit");
  const auto* horizon = need(node, "horizon");
  if (failed()) return;
  static constexpr std::array<Named<TimeUnit>, 4> units{
      {{"day", TimeUnit::day}, {"week", TimeUnit::week}, {"month", TimeUnit::month}, {"year", TimeUnit::year}}};
  time.unit = one_of<TimeUnit>(*unit, units);
  if (const auto* step = node.find("step")) time.step = static_cast<std::int32_t>(integer(*step, 1, 1'000'000));
  time.horizon = static_cast<std::int32_t>(integer(*horizon, 1, 1'000'000'000));
  if (!failed() && (time.horizon % time.step != 0 || time.horizon / time.step > steps_max)) {
    wrong(*horizon, "The horizon is a multiple of the step, and at most " + std::to_string(steps_max) + " steps away");
  }
  const auto* restricted = node.find("restricted_to");
  if (!restricted || failed()) return;
  time.restricted_to = static_cast<std::int32_t>(integer(*restricted, 1, time.horizon));
  if (!failed() && *time.restricted_to % time.step != 0) wrong(*restricted, "\"restricted_to\" is a multiple of the step");
}

// --- trials ---

void StatisticReader::feasibility(const Node& node, Study& study) {
  auto& out = study.feasibility;
  const auto* willing = need(node, "willing");
  const auto* reachable = need(node, "reachable");
  const auto* design = need(node, "design");
  if (failed()) return;
  out.willing = condition(*willing);
  out.reachable = condition(*reachable);
  using Design = Feasibility::Design;
  static constexpr std::array<Named<Design>, 4> designs{{{"single_arm", Design::single_arm},
                                                         {"two_arms", Design::two_arms},
                                                         {"randomised_withdrawal", Design::randomised_withdrawal},
                                                         {"n_of_1", Design::n_of_1}}};
  out.design = one_of<Design>(*design, designs);
  if (const auto* control = node.find("control")) out.control = number(*control, 0, 1);
  if (const auto* power = node.find("power")) out.power = number(*power, 0.5, 0.999);
  if (const auto* alpha = node.find("alpha")) out.alpha = number(*alpha, 0.0001, 0.5);
  if (const auto* drop_out = node.find("drop_out")) out.drop_out = number(*drop_out, 0, 0.9);
  if (const auto* cycles = node.find("cycles")) out.cycles = static_cast<std::int32_t>(integer(*cycles, 1, 100));
  if (const auto* lookback = node.find("lookback_years")) out.lookback_years = number(*lookback, 0.1, 100);
  if (const auto* recruits = node.find("recruits_a_year")) out.recruits_a_year = number(*recruits, 0.01, 1'000'000);
  if (const auto* enrolled = node.find("enrolled")) out.enrolled = fact(*enrolled, "The enrolment");
  if (failed()) return;
  if (out.design == Design::n_of_1 && out.cycles == 0) wrong(*design, "An n-of-1 series needs \"cycles\": pairs of periods a person");
  if (out.design != Design::n_of_1 && out.cycles != 0) wrong(*node.find("cycles"), "\"cycles\" are of the design \"n_of_1\"");
  if (out.design != Design::n_of_1 && !node.find("control")) {
    wrong(node, "The key \"control\" is missing: the proportion expected without the treatment");
  }
  if (const auto* control = node.find("control"); control && out.design == Design::n_of_1) {
    wrong(*control, "An n-of-1 series compares each person with themselves; it takes no \"control\"");
  }
  for (const auto* key : {"enrolled", "lookback_years"}) {
    const auto* said = node.find(key);
    if (said && out.recruits_a_year) wrong(*said, R"(What is expected is said by "recruits_a_year"; past enrolments are not looked at)");
  }
  if (!out.recruits_a_year && !node.find("enrolled")) {
    wrong(node, "How long recruitment takes needs \"recruits_a_year\" or \"enrolled\", the condition whose date is the enrolment");
  }
}

}  // namespace skerry::cohort
