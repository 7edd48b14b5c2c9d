// Events at the same time, in a Cox model: with d of them Efron takes each in turn out of the risk set by its share. Pure and thread-safe.
#pragma once

#include <cstdint>

namespace skerry::evidence {

/// With u = 1 / (risk - f events), f = 0, 1/d, ..., (d-1)/d (Efron) or always 0 (Breslow): the sums of u, f u, u^2, f u^2, f^2 u^2 and -ln
/// u.
struct CoxTied {
  double u = 0, fu = 0, uu = 0, fuu = 0, ffuu = 0;
  double log_sum = 0;
};

/// risk, events: sums of w exp(x'b) of those at risk, of those with the event; d >= 1 of them. The same bits on every machine but
/// for log_sum, which takes the C library's logarithm.
[[nodiscard]] CoxTied cox_tied(double risk, double events, std::int64_t d, bool efron) noexcept;

}  // namespace skerry::evidence
