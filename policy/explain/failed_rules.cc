#include "policy/explain/failed_rules.h"

#include <algorithm>

namespace selvage::policy {
namespace {

/// Collects the misses of one rule.
class Misses {
 public:
  Misses(const Rule& rule, const std::string& namespace_name, const FlowQuery& query)
      : rule_(rule), namespace_name_(namespace_name), query_(query) {}

  void operator()(const PodPeer& peer) {
    if (query_.peer_pod == nullptr) return;
    const NamespaceRecord& scope = query_.namespace_of_peer();
    if (!peer.namespace_selector) {
      if (scope.name != namespace_name_) add(NamespaceMiss{namespace_name_, scope.name});
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
      const auto blocks = std::count_if(rule_.peers.begin(), rule_.peers.end(),
                                        [](const Peer& peer) { return std::holds_alternative<IpBlock>(peer); });
      add(BlockMiss{block.cidr, static_cast<std::size_t>(blocks)});
    } else if (const IpPrefix* except = except_around(block, query_.peer)) {
      add(ExceptMiss{block.cidr, *except});
    }
  }

  void add_port() {
    if (port_fits(rule_, query_)) return;
    PortMiss miss;
    miss.count = rule_.ports.size();
    for (const PortMatch& port : rule_.ports) {
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

  const Rule& rule_;
  const std::string& namespace_name_;
  const FlowQuery& query_;
  RuleMisses found_;
};

}  // namespace

RuleMisses misses_of(const Rule& rule, std::optional<std::size_t> peer, const std::string& namespace_name,
                     const FlowQuery& query) {
  Misses misses(rule, namespace_name, query);
  if (peer) std::visit(misses, rule.peers[*peer]);
  misses.add_port();
  return misses.take();
}

}  // namespace selvage::policy
