#pragma once

#include <stdexcept>
#include <utility>

#include "base/result.h"

namespace selvage::bench {

/// The value, or std::runtime_error with the text of the error. Unlike need(), it lets destructors run, which stop the
/// servers and remove the namespaces, and main() print the agent's last words.
template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

}  // namespace selvage::bench
