#pragma once

#include <cstdint>
#include <functional>

#include "tests/support/random_cluster.h"

namespace selvage::testing {

/// Calls `check` with a generator of each seed, one after the other; failures in it print the
/// seed. How many seeds: SELVAGE_PROPERTY_RUNS, by default `moderate` times
/// SELVAGE_PROPERTY_FACTOR (1). The first seed:
/// SELVAGE_PROPERTY_SEED, by default 1, so that a plain run is the same everywhere.
void for_each_seed(std::uint64_t moderate, const std::function<void(Random&)>& check);

}  // namespace selvage::testing
