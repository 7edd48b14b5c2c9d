// must fail: Released<.*is private within this context|private constructor of class .*Released
#include "disclosure/released.hpp"

skerry::disclosure::Released<skerry::evidence::Figure> steal() {
  return skerry::disclosure::Released<skerry::evidence::Figure>(skerry::evidence::Figure{});
}
