// must fail: textbook_.* is private within this context|textbook_. is a private member
#include "disclosure/policy.hpp"

skerry::disclosure::Policy steal() {
  skerry::disclosure::Policy policy;
  policy.textbook_ = true;
  return policy;
}
