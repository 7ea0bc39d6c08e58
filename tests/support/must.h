#pragma once

#include <catch2/catch.hpp>
#include <utility>

#include "base/result.h"

namespace selvage::testing {

/// The value, or the end of the test case with the error's text.
template <class T>
T must(Result<T> result) {
  if (!result) FAIL(result.error().message);
  return std::move(*result);
}

inline void must(Result<void> result) {
  if (!result) FAIL(result.error().message);
}

}  // namespace selvage::testing
