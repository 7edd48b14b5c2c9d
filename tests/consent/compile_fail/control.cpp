// must compile
#include "base/log.hpp"
#include "consent/view.hpp"

// The way through the door: what the other files leave out or go round.
skerry::Result<std::size_t> count_facts(skerry::ledger::Ledger& ledger) {
  const skerry::consent::Gate gate(ledger);
  const auto view = gate.open({skerry::consent::Role::steward, "command line"}, skerry::Purpose::registry_research);
  if (!view) return skerry::fail(view.error());
  std::size_t facts = 0;
  const auto done = view->for_each([&facts](const skerry::Fact&) {
    ++facts;
    return true;
  });
  if (!done) return skerry::fail(done.error());
  skerry::log::info("{} facts, {}", facts, fmt::format("{} people", view->participants().size()));
  return facts;
}
