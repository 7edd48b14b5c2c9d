// must fail: Cannot format an argument|formatter<skerry::evidence::Sealed
#include <fmt/format.h>

#include "evidence/sealed.hpp"

std::string tell(const skerry::evidence::Sealed<long>& sealed) { return fmt::format("{}", sealed); }
