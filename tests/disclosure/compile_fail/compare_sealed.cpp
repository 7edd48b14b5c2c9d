// must fail: no match for .*operator==|invalid operands to binary expression
#include "evidence/sealed.hpp"

bool guess(const skerry::evidence::Sealed<long>& sealed) { return sealed == skerry::evidence::Sealed<long>(4); }
