#pragma once

#include <stdexcept>

#include "base/result.h"

namespace selvage::soak {

/// The value, which the soak needs; throws std::runtime_error with the text of an error.
template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

inline void must(Result<void> result) {
  if (!result) throw std::runtime_error(result.error().message);
}

}  // namespace selvage::soak
