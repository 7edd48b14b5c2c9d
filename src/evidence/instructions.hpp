// Which instructions the machine has beyond those the program is built for. A function that uses more has a twin that does not; the same
// additions and multiplications in the same order, never contracted (-ffp-contract=off), give the same bits.
#pragma once

#if defined(__x86_64__)
#define SKERRY_HAS_AVX2
#define SKERRY_AVX2 __attribute__((target("avx2")))

namespace skerry::evidence {

[[nodiscard]] inline bool has_avx2() { return __builtin_cpu_supports("avx2") != 0; }

}  // namespace skerry::evidence
#endif
