// Reads a study's JSON. The first thing that is wrong ends it.
#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <span>
#include <utility>

#include "cohort/study.hpp"
#include "consent/view.hpp"
#include "pack/json_document.hpp"

namespace skerry::cohort {
namespace {

using pack::Node;
using pack::NodeKind;

constexpr std::size_t items_max = 200;
constexpr std::int32_t steps_max = 10'000;
constexpr int depth_max = 16;

template <class T>
using Named = std::pair<std::string_view, T>;

class Reader {
 public:
  explicit Reader(std::string_view file) : file_(file) {}

  Result<Study> read(const Node& root) {
    Study study;
    keys(root, {"$schema", "id", "title", "purpose", "cohort", "statistic", "by", "snapshot", "floor", "comment"});
    study.id = text(root, "id", true);
    if (!error_ && !valid_id(study.id)) {
      wrong(*root.find("id"), "A study's id is PACK/NAME in lower-case letters, digits and hyphens, as \"poh/treatments-tried\"");
    }
    study.title = texts(root, "title", true);
    purpose(root, study);
    if (const auto* cohort = need(root, "cohort")) study.cohort = condition(*cohort, 0);
    if (const auto* by = root.find("by")) study.by = grouping(*by);
    if (const auto* statistic = need(root, "statistic")) read_statistic(*statistic, root, study);
    snapshot(root, study);
    if (const auto* floor = root.find("floor")) study.floor = static_cast<int>(integer(*floor, 2, 1'000'000));
    if (error_) return fail(std::move(*error_));
    study.digest = digest_of(canonical_text(study));
    return study;
  }

 private:
  void wrong(const Node& at, std::string message) {
    if (!error_) error_ = Error{ErrorCode::invalid_study, std::move(message), at.place(file_)};
  }

  static bool valid_id(std::string_view id) {
    const auto slash = id.find('/');
    if (slash == std::string_view::npos || slash == 0 || slash + 1 == id.size() || id.size() > 120) return false;
    return std::ranges::all_of(id, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '/'; }) &&
           id.find('/', slash + 1) == std::string_view::npos;
  }

  static std::string suggestion(std::string_view word, std::span<const std::string_view> candidates) {
    const auto near = pack::nearest(word, candidates);
    return near.empty() ? std::string{} : "; did you mean \"" + near + "\"?";
  }

  bool object(const Node& node) {
    if (node.kind != NodeKind::object) wrong(node, "An object is expected here");
    return !error_;
  }

  void keys(const Node& node, std::initializer_list<std::string_view> allowed) {
    if (!object(node)) return;
    for (const auto& [key, value] : node.members) {
      if (std::ranges::find(allowed, key) != allowed.end()) continue;
      return wrong(value, "The key \"" + key + "\" is not known here" + suggestion(key, {allowed.begin(), allowed.size()}));
    }
  }

  const Node* need(const Node& node, std::string_view key) {
    if (!object(node)) return nullptr;
    const auto* found = node.find(key);
    if (!found) wrong(node, "The key \"" + std::string(key) + "\" is missing");
    return found;
  }

  std::string string(const Node& node) {
    if (node.kind != NodeKind::string || node.string.empty()) wrong(node, "A text that is not empty is expected here");
    return node.string;
  }

  std::string text(const Node& node, std::string_view key, bool required) {
    const auto* found = required ? need(node, key) : node.find(key);
    return found && !error_ ? string(*found) : std::string{};
  }

  std::string curie(const Node& node) {
    auto id = string(node);
    const auto colon = id.find(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == id.size()) {
      wrong(node, "A code is SYSTEM:ID, as \"HP:0034282\" or \"skerry:sex\"");
    }
    return id;
  }

  pack::Texts texts(const Node& node, std::string_view key, bool required) {
    pack::Texts out;
    const auto* found = required ? need(node, key) : node.find(key);
    if (!found || error_ || !object(*found)) return out;
    for (const auto& [language, value] : found->members) out[language] = string(value);
    if (out.empty()) wrong(*found, "A title has at least one language: {\"en\": \"...\"}");
    return out;
  }

  std::int64_t integer(const Node& node, std::int64_t least, std::int64_t most) {
    if (node.kind != NodeKind::number || !node.integer || node.number < static_cast<double>(least) ||
        node.number > static_cast<double>(most)) {
      wrong(node, "A whole number from " + std::to_string(least) + " to " + std::to_string(most) + " is expected here");
      return least;
    }
    return static_cast<std::int64_t>(node.number);
  }

  bool boolean(const Node& node, std::string_view key) {
    const auto* found = node.find(key);
    if (!found) return false;
    if (found->kind != NodeKind::boolean) wrong(*found, "true or false is expected here");
    return found->boolean;
  }

  template <class T>
  T one_of(const Node& node, std::span<const Named<T>> choices) {
    const auto word = string(node);
    std::vector<std::string_view> names;
    std::string list;
    for (const auto& [name, value] : choices) {
      if (name == word) return value;
      names.push_back(name);
      list += (list.empty() ? "" : ", ") + std::string(name);
    }
    wrong(node, "\"" + word + "\" is not one of " + list + suggestion(word, names));
    return choices.front().second;
  }

  void purpose(const Node& root, Study& study) {
    const auto* node = root.find("purpose");
    if (!node || error_) return;
    static constexpr std::array<Named<Purpose>, 3> allowed{{{"registry_research", Purpose::registry_research},
                                                            {"federated_studies", Purpose::federated_studies},
                                                            {"public_figures", Purpose::public_figures}}};
    study.purpose = one_of<Purpose>(*node, allowed);
  }

  void snapshot(const Node& root, Study& study) {
    const auto* node = root.find("snapshot");
    if (!node || error_ || (node->kind == NodeKind::string && node->string == "latest")) return;
    if (node->kind == NodeKind::string) return wrong(*node, "A snapshot is \"latest\" or a ledger sequence (a number)");
    study.snapshot = integer(*node, 1, std::int64_t{1} << 52);
  }

  // --- conditions ---

  Condition condition(const Node& node, int depth) {
    keys(node, {"code", "exact", "kind", "status", "value", "site", "side", "origin", "all", "any", "not", "everyone"});
    return condition_part(node, depth);
  }

  /// The condition among the keys of an item that may have others.
  Condition condition_part(const Node& node, int depth) {
    Condition out;
    if (!object(node)) return out;
    if (depth > depth_max) wrong(node, "Conditions are nested more than " + std::to_string(depth_max) + " deep");
    static constexpr std::array<Named<Condition::Form>, 5> forms{{{"code", Condition::Form::fact},
                                                                  {"all", Condition::Form::all},
                                                                  {"any", Condition::Form::any},
                                                                  {"not", Condition::Form::none},
                                                                  {"everyone", Condition::Form::everyone}}};
    const Node* said = nullptr;
    for (const auto& [key, form] : forms) {
      const auto* found = node.find(key);
      if (!found) continue;
      if (said) wrong(*found, "A condition has only one of \"code\", \"all\", \"any\", \"not\" and \"everyone\"");
      said = found;
      out.form = form;
    }
    if (!said) wrong(node, "A condition needs one of \"code\", \"all\", \"any\", \"not\" or \"everyone\"");
    if (error_) return out;
    if (out.form == Condition::Form::fact) {
      leaf(node, out);
    } else {
      only_in_leaves(node);
      if (out.form != Condition::Form::everyone) parts(*said, out, depth);
    }
    return out;
  }

  void only_in_leaves(const Node& node) {
    for (const auto* key : {"exact", "kind", "status", "value", "site", "side", "origin"}) {
      if (const auto* found = node.find(key)) wrong(*found, "\"" + std::string(key) + "\" belongs beside a \"code\"");
    }
  }

  void parts(const Node& node, Condition& out, int depth) {
    if (node.kind == NodeKind::object && out.form == Condition::Form::none) {
      out.parts.push_back(condition(node, depth + 1));
      return;
    }
    if (node.kind != NodeKind::array || node.items.empty() || node.items.size() > items_max) {
      return wrong(node, "A list of 1 to " + std::to_string(items_max) + " conditions is expected here");
    }
    for (const auto& item : node.items) {
      if (!error_) out.parts.push_back(condition(item, depth + 1));
    }
  }

  void leaf(const Node& node, Condition& out) {
    out.code = curie(*node.find("code"));
    out.exact = boolean(node, "exact");
    if (const auto* kind = node.find("kind")) {
      auto parsed = parse_kind(string(*kind));
      static constexpr std::array<std::string_view, 7> kinds{"person",  "feature",   "measurement", "diagnosis",
                                                             "variant", "procedure", "treatment"};
      if (!parsed) wrong(*kind, "\"" + kind->string + "\" is not a kind of fact" + suggestion(kind->string, kinds));
      if (parsed) out.kind = *parsed;
    }
    if (const auto* status = node.find("status")) {
      static constexpr std::array<Named<Asked>, 3> allowed{
          {{"present", Asked::present}, {"absent", Asked::absent}, {"recorded", Asked::recorded}}};
      out.asked = one_of<Asked>(*status, allowed);
    }
    if (const auto* site = node.find("site")) out.site = curie(*site);
    if (const auto* side = node.find("side")) {
      static constexpr std::array<Named<Side>, 4> allowed{
          {{"left", Side::left}, {"right", Side::right}, {"both", Side::both}, {"midline", Side::midline}}};
      out.side = one_of<Side>(*side, allowed);
    }
    if (const auto* value = node.find("value")) comparisons(*value, out);
    if (const auto* origin = node.find("origin")) {
      out.value.push_back({Comparison::Relation::origin, 0, "", curie(*origin)});
    }
  }

  void comparisons(const Node& node, Condition& out) {
    keys(node, {"equal", "less", "at_most", "greater", "at_least", "unit", "code"});
    if (error_) return;
    const auto* code = node.find("code");
    if (code) {
      if (node.members.size() > 1) wrong(node, "A value is compared with a code or with numbers, not with both");
      out.value.push_back({Comparison::Relation::code, 0, "", curie(*code)});
      return;
    }
    const auto unit = text(node, "unit", false);
    using Relation = Comparison::Relation;
    static constexpr std::array<Named<Relation>, 5> relations{{{"equal", Relation::equal},
                                                               {"less", Relation::less},
                                                               {"at_most", Relation::at_most},
                                                               {"greater", Relation::greater},
                                                               {"at_least", Relation::at_least}}};
    for (const auto& [key, relation] : relations) {
      const auto* number = node.find(key);
      if (!number) continue;
      if (number->kind != NodeKind::number) wrong(*number, "A number is expected here");
      out.value.push_back({relation, number->number, unit, ""});
    }
    if (out.value.empty()) wrong(node, "A value needs \"code\" or one of equal, less, at_most, greater, at_least");
  }

  // --- groups and items ---

  Item item(const Node& node) {
    Item out;
    keys(node, {"id", "title", "code", "exact", "kind", "status", "value", "site", "side", "origin", "all", "any", "not", "everyone"});
    if (error_) return out;
    out.title = texts(node, "title", false);
    out.condition = condition_part(node, 0);
    out.code.id = out.condition.code;
    out.id = node.find("id") ? text(node, "id", true) : out.code.id;
    if (!error_ && out.id.empty()) wrong(node, "An \"id\" is needed where there is no \"code\"");
    return out;
  }

  void unique(const Node& node, const std::vector<Item>& items) {
    std::set<std::string_view> seen;
    for (const auto& entry : items) {
      if (!seen.insert(entry.id).second) wrong(node, "The id \"" + entry.id + "\" stands twice in this list");
    }
  }

  Grouping grouping(const Node& node) {
    Grouping out;
    keys(node, {"title", "code", "kind", "exact", "values", "origins", "groups"});
    if (error_) return out;
    out.title = texts(node, "title", false);
    const auto* named = node.find("groups");
    const auto* values = node.find("values");
    const auto* origins = node.find("origins");
    if ((named != nullptr) + (values != nullptr) + (origins != nullptr) != 1) {
      wrong(node, "Groups are given by exactly one of \"groups\", \"values\" and \"origins\"");
      return out;
    }
    const auto& list = named ? *named : values ? *values : *origins;
    if (list.kind != NodeKind::array || list.items.empty() || list.items.size() > items_max) {
      wrong(list, "A list of 1 to " + std::to_string(items_max) + " groups is expected here");
      return out;
    }
    for (const auto& entry : list.items) {
      if (error_) return out;
      out.groups.push_back(named ? item(entry) : value_group(node, entry, origins != nullptr));
    }
    if (!named && !error_) out.code.id = node.find("code")->string;
    if (named && node.find("code")) wrong(*node.find("code"), "\"code\" goes with \"values\" or \"origins\"");
    unique(list, out.groups);
    return out;
  }

  /// One group of people whose fact with the grouping's code has this value (or origin).
  Item value_group(const Node& grouping_node, const Node& entry, bool is_origin) {
    Item out;
    const auto* code = need(grouping_node, "code");
    if (!code) return out;
    Condition base;
    base.form = Condition::Form::fact;
    leaf(grouping_node, base);
    const bool titled = entry.kind == NodeKind::object;
    if (titled) keys(entry, {"code", "title"});
    const auto* value = titled ? need(entry, "code") : &entry;
    if (!value || error_) return out;
    if (titled) out.title = texts(entry, "title", false);
    out.code.id = out.id = curie(*value);
    base.value = {{is_origin ? Comparison::Relation::origin : Comparison::Relation::code, 0, "", out.id}};
    out.condition = std::move(base);
    return out;
  }

  // --- statistics ---

  void read_statistic(const Node& node, const Node& root, Study& study) {
    const auto* type = need(node, "type");
    if (!type || error_) return;
    static constexpr std::array<Named<StatisticType>, 4> types{{{"count", StatisticType::count},
                                                                {"proportion", StatisticType::proportion},
                                                                {"crosstab", StatisticType::crosstab},
                                                                {"kaplan_meier", StatisticType::kaplan_meier}}};
    study.type = one_of<StatisticType>(*type, types);
    if (error_) return;
    switch (study.type) {
      case StatisticType::count: keys(node, {"type"}); break;
      case StatisticType::proportion: proportion(node, study); break;
      case StatisticType::crosstab:
        keys(node, {"type", "columns"});
        if (const auto* columns = need(node, "columns")) study.columns = grouping(*columns);
        if (study.by.groups.empty()) wrong(root, "A crosstab needs \"by\" for its rows");
        break;
      case StatisticType::kaplan_meier: kaplan_meier(node, study); break;
      default: break;
    }
    if (const auto* level = node.find("level")) {
      if (level->kind != NodeKind::number || !(level->number >= 0.5 && level->number <= 0.999)) {
        wrong(*level, "A level from 0.5 to 0.999 is expected here");
      }
      study.level = level->number;
    }
  }

  void proportion(const Node& node, Study& study) {
    keys(node, {"type", "of", "interval", "level"});
    const auto* of = need(node, "of");
    if (!of || error_) return;
    if (of->kind == NodeKind::object) {
      study.of.push_back(item(*of));
    } else if (of->kind == NodeKind::array && !of->items.empty() && of->items.size() <= items_max) {
      for (const auto& entry : of->items) {
        if (!error_) study.of.push_back(item(entry));
      }
    } else {
      wrong(*of, "\"of\" is one condition with a code, or a list of them");
    }
    for (const auto& entry : study.of) {
      if (entry.condition.form != Condition::Form::fact || entry.condition.asked != Asked::present) {
        wrong(*of, "A proportion is of a \"code\" (present among those recorded); it takes no \"status\" and no combination");
      }
    }
    unique(*of, study.of);
    if (const auto* interval = node.find("interval")) {
      static constexpr std::array<Named<ProportionInterval>, 3> intervals{{{"clopper_pearson", ProportionInterval::clopper_pearson},
                                                                           {"mid_p", ProportionInterval::mid_p},
                                                                           {"wilson", ProportionInterval::wilson}}};
      study.proportion_interval = one_of<ProportionInterval>(*interval, intervals);
    }
  }

  Condition leaf_only(const Node& node) {
    auto out = condition(node, 0);
    if (!error_ && (out.form != Condition::Form::fact || out.asked != Asked::present)) {
      wrong(node, "A condition with a \"code\" and without \"status\" is expected here");
    }
    return out;
  }

  void kaplan_meier(const Node& node, Study& study) {
    keys(node, {"type", "index", "event", "of_index", "censoring", "unit", "step", "horizon", "interval", "level"});
    auto& time = study.time;
    const auto* index = need(node, "index");
    const auto* event = need(node, "event");
    const auto* unit = need(node, "unit");
    const auto* horizon = need(node, "horizon");
    if (error_) return;
    time.from_birth = index->kind == NodeKind::string && index->string == "birth";
    if (!time.from_birth) time.index = leaf_only(*index);
    time.event = leaf_only(*event);
    time.of_index = boolean(node, "of_index");
    if (time.of_index && time.from_birth) wrong(*node.find("of_index"), "An event cannot be part of a birth");
    if (const auto* censoring = node.find("censoring")) {
      static constexpr std::array<Named<Censoring>, 2> allowed{
          {{"absent", Censoring::absent}, {"last_encounter", Censoring::last_encounter}}};
      time.censoring = one_of<Censoring>(*censoring, allowed);
    }
    static constexpr std::array<Named<TimeUnit>, 4> units{
        {{"day", TimeUnit::day}, {"week", TimeUnit::week}, {"month", TimeUnit::month}, {"year", TimeUnit::year}}};
    time.unit = one_of<TimeUnit>(*unit, units);
    if (const auto* step = node.find("step")) time.step = static_cast<std::int32_t>(integer(*step, 1, 1'000'000));
    time.horizon = static_cast<std::int32_t>(integer(*horizon, 1, 1'000'000'000));
    if (!error_ && (time.horizon % time.step != 0 || time.horizon / time.step > steps_max)) {
      wrong(*horizon, "The horizon is a multiple of the step, and at most " + std::to_string(steps_max) + " steps away");
    }
    if (const auto* interval = node.find("interval")) {
      static constexpr std::array<Named<CurveInterval>, 3> intervals{
          {{"plain", CurveInterval::plain}, {"log", CurveInterval::log}, {"log_log", CurveInterval::log_log}}};
      time.interval = one_of<CurveInterval>(*interval, intervals);
    }
  }

  std::string file_;
  std::optional<Error> error_;
};

}  // namespace

Result<Study> parse_study(std::string_view text, std::string_view file) {
  const auto root = pack::parse_json(text, file);
  if (!root) return fail(root.error());
  return Reader(file).read(*root);
}

Result<Study> read_study(const std::string& path) {
  const auto text = pack::read_text_file(path);
  if (!text) return fail(text.error());
  return parse_study(*text, path);
}

}  // namespace skerry::cohort
