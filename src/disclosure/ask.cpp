#include "disclosure/ask.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "cohort/select.hpp"
#include "disclosure/attrition_protection.hpp"
#include "disclosure/opener.hpp"
#include "disclosure/outcome_protection.hpp"
#include "disclosure/release_ledger.hpp"
#include "disclosure/suppression.hpp"
#include "evidence/meaning.hpp"
#include "evidence/outcome.hpp"
#include "evidence/sum.hpp"

namespace skerry::disclosure {

using evidence::Layout;
using evidence::Note;
using evidence::Told;

namespace {

constexpr std::size_t snapshots_tried_max = 4;

/// One release of a process at a time, but nobody waits longer than their question may take.
std::timed_mutex& releasing() {
  static std::timed_mutex mutex;
  return mutex;
}

evidence::Count floored(std::int64_t people, int floor) {
  if (people > 0 && people < floor) return {std::nullopt, evidence::Mark::few};
  return {people, evidence::Mark::open};
}

}  // namespace

/// The control of one question: the only code that opens what is sealed.
class Control {
 public:
  Control(const cohort::Study& study, const AskContext& context) : study_(study), context_(context), layout_(study) {}

  Result<Released<Figure>> ask() {
    auto answered = answer(false);
    if (!answered) return fail(std::move(answered.error()));
    return Opener::release(std::move(answered->figure));
  }

  Result<Released<Figure>> explain() {
    auto answered = answer(true);
    if (!answered) return fail(std::move(answered.error()));
    auto& figure = answered->figure;
    if (answered->current) {
      figure.explained = explained(answered->attrition, figure);
    } else {
      // What was told then stands, and the lines of today would say what has changed since.
      figure.notes.push_back({"figure.explained_later", {}, "How many people each line kept is told together with the next figure."});
    }
    return Opener::release(std::move(figure));
  }

 private:
  struct Candidate {
    Release release;
    Told told;
    std::vector<cohort::AttritionLine> attrition;
  };
  struct Answered {
    Figure figure;
    std::vector<cohort::AttritionLine> attrition;
    bool current = false;  ///< of the snapshot asked for, not of an earlier release
  };

  Result<Answered> answer(bool explaining) {
    auto candidate = compute(study_.snapshot, explaining);
    if (!candidate) return fail(std::move(candidate.error()));
    std::unique_lock lock(releasing(), std::defer_lock);
    if (!context_.limits.deadline) {
      lock.lock();
    } else if (!lock.try_lock_until(*context_.limits.deadline)) {
      return fail(ErrorCode::timeout, "another question is still being answered");
    }
    auto earlier = releases();
    if (!earlier) return fail(std::move(earlier.error()));
    const auto said = said_before(*candidate, *earlier);
    if (!said) {
      for (auto& release : *earlier) {
        if (auto whole = unpack_people(release); !whole) return fail(std::move(whole.error()));
      }
    }
    if (said || compare(candidate->release, *earlier) != Verdict::too_close) {
      auto figure = tell(*candidate, said);
      if (!figure) return fail(std::move(figure.error()));
      return Answered{std::move(*figure), std::move(candidate->attrition), true};
    }
    auto figure = earlier_answer(*earlier);
    if (!figure) return fail(std::move(figure.error()));
    return Answered{std::move(*figure), {}, false};
  }

  Result<Candidate> compute(std::optional<std::int64_t> sequence, bool explaining = false) const {
    const auto& limits = context_.limits;
    if (limits.progress) limits.progress("reading");
    auto view = context_.gate.open(context_.actor, study_.purpose, sequence);
    if (!view) return fail(view.error());
    auto columns = cohort::select(study_, *view, context_.vocabulary,
                                  {.explain = explaining,
                                   .threads = limits.threads,
                                   .deadline = limits.deadline,
                                   .cancelled = limits.cancelled,
                                   .memory_bytes_max = limits.memory_bytes_max});
    if (!columns) return fail(columns.error());
    const auto& head = view->snapshot();
    const evidence::Snapshot snapshot{head.sequence, head.chain, head.at};
    Candidate out;
    if (evidence::only_outcome(study_.type)) {
      auto told = computed_alone(*columns);
      if (!told) return fail(std::move(told.error()));
      out = judged(std::move(*told), Opener::open(evidence::outcome_contributions(study_, *columns)), snapshot);
    } else {
      auto told = protect(study_, layout_, Opener::open(evidence::local_sum(layout_, *columns, limits.threads)), context_.policy);
      if (evidence::has_outcome(study_)) {
        if (auto added = compare_groups(*columns, told); !added) return fail(std::move(added.error()));
      }
      out = judged(std::move(told), Opener::open(evidence::contributions(layout_, *columns)), snapshot);
    }
    out.attrition = std::move(columns->attrition);
    return out;
  }

  [[nodiscard]] evidence::Limits evidence_limits() const {
    const auto& limits = context_.limits;
    evidence::Limits out;
    out.deadline = limits.deadline;
    out.cancelled = limits.cancelled;
    if (limits.progress) out.progress = [&limits](int round) { limits.progress(fmt::format("round {}", round)); };
    return out;
  }

  /// A study whose result is computed from values.
  Result<Told> computed_alone(const cohort::Columns& columns) const {
    std::optional<evidence::Cuts> cuts;
    if (evidence::has_grid(study_.type) && !context_.policy.textbook()) {
      cuts = choose_cuts(Opener::open(evidence::grid_counts(study_, columns)), floor());
    }
    auto outcome = evidence::compute(study_, columns, context_.limits.threads, evidence_limits(), cuts ? &*cuts : nullptr);
    if (!outcome) return fail(std::move(outcome.error()));
    const auto& content = Opener::open(*outcome);
    auto computed = protect_outcome(content, floor());
    if (!computed) return fail(std::move(computed.error()));
    Told told;
    told.floor = floor();
    told.undecided = floored(static_cast<std::int64_t>(evidence::undecided_people(columns).size()), floor());
    const bool all_open =
        std::ranges::all_of(std::array{computed->people, computed->left_out, computed->undecidable, computed->not_grouped},
                            [](const auto& count) { return count.mark == evidence::Mark::open; });
    told.people = all_open ? floored(static_cast<std::int64_t>(columns.participants.size()), floor())
                           : evidence::Count{std::nullopt, evidence::Mark::withheld};
    told.computed = std::move(*computed);
    return told;
  }

  /// Tests beside a table or curves: told when all their numbers are, else left away with the reason.
  Result<void> compare_groups(const cohort::Columns& columns, Told& told) const {
    auto outcome = evidence::compute(study_, columns, context_.limits.threads, evidence_limits());
    if (!outcome) return fail(std::move(outcome.error()));
    auto computed = protect_outcome(Opener::open(*outcome), floor());
    if (computed) {
      told.computed = std::move(*computed);
    } else {
      told.computed.emplace();
      told.computed->cautions.push_back({"statistic.no_comparison", "Not compared by a test: " + computed.error().message + "."});
    }
    // The table or the curves say how many people there are.
    auto& said = *told.computed;
    said.people = said.left_out = said.undecidable = said.not_grouped = {};
    return {};
  }

  Candidate judged(Told told, evidence::Contributions people, const evidence::Snapshot& snapshot) const {
    Candidate out;
    out.told = std::move(told);
    auto& release = out.release;
    release.study = study_.id;
    release.digest = study_.digest;
    release.snapshot = snapshot;
    release.floor = out.told.floor;
    release.result = result_digest(out.told);
    release.people = std::move(people);
    release.people_digest = people_digest(release.people);
    release.opened = opened_sets(study_, layout_, out.told);
    release.computed = computed_text(out.told);
    if (evidence::only_outcome(study_.type)) release.variables = evidence::outcome_variables(study_);
    return out;
  }

  /// Heads only: the people stay packed.
  Result<std::vector<Release>> releases() const {
    auto rows = context_.ledger.releases();
    if (!rows) return fail(rows.error());
    std::vector<Release> out;
    for (const auto& row : *rows) {
      auto release = decode_release_head(row);
      if (!release) return fail(release.error());
      out.push_back(std::move(*release));
    }
    return out;
  }

  /// Told again of the same people, it tells nothing new.
  static bool said_before(const Candidate& candidate, const std::vector<Release>& earlier) {
    const auto& release = candidate.release;
    return std::ranges::any_of(earlier, [&](const Release& before) {
      return before.digest == release.digest && before.floor == release.floor && before.result == release.result &&
             before.people_digest == release.people_digest;
    });
  }

  /// Records the release unless it was said before.
  Result<Figure> tell(const Candidate& candidate, bool said) const {
    if (!said) {
      auto stored = context_.ledger.append_release(actor(), study_.id, encode(candidate.release));
      if (!stored) return fail(stored.error());
    }
    auto figure = evidence::meaning(study_, layout_, candidate.told);
    figure.snapshot = candidate.release.snapshot;
    return figure;
  }

  /// Too few people changed for a new release: the last one of this study stands; without one, the same question is put to the
  /// snapshots other studies were released from.
  Result<Figure> earlier_answer(const std::vector<Release>& earlier) const {
    for (auto before = earlier.rbegin(); before != earlier.rend(); ++before) {
      if (before->digest == study_.digest && before->floor == floor()) return stands(*before);
    }
    std::vector<std::int64_t> tried;
    for (auto before = earlier.rbegin(); before != earlier.rend() && tried.size() < snapshots_tried_max; ++before) {
      const auto sequence = before->snapshot.sequence;
      if (study_.snapshot || std::ranges::find(tried, sequence) != tried.end()) continue;
      tried.push_back(sequence);
      auto candidate = compute(sequence);
      if (!candidate) return fail(candidate.error());
      if (compare(candidate->release, earlier) == Verdict::too_close) continue;
      auto figure = tell(*candidate, said_before(*candidate, earlier));
      if (!figure) return figure;
      return with_note(std::move(*figure));
    }
    return fail(ErrorCode::disclosure_refused, "not released");
  }

  /// The earlier release again, from what was recorded with it: exactly what was told then.
  Result<Figure> stands(const Release& before) const {
    const auto damaged = fail(ErrorCode::malformed, "A row of the release ledger is damaged");
    Told told;
    if (evidence::only_outcome(study_.type)) {
      auto read = read_computed(before.computed);
      if (!read) return fail(std::move(read.error()));
      told = std::move(*read);
    } else {
      if (std::ranges::any_of(before.people.cells, [&](auto cell) { return cell >= layout_.size(); })) return damaged;
      const evidence::Sealed<evidence::Contributions> people(before.people);
      told = protect(study_, layout_, Opener::open(evidence::local_sum(layout_, people)), context_.policy);
      if (!before.computed.empty()) {
        auto read = read_computed(before.computed);
        if (!read) return fail(std::move(read.error()));
        told.computed = std::move(read->computed);
      }
    }
    auto figure = evidence::meaning(study_, layout_, told);
    figure.snapshot = before.snapshot;
    return with_note(std::move(figure));
  }

  static Figure with_note(Figure figure) {
    const auto at = to_text(figure.snapshot.at);
    figure.notes.push_back({"figure.earlier_snapshot",
                            {{"floor", std::int64_t{figure.floor}}, {"at", at}},
                            fmt::format("As of {}: fewer than {} people changed since, so no newer figure is told.", at, figure.floor)});
    return figure;
  }

  /// Each number of people kept is asked for as a count of its own, under the same control; where that does not tell it, nor does the line.
  [[nodiscard]] std::vector<evidence::ExplainedLine> explained(const std::vector<cohort::AttritionLine>& lines,
                                                               const Figure& figure) const {
    std::vector<std::int64_t> told;
    if (figure.people.number) told.push_back(*figure.people.number);
    if (figure.in_result && figure.in_result->people.number) told.push_back(*figure.in_result->people.number);
    auto out = protect_attrition(lines, told, floor());
    const auto& cohort = study_.cohort;
    const bool several = cohort.form == cohort::Condition::Form::all;
    const std::size_t conditions = several ? cohort.parts.size() : cohort.form == cohort::Condition::Form::everyone ? 0 : 1;
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (out[i].kept.mark != evidence::Mark::open || out[i].kept.number == 0) continue;
      if (std::ranges::find(told, *out[i].kept.number) != told.end()) continue;
      if (i > conditions || !told_as_count(i, several, *out[i].kept.number)) withhold_line(out, i);
    }
    return out;
  }

  [[nodiscard]] bool told_as_count(std::size_t conditions, bool several, std::int64_t kept) const {
    cohort::Study counted;
    counted.id = fmt::format("{}#line-{}", study_.id, conditions);
    counted.purpose = study_.purpose;
    counted.snapshot = study_.snapshot;
    counted.floor = study_.floor;
    if (conditions > 0 && several) {
      counted.cohort.form = cohort::Condition::Form::all;
      counted.cohort.parts.assign(study_.cohort.parts.begin(), study_.cohort.parts.begin() + static_cast<std::ptrdiff_t>(conditions));
    } else if (conditions > 0) {
      counted.cohort = study_.cohort;
    }
    counted.time = study_.time;  // conditions may refer to the index event
    counted.digest = digest_of(canonical_text(counted));
    const auto answered = Control(counted, context_).answer(false);
    return answered && answered->current && answered->figure.people.number == kept;
  }

  [[nodiscard]] int floor() const { return std::max(context_.policy.textbook() ? 1 : context_.policy.floor(), study_.floor.value_or(0)); }
  [[nodiscard]] std::string actor() const {
    return context_.actor.name.empty() ? std::string(consent::name_of(context_.actor.role)) : context_.actor.name;
  }

  const cohort::Study& study_;
  const AskContext& context_;
  Layout layout_;
};

Result<Released<Figure>> ask(const cohort::Study& study, const AskContext& context) { return Control(study, context).ask(); }
Result<Released<Figure>> explain(const cohort::Study& study, const AskContext& context) { return Control(study, context).explain(); }

}  // namespace skerry::disclosure
