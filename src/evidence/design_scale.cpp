#include "evidence/design_scale.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace skerry::evidence {
namespace {

// Cells of the counts of the first round; then four a covariate, then the histograms of exponents.
enum Cell : std::size_t {
  rows_cell,
  events_cell,
  clusters_cell,
  y_cell,
  domain_cell,
  offset_cell,
  weight_cell,
  shape_cell,
  first_covariate
};
enum Of : std::size_t { nonzero, events_nonzero, zero_or_one, not_finite, per_covariate };

constexpr int exponents_a_bin = 16;
constexpr int lowest_exponent = -1088;
constexpr std::size_t bins = 2112 / exponents_a_bin + 1;
constexpr double near_constant = 1e-15;  // spread by mean: what is left of a constant after rounding
constexpr double dependent = 1e-13;      // 1 - R^2: R's own limit is 1e-14, in other words
constexpr double leaning = 1e-2;         // 1 - R^2 below which columns are made orthogonal
constexpr double steep = 1e-5;           // and below which that is done twice

std::size_t bin_of(double value) {
  if (value == 0) return 0;
  return 1 + static_cast<std::size_t>((std::ilogb(value) - lowest_exponent) / exponents_a_bin);
}

/// 1 / (a power of two not far above the largest value); 1 when all are 0.
double scale_of(std::span<const std::int64_t> histogram) {
  for (std::size_t b = histogram.size(); b-- > 1;) {
    if (histogram[b] == 0) continue;
    const int top = lowest_exponent + static_cast<int>(b) * exponents_a_bin;
    return std::ldexp(1.0, -std::clamp(top - exponents_a_bin, -1000, 1000));
  }
  return 1;
}

bool fits(const Demand& demand, double y) {
  switch (demand.outcome) {
    case Demand::Outcome::binary: return y == 0 || y == 1;
    case Demand::Outcome::count: return y >= 0 && y == std::floor(y) && y <= 9007199254740992.0;
    case Demand::Outcome::group: return y >= 0 && y == std::floor(y) && y < static_cast<double>(demand.groups);
    case Demand::Outcome::real: return true;
  }
  return true;
}

std::string_view wanted(Demand::Outcome outcome) {
  switch (outcome) {
    case Demand::Outcome::binary: return "must be 0 or 1";
    case Demand::Outcome::count: return "must be a whole number, not negative";
    case Demand::Outcome::group: return "must be the number of a group";
    case Demand::Outcome::real: return "must be a number";
  }
  return "";
}

}  // namespace

double offset_of(const Design& part, std::size_t row) noexcept { return part.offset.empty() ? 0.0 : part.offset.data()[row]; }
double weight_of(const Design& part, std::size_t row) noexcept { return part.weight.empty() ? 1.0 : part.weight.data()[row]; }

std::string quoted(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    out += (i == 0 ? "'" : i + 1 == names.size() ? " and '" : ", '") + names[i] + "'";
  }
  return out;
}

DesignScale::DesignScale(std::vector<std::string> names, Demand demand, bool clustered)
    : names_(std::move(names)),
      demand_(demand),
      clustered_(clustered),
      scale_(names_.size(), 1.0),
      centre_(names_.size(), 0.0),
      spread_(names_.size(), 0.0) {
  const auto p = static_cast<Eigen::Index>(names_.size());
  factor_ = Eigen::MatrixXd::Identity(p, p);
}

Totals DesignScale::shape() const {
  const auto p = names_.size();
  switch (phase_) {
    case Phase::check: return Totals(first_covariate + p * per_covariate + (p + 2) * bins, 0);
    case Phase::mean: return Totals(0, p + 1);
    case Phase::cross:
    case Phase::again: return Totals(0, p + p * (p + 1) / 2);
    case Phase::done: break;
  }
  return {};
}

void DesignScale::add_check(const Design& part, Totals& out) const {
  auto* counts = out.counts.data();
  const auto n = part.rows(), p = names_.size();
  const auto fitting = [&](const auto& column, bool optional) { return column.size() == n || (optional && column.empty()); };
  bool whole = part.x.size() == p && fitting(part.offset, true) && fitting(part.weight, true) && fitting(part.cluster, !clustered_);
  for (const auto& column : part.x) whole = whole && column.size() == n;
  if (!whole) {
    ++counts[shape_cell];
    return;
  }
  auto* histograms = counts + first_covariate + p * per_covariate;
  bool first = true;
  std::uint32_t before = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double weight = weight_of(part, i), y = part.y.data()[i], offset = offset_of(part, i);
    if (!(weight >= 0) || !std::isfinite(weight) || (!demand_.weights && weight != 1)) ++counts[weight_cell];
    if (weight == 0) continue;
    ++counts[rows_cell];
    if (clustered_ && (first || part.cluster.data()[i] != before)) ++counts[clusters_cell];
    if (clustered_) before = part.cluster.data()[i];
    first = false;
    if (!std::isfinite(y)) {
      ++counts[y_cell];
    } else {
      if (!fits(demand_, y)) ++counts[domain_cell];
      ++histograms[p * bins + bin_of(y)];
    }
    const bool event = y > 0;
    if (event) ++counts[events_cell];
    if (!std::isfinite(offset) || std::fabs(offset) > 1e15) {
      ++counts[offset_cell];
    } else {
      ++histograms[(p + 1) * bins + bin_of(offset)];
    }
    for (std::size_t j = 0; j < p; ++j) {
      auto* of = counts + first_covariate + j * per_covariate;
      const double x = part.x[j].data()[i];
      if (!std::isfinite(x)) {
        ++of[not_finite];
        continue;
      }
      if (x != 0) ++of[nonzero];
      if (x != 0 && event) ++of[events_nonzero];
      if (x == 0 || x == 1) ++of[zero_or_one];
      ++histograms[j * bins + bin_of(x)];
    }
  }
}

void DesignScale::columns_of(const Design& part, std::size_t first, std::size_t count, std::size_t stride, double* z) const {
  std::fill(z, z + count, 1.0);
  const auto p = names_.size();
  for (std::size_t j = 0; j < p; ++j) {
    const double* x = part.x[j].data() + first;
    double* out = z + (j + 1) * stride;
    const double centre = centre_[j], scale = scale_[j];
    for (std::size_t i = 0; i < count; ++i) out[i] = (x[i] - centre) * scale;
    const auto column = static_cast<Eigen::Index>(j);
    if (!diagonal_) {
      for (std::size_t k = 0; k < j; ++k) {
        const double share = factor_(static_cast<Eigen::Index>(k), column);
        const double* other = z + (k + 1) * stride;
        for (std::size_t i = 0; i < count; ++i) out[i] -= share * other[i];
      }
    }
    const double length = factor_(column, column);
    for (std::size_t i = 0; i < count; ++i) out[i] /= length;
  }
  if (part.weight.empty()) return;
  for (std::size_t i = 0; i < count; ++i) {
    if (part.weight.data()[first + i] != 0) continue;
    for (std::size_t j = 0; j <= p; ++j) z[j * stride + i] = 0;
  }
}

void DesignScale::add_local(const Design& part, Totals& out) const {
  if (phase_ == Phase::check) return add_check(part, out);
  const auto n = part.rows(), p = names_.size();
  auto* sums = out.reals.data();
  if (phase_ == Phase::mean) {
    for (std::size_t i = 0; i < n; ++i) {
      if (weight_of(part, i) == 0) continue;
      for (std::size_t j = 0; j < p; ++j) sums[j].add(part.x[j].data()[i] * scale_[j]);
      sums[p].add(offset_of(part, i) * offset_scale_);
    }
    return;
  }
  std::vector<double> z((p + 1) * block), terms(block);
  for (std::size_t first = 0; first < n; first += block) {
    const auto count = std::min(block, n - first);
    columns_of(part, first, count, block, z.data());
    for (std::size_t j = 0; j < p; ++j) {
      const double* a = z.data() + (j + 1) * block;
      add_all({a, count}, sums[j]);
      for (std::size_t k = 0; k <= j; ++k) {
        const double* b = z.data() + (k + 1) * block;
        for (std::size_t i = 0; i < count; ++i) terms[i] = a[i] * b[i];
        add_all({terms.data(), count}, sums[p + packed(j, k)]);
      }
    }
  }
}

Result<bool> DesignScale::take(const Totals& total) {
  switch (phase_) {
    case Phase::check:
      if (auto checked = take_check(total); !checked) return fail(checked.error());
      phase_ = Phase::mean;
      return true;
    case Phase::mean:
      take_mean(total);
      phase_ = names_.empty() ? Phase::done : Phase::cross;
      if (names_.empty()) settle();
      return !names_.empty();
    case Phase::cross:
    case Phase::again: return take_cross(total);
    case Phase::done: break;
  }
  return false;
}

Result<void> DesignScale::check_flaws(const Totals& total) const {
  const auto& counts = total.counts;
  const auto refuse = [](std::string why) { return fail(ErrorCode::not_computable, std::move(why)); };
  if (counts[shape_cell] > 0) return refuse("the columns of the model do not fit together: one is missing or has another length");
  if (counts[weight_cell] > 0) {
    return refuse(demand_.weights ? "a weight is negative or not a number" : "this model does not take weights");
  }
  if (counts[rows_cell] == 0) return refuse("nobody has all the values the model needs");
  if (counts[y_cell] > 0) return refuse("the outcome is not a number in some rows");
  if (counts[domain_cell] > 0) return refuse("the outcome " + std::string(wanted(demand_.outcome)) + ": it is not in some rows");
  if (counts[offset_cell] > 0) return refuse("the offset is not a number of usual size in some rows; is there person-time of 0?");
  for (std::size_t j = 0; j < names_.size(); ++j) {
    if (counts[first_covariate + j * per_covariate + not_finite] > 0) return refuse(quoted({names_[j]}) + " is not a number in some rows");
  }
  if (counts[rows_cell] <= static_cast<std::int64_t>(names_.size()) + 1) {
    return refuse("the model has " + std::to_string(names_.size() + 1) +
                  " coefficients (with the intercept) and no more rows than that: leave covariates out");
  }
  return {};
}

Result<void> DesignScale::take_check(const Totals& total) {
  if (auto checked = check_flaws(total); !checked) return checked;
  const auto p = names_.size();
  rows_ = total.counts[rows_cell];
  events_ = total.counts[events_cell];
  clusters_ = total.counts[clusters_cell];
  const std::span all(total.counts);
  const auto histogram = [&](std::size_t which) { return all.subspan(first_covariate + p * per_covariate + which * bins, bins); };
  for (std::size_t j = 0; j < p; ++j) {
    const auto of = all.subspan(first_covariate + j * per_covariate, per_covariate);
    counts_.push_back({of[nonzero], of[events_nonzero], of[zero_or_one] == rows_});
    scale_[j] = scale_of(histogram(j));
  }
  y_scale_ = 1 / scale_of(histogram(p));
  offset_scale_ = scale_of(histogram(p + 1));
  return {};
}

void DesignScale::take_mean(const Totals& total) {
  const auto n = static_cast<double>(rows_);
  for (std::size_t j = 0; j < names_.size(); ++j) centre_[j] = total.reals[j].to_double() / n / scale_[j];
  offset_mean_ = total.reals[names_.size()].to_double() / n / offset_scale_;
}

Result<bool> DesignScale::take_cross(const Totals& total) {
  const auto p = static_cast<Eigen::Index>(names_.size());
  const auto n = static_cast<double>(rows_);
  const bool first = phase_ == Phase::cross;
  Eigen::MatrixXd cross(p, p);
  for (Eigen::Index j = 0; j < p; ++j) {
    for (Eigen::Index k = 0; k <= j; ++k) {
      const auto& sum = total.reals[names_.size() + packed(static_cast<std::size_t>(j), static_cast<std::size_t>(k))];
      cross(j, k) = cross(k, j) = sum.to_double() / n;
    }
  }
  Eigen::VectorXd lengths = cross.diagonal().cwiseSqrt();
  if (first) {
    for (Eigen::Index j = 0; j < p; ++j) {
      const auto i = static_cast<std::size_t>(j);
      if (lengths(j) <= near_constant * std::fabs(centre_[i] * scale_[i])) {
        return fail(ErrorCode::not_computable,
                    quoted({names_[i]}) + " is the same in everyone, so nothing can be said about what goes along with it");
      }
      spread_[i] = lengths(j) / scale_[i];
    }
  }
  // Column by column: what of it does not follow from those before it.
  Eigen::MatrixXd upper = Eigen::MatrixXd::Zero(p, p);
  double least = 1;
  for (Eigen::Index j = 0; j < p; ++j) {
    double rest = 1;
    for (Eigen::Index k = 0; k < j; ++k) {
      double share = cross(k, j) / (lengths(k) * lengths(j));
      for (Eigen::Index m = 0; m < k; ++m) share -= upper(m, k) * upper(m, j);
      share /= upper(k, k);
      upper(k, j) = share;
      rest -= share * share;
    }
    if (!(rest > dependent)) {
      std::vector<std::string> others;
      const Eigen::VectorXd on = upper.topLeftCorner(j, j).triangularView<Eigen::Upper>().solve(upper.col(j).head(j));
      for (Eigen::Index k = 0; k < j; ++k) {
        if (std::fabs(on(k)) > 1e-4) others.push_back(names_[static_cast<std::size_t>(k)]);
      }
      return fail(ErrorCode::not_computable, quoted({names_[static_cast<std::size_t>(j)]}) + " follows from " + quoted(others) +
                                                 " in these people, so their effects cannot be told apart: leave one of them out");
    }
    upper(j, j) = std::sqrt(rest);
    least = std::min(least, rest);
  }
  if (!first || least < leaning) {
    diagonal_ = false;
    factor_ = (upper * lengths.asDiagonal() * factor_).eval();
  } else {
    factor_ = lengths.asDiagonal();
  }
  const bool again = first && least < steep;
  phase_ = again ? Phase::again : Phase::done;
  if (!again) settle();
  return again;
}

void DesignScale::settle() {
  const auto p = static_cast<Eigen::Index>(names_.size());
  const Eigen::MatrixXd inverse = factor_.triangularView<Eigen::Upper>().solve(Eigen::MatrixXd::Identity(p, p));
  back_ = Eigen::MatrixXd::Zero(p + 1, p + 1);
  back_(0, 0) = 1;
  for (Eigen::Index j = 0; j < p; ++j) {
    const auto i = static_cast<std::size_t>(j);
    back_.row(j + 1).tail(p) = inverse.row(j) * scale_[i];
    back_.row(0).tail(p) -= back_.row(j + 1).tail(p) * centre_[i];
    log_determinant_ += std::log(scale_[i]) - std::log(factor_(j, j));
  }
}

}  // namespace skerry::evidence
