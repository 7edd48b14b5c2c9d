// The exponential function of many numbers, the same bits on every machine (the C library's differ by version and processor).
#pragma once

#include <cstddef>
#include <span>

namespace skerry::evidence {

/// out[i] = exp(x[i]), within one unit in the last place; x beyond +-700 counts as +-700. out may be x. Thread-safe.
void exponentials(std::span<const double> x, double* out) noexcept;
/// The same without wide instructions: for tests.
void exponentials_plainly(std::span<const double> x, double* out) noexcept;

}  // namespace skerry::evidence
