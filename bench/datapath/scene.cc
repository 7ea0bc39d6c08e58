#include "bench/datapath/scene.h"

namespace selvage::bench {
namespace {

using policy::Labels;
using policy::match_labels;
using policy::Protocol;

constexpr std::size_t kNamespaces = 50;
constexpr std::size_t kApps = 10;
/// The namespace of sender and receiver. Its name sorts in the middle of those of the node's pods, and so do the two
/// pods for a layout that searches pods in order.
constexpr std::size_t kOwn = 2;

std::string team(std::size_t index) { return "team-" + std::to_string(index % kNamespaces); }
std::string app(std::size_t index) { return "app-" + std::to_string(index % kApps); }

policy::Namespace make_namespace(std::size_t index) {
  return {team(index), Labels{{"kubernetes.io/metadata.name", team(index)},
                              {"team", team(index)},
                              {"stage", index % 3 == kOwn % 3 ? "production" : "staging"}}};
}

policy::Pod make_pod(const std::string& name, std::size_t index, const IpAddress& address, const std::string& role) {
  policy::Pod pod;
  pod.namespace_name = team(index);
  pod.name = name;
  pod.node = kSceneNode;
  pod.labels = Labels{{"app", app(index / kNamespaces)}, {"pod-template-hash", "6d4cf56db6"}, {"role", role}};
  pod.addresses = {address};
  return pod;
}

IpAddress numbered(std::uint32_t base, std::size_t index) {
  const std::uint32_t number = base + static_cast<std::uint32_t>(index);
  const std::uint8_t bytes[] = {static_cast<std::uint8_t>(number >> 24U), static_cast<std::uint8_t>(number >> 16U),
                                static_cast<std::uint8_t>(number >> 8U), static_cast<std::uint8_t>(number)};
  return IpAddress::from_bytes(IpFamily::v4, bytes);
}

policy::PortMatch port(Protocol protocol, std::uint16_t first, std::uint16_t last) {
  return {protocol, policy::PortMatch::Range{first, last}};
}

/// /24 blocks; one holds the sender.
std::vector<policy::Peer> make_blocks(std::size_t count, const IpAddress& sender) {
  std::vector<policy::Peer> blocks;
  for (std::size_t i = 1; i < count; ++i) {
    // Every other /24 from 20.0.0.0 on: a layout could merge adjacent blocks.
    const IpAddress first = numbered(20U << 24U, i * 512);
    blocks.emplace_back(policy::IpBlock{*IpPrefix::parse(first.to_string() + "/24"), {}});
  }
  const std::string text = sender.to_string();
  blocks.emplace_back(policy::IpBlock{*IpPrefix::parse(text.substr(0, text.rfind('.')) + ".0/24"), {}});
  return blocks;
}

/// The rule that allows the sender.
policy::Rule sender_rule(const Scene& scene, const IpAddress& sender) {
  policy::Rule rule;
  const std::uint16_t first = scene.range ? kAllowedPort - 1 : kAllowedPort;
  const std::uint16_t last = scene.range ? kAllowedPort + 1000 : kAllowedPort;
  rule.ports = {port(Protocol::tcp, first, last), port(Protocol::udp, first, last)};
  rule.peers = {policy::PodPeer{std::nullopt, match_labels({{"role", "sender"}})}};
  if (scene.blocks > 0) rule.peers = make_blocks(scene.blocks, sender);
  return rule;
}

/// A rule that allows others: one of four ordinary kinds of peers.
policy::Rule other_rule(std::size_t index) {
  const std::size_t turn = index / 4;
  const auto number = static_cast<std::uint16_t>(index);
  policy::Rule rule;
  const auto of_app = match_labels({{"app", app(turn / kNamespaces)}});
  switch (index % 4) {
    case 0:
      rule.peers = {policy::PodPeer{match_labels({{"team", team(turn)}}), of_app}};
      rule.ports = {port(Protocol::tcp, 8080 + number % 7, 8080 + number % 7)};
      break;
    case 1:
      rule.peers = {policy::PodPeer{match_labels({{"team", team(turn)}}), {}}};
      rule.ports = {port(Protocol::tcp, 9000 + number % 100, 9000 + number % 100)};
      break;
    case 2:
      rule.peers = {policy::PodPeer{match_labels({{"stage", "production"}}), match_labels({{"app", app(turn)}})}};
      rule.ports = {port(Protocol::tcp, 7000, 7100), port(Protocol::udp, 7000, 7100)};
      break;
    default:
      rule.peers = {policy::PodPeer{std::nullopt, match_labels({{"app", app(turn)}})}};
      rule.ports = {port(Protocol::tcp, 10'000 + number, 10'000 + number)};
  }
  return rule;
}

policy::NetworkPolicy make_policy(const Scene& scene, std::size_t index, const IpAddress& sender) {
  policy::NetworkPolicy policy;
  policy.namespace_name = team(kOwn);
  std::string number = std::to_string(index);
  policy.name = "policy-" + std::string(5 - number.size(), '0') + number;  // so that names sort as numbers do
  policy.pod_selector = match_labels({{"role", "receiver"}});
  policy.isolates_ingress = true;
  policy.ingress = {index == scene.policies / 2 ? sender_rule(scene, sender) : other_rule(index)};
  return policy;
}

}  // namespace

std::vector<policy::Object> make_scene(const Scene& scene, const IpAddress& sender, const IpAddress& receiver) {
  std::vector<policy::Object> objects;
  for (std::size_t i = 0; i < kNamespaces; ++i) objects.emplace_back(make_namespace(i));
  for (std::size_t i = 2; i < kScenePods; ++i) {
    const IpAddress address = numbered((10U << 24U) + (244U << 16U) + (1U << 8U) + 100, i);
    objects.emplace_back(make_pod("local-" + std::to_string(i), i, address, "other"));
  }
  objects.emplace_back(make_pod("receiver", kOwn, receiver, "receiver"));
  policy::Pod from = make_pod("sender", kOwn, sender, "sender");
  if (scene.vxlan) from.node = "node-2";
  objects.emplace_back(std::move(from));
  for (std::size_t i = 0; i < scene.pods; ++i) {
    policy::Pod pod = make_pod("remote-" + std::to_string(i), i, numbered((10U << 24U) + (128U << 16U), i), "other");
    pod.node = "node-" + std::to_string(3 + i / 110);
    objects.emplace_back(std::move(pod));
  }
  for (std::size_t i = 0; i < scene.policies; ++i) objects.emplace_back(make_policy(scene, i, sender));
  return objects;
}

}  // namespace selvage::bench
