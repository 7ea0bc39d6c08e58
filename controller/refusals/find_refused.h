#pragma once

#include <functional>
#include <map>
#include <span>

#include "controller/tables/fallback.h"

namespace selvage::controller {

/// Brings the kernel to the wanted tables without these parts; fails with the errno when it refuses.
using TryWithout = std::function<Result<void>(const OmittedParts& parts)>;

/// Finds by halves which of `parts` the kernel refuses, where it does not say so itself, and with which errno. All
/// others are enforced in the end. About twice log2(parts) tries for each that is refused. Fails when the kernel
/// refuses what is there without any of them, when a try fails with what passes, and after 100 tries; the kernel
/// then has what the last try that it took asked for.
[[nodiscard]] Result<std::map<nft::PlanPart, int>> find_refused(std::span<const nft::PlanPart> parts,
                                                                const TryWithout& try_without);

}  // namespace selvage::controller
