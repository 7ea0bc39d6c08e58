#include "policy/tiers/decide.h"

#include <algorithm>
#include <tuple>

#include "policy/tiers/lower.h"

namespace selvage::policy {
namespace {

/// One end of a flow: an address, and the pod that has it.
struct End {
  IpAddress address;
  const Pod* pod = nullptr;
};

bool in_scope(const PodScope& scope, const Pod& pod, const ClusterState& state) {
  if (!scope.pod_selector.matches(pod.labels)) return false;
  if (!scope.namespace_selector) return pod.namespace_name == scope.namespace_name;
  return std::ranges::any_of(state.namespaces, [&](const Namespace& known) {
    return known.name == pod.namespace_name && scope.namespace_selector->matches(known.labels);
  });
}

/// Whether an end is in an AddressSet.
struct IsIn {
  const End& end;
  const ClusterState& state;

  bool operator()(const Anyone& /*set*/) const { return true; }
  bool operator()(const PodScope& scope) const { return end.pod != nullptr && in_scope(scope, *end.pod, state); }
  bool operator()(const IpBlock& block) const {
    return block.cidr.contains(end.address) &&
           std::ranges::none_of(block.except, [&](const IpPrefix& except) { return except.contains(end.address); });
  }
};

/// Whether a flow is in a PortTerm.
struct UsesPort {
  const FlowKey& flow;
  const Pod* destination;

  bool operator()(const EveryProtocol& /*term*/) const { return true; }
  bool operator()(const PortMatch& term) const {
    if (static_cast<std::uint8_t>(term.protocol) != flow.protocol) return false;
    if (std::holds_alternative<std::monostate>(term.port)) return true;
    if (const auto* range = std::get_if<PortMatch::Range>(&term.port)) {
      return range->first <= flow.destination_port && flow.destination_port <= range->last;
    }
    return number_of(std::get<std::string>(term.port), term.protocol) == flow.destination_port;
  }

 private:
  [[nodiscard]] std::optional<std::uint16_t> number_of(const std::string& name, Protocol protocol) const {
    if (destination == nullptr) return std::nullopt;
    for (const auto& port : destination->ports) {
      if (port.name == name && port.protocol == protocol) return port.number;
    }
    return std::nullopt;
  }
};

/// Judges one flow at one end.
class Judge {
 public:
  Judge(const ClusterState& state, Direction direction, const FlowKey& flow)
      : state_(state),
        direction_(direction),
        flow_(flow),
        source_{flow.source, pod_at(state, flow.source)},
        destination_{flow.destination, pod_at(state, flow.destination)},
        own_(direction == Direction::ingress ? destination_ : source_),
        peer_(direction == Direction::ingress ? source_ : destination_) {}

  Decision run() {
    if (own_.pod == nullptr || flow_.source == flow_.destination) return std::move(decision_);
    for (const Tier& tier : tiers()) {
      if (decides(tier)) return std::move(decision_);
    }
    decision_.by = Decision::By::last_end;
    return std::move(decision_);
  }

 private:
  [[nodiscard]] std::vector<Tier> tiers() const {
    std::vector<Tier> all = state_.tiers;
    std::vector<Tier> missing;
    for (const auto& policy : state_.policies) {
      const auto is_its = [&](const Tier& tier) { return tier.name == policy.tier; };
      if (std::ranges::none_of(all, is_its) && std::ranges::none_of(missing, is_its))
        missing.push_back({kNoOrder, policy.tier});
    }
    const auto by_place = [](const Tier& a, const Tier& b) { return comes_before(a, b); };
    std::ranges::sort(all, by_place);
    std::ranges::sort(missing, by_place);
    all.insert(all.end(), missing.begin(), missing.end());
    return all;
  }

  /// The policies of the tier that have a say about the pod, in order.
  [[nodiscard]] std::vector<const Policy*> selecting(const Tier& tier) const {
    std::vector<const Policy*> found;
    for (const auto& policy : state_.policies) {
      const bool counts = policy.tier == tier.name && !policy.staged && policy.applies(direction_);
      if (counts && in_scope(policy.subject, *own_.pod, state_)) found.push_back(&policy);
    }
    std::ranges::sort(found, [](const Policy* a, const Policy* b) { return comes_before(*a, *b); });
    return found;
  }

  /// True when the tier decides the flow.
  bool decides(const Tier& tier) {
    const std::vector<const Policy*> policies = selecting(tier);
    for (const Policy* policy : policies) {
      for (const PolicyRule& rule : policy->rules(direction_)) {
        if (!matches(rule.match)) continue;
        const RuleReference reference{policy->origin, rule.origin, rule.action};
        if (rule.action == Action::allow || rule.action == Action::deny) {
          decision_.allowed = rule.action == Action::allow;
          decision_.by = Decision::By::rule;
          decision_.tier = tier.name;
          decision_.rule = reference;
          return true;
        }
        decision_.on_the_way.push_back(reference);
        if (rule.action == Action::pass) return false;
      }
    }
    const bool isolated =
        std::ranges::any_of(policies, [&](const Policy* policy) { return policy->isolates(direction_); });
    if (tier.end == Tier::End::pass || !isolated) return false;
    decision_.allowed = false;
    decision_.by = Decision::By::tier_end;
    decision_.tier = tier.name;
    return true;
  }

  [[nodiscard]] bool matches(const Match& match) const {
    return hold(match.own, own_) &&
           std::ranges::any_of(
               match.peers,
               [&](const PeerTerm& term) { return is_in(peer_, term.set) && hold(term.conditions, peer_); }) &&
           std::ranges::any_of(match.ports, [&](const PortTerm& term) {
             return std::visit(UsesPort{flow_, destination_.pod}, term);
           });
  }

  [[nodiscard]] bool hold(const std::vector<Condition>& conditions, const End& end) const {
    return std::ranges::all_of(
        conditions, [&](const Condition& condition) { return is_in(end, condition.set) != condition.negated; });
  }

  [[nodiscard]] bool is_in(const End& end, const AddressSet& set) const { return std::visit(IsIn{end, state_}, set); }

  const ClusterState& state_;
  Direction direction_;
  const FlowKey& flow_;
  End source_;
  End destination_;
  const End& own_;
  const End& peer_;
  Decision decision_;
};

}  // namespace

ClusterState state_of(std::span<const Object> objects) {
  ClusterState state;
  for (const auto& object : objects) {
    if (const auto* name_space = std::get_if<Namespace>(&object)) state.namespaces.push_back(*name_space);
    if (const auto* pod = std::get_if<Pod>(&object)) state.pods.push_back(*pod);
    if (const auto* policy = std::get_if<NetworkPolicy>(&object)) state.policies.push_back(lower(*policy));
  }
  return state;
}

const Pod* pod_at(const ClusterState& state, const IpAddress& address) {
  const Pod* found = nullptr;
  const auto rank = [](const Pod& pod) { return std::tie(pod.created, pod.namespace_name, pod.name); };
  for (const auto& pod : state.pods) {
    if (pod.host_network || pod.finished || !std::ranges::count(pod.addresses, address)) continue;
    if (found == nullptr || rank(*found) < rank(pod)) found = &pod;
  }
  return found;
}

Decision decide(const ClusterState& state, Direction direction, const FlowKey& flow) {
  return Judge(state, direction, flow).run();
}

}  // namespace selvage::policy
