// Loops compiled twice, for processors with AVX2 and for all: SKERRY_WIDE before a function's definition. The program picks when it starts.
#pragma once

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SKERRY_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SKERRY_SANITIZED 1
#endif

// A sanitizer is not ready yet when the choice is made.
#if defined(__x86_64__) && !defined(SKERRY_SANITIZED)
#define SKERRY_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define SKERRY_WIDE
#endif
