#pragma once

#include <optional>

#include "base/clock.h"

namespace selvage {

/// The earlier of two deadlines; nothing means never.
[[nodiscard]] inline std::optional<Moment> earlier(std::optional<Moment> a, std::optional<Moment> b) {
  if (!a || (b && *b < *a)) return b;
  return a;
}

}  // namespace selvage
