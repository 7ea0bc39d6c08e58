#include "tests/policy/mend.h"

#include <algorithm>
#include <string>

namespace selvage::testing {
namespace {

using policy::Direction;
using policy::LabelMismatch;
using policy::Labels;
using policy::LabelSelector;
using policy::PodPeer;

policy::ObjectKey key(policy::Kind kind, const std::string& namespace_name, const std::string& name) {
  return {kind, namespace_name, name};
}

policy::ObjectKey key_of_pod_or_policy(policy::Kind kind, const std::string& full_name) {
  const auto slash = full_name.find('/');
  return key(kind, full_name.substr(0, slash), full_name.substr(slash + 1));
}

Labels with(const Labels& labels, const std::string& name, const std::optional<std::string>& value) {
  auto pairs = labels.pairs();
  std::erase_if(pairs, [&](const auto& pair) { return pair.first == name; });
  if (value) pairs.emplace_back(name, *value);
  return Labels(std::move(pairs));
}

bool holds_for(const LabelSelector& selector, const std::string& name, const Labels& labels) {
  return std::all_of(selector.requirements.begin(), selector.requirements.end(),
                     [&](const auto& requirement) { return requirement.key != name || requirement.matches(labels); });
}

/// The labels with that one of them changed so that all requirements on it hold, if that can be.
std::optional<Labels> satisfied(const Labels& labels, const LabelSelector& selector, const std::string& name) {
  std::vector<std::optional<std::string>> candidates = {std::nullopt, "fresh"};
  for (const auto& requirement : selector.requirements) {
    if (requirement.key == name)
      candidates.insert(candidates.end(), requirement.values.begin(), requirement.values.end());
  }
  for (const auto& candidate : candidates) {
    Labels changed = with(labels, name, candidate);
    if (holds_for(selector, name, changed)) return changed;
  }
  return std::nullopt;
}

/// Meets one failed condition after the other.
class Mender {
 public:
  Mender(Cluster cluster, const policy::Explanation& explanation)
      : cluster_(std::move(cluster)), explanation_(explanation) {}

  std::optional<Cluster> run() {
    for (const auto& failed : explanation_.nearest->failed) std::visit(*this, failed);
    return possible_ ? std::optional(std::move(cluster_)) : std::nullopt;
  }

  void operator()(const policy::ExceptMismatch&) {
    auto& except = std::get<policy::IpBlock>(peer()).except;
    std::erase_if(except, [this](const IpPrefix& prefix) { return prefix.contains(peer_address()); });
  }

  void operator()(const LabelMismatch& failed) {
    const bool of_pod = failed.object == LabelMismatch::Object::pod;
    const auto& pods = std::get<PodPeer>(peer());
    const LabelSelector& selector = of_pod ? pods.pod_selector : *pods.namespace_selector;
    auto& object = cluster_.at(of_pod ? key_of_pod_or_policy(policy::Kind::pod, failed.name)
                                      : key(policy::Kind::name_space, "", failed.name));
    Labels& labels = of_pod ? std::get<policy::Pod>(object).labels : std::get<policy::Namespace>(object).labels;
    const auto changed = satisfied(labels, selector, failed.requirement.key);
    changed ? void(labels = *changed) : void(possible_ = false);
  }

  void operator()(const policy::NamespaceMismatch& failed) {
    cluster_.try_emplace(key(policy::Kind::name_space, "", failed.present), policy::Namespace{failed.present, {}});
    std::get<PodPeer>(peer()).namespace_selector = LabelSelector{};
  }

  void operator()(const policy::UnknownNamespace& failed) {
    const LabelSelector selector = *std::get<PodPeer>(peer()).namespace_selector;
    Labels labels;
    for (const auto& requirement : selector.requirements) {
      const auto changed = satisfied(labels, selector, requirement.key);
      changed ? void(labels = *changed) : void(possible_ = false);
    }
    cluster_.insert_or_assign(key(policy::Kind::name_space, "", failed.name), policy::Namespace{failed.name, labels});
  }

  void operator()(const policy::BlockMismatch&) {
    const IpAddress address = peer_address();
    rule().peers.emplace_back(policy::IpBlock{IpPrefix(address, static_cast<unsigned>(address.size() * 8)), {}});
  }

  void operator()(const policy::PortMismatch&) {
    const policy::FlowKey& flow = explanation_.flow;
    for (const auto protocol : {policy::Protocol::tcp, policy::Protocol::udp, policy::Protocol::sctp}) {
      if (flow.protocol != static_cast<std::uint8_t>(protocol)) continue;
      rule().ports.push_back({protocol, policy::PortMatch::Range{flow.destination_port, flow.destination_port}});
      return;
    }
    rule().any_port = true;
  }

 private:
  policy::Rule& rule() {
    auto& object = std::get<policy::NetworkPolicy>(
        cluster_.at(key_of_pod_or_policy(policy::Kind::network_policy, explanation_.nearest->policy)));
    const bool in = explanation_.direction == Direction::ingress;
    return (in ? object.ingress : object.egress).at(explanation_.nearest->rule);
  }
  policy::Peer& peer() { return rule().peers.at(explanation_.nearest->peer.value()); }
  [[nodiscard]] IpAddress peer_address() const {
    const bool in = explanation_.direction == Direction::ingress;
    return in ? explanation_.flow.source : explanation_.flow.destination;
  }

  Cluster cluster_;
  const policy::Explanation& explanation_;
  bool possible_ = true;
};

}  // namespace

std::optional<Cluster> mend(const Cluster& cluster, const policy::Explanation& explanation) {
  return Mender(cluster, explanation).run();
}

}  // namespace selvage::testing
