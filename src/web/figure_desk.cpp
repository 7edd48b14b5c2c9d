#include "web/figure_desk.hpp"

namespace skerry::web {
namespace {

constexpr std::chrono::seconds time_limit{60};

Result<ReleasedFigure> busy() { return fail(ErrorCode::overloaded, "this figure is still being computed"); }

}  // namespace

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
                                                         .policy = disclosure::Policy(floor_),
                                                         .limits = {.deadline = std::chrono::steady_clock::now() + time_limit}});
}

bool FigureDesk::begin(std::unique_lock<std::mutex>& lock, std::string_view study) {
  const auto free = [&] { return !computing_.contains(study); };
  if (!done_.wait_for(lock, time_limit, free)) return false;
  computing_.emplace(study);
  return true;
}

void FigureDesk::end(std::string_view study) {
  computing_.erase(computing_.find(study));
  done_.notify_all();
}

Result<ReleasedFigure> FigureDesk::shown(std::string_view study, std::string_view stamp) {
  std::unique_lock lock(mutex_);
  const auto kept = [&]() -> const Kept* {
    const auto found = kept_.find(study);
    return found != kept_.end() && found->second.stamp == stamp ? &found->second : nullptr;
  };
  if (const auto* before = kept()) return before->figure;
  if (!begin(lock, study)) return busy();
  if (const auto* meanwhile = kept()) {
    auto figure = meanwhile->figure;
    end(study);
    return figure;
  }
  lock.unlock();
  auto figure = ask(study);
  lock.lock();
  end(study);
  if (figure) kept_.insert_or_assign(std::string(study), Kept{std::string(stamp), *figure});
  return figure;
}

Result<Recomputed> FigureDesk::recompute(std::string_view study) {
  std::unique_lock lock(mutex_);
  const auto recent = [&]() -> const Recomputed* {
    const auto last = recomputed_.find(study);
    const bool fresh = last != recomputed_.end() && std::chrono::steady_clock::now() - last->second.first < recompute_interval_;
    return fresh ? &last->second.second : nullptr;
  };
  if (const auto* last = recent()) return *last;
  if (!begin(lock, study)) return fail(busy().error());
  if (const auto* meanwhile = recent()) {
    auto result = *meanwhile;
    end(study);
    return result;
  }
  const auto now = std::chrono::steady_clock::now();
  lock.unlock();
  auto figure = ask(study);
  lock.lock();
  end(study);
  if (!figure) return fail(std::move(figure.error()));
  const auto kept = kept_.find(study);
  Recomputed result{*figure, clock_(), kept == kept_.end() || *kept->second.figure == **figure};
  recomputed_.insert_or_assign(std::string(study), std::pair(now, result));
  return result;
}

}  // namespace skerry::web
