#pragma once

#include "nft/model/table.h"
#include "tests/support/random_values.h"

/// Random rulesets from a small vocabulary, so that two of them share most names and keys.
namespace selvage::nft {

using testing::Random;

/// A valid ruleset: references resolve, ranges are disjoint, jumps are finite. Up to
/// three tables; sets of all kinds in use. Sets with a timeout have no elements.
[[nodiscard]] Ruleset random_ruleset(Random& random);

/// A table of that kind.
[[nodiscard]] Table random_table(Random& random, TableFamily family);

}  // namespace selvage::nft
