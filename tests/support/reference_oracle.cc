#include "tests/support/reference_oracle.h"

#include <algorithm>
#include <tuple>
#include <vector>

namespace selvage::testing {
namespace {

using policy::IpBlock;
using policy::LabelRequirement;
using policy::LabelSelector;
using policy::NetworkPolicy;
using policy::Pod;
using policy::PodPeer;
using policy::PortMatch;
using policy::Rule;

/// All objects of one kind.
template <class Kind>
std::vector<const Kind*> all(std::span<const policy::Object> objects) {
  std::vector<const Kind*> found;
  for (const auto& object : objects) {
    if (const auto* one = std::get_if<Kind>(&object)) found.push_back(one);
  }
  return found;
}

// metav1.LabelSelector, from its API reference.

std::optional<std::string> label(const policy::Labels& labels, const std::string& key) {
  for (const auto& [name, value] : labels.pairs()) {
    if (name == key) return value;
  }
  return std::nullopt;
}

bool holds(const LabelRequirement& requirement, const policy::Labels& labels) {
  const auto value = label(labels, requirement.key);
  bool listed = false;
  for (const auto& allowed : requirement.values) {
    if (value.has_value() && *value == allowed) listed = true;
  }
  switch (requirement.op) {
    case LabelRequirement::Operator::in:
      return listed;
    case LabelRequirement::Operator::not_in:
      return !listed;
    case LabelRequirement::Operator::exists:
      return value.has_value();
    case LabelRequirement::Operator::does_not_exist:
      return !value.has_value();
  }
  return false;
}

bool selects(const LabelSelector& selector, const policy::Labels& labels) {
  for (const auto& requirement : selector.requirements) {
    if (!holds(requirement, labels)) return false;
  }
  return true;
}

// networkingv1.IPBlock, bit by bit.

bool bit(const IpAddress& address, unsigned index) { return (address.data()[index / 8] >> (7 - index % 8)) & 1; }

bool lies_in(const IpAddress& address, const IpPrefix& prefix) {
  if (address.family() != prefix.first().family()) return false;
  for (unsigned i = 0; i < prefix.length(); ++i) {
    if (bit(address, i) != bit(prefix.first(), i)) return false;
  }
  return true;
}

bool block_matches(const IpBlock& block, const IpAddress& address) {
  if (!lies_in(address, block.cidr)) return false;
  for (const auto& except : block.except) {
    if (lies_in(address, except)) return false;
  }
  return true;
}

/// One packet, with the pods of its addresses.
class Question {
 public:
  Question(std::span<const policy::Object> objects, const FirstPacket& packet)
      : packet_(packet),
        namespaces_(all<policy::Namespace>(objects)),
        pods_(all<Pod>(objects)),
        policies_(all<NetworkPolicy>(objects)),
        source_(owner(packet.source)),
        destination_(owner(packet.destination)) {}

  [[nodiscard]] bool isolates_some_pod_of(std::string_view node, Direction direction) const {
    for (const auto* pod : pods_) {
      if (!takes_part(*pod) || pod->node != node) continue;
      for (const auto* candidate : policies_) {
        if (applies(*candidate, *pod, direction)) return true;
      }
    }
    return false;
  }

  [[nodiscard]] const Pod* source() const { return source_; }
  [[nodiscard]] const Pod* destination() const { return destination_; }

  /// The verdict of the policies that select `pod` for `direction`.
  [[nodiscard]] OracleAnswer judge(const Pod& pod, Direction direction) const {
    const std::string side = (direction == Direction::ingress ? "ingress of " : "egress of ") + qualified_name(pod);
    bool isolated = false;
    for (const auto* candidate : policies_) {
      if (!applies(*candidate, pod, direction)) continue;
      isolated = true;
      if (allows(*candidate, direction)) return {true, side + " allowed by " + candidate->name};
    }
    if (isolated) return {false, side + " is isolated and no rule allows it"};
    return {true, side + " is not isolated"};
  }

 private:
  /// Whether policy applies to the pod: hostNetwork pods have their node's address, and finished pods have none.
  static bool takes_part(const Pod& pod) { return !pod.host_network && !pod.finished; }

  [[nodiscard]] const Pod* owner(const IpAddress& address) const {
    const Pod* newest = nullptr;
    const auto age = [](const Pod& pod) { return std::tie(pod.created, pod.namespace_name, pod.name); };
    for (const auto* pod : pods_) {
      const bool claims = std::count(pod->addresses.begin(), pod->addresses.end(), address) > 0;
      if (!claims || !takes_part(*pod)) continue;
      if (newest == nullptr || age(*newest) < age(*pod)) newest = pod;
    }
    return newest;
  }

  static bool applies(const NetworkPolicy& candidate, const Pod& pod, Direction direction) {
    const bool types = direction == Direction::ingress ? candidate.isolates_ingress : candidate.isolates_egress;
    return types && candidate.namespace_name == pod.namespace_name && selects(candidate.pod_selector, pod.labels);
  }

  [[nodiscard]] bool allows(const NetworkPolicy& candidate, Direction direction) const {
    const auto& rules = direction == Direction::ingress ? candidate.ingress : candidate.egress;
    for (const auto& rule : rules) {
      if (peers_match(rule, candidate, direction) && ports_match(rule)) return true;
    }
    return false;
  }

  [[nodiscard]] bool peers_match(const Rule& rule, const NetworkPolicy& candidate, Direction direction) const {
    if (rule.any_peer) return true;
    const IpAddress& address = direction == Direction::ingress ? packet_.source : packet_.destination;
    const Pod* peer_pod = direction == Direction::ingress ? source_ : destination_;
    for (const auto& peer : rule.peers) {
      const auto* block = std::get_if<IpBlock>(&peer);
      if (block != nullptr && block_matches(*block, address)) return true;
      const auto* pods = std::get_if<PodPeer>(&peer);
      if (pods != nullptr && peer_pod != nullptr && pod_matches(*pods, *peer_pod, candidate)) return true;
    }
    return false;
  }

  [[nodiscard]] bool pod_matches(const PodPeer& peer, const Pod& pod, const NetworkPolicy& candidate) const {
    return namespace_matches(peer, pod, candidate) && selects(peer.pod_selector, pod.labels);
  }

  [[nodiscard]] bool namespace_matches(const PodPeer& peer, const Pod& pod, const NetworkPolicy& candidate) const {
    if (!peer.namespace_selector) return pod.namespace_name == candidate.namespace_name;
    for (const auto* known : namespaces_) {
      if (known->name == pod.namespace_name) return selects(*peer.namespace_selector, known->labels);
    }
    return false;
  }

  [[nodiscard]] bool ports_match(const Rule& rule) const {
    if (rule.any_port) return true;
    for (const auto& port : rule.ports) {
      if (static_cast<std::uint8_t>(port.protocol) == packet_.protocol && number_matches(port)) return true;
    }
    return false;
  }

  [[nodiscard]] bool number_matches(const PortMatch& port) const {
    if (std::holds_alternative<std::monostate>(port.port)) return true;
    if (!packet_.destination_port) return false;
    const std::uint16_t asked = *packet_.destination_port;
    if (const auto* range = std::get_if<PortMatch::Range>(&port.port)) {
      return range->first <= asked && asked <= range->last;
    }
    return named_port(std::get<std::string>(port.port), port.protocol) == asked;
  }

  /// Resolves the name: in both directions on the destination pod.
  [[nodiscard]] std::optional<std::uint16_t> named_port(const std::string& name, policy::Protocol protocol) const {
    if (destination_ == nullptr) return std::nullopt;
    for (const auto& port : destination_->ports) {
      if (port.name == name && port.protocol == protocol) return port.number;
    }
    return std::nullopt;
  }

  FirstPacket packet_;
  std::vector<const policy::Namespace*> namespaces_;
  std::vector<const Pod*> pods_;
  std::vector<const NetworkPolicy*> policies_;
  const Pod* source_;
  const Pod* destination_;
};

}  // namespace

std::string to_string(const FirstPacket& packet) {
  const std::string port = packet.destination_port ? " port " + std::to_string(*packet.destination_port) : "";
  return packet.source.to_string() + " > " + packet.destination.to_string() + " proto " +
         std::to_string(packet.protocol) + port;
}

OracleAnswer ask_oracle(std::span<const policy::Object> objects, std::string_view node, const FirstPacket& packet) {
  const Question question(objects, packet);
  const Pod* source = question.source();
  const Pod* destination = question.destination();
  const bool sends = source != nullptr && source->node == node;
  const bool receives = destination != nullptr && destination->node == node;
  if (sends && packet.source == packet.destination) return {true, "a pod always reaches itself"};
  std::string reason = "nothing of this node";
  if (sends) {
    auto answer = question.judge(*source, Direction::egress);
    if (!answer.allowed) return answer;
    reason = answer.reason;
  }
  if (receives) {
    auto answer = question.judge(*destination, Direction::ingress);
    if (!answer.allowed) return answer;
    reason = sends ? reason + ", " + answer.reason : answer.reason;
  }
  return {true, reason};
}

OracleAnswer ask_oracle_one_way(std::span<const policy::Object> objects, std::string_view node,
                                const FirstPacket& packet, bool ingress) {
  const Question question(objects, packet);
  const Pod* pod = ingress ? question.destination() : question.source();
  if (pod == nullptr || pod->node != node) return {true, "nothing of this node"};
  if (packet.source == packet.destination) return {true, "a pod always reaches itself"};
  return question.judge(*pod, ingress ? Direction::ingress : Direction::egress);
}

bool is_pod_of(std::span<const policy::Object> objects, std::string_view node, const IpAddress& address) {
  const Question question(objects, {address, address});
  return question.source() != nullptr && question.source()->node == node;
}

bool isolates_some_pod(std::span<const policy::Object> objects, std::string_view node, bool ingress) {
  return Question(objects, {}).isolates_some_pod_of(node, ingress ? Direction::ingress : Direction::egress);
}

}  // namespace selvage::testing
