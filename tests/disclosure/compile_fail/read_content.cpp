// must fail: content_.* is private within this context|content_. is a private member
#include "evidence/sealed.hpp"

long steal(const skerry::evidence::Sealed<long>& sealed) { return sealed.content_; }
