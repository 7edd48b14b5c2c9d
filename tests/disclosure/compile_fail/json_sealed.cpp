// must fail: invalid initialization of reference of type .*Released|no known conversion from .*Sealed|no matching function for call to
// .to_json
#include "disclosure/released.hpp"
#include "evidence/sealed.hpp"

std::string tell(const skerry::evidence::Sealed<skerry::evidence::Figure>& sealed) { return skerry::disclosure::to_json(sealed); }
