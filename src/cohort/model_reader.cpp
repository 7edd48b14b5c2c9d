// The part of StatisticReader that reads models and their variables.
#include <array>
#include <cmath>
#include <set>

#include "cohort/statistic_reader.hpp"
#include "vocabulary/units.hpp"

namespace skerry::cohort {

using pack::Node;
using pack::NodeKind;

void StatisticReader::model(const Node& node, const Node& root, Study& study) {
  auto& out = study.model;
  out.repeated = study.type == StatisticType::mixed;
  if (const auto* at = node.find("index"); at && takes("outcome")) {
    index(*at, study.time);
  } else if (out.repeated) {
    wrong(node, "The key \"index\" is missing: the event, or \"birth\", from which time is counted");
  }
  if (takes("outcome")) {
    const auto* outcome = need(node, "outcome");
    if (!outcome || failed()) return;
    out.outcome = variable(*outcome, study.type);
    if (!failed()) outcome_fits(*outcome, study);
  }
  if (takes("covariates")) {
    const auto* covariates = study.type == StatisticType::mixed ? node.find("covariates") : need(node, "covariates");
    if (failed()) return;
    if (covariates) out.covariates = variables(*covariates, study.type);
  }
  model_options(node, study);
  if (const auto* by = node.find("weighted_by"); by && !failed()) {
    out.weighted_by = variables(*by, study.type);
    if (study.by.groups.size() < 2) wrong(root, "\"weighted_by\" makes the groups of \"by\" comparable, and there are none");
    if (out.weight) wrong(*by, R"(Weights are given by "weight" or made from "weighted_by", not both)");
    if (out.firth) wrong(*by, R"(Made weights need robust errors, and "firth" has none)");
    if (out.bootstrap > 0)
      wrong(*by, R"(The replicates of "bootstrap" would not make the weights of "weighted_by" anew: they do not go together)");
  }
}

void StatisticReader::outcome_fits(const Node& node, const Study& study) {
  const auto& outcome = *study.model.outcome;
  if (outcome.of == Variable::Of::groups) wrong(node, "An outcome is one number a person; groups are not");
  if (study.type == StatisticType::logistic && outcome.of != Variable::Of::indicator) {
    wrong(node, "The outcome of a logistic model is yes or no: an \"indicator\"");
  }
  const bool counts = study.type == StatisticType::poisson || study.type == StatisticType::negative_binomial;
  if (counts && outcome.of == Variable::Of::age) wrong(node, "The outcome is a count: \"count\", \"value\" or \"indicator\"");
  if (!study.model.repeated) return;
  if (outcome.of != Variable::Of::value) wrong(node, "The outcome of a mixed model is a \"value\" measured again and again");
  if (const auto* which = node.find("which")) wrong(*which, "A mixed model looks at every measurement; \"which\" chooses one");
}

void StatisticReader::model_options(const Node& node, Study& study) {
  auto& out = study.model;
  const auto one_number = [&](std::string_view key) -> std::optional<Variable> {
    const auto* found = node.find(key);
    if (!found || failed()) return std::nullopt;
    auto read = variable(*found, study.type);
    if (read.of == Variable::Of::groups) wrong(*found, "One number a person is expected here; groups are not");
    if (read.changes) wrong(*found, "\"changes\" is for covariates");
    return read;
  };
  out.offset = one_number("offset");
  out.weight = one_number("weight");
  out.robust = boolean(node, "robust");
  out.firth = boolean(node, "firth");
  if (out.robust && out.firth) wrong(*node.find("robust"), "\"robust\" errors and \"firth\" do not go together");
  if (const auto* ties = node.find("ties")) {
    static constexpr std::array<Named<Ties>, 2> allowed{{{"efron", Ties::efron}, {"breslow", Ties::breslow}}};
    out.ties = one_of<Ties>(*ties, allowed);
  }
  if (const auto* replicates = node.find("bootstrap")) out.bootstrap = static_cast<std::int32_t>(integer(*replicates, 100, 100'000));
  if (const auto* seed = node.find("seed")) {
    out.seed = static_cast<std::uint64_t>(integer(*seed, 0, std::int64_t{1} << 52));
    if (out.bootstrap == 0) wrong(*seed, "\"seed\" is for \"bootstrap\"");
  }
  cells(node, study);
  std::set<std::string_view> seen;
  for (const auto& covariate : out.covariates) {
    if (!seen.insert(covariate.id).second) wrong(*node.find("covariates"), "The covariate \"" + covariate.id + "\" stands twice");
    if (out.outcome && covariate.id == out.outcome->id) {
      wrong(*node.find("covariates"), "The outcome \"" + covariate.id + "\" cannot explain itself");
    }
    if (out.repeated && covariate.id == "time") wrong(*node.find("covariates"), "\"time\" is a covariate of every mixed model already");
  }
}

void StatisticReader::cells(const Node& node, Study& study) {
  auto& out = study.model;
  if (const auto* quantiles = node.find("quantiles"); quantiles && list(*quantiles, "quantiles")) {
    out.quantiles.clear();
    for (const auto& entry : quantiles->items) {
      out.quantiles.push_back(number(entry, 0.001, 0.999));
      if (out.quantiles.size() > 1 && out.quantiles.back() <= out.quantiles[out.quantiles.size() - 2]) {
        wrong(entry, "Quantiles ascend: [0.25, 0.5, 0.75]");
      }
    }
  }
  if (!takes("grid") || failed()) return;
  const auto* grid = need(node, "grid");
  if (!grid) return;
  keys(*grid, {"from", "to", "step"});
  const auto* from = need(*grid, "from");
  const auto* to = need(*grid, "to");
  const auto* step = need(*grid, "step");
  if (failed()) return;
  out.grid_from = number(*from);
  out.grid_to = number(*to);
  out.grid_step = number(*step);
  if (failed()) return;
  if (out.grid_from >= out.grid_to) return wrong(*to, "\"to\" is above \"from\"");
  if (out.grid_step <= 0) return wrong(*step, "\"step\" is above 0");
  const double steps = (out.grid_to - out.grid_from) / out.grid_step;
  if (steps > steps_max) return wrong(*step, "At most " + std::to_string(steps_max) + " steps lead from \"from\" to \"to\"");
  if (std::abs(steps - std::round(steps)) > 1e-9 * steps) wrong(*step, "A whole number of steps leads from \"from\" to \"to\"");
}

// --- variables ---

std::vector<Variable> StatisticReader::variables(const Node& node, StatisticType type) {
  std::vector<Variable> out;
  if (!list(node, "variables")) return out;
  if (node.items.size() > covariates_max) wrong(node, "At most " + std::to_string(covariates_max) + " variables can be given");
  for (const auto& entry : node.items) {
    if (!failed()) out.push_back(variable(entry, type));
  }
  return out;
}

Variable StatisticReader::variable(const Node& node, StatisticType type) {
  Variable out;
  keys(node, {"id", "title", "value", "indicator", "count", "age", "groups", "which", "unit", "per", "changes"});
  if (failed()) return out;
  out.title = texts(node, "title", false);
  of_variable(node, out);
  if (failed()) return out;
  out.id = node.find("id") ? text(node, "id", true) : out.condition.name.empty() ? out.condition.code : out.condition.name;
  if (out.of == Variable::Of::groups && out.id.empty()) out.id = out.grouping.code.id;
  if (out.of == Variable::Of::age && out.id.empty()) out.id = "age";
  if (!failed() && out.id.empty()) wrong(node, "The key \"id\" is missing: what to call this variable");
  const auto* which = node.find("which");
  const auto* unit_node = node.find("unit");
  if (which) {
    using Which = Variable::Which;
    static constexpr std::array<Named<Which>, 6> allowed{{{"first", Which::first},
                                                          {"last", Which::last},
                                                          {"lowest", Which::lowest},
                                                          {"highest", Which::highest},
                                                          {"mean", Which::mean},
                                                          {"at_index", Which::at_index}}};
    out.which = one_of<Which>(*which, allowed);
    if (out.which == Which::at_index && !index_needed_) index_needed_ = which;
  }
  if (unit_node) out.unit = unit(*unit_node);
  for (const auto& comparison : out.condition.value) {
    if (failed() || comparison.unit.empty() || out.of != Variable::Of::value || out.unit.empty()) continue;
    const auto converts = vocabulary::convert(comparison.unit, out.unit);
    if (!converts) wrong(*unit_node, "Nothing is measured in both units: " + converts.error().message);
  }
  if (out.of != Variable::Of::value && (which || unit_node)) {
    wrong(which ? *which : *unit_node, "\"which\" and \"unit\" belong beside \"value\"");
  }
  if (const auto* per = node.find("per")) {
    out.per = number(*per);
    if (out.per <= 0) wrong(*per, "A number above 0 is expected here");
    if (out.of == Variable::Of::groups || out.of == Variable::Of::indicator) wrong(*per, "\"per\" is for numbers, not for yes or no");
  }
  out.changes = boolean(node, "changes");
  if (!out.changes || failed()) return out;
  const auto& changes = *node.find("changes");
  if (type != StatisticType::cox) wrong(changes, "Only covariates of \"cox\" change in time");
  if (out.of != Variable::Of::indicator || out.condition.form != Condition::Form::fact || out.condition.asked != Asked::present) {
    wrong(changes, "What changes is an \"indicator\" of one condition with a \"code\" and without \"status\"");
  }
  return out;
}

void StatisticReader::of_variable(const Node& node, Variable& out) {
  using Of = Variable::Of;
  static constexpr std::array<Named<Of>, 5> kinds{
      {{"value", Of::value}, {"indicator", Of::indicator}, {"count", Of::count}, {"age", Of::age}, {"groups", Of::groups}}};
  const Node* said = nullptr;
  for (const auto& [key, of] : kinds) {
    const auto* found = node.find(key);
    if (!found) continue;
    if (said) wrong(*found, R"(A variable has only one of "value", "indicator", "count", "age" and "groups")");
    said = found;
    out.of = of;
  }
  if (!said) wrong(node, R"(A variable needs one of "value", "indicator", "count", "age" or "groups")");
  if (failed()) return;
  if (out.of == Of::groups) {
    out.grouping = grouping(*said);
    if (!failed() && out.grouping.groups.size() < 2) wrong(*said, "A variable of groups has at least two; the first is the reference");
  } else if (out.of == Of::indicator) {
    out.condition = condition(*said);
  } else if (out.of == Of::age && said->kind == NodeKind::string) {
    if (said->string != "index") wrong(*said, "The age is at a condition with a \"code\", or at \"index\"");
    if (!index_needed_) index_needed_ = said;
  } else {
    out.condition = fact(*said, "What is measured");
  }
}

}  // namespace skerry::cohort
