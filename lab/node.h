#pragma once

#include <deque>
#include <string>
#include <vector>

#include "base/ip_address.h"
#include "lab/netns.h"

/// A Flannel cluster in network namespaces:
///
///     pod eth0 ──veth── cni0 [node] flannel.1, flannel-v6.1 ──┐
///                       10.244.N.1/24       eth0 172.31.0.N ──┴── lan [underlay] ── eth0 [outside host]
///                       fd00:10:244:N::1/64      fd00:172:31::N
///
/// The VXLAN devices, routes, neighbours and forwarding entries are those that flanneld programs for its vxlan
/// backend (pkg/backend/vxlan in flannel-io/flannel), one device per family.
namespace selvage::lab {

/// Both addresses of a machine or a pod.
struct Addresses {
  IpAddress v4;
  IpAddress v6;

  [[nodiscard]] const IpAddress& of(IpFamily family) const { return family == IpFamily::v4 ? v4 : v6; }
};

/// A namespace that has addresses in both families: a pod, or a host of the underlay.
struct Host {
  Namespace space;
  Addresses addresses;
};

/// The network that nodes and outside hosts are plugged into. Must outlive them.
class Underlay {
 public:
  static Result<Underlay> create();

  /// Gives `machine` an eth0 on the underlay with the addresses that end in `number` (1 to 254).
  Result<Addresses> attach(const Namespace& machine, unsigned number);

 private:
  explicit Underlay(Namespace space) : space_(std::move(space)) {}

  Namespace space_;
};

struct NodeOptions {
  /// Whether bridged packets pass through the inet hooks from the start, as kubeadm asks of every node.
  bool bridge_netfilter = true;
};

/// A node: pod bridge, VXLAN devices and forwarding, and the pods that run on it.
class Node {
 public:
  /// `number` (1 to 254) is in the node's addresses: pods have 10.244.<number>.10 and up.
  static Result<Node> create(Underlay& underlay, unsigned number, NodeOptions options = {});

  /// Adds a pod with the next free addresses, attached to cni0 and routed by it. The reference lives as long as the
  /// node does.
  Result<Host*> add_pod(const std::string& label);
  /// Removes the pod and its interface. `pod` is no longer valid.
  void remove_pod(const Host* pod);
  /// Programs what flanneld does when node `other` appears; needed on both.
  [[nodiscard]] Result<void> learn(const Node& other) const;

  [[nodiscard]] unsigned number() const { return number_; }
  [[nodiscard]] const Namespace& space() const { return space_; }
  /// Its addresses on the underlay.
  [[nodiscard]] const Addresses& underlay_addresses() const { return underlay_addresses_; }
  /// The addresses of cni0.
  [[nodiscard]] Addresses gateway() const;

 private:
  Node(unsigned number, Namespace space) : number_(number), space_(std::move(space)) {}
  [[nodiscard]] Result<void> lay(const NodeOptions& options) const;

  unsigned number_;
  Namespace space_;
  Addresses underlay_addresses_;
  unsigned next_pod_ = 10;
  std::deque<Host> pods_;
};

/// A host on the underlay outside the cluster, with routes to the pods of `nodes`.
Result<Host> add_outside_host(Underlay& underlay, unsigned number, const std::vector<const Node*>& nodes);

}  // namespace selvage::lab
