#include "bench/world.h"

namespace selvage::bench {
namespace {

using policy::Labels;

std::string namespace_name(std::size_t index) { return "team-" + std::to_string(index % kNamespaces); }
std::string app_name(std::size_t index) { return "app-" + std::to_string(index % kAppsPerNamespace); }
/// Neighbouring pods are of different namespaces and apps.
std::size_t app_of(std::size_t pod) { return pod / kNamespaces + pod; }

IpAddress pod_address(std::size_t index) {
  const auto number = static_cast<std::uint32_t>((10U << 24U) + (244U << 16U)) + static_cast<std::uint32_t>(index) + 2;
  const std::uint8_t bytes[] = {static_cast<std::uint8_t>(number >> 24U), static_cast<std::uint8_t>(number >> 16U),
                                static_cast<std::uint8_t>(number >> 8U), static_cast<std::uint8_t>(number)};
  return IpAddress::from_bytes(IpFamily::v4, bytes);
}

policy::Namespace make_namespace(std::size_t index) {
  const std::string name = namespace_name(index);
  return {name, Labels{{"kubernetes.io/metadata.name", name},
                       {"name", name},
                       {"stage", index % 3 == 0 ? "production" : "staging"}}};
}

policy::PortMatch tcp(std::uint16_t first, std::uint16_t last) {
  return {policy::Protocol::tcp, policy::PortMatch::Range{first, last}};
}

/// Peers of one of five ordinary kinds.
policy::Rule make_rule(std::size_t index) {
  policy::Rule rule;
  rule.ports = {tcp(8080, 8080)};
  const auto from_app = policy::match_labels({{"app", app_name(index * 7 + 3)}});
  switch (index % 5) {
    case 0:
      rule.peers = {policy::PodPeer{std::nullopt, from_app}};
      break;
    case 1:
      rule.peers = {policy::PodPeer{policy::match_labels({{"name", namespace_name(index * 3 + 1)}}), from_app}};
      break;
    case 2:
      rule.peers = {policy::PodPeer{policy::match_labels({{"name", namespace_name(index * 5 + 2)}}), {}}};
      rule.ports.push_back(tcp(9000, 9100));
      break;
    case 3:
      rule.peers = {policy::PodPeer{policy::match_labels({{"stage", index % 2 == 0 ? "production" : "staging"}}),
                                    policy::match_labels({{"tier", index % 3 == 0 ? "front" : "back"}})}};
      break;
    default:
      const std::string cidr = "10." + std::to_string(index % 200) + ".0.0/16";
      rule.peers = {policy::IpBlock{*IpPrefix::parse(cidr), {}}, policy::PodPeer{std::nullopt, from_app}};
  }
  return rule;
}

}  // namespace

policy::Pod make_pod(std::size_t index) {
  policy::Pod pod;
  pod.namespace_name = namespace_name(index);
  pod.name = app_name(app_of(index)) + "-6d4cf56db6-" + std::to_string(index);
  pod.node = "node-" + std::to_string(index / kLocalPods);
  pod.labels = Labels{{"app", app_name(app_of(index))},
                      {"app.kubernetes.io/managed-by", "helm"},
                      {"pod-template-hash", "6d4cf56db6"},
                      {"tier", index % 2 == 0 ? "front" : "back"}};
  pod.addresses = {pod_address(index)};
  pod.created = 1'700'000'000;
  return pod;
}

policy::NetworkPolicy make_policy(std::size_t index) {
  policy::NetworkPolicy made;
  made.namespace_name = namespace_name(index);
  made.name = "policy-" + std::to_string(index);
  // One in five selects all pods of its namespace.
  if (index % 5 != 0) made.pod_selector = policy::match_labels({{"app", app_name(index / kNamespaces)}});
  made.isolates_ingress = true;
  made.ingress = {make_rule(index)};
  if (index % 3 == 0) {
    made.isolates_egress = true;
    made.egress = {make_rule(index + 1)};
  }
  return made;
}

std::vector<policy::Object> make_world(std::size_t pods, std::size_t policies) {
  std::vector<policy::Object> objects;
  for (std::size_t i = 0; i < kNamespaces; ++i) objects.emplace_back(make_namespace(i));
  for (std::size_t i = 0; i < pods; ++i) objects.emplace_back(make_pod(i));
  for (std::size_t i = 0; i < policies; ++i) objects.emplace_back(make_policy(i));
  return objects;
}

}  // namespace selvage::bench
