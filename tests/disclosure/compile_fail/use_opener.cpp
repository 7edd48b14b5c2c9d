// must fail: is private within this context|is a private member of
#include "disclosure/opener.hpp"

long steal(const skerry::evidence::Sealed<long>& sealed) { return skerry::disclosure::Opener::open(sealed); }
