#include "evidence/logistic.hpp"

#include <utility>

#include "evidence/glm.hpp"

namespace skerry::evidence {

struct LogisticRegression::State {
  Glm glm;
};

LogisticRegression::LogisticRegression(RegressionQuestion question) : LogisticRegression(std::move(question), Options{}) {}
LogisticRegression::LogisticRegression(RegressionQuestion question, Options options)
    : state_(std::make_unique<State>(State{Glm(std::move(question), {Glm::Family::logistic, options.method == LogisticMethod::firth,
                                                                     options.covariate_tests, options.profile_intervals, 0, 0})})) {}
LogisticRegression::~LogisticRegression() = default;
LogisticRegression::LogisticRegression(LogisticRegression&&) noexcept = default;
LogisticRegression& LogisticRegression::operator=(LogisticRegression&&) noexcept = default;

Totals LogisticRegression::shape() const { return state_->glm.shape(); }
void LogisticRegression::add_local(const Design& part, Totals& out) const { state_->glm.add_local(part, out); }
Result<bool> LogisticRegression::take(const Totals& total) { return state_->glm.take(total); }
const RegressionFit& LogisticRegression::fit() const noexcept { return state_->glm.fit(); }

}  // namespace skerry::evidence
