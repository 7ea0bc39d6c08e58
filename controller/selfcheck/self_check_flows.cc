#include "controller/selfcheck/self_check_flows.h"

#include <algorithm>
#include <map>
#include <random>

#include "base/ip_protocol.h"

namespace selvage::controller {
namespace {

using policy::Direction;
using policy::FlowKey;
using policy::NodePolicy;
using policy::PermissionKey;

/// Maximum number of permissions and of block ends that samples are chosen from.
constexpr std::size_t kMaxPicked = 1024;

class Sampler {
 public:
  Sampler(const NodePolicy& policy, std::uint64_t seed) : policy_(policy), random_(seed) {
    for (const auto& entry : policy.local.values()) locals_.push_back(entry.first);
    gather_peers();
    gather_edges();
    for (const auto& entry : policy.permissions.values()) pick(permissions_, entry.first);
  }

  [[nodiscard]] bool has_locals() const { return !locals_.empty(); }

  /// Any flow between known addresses.
  FlowKey any_flow() {
    const IpAddress local = one_of(locals_);
    FlowKey flow = flow_of(chance(50), local, any_peer(local));
    flow.protocol = any_protocol(local.family());
    flow.destination_port = any_port(flow.protocol);
    return flow;
  }

  /// A flow that some permission allows, or one next to it.
  FlowKey edge_flow() {
    if (permissions_.empty()) return any_flow();
    const PermissionKey permission = one_of(permissions_);
    FlowKey flow = allowed_flow(permission);
    switch (below(6)) {
      case 0:
        flow.destination_port = permission.first;
        break;
      case 1:
        flow.destination_port = permission.last;
        break;
      case 2:
        flow.destination_port = static_cast<std::uint16_t>(permission.first - 1);
        break;
      case 3:
        flow.destination_port = static_cast<std::uint16_t>(permission.last + 1);
        break;
      case 4:
        flow.protocol = any_protocol(permission.local.family());
        break;
      default:
        replace_an_end(flow, permission);
    }
    if (!ip_protocol::has_ports(flow.protocol)) flow.destination_port = 0;
    return flow;
  }

 private:
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_()) % bound; }
  bool chance(unsigned percent) { return below(100) < percent; }
  template <class T>
  const T& one_of(const std::vector<T>& values) {
    return values[below(values.size())];
  }

  /// Reservoir sampling: keeps a uniform choice of everything offered.
  template <class T>
  void pick(std::vector<T>& picked, const T& offered) {
    ++offered_;
    if (picked.size() < kMaxPicked) {
      picked.push_back(offered);
    } else if (const std::size_t place = below(offered_); place < kMaxPicked) {
      picked[place] = offered;
    }
  }

  /// All pods' addresses, and one address that represents each class.
  void gather_peers() {
    for (const auto& map : policy_.peers) {
      for (const auto& [address, peer] : map.values()) peers_.push_back(address);
    }
    std::sort(peers_.begin(), peers_.end());
    peers_.erase(std::unique(peers_.begin(), peers_.end()), peers_.end());
    std::map<policy::ClassId, IpAddress> members;
    for (const auto& address : peers_) {
      for (const auto& map : policy_.peers) {
        if (const auto* peer = map.find(address)) members.insert_or_assign(peer->class_id, address);
      }
    }
    for (const auto& cells : policy_.cells) {
      for (const auto& [range, class_id] : cells.values()) members.try_emplace(class_id, range.first);
    }
    for (const auto& [class_id, address] : members) {
      const auto* chain = policy_.classes.find(class_id);
      if (chain == nullptr) continue;
      for (const auto& step : chain->steps) satisfying_[step.predicate].push_back(address);
    }
  }

  void gather_edges() {
    offered_ = 0;
    for (const auto& cells : policy_.cells) {
      for (const auto& [range, class_id] : cells.values()) {
        for (const auto& address : {range.first, range.last, range.first.previous(), range.last.next()}) {
          pick(edges_, address);
        }
      }
    }
    offered_ = 0;
  }

  IpAddress random_address(IpFamily family) {
    std::array<std::uint8_t, 16> bytes{};
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random_());
    return IpAddress::from_bytes(family, bytes.data());
  }

  /// Of the family of `local`, and another address than that.
  IpAddress any_peer(const IpAddress& local) {
    for (int attempt = 0; attempt < 8; ++attempt) {
      const std::size_t from = below(10);
      const auto& pool = from < 6 ? peers_ : from < 8 ? edges_ : locals_;
      if (from == 9 || pool.empty()) break;
      const IpAddress& peer = one_of(pool);
      if (peer.family() == local.family() && peer != local) return peer;
    }
    const IpAddress peer = random_address(local.family());
    return peer == local ? peer.next() : peer;
  }

  static FlowKey flow_of(bool in, const IpAddress& local, const IpAddress& peer) {
    return {in ? peer : local, in ? local : peer, 0, 0};
  }

  FlowKey allowed_flow(const PermissionKey& permission) {
    const auto* sets = policy_.predicates.find(permission.predicate);
    const bool in = sets == nullptr || sets->direction == Direction::ingress;
    FlowKey flow = flow_of(in, permission.local, satisfying_peer(permission));
    flow.protocol = permission.protocol == 0 ? any_protocol(permission.local.family()) : permission.protocol;
    flow.destination_port = permission.first == 0 ? any_port(flow.protocol) : permission.first;
    return flow;
  }

  IpAddress satisfying_peer(const PermissionKey& permission) {
    const auto found = satisfying_.find(permission.predicate);
    for (int attempt = 0; found != satisfying_.end() && attempt < 8; ++attempt) {
      const IpAddress& peer = one_of(found->second);
      if (peer.family() == permission.local.family() && peer != permission.local) return peer;
    }
    return any_peer(permission.local);
  }

  /// Another peer, or another local address.
  void replace_an_end(FlowKey& flow, const PermissionKey& permission) {
    IpAddress& local = flow.source == permission.local ? flow.source : flow.destination;
    IpAddress& peer = flow.source == permission.local ? flow.destination : flow.source;
    const IpAddress& other = one_of(locals_);
    if (chance(50) && other.family() == peer.family() && other != peer) {
      local = other;
    } else {
      peer = any_peer(permission.local);
    }
  }

  std::uint8_t any_protocol(IpFamily family) {
    using namespace ip_protocol;
    const std::uint8_t icmp = family == IpFamily::v4 ? kIcmp : kIcmpv6;
    return std::array{kTcp, kTcp, kUdp, kSctp, icmp}.at(below(5));
  }

  std::uint16_t any_port(std::uint8_t protocol) {
    if (!ip_protocol::has_ports(protocol)) return 0;
    if (permissions_.empty() || chance(30)) return static_cast<std::uint16_t>(random_());
    return static_cast<std::uint16_t>(one_of(permissions_).first + below(3) - 1);
  }

  const NodePolicy& policy_;
  std::mt19937_64 random_;
  std::vector<IpAddress> locals_;
  std::vector<IpAddress> peers_;
  std::vector<IpAddress> edges_;  ///< ends of blocks' cells, and the addresses next to them
  std::vector<PermissionKey> permissions_;
  std::map<policy::PredicateId, std::vector<IpAddress>> satisfying_;
  std::size_t offered_ = 0;
};

}  // namespace

std::vector<FlowKey> sample_flows(const NodePolicy& policy, std::uint64_t seed, std::size_t count) {
  Sampler sampler(policy, seed);
  std::vector<FlowKey> flows;
  for (std::size_t i = 0; sampler.has_locals() && i < count; ++i) {
    flows.push_back(i % 2 == 0 ? sampler.any_flow() : sampler.edge_flow());
  }
  return flows;
}

}  // namespace selvage::controller
