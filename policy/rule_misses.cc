#include "policy/rule_misses.h"

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
      if (scope.name != namespace_name_) list_.emplace_back(NamespaceMiss{namespace_name_, scope.name});
    } else if (!scope.known) {
      list_.emplace_back(UnknownNamespace{scope.name});
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
      list_.emplace_back(BlockMiss{block.cidr, static_cast<std::size_t>(blocks)});
    } else if (const IpPrefix* except = except_around(block, query_.peer)) {
      list_.emplace_back(ExceptMiss{block.cidr, *except});
    }
  }

  void add_port() {
    if (port_fits(rule_, query_)) return;
    PortMiss miss;
    miss.count = rule_.ports.size();
    for (const PortMatch& port : rule_.ports) {
      if (miss.allowed.size() < kMostAllowed) miss.allowed.push_back({port, number_of(port, query_)});
    }
    list_.emplace_back(std::move(miss));
  }

  [[nodiscard]] std::vector<Miss> take() { return std::move(list_); }

 private:
  void add(const LabelSelector& selector, const Labels& labels, LabelMiss::Object object, const std::string& name) {
    for (const auto& requirement : selector.requirements) {
      if (requirement.matches(labels)) continue;
      const auto value = labels.find(requirement.key);
      list_.emplace_back(
          LabelMiss{object, name, requirement, value ? std::optional<std::string>(*value) : std::nullopt});
    }
  }

  const Rule& rule_;
  const std::string& namespace_name_;
  const FlowQuery& query_;
  std::vector<Miss> list_;
};

}  // namespace

std::vector<Miss> misses_of(const Rule& rule, std::optional<std::size_t> peer, const std::string& namespace_name,
                            const FlowQuery& query) {
  Misses misses(rule, namespace_name, query);
  if (peer) std::visit(misses, rule.peers[*peer]);
  misses.add_port();
  return misses.take();
}

}  // namespace selvage::policy
