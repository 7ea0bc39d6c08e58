#include "policy/explain/rule_distance.h"

#include <algorithm>
#include <bit>

#include "policy/explain/failed_condition.h"

namespace selvage::policy {
namespace {

/// The index of a kind in `FailedCondition`, which lists the least surprising first.
template <class T, std::size_t I = 0>
constexpr std::uint8_t kind_of() {
  if constexpr (std::is_same_v<std::variant_alternative_t<I, FailedCondition>, T>) {
    return I;
  } else {
    return kind_of<T, I + 1>();
  }
}

std::uint32_t failed_requirements(const LabelSelector& selector, const Labels& labels) {
  const auto failed = std::count_if(selector.requirements.begin(), selector.requirements.end(),
                                    [&](const auto& requirement) { return !requirement.matches(labels); });
  return static_cast<std::uint32_t>(failed);
}

/// Leading bits of the block's address that `address`, of its family, has too.
unsigned common_bits(const IpPrefix& block, const IpAddress& address) {
  unsigned bits = 0;
  for (std::size_t i = 0; i < address.size(); ++i, bits += 8) {
    const auto differing = static_cast<std::uint8_t>(block.first().data()[i] ^ address.data()[i]);
    if (differing != 0) return std::min(block.length(), bits + static_cast<unsigned>(std::countl_zero(differing)));
  }
  return block.length();
}

/// How many conditions a peer's scope (its namespaces) has, how many of them fail, and as what.
struct ScopeFit {
  std::uint32_t conditions = 1;
  std::uint32_t failed = 0;
  std::uint8_t kind = 0;
};

ScopeFit fit_scope(const PodScope& peer, const NamespaceRecord& scope) {
  if (!peer.namespace_selector) return {1, scope.name == peer.namespace_name ? 0U : 1U, kind_of<NamespaceMismatch>()};
  if (!scope.known) return {1, 1, kind_of<UnknownNamespace>()};
  return {static_cast<std::uint32_t>(peer.namespace_selector->requirements.size()),
          failed_requirements(*peer.namespace_selector, scope.labels), kind_of<LabelMismatch>()};
}

std::optional<RuleDistance> distance_of(const Anyone& /*peer*/, const FlowQuery& /*query*/) { return RuleDistance{}; }

std::optional<RuleDistance> distance_of(const PodScope& peer, const FlowQuery& query) {
  if (query.peer_pod == nullptr) return std::nullopt;
  const ScopeFit scope = fit_scope(peer, query.namespace_of_peer());
  const auto failed = failed_requirements(peer.pod_selector, query.inventory.labels(*query.peer_pod));
  const auto conditions = scope.conditions + static_cast<std::uint32_t>(peer.pod_selector.requirements.size());
  RuleDistance distance;
  distance.peer_failed = scope.failed + failed;
  if (failed > 0) distance.kind = kind_of<LabelMismatch>();
  if (scope.failed > 0) distance.kind = std::max(distance.kind, scope.kind);
  distance.unmatched = -static_cast<std::int32_t>(conditions - distance.peer_failed);
  return distance;
}

std::optional<RuleDistance> distance_of(const IpBlock& block, const FlowQuery& query) {
  if (block.cidr.family() != query.peer.family()) return std::nullopt;
  if (block.cidr.contains(query.peer)) {
    return RuleDistance{0, except_around(block, query.peer) == nullptr ? 0U : 1U, kind_of<ExceptMismatch>(), 0};
  }
  if (query.peer_pod != nullptr) return std::nullopt;
  return RuleDistance{0, 1, kind_of<BlockMismatch>(), -static_cast<std::int32_t>(common_bits(block.cidr, query.peer))};
}

bool port_fits(const EveryProtocol& /*match*/, const FlowQuery& /*query*/) { return true; }

bool port_fits(const PortMatch& match, const FlowQuery& query) {
  if (static_cast<std::uint8_t>(match.protocol) != query.flow.protocol) return false;
  if (std::holds_alternative<std::monostate>(match.port)) return true;
  const std::uint16_t port = query.flow.destination_port;
  const auto* range = std::get_if<PortMatch::Range>(&match.port);
  return range != nullptr ? range->first <= port && port <= range->last : number_of(match, query) == port;
}

}  // namespace

const IpPrefix* except_around(const IpBlock& block, const IpAddress& address) {
  const auto found = std::find_if(block.except.begin(), block.except.end(),
                                  [&](const IpPrefix& except) { return except.contains(address); });
  return found == block.except.end() ? nullptr : &*found;
}

std::optional<RuleDistance> distance_to(const AddressSet& peer, const FlowQuery& query) {
  return std::visit([&](const auto& one) { return distance_of(one, query); }, peer);
}

std::size_t conditions_of(const AddressSet& peer) {
  if (const auto* block = std::get_if<IpBlock>(&peer)) return 1 + block->except.size();
  const auto* pods = std::get_if<PodScope>(&peer);
  if (pods == nullptr) return 1;
  return 1 + pods->pod_selector.requirements.size() +
         (pods->namespace_selector ? pods->namespace_selector->requirements.size() : 0);
}

bool port_fits(const Match& match, const FlowQuery& query) {
  return std::ranges::any_of(match.ports, [&](const PortTerm& term) {
    return std::visit([&](const auto& port) { return port_fits(port, query); }, term);
  });
}

std::optional<std::uint16_t> number_of(const PortMatch& match, const FlowQuery& query) {
  const auto* name = std::get_if<std::string>(&match.port);
  if (name == nullptr || query.destination == nullptr) return std::nullopt;
  const NamedPort* found = query.inventory.pod(*query.destination).find_port(match.protocol, *name);
  return found == nullptr ? std::nullopt : std::optional(found->number);
}

}  // namespace selvage::policy
