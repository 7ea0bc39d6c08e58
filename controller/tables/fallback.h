#pragma once

#include <set>
#include <vector>

#include "nft/model/table.h"
#include "nft/plan/plan_part.h"

/// Parts of the desired tables that can be omitted safely: omitting them can only deny more. Pure;
/// docs/decisions/0017-refusals.md lists the fail-closed fallbacks.
namespace selvage::controller {

/// Omitted parts; `rule` and `deletion` of each are zero. A part of kind `rule` stands for everything that the class
/// chain of that name allows, a part of kind `chain` for the class itself.
using OmittedParts = std::set<nft::PlanPart>;

/// The part to omit when this one is refused; see OmittedParts. For an element without a key: its set.
[[nodiscard]] nft::PlanPart to_be_left_out(nft::PlanPart part);

/// Whether `want` has the part and a fail-closed fallback without it: `want` lets through everything that
/// `without_parts` lets through. Never for deletions, nor for parts that packets must not miss: isolated addresses,
/// fixed sets and chains.
[[nodiscard]] bool has_fallback(const nft::Ruleset& want, const nft::PlanPart& part);

/// `want` without those parts, each of which has a fallback.
[[nodiscard]] nft::Ruleset without_parts(nft::Ruleset want, const OmittedParts& parts);

/// The part of `want` alone: equal as long as it asks the same of the kernel. Empty if `want` has no such part.
[[nodiscard]] nft::Ruleset excerpt(const nft::Ruleset& want, const nft::PlanPart& part);

/// The sets and chains with a fallback in which `want` differs from `have`, elements included. Together they cover
/// every difference that has a fallback, except elements about local pods.
[[nodiscard]] std::vector<nft::PlanPart> changed_parts(const nft::Ruleset& have, const nft::Ruleset& want);

/// `have` with the isolated addresses of `want` added, as far as its sets allow; nothing is opened.
[[nodiscard]] nft::Ruleset with_isolation_of(nft::Ruleset have, const nft::Ruleset& want);

}  // namespace selvage::controller
