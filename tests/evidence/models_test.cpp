// Properties of the regression models, and their bad input; golden values: models_golden_test.cpp.
#include <gtest/gtest.h>

#include "evidence/bootstrap.hpp"
#include "evidence/logistic.hpp"
#include "evidence/mixed_model.hpp"
#include "evidence/negative_binomial.hpp"
#include "evidence/poisson.hpp"
#include "evidence/propensity.hpp"

namespace skerry::evidence {
namespace {

TEST(Bootstrap, NeedsNoData) { EXPECT_NE(random_bits(1, 2, 3), random_bits(1, 3, 2)); }

}  // namespace
}  // namespace skerry::evidence
