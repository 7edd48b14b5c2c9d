// must fail: no match for .*operator<<|invalid operands to binary expression
#include <sstream>

#include "evidence/sealed.hpp"

void tell(std::ostream& out, const skerry::evidence::Sealed<long>& sealed) { out << sealed; }
