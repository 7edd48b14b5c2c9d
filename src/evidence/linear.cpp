#include "evidence/linear.hpp"

#include <algorithm>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <limits>

#include "evidence/cholesky.hpp"
#include "evidence/product.hpp"
#include "evidence/tail.hpp"

namespace skerry::evidence {
namespace {

using Real = boost::multiprecision::number<boost::multiprecision::cpp_bin_float<100>, boost::multiprecision::et_off>;

constexpr double small = 0x1p-90;           // a mean size below it is lost in sums that end at 2^-128
constexpr double leverage_max = 1 - 1e-10;  // above it a row is fitted whatever it says
constexpr double rounding_of_sums = 1e-30;  // a share of a sum of squares that rounding of the data alone leaves

Real real_of(const Exact& sum) {
  auto limbs = sum.limbs();
  const bool minus = (limbs[3] >> 63U) != 0;
  if (minus) {
    std::uint64_t carry = 1;
    for (auto& limb : limbs) {
      limb = ~limb + carry;
      carry = carry != 0 && limb == 0 ? 1 : 0;
    }
  }
  Real out = 0;
  for (std::size_t i = 4; i-- > 0;) out = ldexp(out, 64) + limbs[i];
  out = ldexp(out, -128);
  return minus ? Real(-out) : out;
}

/// Where the product of variables a <= b stands among those of `size` variables.
std::size_t packed(std::size_t a, std::size_t b, std::size_t size) { return a * size - a * (a + 1) / 2 + b; }

Real at(const std::vector<Real>& matrix, std::size_t size, std::size_t i, std::size_t j) { return matrix[i * size + j]; }

std::vector<Real> product(const std::vector<Real>& a, const std::vector<Real>& b, std::size_t size) {
  std::vector<Real> out(size * size);
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t k = 0; k < size; ++k) {
      for (std::size_t j = 0; j < size; ++j) out[i * size + j] += at(a, size, i, k) * at(b, size, k, j);
    }
  }
  return out;
}

/// bread * meat * bread * factor, the meat packed.
std::vector<Real> sandwich(const std::vector<Real>& bread, const std::vector<Exact>& scores, const Real& factor) {
  std::size_t size = 1;
  while (size * size < bread.size()) ++size;
  std::vector<Real> meat(size * size);
  for (std::size_t a = 0; a < size; ++a) {
    for (std::size_t b = 0; b < size; ++b) meat[a * size + b] = factor * real_of(scores[packed(std::min(a, b), std::max(a, b), size)]);
  }
  return product(product(bread, meat, size), bread, size);
}

bool jackknife_like(RobustError kind) { return kind == RobustError::hc2 || kind == RobustError::hc3; }
bool of_clusters(RobustError kind) { return kind == RobustError::cr0 || kind == RobustError::cr1; }

}  // namespace

struct Linear::Equations {
  std::size_t size = 0;  ///< coefficients
  Real rows, residual, total;
  std::vector<Real> slopes, inverse;
};

Linear::Linear(LinearQuestion question) : question_(std::move(question)) {}

Totals Linear::shape() const {
  const std::size_t p = question_.covariates.size();
  if (round_ == 1) return Totals(3, 2 * (p + 1) + 1);
  if (round_ == 2) return Totals(0, (p + 2) * (p + 3) / 2);
  return Totals(1, (p + 1) * (p + 2) / 2);
}

void Linear::add_local(const Design& part, Totals& out) const {
  if (part.x.size() != question_.covariates.size()) return;  // then no rows are counted, and take() says so
  if (round_ == 1) return add_means(part, out);
  if (round_ == 2) return add_products(part, out);
  add_scores(part, out);
}

void Linear::add_means(const Design& part, Totals& out) const {
  const std::size_t p = part.x.size();
  Exact* sums = out.reals.data();
  for (std::size_t i = 0; i < part.rows(); ++i) {
    const double weight = part.weight.empty() ? 1 : part.weight[i];
    if (weight == 0) continue;
    ++out.counts[0];
    if (!(weight > 0)) ++out.counts[1];
    sums[2 * (p + 1)].add(weight);
    for (std::size_t j = 0; j <= p; ++j) {
      const double value = j < p ? part.x[j][i] : part.y[i] - (part.offset.empty() ? 0 : part.offset[i]);
      sums[2 * j].add(value);
      sums[2 * j + 1].add(std::fabs(value));
      if (value != 0 && std::fabs(value) < small) ++out.counts[2];
    }
  }
}

bool Linear::row_of(const Design& part, std::size_t row, double* to) const {
  const double weight = part.weight.empty() ? 1 : std::ldexp(part.weight[row], -weight_scale_);
  if (!(weight > 0)) return false;
  const double root = std::sqrt(weight);
  const std::size_t p = part.x.size();
  to[0] = root;
  for (std::size_t j = 0; j <= p; ++j) {
    const double value = j < p ? part.x[j][row] : part.y[row] - (part.offset.empty() ? 0 : part.offset[row]);
    to[j + 1] = root * std::ldexp(value - centre_[j], -scale_[j]);
  }
  return true;
}

void Linear::add_products(const Design& part, Totals& out) const {
  const std::size_t size = part.x.size() + 2;
  std::vector<double> row(size);
  Exact* sums = out.reals.data();
  for (std::size_t i = 0; i < part.rows(); ++i) {
    if (!row_of(part, i, row.data())) continue;
    std::size_t place = 0;
    for (std::size_t a = 0; a < size; ++a) {
      for (std::size_t b = a; b < size; ++b) add_product(sums[place++], row.data()[a], row.data()[b]);
    }
  }
}

void Linear::add_scores(const Design& part, Totals& out) const {
  const std::size_t size = part.x.size() + 1;
  std::vector<double> row(size + 1);
  std::vector<double> score(size);
  Exact* sums = out.reals.data();
  const auto add_score = [&] {
    std::size_t place = 0;
    for (std::size_t a = 0; a < size; ++a) {
      for (std::size_t b = a; b < size; ++b) add_product(sums[place++], score.data()[a], score.data()[b]);
    }
    std::fill(score.begin(), score.end(), 0.0);
  };
  const bool clusters = of_clusters(question_.robust) && !part.cluster.empty();
  for (std::size_t i = 0; i < part.rows(); ++i) {
    const bool ends = !clusters || i + 1 == part.rows() || part.cluster[i + 1] != part.cluster[i];
    if (row_of(part, i, row.data())) {
      double residual = row[size];
      double leverage = 0;
      for (std::size_t a = 0; a < size; ++a) {
        residual -= slopes_[a] * row[a];
        double along = 0;
        for (std::size_t b = 0; b < size; ++b) along += bread_[a * size + b] * row[b];
        leverage += along * row[a];
      }
      if (jackknife_like(question_.robust) && leverage > leverage_max) residual = std::numeric_limits<double>::infinity();
      if (question_.robust == RobustError::hc2) residual /= std::sqrt(1 - leverage);
      if (question_.robust == RobustError::hc3) residual /= 1 - leverage;
      for (std::size_t a = 0; a < size; ++a) score[a] += residual * row[a];
    }
    if (!ends) continue;
    ++out.counts[0];
    add_score();
  }
}

Result<bool> Linear::take(const Totals& total) {
  const auto wanted = shape();
  if (total.counts.size() != wanted.counts.size() || total.reals.size() != wanted.reals.size()) {
    return fail(ErrorCode::not_computable, "these sums were not made for this question");
  }
  for (const auto& sum : total.reals) {
    if (sum.sound()) continue;
    return fail(ErrorCode::not_computable, round_ == 3 && jackknife_like(question_.robust)
                                               ? "a coefficient rests on a single person: errors that correct for that cannot be computed"
                                               : "some values are not numbers, or too large to be added up");
  }
  const auto done = round_ == 1 ? take_means(total) : round_ == 2 ? take_products(total) : take_scores(total);
  if (!done) return fail(done.error());
  const bool more = round_ == 1 || (round_ == 2 && question_.robust != RobustError::none);
  ++round_;
  return more;
}

Result<void> Linear::take_means(const Totals& total) {
  const std::size_t p = question_.covariates.size();
  const auto n = total.counts[0];
  if (total.counts[1] > 0) return fail(ErrorCode::not_computable, "some weights are negative");
  if (n <= static_cast<std::int64_t>(p) + 1) {
    return fail(ErrorCode::not_computable, "there are no more people than numbers to estimate: " + std::to_string(p + 1) +
                                               " coefficients need at least " + std::to_string(p + 2) + " rows");
  }
  result_ = {};
  result_.rows = n;
  for (std::size_t j = 0; j <= p; ++j) {
    const double size = total.reals[2 * j + 1].to_double() / static_cast<double>(n);
    if (size < small && total.counts[2] > 0) {
      return fail(ErrorCode::not_computable, "the values are too small to be added up: take a smaller unit of measure");
    }
    centre_.push_back(total.reals[2 * j].to_double() / static_cast<double>(n));
    scale_.push_back(size > 0 ? std::ilogb(size) : 0);
  }
  const double weight = total.reals.back().to_double() / static_cast<double>(n);
  weight_scale_ = weight > 0 ? std::ilogb(weight) : 0;
  return {};
}

Result<void> Linear::take_products(const Totals& total) {
  const std::size_t p = question_.covariates.size();
  const std::size_t size = p + 1;
  const auto sum = [&](std::size_t a, std::size_t b) { return real_of(total.reals[packed(std::min(a, b), std::max(a, b), p + 2)]); };
  const Real rows = sum(0, 0);
  std::vector<Real> least(size);
  for (std::size_t j = 1; j <= size; ++j) {
    const Real centred = sum(j, j) - sum(0, j) * sum(0, j) / rows;
    const Real away = std::ldexp(centre_[j - 1], -scale_[j - 1]);
    const Real from_zero = sum(j, j) + 2 * away * sum(0, j) + away * away * rows;
    if (centred <= rounding_of_sums * from_zero) {
      return fail(ErrorCode::not_computable, j <= p ? "the covariate " + question_.covariates[j - 1] + " is the same in everyone"
                                                    : std::string("the outcome is the same in everyone: there is nothing to explain"));
    }
    if (j <= p) least[j] = std::max(Real(1e-16 * centred), Real(100 * rounding_of_sums * from_zero));
  }
  std::vector<Real> matrix(size * size);
  std::vector<Real> right(size);
  for (std::size_t a = 0; a < size; ++a) {
    for (std::size_t b = 0; b < size; ++b) matrix[a * size + b] = sum(a, b);
    right[a] = sum(a, size);
  }
  const Cholesky<Real> solved(matrix, size, least);
  if (const auto which = solved.dependent(); which && *which > 0) {
    return fail(ErrorCode::not_computable, "the covariate " + question_.covariates[*which - 1] + " is a combination of the others");
  }
  auto equations = std::make_shared<Equations>();
  equations->size = size;
  equations->rows = rows;
  equations->slopes = solved.solve(right);
  equations->inverse = solved.inverse();
  equations->total = sum(size, size) - sum(0, size) * sum(0, size) / rows;
  equations->residual = sum(size, size);
  for (std::size_t a = 0; a < size; ++a) equations->residual -= equations->slopes[a] * right[a];
  if (equations->residual < 0) equations->residual = 0;
  slopes_.clear();
  bread_.clear();
  for (const auto& slope : equations->slopes) slopes_.push_back(slope.convert_to<double>());
  for (const auto& value : equations->inverse) bread_.push_back(value.convert_to<double>());
  equations_ = equations;
  if (question_.robust == RobustError::none) tell(*equations, nullptr);
  return {};
}

Result<void> Linear::take_scores(const Totals& total) {
  result_.clusters = of_clusters(question_.robust) ? total.counts[0] : 0;
  if (of_clusters(question_.robust) && result_.clusters < 2) {
    return fail(ErrorCode::not_computable, "all rows are of one person: errors that allow for repeated measures need several people");
  }
  tell(*equations_, &total);
  return {};
}

void Linear::tell(const Equations& equations, const Totals* scores) {
  const std::size_t size = equations.size;
  const std::size_t p = size - 1;
  const auto n = static_cast<double>(result_.rows);
  const double df = n - static_cast<double>(size);
  const Real variance = equations.residual / df;
  std::vector<Real> ordinary = equations.inverse;
  for (auto& value : ordinary) value *= variance;
  std::vector<Real> robust;
  double robust_df = df;
  if (scores != nullptr) {
    Real factor = 1;
    const auto g = static_cast<double>(result_.clusters);
    if (question_.robust == RobustError::hc1) factor = Real(n) / df;
    if (question_.robust == RobustError::cr1) factor = Real(g) / (g - 1) * (n - 1) / df;
    if (of_clusters(question_.robust)) robust_df = g - 1;
    robust = sandwich(equations.inverse, scores->reals, factor);
  }
  // Back from centred, scaled units.
  std::vector<Real> back(size * size);
  for (std::size_t j = 0; j < size; ++j) {
    const Real unit = ldexp(Real(1), scale_[p] - (j == 0 ? 0 : scale_[j - 1]));
    back[j * size + j] = unit;
    if (j > 0) back[j] = -unit * centre_[j - 1];
  }
  std::vector<Real> turned(size * size);
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j < size; ++j) turned[j * size + i] = back[i * size + j];
  }
  const auto ordinary_told = product(product(back, ordinary, size), turned, size);
  const auto robust_told = robust.empty() ? robust : product(product(back, robust, size), turned, size);
  const bool perfect = equations.residual <= rounding_of_sums * 100 * equations.total;
  if (perfect) {
    result_.cautions.push_back(
        {"statistic.perfect_fit", "The covariates explain the outcome completely: errors and p-values would mean nothing."});
  }
  for (std::size_t i = 0; i < size; ++i) {
    Real value = i == 0 ? Real(centre_[p]) : Real(0);
    for (std::size_t j = 0; j < size; ++j) value += at(back, size, i, j) * equations.slopes[j];
    auto& estimate = result_.coefficients.emplace_back();
    estimate.id = i == 0 ? "(intercept)" : question_.covariates[i - 1];
    estimate.value = value.convert_to<double>();
    if (perfect) continue;
    estimate.standard_error = sqrt(at(ordinary_told, size, i, i)).convert_to<double>();
    if (!robust.empty()) estimate.robust_error = sqrt(at(robust_told, size, i, i)).convert_to<double>();
    const double error = estimate.robust_error.value_or(*estimate.standard_error);
    if (!(error > 0) || !std::isfinite(error)) continue;
    const double half = t_quantile(question_.level, robust_df) * error;
    estimate.low = estimate.value - half;
    estimate.high = estimate.value + half;
    estimate.p = t_two_sided(estimate.value / error, robust_df);
  }
  for (const auto& value : robust.empty() ? ordinary_told : robust_told) result_.covariance.push_back(value.convert_to<double>());
  const Real unexplained = equations.residual / equations.total;
  result_.residual_df = df;
  result_.residual_deviation = ldexp(sqrt(ldexp(variance, weight_scale_)), scale_[p]).convert_to<double>();
  result_.r_squared = Real(1 - unexplained).convert_to<double>();
  result_.adjusted_r_squared = Real(1 - unexplained * (n - 1) / df).convert_to<double>();
  if (p > 0 && !perfect) {
    auto& test = result_.overall.emplace();
    test.name = "F test of all covariates";
    test.statistic = Real((equations.total - equations.residual) / static_cast<double>(p) / variance).convert_to<double>();
    test.df = static_cast<double>(p);
    test.df2 = df;
    test.p = f_upper(*test.statistic, *test.df, df);
  }
}

}  // namespace skerry::evidence
