#include "evidence/poisson.hpp"

#include <utility>

#include "evidence/glm.hpp"

namespace skerry::evidence {

struct PoissonRegression::State {
  Glm glm;
};

PoissonRegression::PoissonRegression(RegressionQuestion question) : PoissonRegression(std::move(question), Options{}) {}
PoissonRegression::PoissonRegression(RegressionQuestion question, Options options)
    : state_(
          std::make_unique<State>(State{Glm(std::move(question), {Glm::Family::poisson, false, options.covariate_tests, false, 0, 0})})) {}
PoissonRegression::~PoissonRegression() = default;
PoissonRegression::PoissonRegression(PoissonRegression&&) noexcept = default;
PoissonRegression& PoissonRegression::operator=(PoissonRegression&&) noexcept = default;

Totals PoissonRegression::shape() const { return state_->glm.shape(); }
void PoissonRegression::add_local(const Design& part, Totals& out) const { state_->glm.add_local(part, out); }
Result<bool> PoissonRegression::take(const Totals& total) { return state_->glm.take(total); }
const RegressionFit& PoissonRegression::fit() const noexcept { return state_->glm.fit(); }

}  // namespace skerry::evidence
