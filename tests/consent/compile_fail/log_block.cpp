// must fail: Loggable
#include "base/log.hpp"
#include "index/reading.hpp"

void tell(const skerry::index::Block& block) { skerry::log::info("{}", block); }
