// Firth's penalty: half of log |I|, with its derivatives from the derivatives of the information.
#include <Eigen/Cholesky>
#include <algorithm>
#include <array>
#include <cmath>

#include "evidence/glm.hpp"

namespace skerry::evidence {
namespace {

constexpr std::size_t fourth_columns_max = 15;
constexpr std::int64_t fourth_rows_max = 3000;

std::size_t packed_third(std::size_t j, std::size_t k, std::size_t m) {  // j >= k >= m
  return j * (j + 1) * (j + 2) / 6 + k * (k + 1) / 2 + m;
}
std::size_t packed_fourth(std::array<std::size_t, 4> at) {
  std::sort(at.begin(), at.end(), std::greater<>());
  return at[0] * (at[0] + 1) * (at[0] + 2) * (at[0] + 3) / 24 + packed_third(at[1], at[2], at[3]);
}

}  // namespace

bool Glm::sums_fourth() const noexcept { return plan_.firth && scale_.columns() <= fourth_columns_max && scale_.rows() <= fourth_rows_max; }

/// With V = I^-1 and I_r the derivative of I by the r-th coefficient: the derivative of the penalty is tr(V I_r) / 2, its second
/// derivative (tr(V I_rs) - tr(V I_r V I_s)) / 2. The sums are symmetric in all their places.
void Glm::penalise(Ascent& ascent, const Exact* sums) const {
  const Eigen::MatrixXd inverse = inverse_of(ascent.information);
  if (inverse.size() == 0) {
    ascent.value = std::nan("");
    return;
  }
  const Eigen::VectorXd scale = ascent.information.diagonal().cwiseSqrt().cwiseInverse();
  const Eigen::MatrixXd scaled = scale.asDiagonal() * ascent.information * scale.asDiagonal();
  ascent.value += Eigen::MatrixXd(scaled.llt().matrixL()).diagonal().array().log().sum() - scale.array().log().sum();
  const auto q = scale_.columns();
  const auto size = static_cast<Eigen::Index>(q);
  std::vector<Eigen::MatrixXd> changes(q, Eigen::MatrixXd(size, size));  // V I_r
  for (std::size_t r = 0; r < q; ++r) {
    Eigen::MatrixXd third(size, size);
    for (std::size_t a = 0; a < q; ++a) {
      for (std::size_t b = 0; b <= a; ++b) {
        std::array<std::size_t, 3> at{a, b, r};
        std::sort(at.begin(), at.end());
        const auto i = static_cast<Eigen::Index>(a), j = static_cast<Eigen::Index>(b);
        third(i, j) = third(j, i) = sums[packed_third(at[2], at[1], at[0])].to_double();
      }
    }
    changes[r] = inverse * third;
    ascent.score(static_cast<Eigen::Index>(r)) += changes[r].trace() / 2;
  }
  if (!sums_fourth()) return;
  const auto* fourth = sums + packed_third(q, 0, 0);
  ascent.curvature = ascent.information;
  for (std::size_t r = 0; r < q; ++r) {
    for (std::size_t s = 0; s <= r; ++s) {
      double second = 0;
      for (std::size_t a = 0; a < q; ++a) {
        for (std::size_t b = 0; b < q; ++b) {
          second += inverse(static_cast<Eigen::Index>(a), static_cast<Eigen::Index>(b)) * fourth[packed_fourth({a, b, r, s})].to_double();
        }
      }
      const double both = (changes[r].array() * changes[s].transpose().array()).sum();
      const auto i = static_cast<Eigen::Index>(r), j = static_cast<Eigen::Index>(s);
      ascent.curvature(i, j) -= (second - both) / 2;
      if (i != j) ascent.curvature(j, i) = ascent.curvature(i, j);
    }
  }
}

/// Sums of v' z z z, and of v'' z z z z where they are few; v, v', v'' are the information of a row and its derivatives.
void Glm::add_derivatives(std::size_t count, Workspace& space, Exact* sums) const {
  const auto q = scale_.columns();
  const auto column = [&](std::size_t j) { return space.z.data() + j * DesignScale::block; };
  double* pair = space.pair.data();
  double* terms = space.terms.data();
  for (std::size_t j = 0; j < q; ++j) {
    for (std::size_t k = 0; k <= j; ++k) {
      for (std::size_t i = 0; i < count; ++i) pair[i] = space.third.data()[i] * column(j)[i] * column(k)[i];
      for (std::size_t m = 0; m <= k; ++m) {
        for (std::size_t i = 0; i < count; ++i) terms[i] = pair[i] * column(m)[i];
        add_all({terms, count}, *sums++);
      }
    }
  }
  if (!sums_fourth()) return;
  for (std::size_t j = 0; j < q; ++j) {
    for (std::size_t k = 0; k <= j; ++k) {
      for (std::size_t m = 0; m <= k; ++m) {
        for (std::size_t i = 0; i < count; ++i) pair[i] = space.fourth.data()[i] * column(j)[i] * column(k)[i] * column(m)[i];
        for (std::size_t l = 0; l <= m; ++l) {
          for (std::size_t i = 0; i < count; ++i) terms[i] = pair[i] * column(l)[i];
          add_all({terms, count}, *sums++);
        }
      }
    }
  }
}

}  // namespace skerry::evidence
