// Products that reach a sum without being rounded.
#pragma once

#include <cmath>

#include "evidence/exact.hpp"

namespace skerry::evidence {

/// sum += a * b: the rounded product and, by a fused multiplication, what rounding took from it (Ogita, Rump & Oishi, SIAM Journal on
/// Scientific Computing 26 (2005) 1955-1988, algorithm 3.5). Exact as far as Exact holds both.
inline void add_product(Exact& sum, double a, double b) noexcept {
  const double product = a * b;
  sum.add(product);
  sum.add(std::fma(a, b, -product));
}

}  // namespace skerry::evidence
