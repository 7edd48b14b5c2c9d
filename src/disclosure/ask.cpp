#include "disclosure/ask.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "cohort/select.hpp"
#include "disclosure/opener.hpp"
#include "disclosure/release_ledger.hpp"
#include "disclosure/suppression.hpp"
#include "evidence/meaning.hpp"
#include "evidence/sum.hpp"

namespace skerry::disclosure {

using evidence::Layout;
using evidence::Note;
using evidence::Told;

/// The control of one question: the only code that opens what is sealed.
class Control {
 public:
  Control(const cohort::Study& study, const AskContext& context) : study_(study), context_(context), layout_(study) {}

  Result<Released<Figure>> ask() {
    auto candidate = compute(study_.snapshot);
    if (!candidate) return fail(candidate.error());
    // From here to the appended row no other release of this process may come between.
    static std::mutex releasing;
    const std::lock_guard lock(releasing);
    auto earlier = releases();
    if (!earlier) return fail(earlier.error());
    const auto verdict = compare(candidate->release, *earlier);
    if (verdict != Verdict::too_close) return tell(*candidate, *earlier);
    return earlier_answer(*earlier);
  }

 private:
  struct Candidate {
    Release release;
    Told told;
  };

  Result<Candidate> compute(std::optional<std::int64_t> sequence) const {
    auto view = context_.gate.open(context_.actor, study_.purpose, sequence);
    if (!view) return fail(view.error());
    auto columns = cohort::select(study_, *view, context_.vocabulary);
    if (!columns) return fail(columns.error());
    const auto& head = view->snapshot();
    return judge(evidence::local_sum(layout_, *columns), evidence::contributions(layout_, *columns), {head.sequence, head.chain, head.at});
  }

  Candidate judge(const evidence::Sealed<evidence::Sums>& sums, const evidence::Sealed<evidence::Contributions>& people,
                  const evidence::Snapshot& snapshot) const {
    Candidate out;
    out.told = protect(study_, layout_, Opener::open(sums), context_.policy);
    out.release = {study_.id,
                   study_.digest,
                   snapshot,
                   out.told.floor,
                   result_digest(out.told),
                   Opener::open(people),
                   opened_sets(study_, layout_, out.told)};
    return out;
  }

  Result<std::vector<Release>> releases() const {
    auto rows = context_.ledger.releases();
    if (!rows) return fail(rows.error());
    std::vector<Release> out;
    for (const auto& row : *rows) {
      auto release = decode_release(row);
      if (!release) return fail(release.error());
      out.push_back(std::move(*release));
    }
    return out;
  }

  /// Records the release, unless it says of the same people exactly what one before said, and gives the figure out.
  Result<Released<Figure>> tell(const Candidate& candidate, const std::vector<Release>& earlier) const {
    const auto& release = candidate.release;
    const bool recorded = std::ranges::any_of(earlier, [&](const Release& before) {
      return before.digest == release.digest && before.floor == release.floor && before.result == release.result &&
             before.people == release.people;
    });
    if (!recorded) {
      auto stored = context_.ledger.append_release(actor(), study_.id, encode(release));
      if (!stored) return fail(stored.error());
    }
    auto figure = evidence::meaning(study_, layout_, candidate.told);
    figure.snapshot = release.snapshot;
    return Opener::release(std::move(figure));
  }

  /// Too few people changed for a new release: the last one of this study stands; without one, the same question is put to the
  /// snapshots other studies were released from.
  Result<Released<Figure>> earlier_answer(const std::vector<Release>& earlier) const {
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
      auto figure = tell(*candidate, earlier);
      if (!figure) return fail(figure.error());
      return with_note(**figure);
    }
    return fail(ErrorCode::disclosure_refused, "not released");
  }

  /// The earlier release again, from the cells recorded with it: exactly what was told then.
  Result<Released<Figure>> stands(const Release& before) const {
    const auto& cells = before.people.cells;
    if (std::ranges::any_of(cells, [&](auto cell) { return cell >= layout_.size(); })) {
      return fail(ErrorCode::malformed, "A row of the release ledger is damaged");
    }
    const evidence::Sealed<evidence::Contributions> people(before.people);
    const auto candidate = judge(evidence::local_sum(layout_, people), people, before.snapshot);
    auto figure = evidence::meaning(study_, layout_, candidate.told);
    figure.snapshot = before.snapshot;
    return with_note(std::move(figure));
  }

  Released<Figure> with_note(Figure figure) const {
    const auto at = to_text(figure.snapshot.at);
    figure.notes.push_back({"figure.earlier_snapshot",
                            {{"floor", std::int64_t{figure.floor}}, {"at", at}},
                            fmt::format("As of {}: fewer than {} people changed since, so no newer figure is told.", at, figure.floor)});
    return Opener::release(std::move(figure));
  }

  [[nodiscard]] int floor() const { return std::max(context_.policy.textbook() ? 1 : context_.policy.floor(), study_.floor.value_or(0)); }
  [[nodiscard]] std::string actor() const {
    return context_.actor.name.empty() ? std::string(consent::name_of(context_.actor.role)) : context_.actor.name;
  }

  static constexpr std::size_t snapshots_tried_max = 4;
  const cohort::Study& study_;
  const AskContext& context_;
  Layout layout_;
};

Result<Released<Figure>> ask(const cohort::Study& study, const AskContext& context) { return Control(study, context).ask(); }

}  // namespace skerry::disclosure
