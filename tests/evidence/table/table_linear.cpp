// Linear regression (Design: y, x..., optional weight, offset, cluster).
#include <fmt/format.h>

#include "evidence/linear.hpp"
#include "table.hpp"

namespace skerry::evidence::table {
namespace {

Result<void> linear(const Table& table, const Options& options, Answer& answer) {
  const Design data{table.reals("y"), table.all("x"), table.reals("offset"), table.reals("weight"), table.people("cluster")};
  static const std::map<std::string, RobustError> kinds{{"", RobustError::none},   {"hc0", RobustError::hc0}, {"hc1", RobustError::hc1},
                                                        {"hc2", RobustError::hc2}, {"hc3", RobustError::hc3}, {"cr0", RobustError::cr0},
                                                        {"cr1", RobustError::cr1}};
  const auto kind = kinds.find(options.text("robust"));
  if (kind == kinds.end()) return fail(ErrorCode::unknown_value, "no such robust error");
  Linear statistic({table.names_of("x"), options.number("level", 0.95), kind->second});
  if (auto done = run_on(statistic, data, options); !done) return done;
  const auto& result = statistic.result();
  answer.add("rows", result.rows);
  for (const auto& coefficient : result.coefficients) answer.add(coefficient.id, coefficient);
  for (std::size_t i = 0; i < result.covariance.size(); ++i) answer.add(fmt::format("covariance.{}", i), result.covariance[i]);
  answer.add("residual_deviation", result.residual_deviation);
  answer.add("r_squared", result.r_squared);
  answer.add("adjusted_r_squared", result.adjusted_r_squared);
  if (result.overall) answer.add("test", *result.overall);
  answer.add(result.cautions);
  return {};
}

const Registration registration{"linear", linear};

}  // namespace
}  // namespace skerry::evidence::table
