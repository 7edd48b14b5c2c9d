// The terms of a Cox model's sums, row by row, the same bits on every machine.
#pragma once

#include <cstddef>

namespace skerry::evidence {

inline constexpr std::size_t cox_block_rows = 512;

struct CoxTerms {
  std::size_t covariates = 0;
  bool thirds = false;               ///< products of three covariates too, for Firth's correction
  const double* const* x = nullptr;  ///< [covariate], at the block's first row
  const double* weight = nullptr;    ///< null: 1
  const double* offset = nullptr;    ///< null: 0
  const double* centre = nullptr;    ///< covariates are read as (x - centre) * scale; scales are powers of two
  const double* scale = nullptr;
  const double* beta = nullptr;  ///< of the covariates so read

  /// 1 + p + p(p+1)/2, and p(p+1)(p+2)/6 with thirds.
  [[nodiscard]] std::size_t components() const noexcept;
};

/// out[component * cox_block_rows + row]: w e, w e x_j, w e x_j x_k (j <= k), w e x_j x_k x_l (j <= k <= l), e = exp(offset + x'beta).
/// centred[covariate * cox_block_rows + row]: the covariates as read. rows <= cox_block_rows.
void cox_terms(const CoxTerms& terms, std::size_t rows, double* centred, double* out) noexcept;

}  // namespace skerry::evidence
