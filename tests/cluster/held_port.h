#pragma once

#include <cstdint>

#include "base/unique_fd.h"
#include "lab/netns.h"

namespace selvage::testing {

/// A free TCP port of 127.0.0.1 that a server of this user can listen on with SO_REUSEPORT, and nobody else, whether
/// the server runs or not: it is bound here, too, and this end never listens.
class HeldPort {
 public:
  /// In `where` (null: the caller's namespace). Throws std::runtime_error.
  explicit HeldPort(const lab::Namespace* where);

  [[nodiscard]] std::uint16_t number() const { return number_; }

 private:
  UniqueFd socket_;
  std::uint16_t number_ = 0;
};

}  // namespace selvage::testing
