// must fail: invalid initialization of reference of type .*Released|no known conversion from .*Figure|no matching function for call to
// .to_json
#include "disclosure/released.hpp"

std::string tell(const skerry::evidence::Figure& figure) { return skerry::disclosure::to_json(figure); }
