#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ip_address.h"
#include "base/ip_protocol.h"
#include "policy/model/flow.h"
#include "policy/model/labels.h"
#include "policy/model/selector.h"

/// The Kubernetes objects that policy depends on, reduced to the fields it uses. Sources (API server, manifest folder)
/// decode into these; everything here is validated.
namespace selvage::policy {

/// corev1.Protocol with its IANA number.
enum class Protocol : std::uint8_t { tcp = ip_protocol::kTcp, udp = ip_protocol::kUdp, sctp = ip_protocol::kSctp };

/// "TCP", "UDP" or "SCTP".
[[nodiscard]] const char* to_string(Protocol protocol);

/// corev1.ContainerPort with a name, of a container or a restartable init container.
struct NamedPort {
  std::string name;
  Protocol protocol = Protocol::tcp;
  std::uint16_t number = 0;

  friend auto operator<=>(const NamedPort&, const NamedPort&) = default;
};

/// Whether a policy is enforced: the annotation selvage.dev/mode of the NetworkPolicy, else of its namespace.
enum class Mode : std::uint8_t {
  enforced,
  staged,  ///< denies nothing; what it would deny is counted and logged
};

/// corev1.Namespace. `labels` always holds kubernetes.io/metadata.name (decoders add it).
struct Namespace {
  std::string name;
  Labels labels;
  std::optional<Mode> mode;  ///< of its policies that have no mode of their own

  friend bool operator==(const Namespace&, const Namespace&) = default;
};

/// corev1.Pod.
struct Pod {
  std::string namespace_name;
  std::string name;
  std::string uid;   ///< metadata.uid, may be empty in manifests
  std::string node;  ///< spec.nodeName, empty until scheduled
  Labels labels;
  std::vector<IpAddress> addresses;  ///< status.podIPs (or podIP); at most one per family; may be empty
  bool host_network = false;         ///< spec.hostNetwork
  bool finished = false;             ///< status.phase Succeeded or Failed: its address may be reused
  std::int64_t created = 0;          ///< metadata.creationTimestamp, seconds since the Unix epoch
  std::vector<NamedPort> ports;      ///< sorted; the first of a (name, protocol) counts

  friend bool operator==(const Pod&, const Pod&) = default;
};

/// networkingv1.IPBlock. Every `except` lies in `cidr`; it cuts from this block only.
struct IpBlock {
  IpPrefix cidr;
  std::vector<IpPrefix> except;

  friend auto operator<=>(const IpBlock&, const IpBlock&) = default;
};

/// The pod half of networkingv1.NetworkPolicyPeer: both selectors must hold. Without
/// `namespace_selector` only pods of the policy's own namespace match. An absent podSelector beside
/// a namespaceSelector is an empty `pod_selector`.
struct PodPeer {
  std::optional<LabelSelector> namespace_selector;
  LabelSelector pod_selector;

  friend auto operator<=>(const PodPeer&, const PodPeer&) = default;
};

/// networkingv1.NetworkPolicyPeer.
using Peer = std::variant<PodPeer, IpBlock>;

/// networkingv1.NetworkPolicyPort. Nothing set in `port`: every port of the protocol.
struct PortMatch {
  struct Range {
    std::uint16_t first = 0;
    std::uint16_t last = 0;  ///< inclusive; equals first without endPort

    friend auto operator<=>(const Range&, const Range&) = default;
  };

  Protocol protocol = Protocol::tcp;
  std::variant<std::monostate, Range, std::string> port;  ///< all, numbers, or a port name

  friend auto operator<=>(const PortMatch&, const PortMatch&) = default;
};

/// networkingv1.NetworkPolicyIngressRule or EgressRule. "Anyone" and "every port" are flags, never
/// an empty list: when every peer of a rule was refused as malformed, `peers` is empty, `any_peer`
/// is false and the rule matches nobody (fail closed). Likewise for ports.
struct Rule {
  bool any_peer = false;
  std::vector<Peer> peers;
  bool any_port = false;
  std::vector<PortMatch> ports;

  friend bool operator==(const Rule&, const Rule&) = default;
};

/// networkingv1.NetworkPolicy. The two flags are policyTypes after defaulting.
struct NetworkPolicy {
  std::string namespace_name;
  std::string name;
  LabelSelector pod_selector;
  bool isolates_ingress = false;
  bool isolates_egress = false;
  std::vector<Rule> ingress;
  std::vector<Rule> egress;
  std::optional<Mode> mode;  ///< none: its namespace's

  [[nodiscard]] bool isolates(Direction direction) const {
    return direction == Direction::ingress ? isolates_ingress : isolates_egress;
  }
  [[nodiscard]] const std::vector<Rule>& rules(Direction direction) const {
    return direction == Direction::ingress ? ingress : egress;
  }
  friend bool operator==(const NetworkPolicy&, const NetworkPolicy&) = default;
};

using Object = std::variant<Namespace, Pod, NetworkPolicy>;

/// The kinds of `Object`.
enum class Kind : std::uint8_t { name_space, pod, network_policy };

/// Identity of an object: kind, then namespace (empty for a Namespace) and name.
struct ObjectKey {
  Kind kind = Kind::name_space;
  std::string namespace_name;
  std::string name;

  friend auto operator<=>(const ObjectKey&, const ObjectKey&) = default;
};

/// "namespace/name".
[[nodiscard]] inline std::string qualified_name(const std::string& namespace_name, const std::string& name) {
  return namespace_name + "/" + name;
}
/// Of a pod, a policy or the key of one.
template <class Named>
[[nodiscard]] std::string qualified_name(const Named& object) {
  return qualified_name(object.namespace_name, object.name);
}

[[nodiscard]] ObjectKey key_of(const Namespace& object);
[[nodiscard]] ObjectKey key_of(const Pod& object);
[[nodiscard]] ObjectKey key_of(const NetworkPolicy& object);
[[nodiscard]] ObjectKey key_of(const Object& object);
/// "Pod prod/web-0", "Namespace prod".
[[nodiscard]] std::string to_string(const ObjectKey& key);
/// "Namespace", "Pod" or "NetworkPolicy".
[[nodiscard]] std::string_view to_string(Kind kind);

/// A change that a source reports: the object as it is now, or none where it is gone.
struct Event {
  ObjectKey key;
  std::optional<Object> object;

  friend bool operator==(const Event&, const Event&) = default;
};

[[nodiscard]] Event upsert(Object object);
[[nodiscard]] Event removal(ObjectKey key);

}  // namespace selvage::policy
