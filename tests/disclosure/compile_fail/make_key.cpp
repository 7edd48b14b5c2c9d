// must fail: OpenKey.* is private within this context|private constructor of class .*OpenKey
#include "evidence/sealed.hpp"

long steal(const skerry::evidence::Sealed<long>& sealed) { return sealed.open({}); }
