#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/tiers/decide.h"
#include "tests/support/case_objects.h"

/// Short words to write policies of the ordered model by hand, for prod/api-0's ingress.
namespace selvage::testing {

[[nodiscard]] inline policy::PeerTerm peer(policy::AddressSet set) { return {std::move(set), {}}; }
[[nodiscard]] inline policy::PeerTerm anyone() { return peer(policy::Anyone{}); }
[[nodiscard]] inline policy::IpBlock one_block(std::string_view cidr) { return std::get<policy::IpBlock>(block(cidr)); }

[[nodiscard]] inline policy::PolicyRule rule(policy::Action action, std::vector<policy::PeerTerm> peers,
                                             std::vector<policy::PortTerm> ports) {
  return {{std::move(peers), {}, std::move(ports)}, action, {}};
}
/// On every port.
[[nodiscard]] inline policy::PolicyRule rule(policy::Action action, std::vector<policy::PeerTerm> peers) {
  return rule(action, std::move(peers), {policy::EveryProtocol{}});
}
/// For everything.
[[nodiscard]] inline policy::PolicyRule rule(policy::Action action) { return rule(action, {anyone()}); }

/// A policy that isolates the ingress of pods of prod with app=api.
[[nodiscard]] inline policy::Policy tiered(std::string tier, double order, std::string name,
                                           std::vector<policy::PolicyRule> rules) {
  policy::Policy result;
  result.tier = std::move(tier);
  result.order = order;
  result.origin = policy::key_of(ingress_policy("prod/" + name, where(), {}));
  result.subject = {"prod", {}, where({is("app", "api")})};
  for (std::uint32_t i = 0; i < rules.size(); ++i) rules[i].origin.index = i;
  result.sides[policy::index(policy::Direction::ingress)] = {true, true, std::move(rules)};
  return result;
}

[[nodiscard]] inline policy::Policy not_isolating(policy::Policy policy) {
  for (auto& side : policy.sides) side.isolates = false;
  return policy;
}

}  // namespace selvage::testing
