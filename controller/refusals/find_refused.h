#pragma once

#include <functional>
#include <map>
#include <span>

#include "controller/tables/fallback.h"

namespace selvage::controller {

/// Commits the desired tables without these parts; fails with the errno of a refusal.
using TryWithout = std::function<Result<void>(const OmittedParts& parts)>;

/// Bisects `parts` for those that the kernel refuses without naming them, and returns the errno of each; all others are
/// enforced afterwards. Takes about 2 log2(parts) tries for each refused part. Fails if the kernel refuses the tables
/// without any of them, if a try fails with a transient error, and after 100 tries; the kernel then has the tables of
/// the last successful try.
[[nodiscard]] Result<std::map<nft::PlanPart, int>> find_refused(std::span<const nft::PlanPart> parts,
                                                                const TryWithout& try_without);

}  // namespace selvage::controller
