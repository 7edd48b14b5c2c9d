// Symmetric equations solved row by row, in any kind of number: Cholesky's L D L^T (Golub & Van Loan, Matrix Computations, section 4.1).
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace skerry::evidence {

/// The lower triangle with unit diagonal, and the pivots, of a symmetric positive definite matrix.
template <class Real>
class Cholesky {
 public:
  /// `matrix` row by row, size x size. A pivot of at most least[i] makes it fail there: row i is a combination of the earlier ones.
  Cholesky(std::vector<Real> matrix, std::size_t size, const std::vector<Real>& least) : lower_(std::move(matrix)), size_(size) {
    for (std::size_t j = 0; j < size_; ++j) {
      Real pivot = at(j, j);
      for (std::size_t k = 0; k < j; ++k) pivot -= at(j, k) * at(j, k) * at(k, k);
      if (!(pivot > least[j])) {
        dependent_ = j;
        return;
      }
      at(j, j) = pivot;
      for (std::size_t i = j + 1; i < size_; ++i) {
        Real value = at(i, j);
        for (std::size_t k = 0; k < j; ++k) value -= at(i, k) * at(j, k) * at(k, k);
        at(i, j) = value / pivot;
      }
    }
  }

  /// The first row that is a combination of those before it.
  [[nodiscard]] std::optional<std::size_t> dependent() const { return dependent_; }

  /// x with matrix * x = right. Only when nothing is dependent.
  [[nodiscard]] std::vector<Real> solve(std::vector<Real> right) const {
    for (std::size_t i = 0; i < size_; ++i) {
      for (std::size_t k = 0; k < i; ++k) right[i] -= at(i, k) * right[k];
    }
    for (std::size_t i = size_; i-- > 0;) {
      right[i] /= at(i, i);
      for (std::size_t k = i + 1; k < size_; ++k) right[i] -= at(k, i) * right[k];
    }
    return right;
  }

  /// Row by row.
  [[nodiscard]] std::vector<Real> inverse() const {
    std::vector<Real> out(size_ * size_);
    for (std::size_t j = 0; j < size_; ++j) {
      std::vector<Real> unit(size_);
      unit[j] = 1;
      unit = solve(std::move(unit));
      for (std::size_t i = 0; i < size_; ++i) out[i * size_ + j] = unit[i];
    }
    return out;
  }

 private:
  [[nodiscard]] Real& at(std::size_t i, std::size_t j) { return lower_[i * size_ + j]; }
  [[nodiscard]] const Real& at(std::size_t i, std::size_t j) const { return lower_[i * size_ + j]; }

  std::vector<Real> lower_;
  std::size_t size_;
  std::optional<std::size_t> dependent_;
};

}  // namespace skerry::evidence
