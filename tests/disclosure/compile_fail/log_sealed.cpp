// must fail: Loggable
#include "base/log.hpp"
#include "evidence/sealed.hpp"

void tell(const skerry::evidence::Sealed<long>& sealed) { skerry::log::info("{}", sealed); }
