#include "web/figure_desk.hpp"

namespace skerry::web {

FigureDesk::FigureDesk(SiteParts parts, int floor, std::function<Instant()> clock, std::chrono::milliseconds recompute_interval)
    : parts_(std::move(parts)), floor_(floor), clock_(std::move(clock)), recompute_interval_(recompute_interval) {}

Result<ReleasedFigure> FigureDesk::ask(std::string_view study) const {
  const auto* file = parts_.pack.study(study);
  if (file == nullptr) return fail(ErrorCode::not_found, "the pack has no study of that name");
  auto parsed = cohort::parse_study(file->text, file->file);
  if (!parsed) return fail(std::move(parsed.error()));
  return disclosure::ask(*parsed, disclosure::AskContext{.ledger = parts_.ledger,
                                                         .gate = parts_.gate,
                                                         .actor = {consent::Role::system, "pages"},
                                                         .vocabulary = parts_.vocabulary,
                                                         .policy = disclosure::Policy(floor_)});
}

Result<ReleasedFigure> FigureDesk::shown(std::string_view study, std::string_view stamp) {
  const std::lock_guard lock(mutex_);
  if (const auto kept = kept_.find(study); kept != kept_.end() && kept->second.stamp == stamp) return kept->second.figure;
  auto figure = ask(study);
  if (figure) kept_.insert_or_assign(std::string(study), Kept{std::string(stamp), *figure});
  return figure;
}

Result<Recomputed> FigureDesk::recompute(std::string_view study) {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (const auto last = recomputed_.find(study); last != recomputed_.end() && now - last->second.first < recompute_interval_) {
    return last->second.second;
  }
  auto figure = ask(study);
  if (!figure) return fail(std::move(figure.error()));
  const auto kept = kept_.find(study);
  Recomputed result{*figure, clock_(), kept == kept_.end() || *kept->second.figure == **figure};
  recomputed_.insert_or_assign(std::string(study), std::pair(now, result));
  return result;
}

}  // namespace skerry::web
