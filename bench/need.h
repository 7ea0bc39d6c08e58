#pragma once

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "base/result.h"

/// Measuring programs exit at the first error: a figure from an incomplete setup is worse than none.
namespace selvage::bench {

template <class T>
T need(Result<T> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "bench: %s\n", result.error().message.c_str());
  std::exit(1);  // NOLINT(concurrency-mt-unsafe): nothing else runs
}

inline void need(const Result<void>& result) {
  if (result) return;
  std::fprintf(stderr, "bench: %s\n", result.error().message.c_str());
  std::exit(1);  // NOLINT(concurrency-mt-unsafe): nothing else runs
}

}  // namespace selvage::bench
