// must fail: Loggable
#include "base/log.hpp"
#include "fact/value.hpp"

void tell(const skerry::Value& value) { skerry::log::error("found {}", value); }
