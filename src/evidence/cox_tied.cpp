#include "evidence/cox_tied.hpp"

#include <cmath>
#include <cstring>

#include "evidence/instructions.hpp"

namespace skerry::evidence {
namespace {

using Lanes = double __attribute__((vector_size(32)));

struct Sums {
  Lanes u{}, fu{}, uu{}, fuu{}, ffuu{};
  double log_share = 0;  ///< sum of ln(1 - f events / risk)
};

/// Of the first 4 * (d / 4) events. A product of 128 shares, none below 1/d, stays far from underflow in each of four lanes.
inline __attribute__((always_inline)) void add_fours(double risk, double events, std::int64_t d, Sums& sums) {
  const double one = 1 / static_cast<double>(d);
  const double ratio = events / risk;
  Lanes k{0, 1, 2, 3};
  Lanes share{1, 1, 1, 1};
  for (std::int64_t i = 0; i + 4 <= d; i += 4) {
    const Lanes f = k * one;
    const Lanes left = 1.0 - f * ratio;
    share *= left;
    const Lanes u = 1.0 / (risk * left);
    const Lanes fu = f * u;
    sums.u += u;
    sums.fu += fu;
    sums.uu += u * u;
    sums.fuu += fu * u;
    sums.ffuu += fu * fu;
    k += 4.0;
    if (i % 128 == 124 || i + 8 > d) {
      for (int lane = 0; lane < 4; ++lane) sums.log_share += std::log(share[lane]);
      share = Lanes{1, 1, 1, 1};
    }
  }
}

void fours_plain(double risk, double events, std::int64_t d, Sums& sums) { add_fours(risk, events, d, sums); }
#ifdef SKERRY_HAS_AVX2
SKERRY_AVX2 void fours_avx2(double risk, double events, std::int64_t d, Sums& sums) { add_fours(risk, events, d, sums); }
#endif

double total(const Lanes& lanes) { return (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]); }

}  // namespace

CoxTied cox_tied(double risk, double events, std::int64_t d, bool efron) noexcept {
  const auto count = static_cast<double>(d);
  const double log_risk = std::log(risk);
  if (!efron || d == 1) return {count / risk, 0, count / (risk * risk), 0, 0, count * log_risk};
  Sums sums;
#ifdef SKERRY_HAS_AVX2
  static const bool wide = has_avx2();
  if (wide) {
    fours_avx2(risk, events, d, sums);
  } else {
    fours_plain(risk, events, d, sums);
  }
#else
  fours_plain(risk, events, d, sums);
#endif
  CoxTied out{total(sums.u), total(sums.fu), total(sums.uu), total(sums.fuu), total(sums.ffuu), sums.log_share};
  for (std::int64_t k = d - d % 4; k < d; ++k) {
    const double f = static_cast<double>(k) / count;
    const double left = 1 - f * events / risk;
    const double u = 1 / (risk * left);
    out.u += u;
    out.fu += f * u;
    out.uu += u * u;
    out.fuu += f * u * u;
    out.ffuu += f * f * u * u;
    out.log_sum += std::log(left);
  }
  out.log_sum += count * log_risk;
  return out;
}

}  // namespace skerry::evidence
