#include "world.h"

#include <algorithm>
#include <set>

#include "lab/manifest.h"
#include "manifest_json.h"
#include "must.h"
#include "tests/support/random_values.h"

namespace selvage::soak {
namespace {

using policy::Event;
using policy::ObjectKey;
using testing::below;
using testing::chance;
using testing::pick;

constexpr const char* kCanary = "canary";
/// Not more combinations than the oracle can be asked about while packets arrive.
constexpr std::size_t kMaxStates = 32;
constexpr std::size_t kBurst = 12;

policy::Namespace bare_namespace(const std::string& name) {
  return {name, policy::Labels{{"kubernetes.io/metadata.name", name}}, {}};
}

/// What is enforced of the objects in the folder: policies that are staged deny nothing, and a namespace that no file
/// defines exists all the same (docs/manifests.md).
std::shared_ptr<const Objects> enforced(testing::Cluster cluster) {
  auto objects = std::make_shared<Objects>();
  std::set<std::string> used;
  for (const auto& [key, object] : cluster)
    if (key.kind != policy::Kind::name_space) used.insert(key.namespace_name);
  for (const auto& name : used) cluster.try_emplace({policy::Kind::name_space, "", name}, bare_namespace(name));
  for (const auto& [key, object] : cluster) {
    const auto* policy = std::get_if<policy::NetworkPolicy>(&object);
    const auto space = cluster.find({policy::Kind::name_space, "", key.namespace_name});
    auto mode = policy != nullptr ? policy->mode : std::nullopt;
    if (policy != nullptr && !mode && space != cluster.end()) mode = std::get<policy::Namespace>(space->second).mode;
    if (mode != policy::Mode::staged) objects->push_back(object);
  }
  return objects;
}

policy::Pod canary_pod(const std::string& name, const lab::Host& host) {
  policy::Pod pod;
  pod.namespace_name = kCanary;
  pod.name = name;
  pod.node = kNodeName;
  pod.labels = policy::Labels{{"canary", name}};
  pod.addresses = {host.addresses.v4, host.addresses.v6};
  return pod;
}

policy::NetworkPolicy canary_policy(std::uint16_t port) {
  policy::NetworkPolicy object;
  object.namespace_name = kCanary;
  object.name = kCanary;
  object.pod_selector = policy::match_labels({{"canary", "target"}});
  object.isolates_ingress = true;
  policy::Rule rule;
  rule.peers.emplace_back(policy::PodPeer{std::nullopt, policy::match_labels({{"canary", "source"}})});
  rule.ports.push_back({policy::Protocol::udp, policy::PortMatch::Range{port, port}});
  object.ingress.push_back(rule);
  return object;
}

std::optional<policy::Mode> random_mode(testing::Random& random) {
  const auto die = below(random, 100);
  if (die < 12) return policy::Mode::staged;
  return die < 18 ? std::optional(policy::Mode::enforced) : std::nullopt;
}

}  // namespace

World::World(const Network& network, std::uint64_t seed, std::filesystem::path folder)
    : network_(network), random_(seed), folder_(std::move(folder)) {
  std::filesystem::create_directory(folder_);
  add_canary();
  for (int i = 0; i < 30; ++i) testing::apply_event(objects_, random_event());
  for (const auto& [key, object] : objects_) write(policy::upsert(object));
}

void World::add_canary() {
  const auto add = [&](policy::Object object) { testing::apply_event(objects_, policy::upsert(std::move(object))); };
  add(bare_namespace(kCanary));
  add(canary_pod("source", network_.canary_source()));
  add(canary_pod("target", network_.canary_target()));
  add(canary_policy(0xffff));
}

Event World::random_event() {
  Event event = testing::random_event(random_, objects_);
  while (event.key.namespace_name == kCanary || event.key.name == kCanary)
    event = testing::random_event(random_, objects_);
  if (event.object) std::visit([&](auto& value) { make_real(value); }, *event.object);
  return event;
}

void World::make_real(policy::Namespace& object) {
  object.mode = chance(random_, 5) ? std::optional(policy::Mode::staged) : std::nullopt;
}

std::size_t World::machine_of(const policy::Pod& pod) {
  for (std::size_t i = 0; i < network_.pod_machines(); ++i) {
    const lab::Addresses& own = network_.machines()[i].host->addresses;
    for (const auto& address : pod.addresses)
      if (address == own.v4 || address == own.v6) return i;
  }
  return below(random_, network_.pod_machines());
}

void World::make_real(policy::Pod& pod) {
  const Machine& machine = network_.machines()[machine_of(pod)];
  for (auto& address : pod.addresses) address = machine.host->addresses.of(address.family());
  if (pod.node.empty() || pod.host_network) pod.addresses.clear();
  if (!pod.node.empty()) pod.node = "node-" + std::to_string(machine.node);
  std::set<std::string> names;
  std::erase_if(pod.ports, [&](const policy::NamedPort& port) { return !names.insert(port.name).second; });
  for (auto& port : pod.ports) {
    if (port.protocol == policy::Protocol::sctp) port.protocol = policy::Protocol::udp;
    port.number = chance(random_, 20) ? kHeldPort : pick(random_, kPorts);
  }
  std::sort(pod.ports.begin(), pod.ports.end());
}

void World::make_real(policy::NetworkPolicy& object) {
  if (!object.isolates_egress) object.isolates_ingress = true;
  make_real(object.ingress);
  make_real(object.egress);
  object.mode = random_mode(random_);
}

policy::IpBlock World::real_block() {
  const IpFamily family = chance(random_, 50) ? IpFamily::v4 : IpFamily::v6;
  const IpAddress& address = pick(random_, network_.machines()).host->addresses.of(family);
  const unsigned bits = family == IpFamily::v4 ? 32 : 128;
  const unsigned shorter = pick(random_, std::array{0U, 1U, 2U, 3U, 8U, 24U, bits});
  policy::IpBlock block{IpPrefix(address, bits - shorter), {}};
  const IpAddress& inside = pick(random_, network_.machines()).host->addresses.of(family);
  if (shorter > 0 && chance(random_, 50) && block.cidr.contains(inside)) block.except.emplace_back(inside, bits);
  return block;
}

void World::make_real(std::vector<policy::Rule>& rules) {
  for (auto& rule : rules) {
    for (auto& peer : rule.peers)
      if (std::holds_alternative<policy::IpBlock>(peer)) peer = real_block();
    for (auto& port : rule.ports) {
      if (port.protocol == policy::Protocol::sctp) port.protocol = policy::Protocol::udp;
      auto* range = std::get_if<policy::PortMatch::Range>(&port.port);
      if (range == nullptr) continue;
      const auto [low, high] =
          std::minmax(pick(random_, kPorts), chance(random_, 50) ? kHeldPort : pick(random_, kPorts));
      *range = {low, range->first == range->last ? low : high};
    }
    // An empty list is everybody, to the API: such a rule cannot be written.
    if (rule.peers.empty()) rule.any_peer = true;
    if (rule.ports.empty()) rule.any_port = true;
  }
}

World::Step World::step_of(const std::vector<Event>& events) {
  Step step;
  std::vector<testing::Cluster> reached{objects_};
  for (const Event& event : events) {
    if (reached.size() > kMaxStates / 2) break;
    // Each combination so far, and the same with this version of the object.
    std::vector<testing::Cluster> more = reached;
    for (auto& cluster : more) {
      testing::apply_event(cluster, event);
      if (std::find(reached.begin(), reached.end(), cluster) == reached.end()) reached.push_back(cluster);
    }
    testing::apply_event(objects_, event);
    step.events.push_back(event);
  }
  for (const auto& cluster : reached) step.states.push_back(enforced(cluster));
  return step;
}

World::Step World::change(std::size_t events) {
  const testing::Cluster before = objects_;
  std::vector<Event> all;
  for (std::size_t i = 0; i < events; ++i) {
    all.push_back(random_event());
    testing::apply_event(objects_, all.back());
  }
  objects_ = before;
  return step_of(all);
}

World::Step World::burst() {
  const testing::Cluster before = objects_;
  std::vector<Event> all;
  const ObjectKey key = random_event().key;
  while (all.size() < kBurst) {
    Event event = random_event();
    if (event.key != key) continue;
    testing::apply_event(objects_, event);
    all.push_back(std::move(event));
  }
  objects_ = before;
  return step_of(all);
}

Event World::canary(std::uint16_t port) {
  Event event = policy::upsert(canary_policy(port));
  testing::apply_event(objects_, event);
  return event;
}

std::filesystem::path World::file_of(const ObjectKey& key) const {
  return folder_ / (std::to_string(static_cast<int>(key.kind)) + "-" + key.namespace_name + "-" + key.name + ".json");
}

void World::write(const Event& event) const {
  if (event.object) return must(lab::write_whole(file_of(event.key), manifest_of(*event.object)));
  std::filesystem::remove(file_of(event.key));
}

void World::spoil() {
  std::vector<ObjectKey> policies;
  for (const auto& [key, object] : objects_)
    if (key.kind == policy::Kind::network_policy && key.namespace_name != kCanary) policies.push_back(key);
  const bool add = policies.empty() || chance(random_, 40);
  spoilt_ = add ? folder_ / "noise.yaml" : file_of(pick(random_, policies));
  before_ = add ? "" : must(lab::read_whole(spoilt_));
  std::string bad = add ? "]{ this is no manifest" : before_;
  if (!add) bad.replace(bad.find("\"policyTypes\":["), 15, "\"policyTypes\":[7,");
  must(lab::write_whole(spoilt_, bad));
}

void World::mend() const {
  if (before_.empty()) {
    std::filesystem::remove(spoilt_);
  } else {
    must(lab::write_whole(spoilt_, before_));
  }
}

States World::current() const { return {enforced(objects_)}; }

}  // namespace selvage::soak
