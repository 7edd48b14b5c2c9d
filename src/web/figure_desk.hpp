// Keeps the released figures that the pages show, and computes them anew when asked to.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/date.hpp"
#include "base/error.hpp"
#include "cohort/study.hpp"
#include "consent/view.hpp"
#include "disclosure/ask.hpp"
#include "disclosure/released.hpp"
#include "ledger/ledger.hpp"
#include "pack/pack.hpp"
#include "vocabulary/vocabulary.hpp"

namespace skerry::web {

using ReleasedFigure = disclosure::Released<disclosure::Figure>;

/// What the site reads from; all of it must outlive the site.
struct SiteParts {
  ledger::Ledger& ledger;
  const consent::Gate& gate;
  const pack::Pack& pack;
  const vocabulary::Vocabulary& vocabulary;
  std::filesystem::path directory;  ///< the registry's: signatures, reviewers.json
};

struct Recomputed {
  ReleasedFigure figure;
  Instant at;
  bool equal = false;  ///< to the figure that was shown before; true when none was
};

/// Thread-safe. A study is computed once at a time and no longer than the time limit; other studies and pages do not wait for it.
class FigureDesk {
 public:
  FigureDesk(SiteParts parts, int floor, std::function<Instant()> clock, std::chrono::milliseconds recompute_interval);

  /// The figure of a study of the pack, kept as long as `stamp` is the same. Errors: not_found (no such study), and those of
  /// cohort::parse_study and disclosure::ask.
  [[nodiscard]] Result<ReleasedFigure> shown(std::string_view study, std::string_view stamp);
  /// Computed now, or less than the interval ago. Errors: as shown.
  [[nodiscard]] Result<Recomputed> recompute(std::string_view study);

 private:
  struct Kept {
    std::string stamp;
    ReleasedFigure figure;
  };

  /// The mutex is not held while a figure is computed.
  [[nodiscard]] Result<ReleasedFigure> ask(std::string_view study) const;
  /// Waits, within the time limit, until nobody else computes this study, and takes its place; false: still busy.
  [[nodiscard]] bool begin(std::unique_lock<std::mutex>& lock, std::string_view study);
  void end(std::string_view study);

  SiteParts parts_;
  int floor_;
  std::function<Instant()> clock_;
  std::chrono::milliseconds recompute_interval_;
  std::mutex mutex_;
  std::condition_variable done_;
  std::set<std::string, std::less<>> computing_;
  std::map<std::string, Kept, std::less<>> kept_;
  std::map<std::string, std::pair<std::chrono::steady_clock::time_point, Recomputed>, std::less<>> recomputed_;
};

}  // namespace skerry::web
