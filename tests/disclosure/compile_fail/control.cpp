// must compile
#include <fmt/format.h>

#include "base/log.hpp"
#include "disclosure/ask.hpp"
#include "evidence/sum.hpp"

// The way through the door: what the other files leave out or go round.
std::string tell(const skerry::cohort::Study& study, const skerry::disclosure::AskContext& context) {
  const auto figure = skerry::disclosure::ask(study, context);
  if (!figure) return figure.error().text();
  skerry::log::info("{} rows", (*figure)->rows.size());
  return skerry::disclosure::to_json(*figure);
}
skerry::evidence::Sealed<skerry::evidence::Sums> sum(const skerry::evidence::Layout& layout, const skerry::cohort::Columns& columns) {
  return skerry::evidence::local_sum(layout, columns);
}
