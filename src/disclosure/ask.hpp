// The one way from a study to a figure, for the command line and for pages.
#pragma once

#include "base/error.hpp"
#include "cohort/study.hpp"
#include "consent/view.hpp"
#include "disclosure/policy.hpp"
#include "disclosure/released.hpp"
#include "ledger/ledger.hpp"
#include "vocabulary/vocabulary.hpp"

namespace skerry::disclosure {

struct AskContext {
  ledger::Ledger& ledger;
  const consent::Gate& gate;
  consent::Actor actor;
  const vocabulary::Vocabulary& vocabulary;
  Policy policy{};
};

/// Opens a View for the study's purpose, sums, tests against the floor and against what was released before, records the
/// release and returns the figure. When too few people changed since the last release of this study, that release stands and
/// the figure carries its snapshot and a note. Thread-safe: releases of one process are serialised.
/// Errors: disclosure_refused ("not released", without a reason), consent_refused, not_found (the snapshot), storage_*.
[[nodiscard]] Result<Released<Figure>> ask(const cohort::Study& study, const AskContext& context);

}  // namespace skerry::disclosure
