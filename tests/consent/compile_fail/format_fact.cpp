// must fail: Cannot format an argument|formatter<skerry::Fact
#include <fmt/format.h>

#include "fact/fact.hpp"

std::string tell(const skerry::Fact& fact) { return fmt::format("{}", fact); }
