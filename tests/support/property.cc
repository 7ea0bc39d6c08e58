#include "tests/support/property.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>

namespace selvage::testing {
namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::stoull(text);
}

}  // namespace

void for_each_seed(std::uint64_t moderate, const std::function<void(Random&)>& check) {
  const std::uint64_t first = setting("SELVAGE_PROPERTY_SEED", 1);
  const std::uint64_t runs = setting("SELVAGE_PROPERTY_RUNS", moderate * setting("SELVAGE_PROPERTY_FACTOR", 1));
  for (std::uint64_t seed = first; seed < first + runs; ++seed) {
    INFO("SELVAGE_PROPERTY_SEED=" << seed << " SELVAGE_PROPERTY_RUNS=1");
    Random random(seed);
    check(random);
    SUCCEED("the property holds");
  }
}

}  // namespace selvage::testing
