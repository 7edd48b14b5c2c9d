#include "cohort/select.hpp"

#include <algorithm>
#include <optional>

#include "cohort/follow_up.hpp"
#include "cohort/leaf.hpp"
#include "fact/concepts.hpp"

namespace skerry::cohort {
namespace {

/// A condition with its leaves numbered.
struct Node {
  Condition::Form form = Condition::Form::everyone;
  Asked asked = Asked::present;
  std::size_t leaf = 0;
  std::vector<Node> parts;
};

Node compile(const Condition& condition, Leaves& leaves) {
  Node node{condition.form, condition.asked, 0, {}};
  if (condition.form == Condition::Form::fact) node.leaf = leaves.add(condition);
  for (const auto& part : condition.parts) node.parts.push_back(compile(part, leaves));
  return node;
}

/// True, false, or neither can be said (Kleene).
using Truth = std::optional<bool>;

Truth asked_of(Asked asked, Answer answer) {
  if (asked == Asked::recorded) return answer != Answer::not_recorded;
  if (answer == Answer::contradictory) return std::nullopt;
  return answer == (asked == Asked::present ? Answer::present : Answer::absent);
}

Truth evaluate(const Node& node, const std::vector<Evidence>& evidence) {
  if (node.form == Condition::Form::everyone) return true;
  if (node.form == Condition::Form::fact) return asked_of(node.asked, evidence[node.leaf].answer());
  // `none` is the negation of `any`; the value that decides alone is false for `all` and true for the others.
  const bool decisive = node.form != Condition::Form::all;
  Truth out = !decisive;
  for (const auto& part : node.parts) {
    const auto truth = evaluate(part, evidence);
    if (truth == decisive) {
      out = decisive;
      break;
    }
    if (!truth) out = std::nullopt;
  }
  return node.form == Condition::Form::none && out ? Truth{!*out} : out;
}

std::vector<Node> compile(const std::vector<Item>& items, Leaves& leaves) {
  std::vector<Node> out;
  for (const auto& item : items) out.push_back(compile(item.condition, leaves));
  return out;
}

std::uint16_t group_of(const std::vector<Node>& groups, const std::vector<Evidence>& evidence) {
  const auto none = static_cast<std::uint16_t>(groups.size());
  const auto several = static_cast<std::uint16_t>(groups.size() + 1);
  auto found = none;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto truth = evaluate(groups[i], evidence);
    if (!truth) return several;
    if (*truth && found != none) return several;
    if (*truth) found = static_cast<std::uint16_t>(i);
  }
  return found;
}

}  // namespace

struct Selector::State {
  State(const Study& asked, const vocabulary::Vocabulary& vocabulary)
      : study(asked),
        leaves(vocabulary),
        cohort(compile(asked.cohort, leaves)),
        groups(compile(asked.by.groups, leaves)),
        columns(compile(asked.columns.groups, leaves)),
        items(compile(asked.of, leaves)) {
    const auto& time = study.time;
    if (study.type == StatisticType::kaplan_meier) {
      if (!time.from_birth) index_leaf = leaves.add(time.index);
      event_leaf = leaves.add(time.event, time.of_index);
    }
    evidence.resize(leaves.size());
    if (study.type == StatisticType::proportion) out.answers.resize(study.of.size());
  }

  void add(const Fact& fact) {
    leaves.match(fact, [&](std::size_t leaf, Said said) {
      if (leaf == index_leaf || leaf == event_leaf) return follow(fact, leaf, said);
      auto& about = evidence[leaf];
      if (said == Said::present) about.present.push_back(span_of(fact.when));
      if (said == Said::absent) about.absent.push_back(span_of(fact.when));
      if (said == Said::other) about.other = true;
    });
    if (event_leaf && fact.kind == Kind::person && fact.status == Status::present) person(fact);
  }

  void follow(const Fact& fact, std::size_t leaf, Said said) {
    const FollowUp::Moment moment{fact.id, fact.part_of, span_of(fact.when)};
    if (leaf == index_leaf && said == Said::present) follow_up.index.push_back(moment);
    if (leaf != event_leaf) return;
    if (said == Said::present) follow_up.event.push_back(moment);
    if (said == Said::absent) follow_up.absent.push_back(moment);
  }

  void person(const Fact& fact) {
    if (fact.code.id == concepts::last_encounter) {
      const auto span = span_of(fact.when);
      if (!follow_up.last_encounter || span.high > follow_up.last_encounter->high) follow_up.last_encounter = span;
    }
    const auto* year = std::get_if<std::int64_t>(&fact.value);
    if (fact.code.id == concepts::birth_year && year && *year >= 1 && *year <= 9999) {
      follow_up.birth = span_of(When::at(PartialDate{static_cast<std::int16_t>(*year), 0, 0}));
    }
  }

  void end() {
    if (!current.set()) return;
    const auto member = evaluate(cohort, evidence);
    if (!member) out.undecided.push_back(current);
    if (member && *member) enter();
    for (auto& about : evidence) about.clear();
    follow_up.clear();
    current = {};
  }

  void enter() {
    out.participants.push_back(current);
    if (!groups.empty()) out.group.push_back(group_of(groups, evidence));
    if (!columns.empty()) out.column.push_back(group_of(columns, evidence));
    for (std::size_t i = 0; i < out.answers.size(); ++i) out.answers[i].push_back(evidence[items[i].leaf].answer());
    if (!event_leaf) return;
    const auto outcome = follow_up.outcome(study.time);
    out.follow.push_back(outcome.follow);
    out.step.push_back(outcome.step);
  }

  const Study& study;
  Leaves leaves;
  Node cohort;
  std::vector<Node> groups, columns, items;
  std::optional<std::size_t> index_leaf, event_leaf;
  std::vector<Evidence> evidence;
  FollowUp follow_up;
  ParticipantId current;
  Columns out;
};

Selector::Selector(const Study& study, const vocabulary::Vocabulary& vocabulary) : state_(std::make_unique<State>(study, vocabulary)) {}
Selector::~Selector() = default;

void Selector::begin(ParticipantId participant) {
  if (participant == state_->current) return;
  state_->end();
  state_->current = participant;
}

void Selector::add(const Fact& fact) {
  begin(fact.participant);
  state_->add(fact);
}

Columns Selector::finish() {
  state_->end();
  return std::move(state_->out);
}

Result<Columns> select(const Study& study, const consent::View& view, const vocabulary::Vocabulary& vocabulary, const SelectOptions&) {
  Selector selector(study, vocabulary);
  const auto people = view.participants();
  std::size_t next = 0;
  const auto begin_until = [&](ParticipantId last) {
    for (; next < people.size() && people[next] <= last; ++next) selector.begin(people[next]);
  };
  const auto read = view.for_each([&](const Fact& fact) {
    begin_until(fact.participant);
    selector.add(fact);
    return true;
  });
  if (!read) return fail(read.error());
  if (!people.empty()) begin_until(people.back());
  return selector.finish();
}

Columns select(const Study& study, std::span<const Fact> facts, const vocabulary::Vocabulary& vocabulary) {
  Selector selector(study, vocabulary);
  for (const auto& fact : facts) selector.add(fact);
  return selector.finish();
}

}  // namespace skerry::cohort
