// must fail: View::View.* is private within this context|private constructor of class .*View
#include "consent/view.hpp"

skerry::consent::View steal() { return skerry::consent::View(nullptr); }
