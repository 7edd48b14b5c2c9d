// must fail: no matching function for call to .*View|no matching constructor for initialization of .*View
#include "consent/view.hpp"

skerry::consent::View steal() { return skerry::consent::View(); }
