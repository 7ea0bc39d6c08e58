#include "policy/compile/plain_policy.h"

#include <algorithm>

namespace selvage::policy {
namespace {

bool is_plain(const PolicyRule& rule) {
  return rule.action == Action::allow && rule.match.own.empty() &&
         std::ranges::all_of(rule.match.peers, [](const PeerTerm& term) { return term.conditions.empty(); });
}

/// The part of the policy that is not plain, nullptr if there is none.
const char* extra_part(const Policy& policy) {
  if (policy.tier != kDefaultTier) return "another tier than default";
  if (policy.subject.namespace_selector) return "a subject in several namespaces";
  for (const PolicySide& side : policy.sides) {
    if (side.applies && !side.isolates) return "a direction that it does not isolate";
    if (!std::ranges::all_of(side.rules, is_plain)) return "a rule that is more than an Allow by peers and ports";
  }
  return nullptr;
}

}  // namespace

Result<void> check_plain(const Policy& policy) {
  const char* extra = extra_part(policy);
  if (extra == nullptr) return {};
  return fail(to_string(policy.origin) + ": the tables cannot hold " + extra);
}

}  // namespace selvage::policy
