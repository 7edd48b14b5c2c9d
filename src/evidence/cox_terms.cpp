#include "evidence/cox_terms.hpp"

#include "evidence/exponential.hpp"
#include "evidence/instructions.hpp"

namespace skerry::evidence {
namespace {

inline __attribute__((always_inline)) void multiply(const double* a, const double* b, std::size_t rows, double* __restrict out) {
  for (std::size_t i = 0; i < rows; ++i) out[i] = a[i] * b[i];
}

/// The linear predictor into `out`.
inline __attribute__((always_inline)) void predict(const CoxTerms& terms, std::size_t rows, double* centred, double* __restrict out) {
  for (std::size_t i = 0; i < rows; ++i) out[i] = terms.offset == nullptr ? 0 : terms.offset[i];
  for (std::size_t j = 0; j < terms.covariates; ++j) {
    const double* __restrict x = terms.x[j];
    double* __restrict c = centred + j * cox_block_rows;
    const double centre = terms.centre[j], scale = terms.scale[j], beta = terms.beta[j];
    for (std::size_t i = 0; i < rows; ++i) {
      c[i] = (x[i] - centre) * scale;
      out[i] += beta * c[i];
    }
  }
}

inline __attribute__((always_inline)) void products(const CoxTerms& terms, std::size_t rows, const double* centred, double* out) {
  const auto p = terms.covariates;
  double* next = out;
  if (terms.weight != nullptr) {
    for (std::size_t i = 0; i < rows; ++i) out[i] *= terms.weight[i];
  }
  const double* first = out + cox_block_rows;
  for (std::size_t j = 0; j < p; ++j) multiply(out, centred + j * cox_block_rows, rows, next += cox_block_rows);
  const double* second = next + cox_block_rows;
  for (std::size_t j = 0; j < p; ++j) {
    for (std::size_t k = j; k < p; ++k) multiply(first + j * cox_block_rows, centred + k * cox_block_rows, rows, next += cox_block_rows);
  }
  if (!terms.thirds) return;
  for (std::size_t j = 0; j < p; ++j) {
    for (std::size_t k = j; k < p; ++k, second += cox_block_rows) {
      for (std::size_t l = k; l < p; ++l) multiply(second, centred + l * cox_block_rows, rows, next += cox_block_rows);
    }
  }
}

void predict_plain(const CoxTerms& terms, std::size_t rows, double* centred, double* out) { predict(terms, rows, centred, out); }
void products_plain(const CoxTerms& terms, std::size_t rows, const double* centred, double* out) { products(terms, rows, centred, out); }
#ifdef SKERRY_HAS_AVX2
SKERRY_AVX2 void predict_avx2(const CoxTerms& terms, std::size_t rows, double* centred, double* out) { predict(terms, rows, centred, out); }
SKERRY_AVX2 void products_avx2(const CoxTerms& terms, std::size_t rows, const double* centred, double* out) {
  products(terms, rows, centred, out);
}
#endif

}  // namespace

std::size_t CoxTerms::components() const noexcept {
  const auto p = covariates;
  return 1 + p + p * (p + 1) / 2 + (thirds ? p * (p + 1) * (p + 2) / 6 : 0);
}

void cox_terms(const CoxTerms& terms, std::size_t rows, double* centred, double* out) noexcept {
#ifdef SKERRY_HAS_AVX2
  static const bool wide = has_avx2();
  if (wide) {
    predict_avx2(terms, rows, centred, out);
    exponentials({out, rows}, out);
    return products_avx2(terms, rows, centred, out);
  }
#endif
  predict_plain(terms, rows, centred, out);
  exponentials({out, rows}, out);
  products_plain(terms, rows, centred, out);
}

}  // namespace skerry::evidence
