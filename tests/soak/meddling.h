#pragma once

#include "stage.h"

namespace selvage::soak {

/// Something that another program does to the tables, and what can be seen of it until the agent has put them right.
struct Meddling {
  const char* script;  ///< of nft(8); may fail where the tables lack what it names
  Excuse excuse;
};

/// One of a dozen.
[[nodiscard]] const Meddling& random_meddling(testing::Random& random);

/// The one that owned tables let pass by.
inline constexpr const char* kFlush = "flush ruleset";

}  // namespace selvage::soak
