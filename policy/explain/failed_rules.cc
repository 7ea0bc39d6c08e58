#include "policy/explain/failed_rules.h"

#include <algorithm>

namespace selvage::policy {
namespace {

/// Collects the misses of one rule.
class Misses {
 public:
  Misses(const Match& match, const FlowQuery& query) : match_(match), query_(query) {}

  void operator()(const Anyone& /*peer*/) {}

  void operator()(const PodScope& peer) {
    if (query_.peer_pod == nullptr) return;
    const NamespaceRecord& scope = query_.namespace_of_peer();
    if (!peer.namespace_selector) {
      if (scope.name != peer.namespace_name) add(NamespaceMiss{peer.namespace_name, scope.name});
    } else if (!scope.known) {
      add(UnknownNamespace{scope.name});
    } else {
      add(*peer.namespace_selector, scope.labels, LabelMiss::Object::name_space, scope.name);
    }
    add(peer.pod_selector, query_.inventory.labels(*query_.peer_pod), LabelMiss::Object::pod,
        query_.inventory.pod_name(*query_.peer_pod));
  }

  void operator()(const IpBlock& block) {
    if (!block.cidr.contains(query_.peer)) {
      const auto blocks = std::ranges::count_if(
          match_.peers, [](const PeerTerm& term) { return std::holds_alternative<IpBlock>(term.set); });
      add(BlockMiss{block.cidr, static_cast<std::size_t>(blocks)});
    } else if (const IpPrefix* except = except_around(block, query_.peer)) {
      add(ExceptMiss{block.cidr, *except});
    }
  }

  void add_port() {
    if (port_fits(match_, query_)) return;
    PortMiss miss;
    miss.count = match_.ports.size();
    for (const PortTerm& term : match_.ports) {
      const auto& port = std::get<PortMatch>(term);  // EveryProtocol fits
      if (miss.allowed.size() < kMaxListed) miss.allowed.push_back({port, number_of(port, query_)});
    }
    add(std::move(miss));
  }

  [[nodiscard]] RuleMisses take() { return std::move(found_); }

 private:
  void add(const LabelSelector& selector, const Labels& labels, LabelMiss::Object object, const std::string& name) {
    for (const auto& requirement : selector.requirements) {
      if (requirement.matches(labels)) continue;
      if (++found_.count > kMaxListed) continue;
      const auto value = labels.find(requirement.key);
      LabelMiss miss{object, name, {requirement.key, requirement.op, {}}, requirement.values.size(), std::nullopt};
      const auto listed = std::min(requirement.values.size(), kMaxListed);
      miss.requirement.values.assign(requirement.values.begin(),
                                     requirement.values.begin() + static_cast<std::ptrdiff_t>(listed));
      if (value) miss.value = std::string(*value);
      found_.misses.emplace_back(std::move(miss));
    }
  }

  void add(Miss miss) {
    ++found_.count;
    found_.misses.push_back(std::move(miss));
  }

  const Match& match_;
  const FlowQuery& query_;
  RuleMisses found_;
};

}  // namespace

RuleMisses misses_of(const Match& match, std::optional<std::size_t> peer, const FlowQuery& query) {
  Misses misses(match, query);
  if (peer) std::visit(misses, match.peers[*peer].set);
  misses.add_port();
  return misses.take();
}

}  // namespace selvage::policy
