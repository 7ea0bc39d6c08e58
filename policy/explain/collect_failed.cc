#include "policy/explain/collect_failed.h"

#include <algorithm>

namespace selvage::policy {
namespace {

/// Collects the conditions of one rule that the flow fails.
class Collector {
 public:
  Collector(const Match& match, const FlowQuery& query) : match_(match), query_(query) {}

  void operator()(const Anyone& /*peer*/) {}

  void operator()(const PodScope& peer) {
    if (query_.peer_pod == nullptr) return;
    const NamespaceRecord& scope = query_.namespace_of_peer();
    if (!peer.namespace_selector) {
      if (scope.name != peer.namespace_name) add(NamespaceMismatch{peer.namespace_name, scope.name});
    } else if (!scope.known) {
      add(UnknownNamespace{scope.name});
    } else {
      add(*peer.namespace_selector, scope.labels, LabelMismatch::Object::name_space, scope.name);
    }
    add(peer.pod_selector, query_.inventory.labels(*query_.peer_pod), LabelMismatch::Object::pod,
        query_.inventory.pod_name(*query_.peer_pod));
  }

  void operator()(const IpBlock& block) {
    if (!block.cidr.contains(query_.peer)) {
      const auto blocks = std::ranges::count_if(
          match_.peers, [](const PeerTerm& term) { return std::holds_alternative<IpBlock>(term.set); });
      add(BlockMismatch{block.cidr, static_cast<std::size_t>(blocks)});
    } else if (const IpPrefix* except = except_around(block, query_.peer)) {
      add(ExceptMismatch{block.cidr, *except});
    }
  }

  void add_port() {
    if (port_fits(match_, query_)) return;
    PortMismatch failed;
    failed.count = match_.ports.size();
    for (const PortTerm& term : match_.ports) {
      const auto& port = std::get<PortMatch>(term);  // EveryProtocol fits
      if (failed.allowed.size() < kMaxListed) failed.allowed.push_back({port, number_of(port, query_)});
    }
    add(std::move(failed));
  }

  [[nodiscard]] FailedConditions take() { return std::move(found_); }

 private:
  void add(const LabelSelector& selector, const Labels& labels, LabelMismatch::Object object, const std::string& name) {
    for (const auto& requirement : selector.requirements) {
      if (requirement.matches(labels)) continue;
      if (++found_.count > kMaxListed) continue;
      const auto value = labels.find(requirement.key);
      LabelMismatch failed{
          object, name, {requirement.key, requirement.op, {}}, requirement.values.size(), std::nullopt};
      const auto listed = std::min(requirement.values.size(), kMaxListed);
      failed.requirement.values.assign(requirement.values.begin(),
                                       requirement.values.begin() + static_cast<std::ptrdiff_t>(listed));
      if (value) failed.value = std::string(*value);
      found_.conditions.emplace_back(std::move(failed));
    }
  }

  void add(FailedCondition failed) {
    ++found_.count;
    found_.conditions.push_back(std::move(failed));
  }

  const Match& match_;
  const FlowQuery& query_;
  FailedConditions found_;
};

}  // namespace

FailedConditions collect_failed(const Match& match, std::optional<std::size_t> peer, const FlowQuery& query) {
  Collector collector(match, query);
  if (peer) std::visit(collector, match.peers[*peer].set);
  collector.add_port();
  return collector.take();
}

}  // namespace selvage::policy
