// The one way from a study to a figure, for the command line and for pages.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "cohort/study.hpp"
#include "consent/view.hpp"
#include "disclosure/policy.hpp"
#include "disclosure/released.hpp"
#include "ledger/ledger.hpp"
#include "vocabulary/vocabulary.hpp"

namespace skerry::disclosure {

/// What one question may take.
struct Limits {
  unsigned threads = 1;
  std::optional<std::chrono::steady_clock::time_point> deadline;
  const std::atomic<bool>* cancelled = nullptr;
  std::size_t memory_bytes_max = std::size_t{2} << 30;
  std::function<void(std::string_view step)> progress{};  ///< called from the asking thread: "reading", "round 3"
};

struct AskContext {
  ledger::Ledger& ledger;
  const consent::Gate& gate;
  consent::Actor actor;
  const vocabulary::Vocabulary& vocabulary;
  Policy policy{};
  Limits limits{};
};

/// Opens a View for the study's purpose, sums, tests against the floor and against what was released before, records the
/// release and returns the figure. When too few people changed since the last release of this study, that release stands and
/// the figure carries its snapshot and a note. Thread-safe: releases of one process are serialised.
/// Errors: disclosure_refused ("not released" without a reason, or "too few people: ..." without a number), not_computable with a sentence
/// for people, timeout, cancelled, too_large, consent_refused, not_found (the snapshot), storage_*.
[[nodiscard]] Result<Released<Figure>> ask(const cohort::Study& study, const AskContext& context);

/// The same with Figure::explained: how many people each line of the study kept. Each number of people kept is a release of its own, of a
/// count of those people; lines that may not be told are not.
[[nodiscard]] Result<Released<Figure>> explain(const cohort::Study& study, const AskContext& context);

}  // namespace skerry::disclosure
