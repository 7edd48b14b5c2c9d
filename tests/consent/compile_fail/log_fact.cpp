// must fail: Loggable
#include "base/log.hpp"
#include "fact/fact.hpp"

void tell(const skerry::Fact& fact) { skerry::log::info("{}", fact); }
