#pragma once

#include "stage.h"

namespace selvage::soak {

/// A change of the tables by another program, and its visible effect until the agent has repaired them.
struct Meddling {
  const char* script;  ///< of nft(8); may fail when the tables lack the named object
  Excuse excuse;
};

/// One of a dozen.
[[nodiscard]] const Meddling& random_meddling(testing::Random& random);

/// The one that owned tables ignore.
inline constexpr const char* kFlush = "flush ruleset";

}  // namespace selvage::soak
