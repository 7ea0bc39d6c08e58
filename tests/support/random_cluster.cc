#include "tests/support/random_cluster.h"

#include "tests/support/random_values.h"

namespace selvage::testing {
namespace {

using policy::IpBlock;
using policy::NetworkPolicy;
using policy::Pod;
using policy::PortMatch;

constexpr std::size_t kNames = 4;  ///< pods and policies of one namespace, each

std::string numbered(const char* stem, Random& random) { return stem + std::to_string(below(random, kNames)); }

/// A fresh object, of any kind: likely one whose name exists already.
policy::Object random_object(Random& random) {
  const auto scope = random_namespace_name(random);
  const auto kind = below(random, 10);
  if (kind < 2) return random_namespace(random, scope);
  if (kind < 7) return random_pod(random, scope, numbered("pod-", random));
  return random_policy(random, scope, numbered("policy-", random));
}

/// Changes one field of a pod, which keeps its identity.
void change(Random& random, Pod& pod) {
  const Pod other = random_pod(random, pod.namespace_name, pod.name);
  switch (below(random, 7)) {
    case 0:
      pod.labels = other.labels;
      break;
    case 1:
      pod.addresses = other.addresses;
      break;
    case 2:
      pod.finished = !pod.finished;
      break;
    case 3:
      pod.node = other.node;
      break;
    case 4:
      pod.ports = other.ports;
      break;
    case 5:  // deleted and created again between two reads
      pod.uid = other.uid;
      pod.created = other.created;
      break;
    default:
      pod.addresses.clear();
  }
}

void change(Random& random, policy::Namespace& object) { object = random_namespace(random, object.name); }

void change(Random& random, NetworkPolicy& object) {
  NetworkPolicy other = random_policy(random, object.namespace_name, object.name);
  switch (below(random, 4)) {
    case 0:
      object.pod_selector = other.pod_selector;
      break;
    case 1:
      object.ingress = other.ingress;
      break;
    case 2:
      object.egress = other.egress;
      break;
    default:
      object.isolates_ingress = other.isolates_ingress;
      object.isolates_egress = other.isolates_egress;
  }
}

const policy::Object& pick_object(Random& random, const Cluster& cluster) {
  return std::next(cluster.begin(), static_cast<std::ptrdiff_t>(below(random, cluster.size())))->second;
}

/// Addresses and ports that occur in the cluster's objects.
struct Mentioned {
  std::vector<IpAddress> pods;
  std::vector<IpAddress> local;  ///< of pods on kNode
  std::vector<IpAddress> edges;  ///< first, last and the neighbours of blocks and excepts
  std::vector<std::uint16_t> ports;

  void add(const Pod& pod) {
    pods.insert(pods.end(), pod.addresses.begin(), pod.addresses.end());
    if (pod.node == kNode) local.insert(local.end(), pod.addresses.begin(), pod.addresses.end());
    for (const auto& port : pod.ports) ports.push_back(port.number);
  }

  void add(const policy::Namespace&) {}

  void add(const NetworkPolicy& object) {
    for (const auto* rules : {&object.ingress, &object.egress}) {
      for (const auto& rule : *rules) add(rule);
    }
  }

 private:
  void add(const policy::Rule& rule) {
    for (const auto& peer : rule.peers) {
      const auto* block = std::get_if<IpBlock>(&peer);
      if (block == nullptr) continue;
      add(block->cidr);
      for (const auto& except : block->except) add(except);
    }
    for (const auto& port : rule.ports) add(port);
  }

  void add(const IpPrefix& prefix) {
    edges.insert(edges.end(), {prefix.first(), prefix.last(), prefix.first().previous(), prefix.last().next()});
  }

  void add(const PortMatch& port) {
    const auto* range = std::get_if<PortMatch::Range>(&port.port);
    if (range == nullptr) return;
    for (const int number : {range->first - 1, +range->first, +range->last, range->last + 1}) {
      if (number >= 0 && number <= 65535) ports.push_back(static_cast<std::uint16_t>(number));
    }
  }
};

Mentioned mentioned(const Cluster& cluster) {
  Mentioned result;
  for (const auto& [key, object] : cluster) {
    std::visit([&](const auto& value) { result.add(value); }, object);
  }
  return result;
}

/// One of `candidates` that is of `family`, else any address.
IpAddress pick_of_family(Random& random, const std::vector<IpAddress>& candidates, IpFamily family) {
  std::vector<IpAddress> fitting;
  for (const auto& address : candidates) {
    if (address.family() == family) fitting.push_back(address);
  }
  return fitting.empty() ? random_address(random, family) : pick(random, fitting);
}

IpAddress packet_address(Random& random, const Mentioned& known, IpFamily family) {
  const auto die = below(random, 100);
  if (die < 75) return pick_of_family(random, known.pods, family);
  if (die < 92) return pick_of_family(random, known.edges, family);
  return random_address(random, family);
}

}  // namespace

std::size_t below(Random& random, std::size_t bound) { return static_cast<std::size_t>(random() % bound); }

bool chance(Random& random, unsigned percent) { return below(random, 100) < percent; }

std::vector<policy::Object> objects_of(const Cluster& cluster) {
  std::vector<policy::Object> objects;
  for (const auto& [key, object] : cluster) objects.push_back(object);
  return objects;
}

void apply_event(Cluster& cluster, const policy::Event& event) {
  if (event.object) {
    cluster.insert_or_assign(event.key, *event.object);
  } else {
    cluster.erase(event.key);
  }
}

Cluster random_cluster(Random& random, std::size_t size) {
  Cluster cluster;
  for (std::size_t i = 0; i < size; ++i) apply_event(cluster, policy::upsert(random_object(random)));
  return cluster;
}

policy::Event random_event(Random& random, const Cluster& cluster) {
  const auto die = below(random, 100);
  if (cluster.empty() || die < 35) return policy::upsert(random_object(random));
  policy::Object object = pick_object(random, cluster);
  if (die < 55) return policy::removal(policy::key_of(object));
  if (die < 58) return policy::removal(policy::key_of(random_object(random)));
  if (die < 61) return policy::upsert(std::move(object));
  std::visit([&](auto& value) { change(random, value); }, object);
  return policy::upsert(std::move(object));
}

policy::Event random_staged_event(Random& random, const Cluster& cluster) {
  const auto mode = [&]() -> std::optional<policy::Mode> {
    if (chance(random, 50)) return std::nullopt;
    return chance(random, 50) ? policy::Mode::staged : policy::Mode::enforced;
  };
  policy::Event event = random_event(random, cluster);
  if (!event.object) return event;
  if (auto* object = std::get_if<NetworkPolicy>(&*event.object)) object->mode = mode();
  if (auto* object = std::get_if<policy::Namespace>(&*event.object)) object->mode = mode();
  return event;
}

FirstPacket random_packet(Random& random, const Cluster& cluster) {
  const Mentioned known = mentioned(cluster);
  const bool any_family = known.local.empty() || chance(random, 10);
  const IpFamily other_family = chance(random, 60) ? IpFamily::v4 : IpFamily::v6;
  const IpFamily family = any_family ? other_family : pick(random, known.local).family();
  FirstPacket packet;
  packet.source = packet_address(random, known, family);
  packet.destination = packet_address(random, known, family);
  if (chance(random, 90)) {
    IpAddress& ours = chance(random, 50) ? packet.source : packet.destination;
    ours = pick_of_family(random, known.local, family);
  }
  const bool to_itself = packet.source == packet.destination;
  if (to_itself && chance(random, 80)) packet.source = packet_address(random, known, family);
  if (chance(random, 10)) {
    const std::uint8_t icmp = family == IpFamily::v4 ? 1 : 58;
    packet.protocol = chance(random, 70) ? icmp : 50;
    return packet;
  }
  packet.protocol = static_cast<std::uint8_t>(random_protocol(random));
  const bool asked = !known.ports.empty() && chance(random, 85);
  packet.destination_port = asked ? pick(random, known.ports) : random_port_number(random);
  return packet;
}

}  // namespace selvage::testing
