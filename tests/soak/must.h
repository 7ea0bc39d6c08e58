#pragma once

#include <stdexcept>

#include "base/result.h"

namespace selvage::soak {

/// The value of what the soak cannot go on without; std::runtime_error with the error's text where there is none.
template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

inline void must(Result<void> result) {
  if (!result) throw std::runtime_error(result.error().message);
}

}  // namespace selvage::soak
