// must fail: Loggable
#include "base/log.hpp"
#include "cohort/select.hpp"

void tell(const skerry::cohort::Columns& columns) { skerry::log::info("{}", columns); }
