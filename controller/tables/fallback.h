#pragma once

#include <set>
#include <vector>

#include "nft/model/table.h"
#include "nft/plan/plan_part.h"

/// What of the wanted tables can be left out without opening anything. Pure; docs/decisions/0017-refusals.md
/// has the table of closed forms.
namespace selvage::controller {

/// Parts that are left out: `rule` and `deletion` of each are zero. A part of kind `rule` stands for all that the
/// class chain of that name allows, one of kind `chain` for the class itself.
using OmittedParts = std::set<nft::PlanPart>;

/// The part to leave out when this one is refused; see OmittedParts. Of a set's element without a key: the set.
[[nodiscard]] nft::PlanPart to_be_left_out(nft::PlanPart part);

/// Whether `want` has the part, and has a closed form without it: everything that `without_parts` lets through,
/// `want` lets through. Never for deletions, and for what a packet must not miss: isolated addresses, fixed sets
/// and chains.
[[nodiscard]] bool has_fallback(const nft::Ruleset& want, const nft::PlanPart& part);

/// `want` without those parts, each of which has a closed form.
[[nodiscard]] nft::Ruleset without_parts(nft::Ruleset want, const OmittedParts& parts);

/// `want`'s part alone: equal while what it asks of the kernel is. Empty when it is not there.
[[nodiscard]] nft::Ruleset excerpt(const nft::Ruleset& want, const nft::PlanPart& part);

/// The sets and chains with a closed form by which `want` differs from `have`, elements included: together they
/// cover all of the difference that has a closed form, but for elements about local pods.
[[nodiscard]] std::vector<nft::PlanPart> changed_parts(const nft::Ruleset& have, const nft::Ruleset& want);

/// `have` with what `want` isolates beside it, as far as the tables that are there allow: closes and opens nothing.
[[nodiscard]] nft::Ruleset with_isolation_of(nft::Ruleset have, const nft::Ruleset& want);

}  // namespace selvage::controller
