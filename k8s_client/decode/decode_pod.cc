#include <algorithm>

#include "k8s_client/decode/decode.h"
#include "k8s_client/decode/names.h"
#include "k8s_client/decode/timestamp.h"

namespace selvage::k8s_client {
namespace {

using policy::NamedPort;
using Ports = std::vector<NamedPort>;

/// A port of a container; its name may be empty.
std::optional<NamedPort> decode_container_port(const Field& port) {
  if (!port.is_mapping()) return std::nullopt;
  const auto name = port["name"].text_or("");
  const auto protocol = decode_protocol(port["protocol"]);
  const auto number = port["containerPort"].number(1, 65535);
  if (!name || !protocol || !number) return std::nullopt;
  if (!name->empty() && !is_port_name(*name)) {
    return port["name"].complain("expected a port's name: at most 15 of a-z, 0-9 and '-', with a letter");
  }
  return NamedPort{*name, *protocol, *number};
}

std::optional<Ports> decode_container_ports(const Field& container) {
  if (!container.is_mapping()) return std::nullopt;
  return decode_list<NamedPort>(container["ports"], decode_container_port);
}

/// Only init containers that keep running (sidecars) have ports that can be reached.
std::optional<Ports> decode_init_container_ports(const Field& container) {
  if (!container.is_mapping()) return std::nullopt;
  const auto restart = container["restartPolicy"].text_or("");
  if (!restart) return std::nullopt;
  return *restart == "Always" ? decode_container_ports(container) : Ports{};
}

/// Sorted; of two with the same name and protocol the first in the pod is used, as in the API server.
Ports named_ports(const std::vector<std::vector<Ports>>& containers) {
  Ports named;
  const auto same = [](const NamedPort& a) {
    return [&a](const NamedPort& b) { return a.name == b.name && a.protocol == b.protocol; };
  };
  for (const auto& group : containers) {
    for (const auto& ports : group) {
      for (const auto& port : ports) {
        if (!port.name.empty() && std::none_of(named.begin(), named.end(), same(port))) named.push_back(port);
      }
    }
  }
  std::sort(named.begin(), named.end());
  return named;
}

std::optional<Ports> decode_ports(const Field& spec) {
  const auto containers = decode_list<Ports>(spec["containers"], decode_container_ports);
  const auto sidecars = decode_list<Ports>(spec["initContainers"], decode_init_container_ports);
  if (!containers || !sidecars) return std::nullopt;
  return named_ports({*containers, *sidecars});
}

std::optional<IpAddress> decode_address(const Field& field) {
  const auto text = field.text();
  if (!text) return std::nullopt;
  const auto address = IpAddress::parse(*text);
  if (!address) return field.complain("expected an IPv4 or IPv6 address");
  return *address;
}

std::optional<IpAddress> decode_pod_ip(const Field& item) {
  if (!item.is_mapping()) return std::nullopt;
  return decode_address(item["ip"]);
}

/// status.podIPs, or status.podIP if that is absent.
std::optional<std::vector<IpAddress>> decode_addresses(const Field& status) {
  auto addresses = decode_list<IpAddress>(status["podIPs"], decode_pod_ip);
  if (!addresses) return std::nullopt;
  const auto single = status["podIP"].text_or("");
  if (!single) return std::nullopt;
  if (addresses->empty() && !single->empty()) {
    const auto address = decode_address(status["podIP"]);
    if (!address) return std::nullopt;
    return std::vector{*address};
  }
  const bool dual = addresses->size() == 2 && addresses->front().family() != addresses->back().family();
  if (addresses->size() > 1 && !dual) return status["podIPs"].complain("expected at most one address of each family");
  return addresses;
}

std::optional<std::int64_t> decode_created(const Field& field) {
  if (field.absent()) return 0;
  const auto text = field.text();
  if (!text) return std::nullopt;
  const auto seconds = parse_timestamp(*text);
  if (!seconds) return field.complain("expected a time such as 2024-05-01T10:00:00Z");
  return *seconds;
}

std::optional<std::string> decode_node(const Field& field) {
  auto node = field.text_or("");
  if (node && !node->empty() && !is_dns_subdomain(*node)) return field.complain("expected the name of a node");
  return node;
}

}  // namespace

std::optional<policy::Pod> decode_pod(const Field& object, const Identity& identity) {
  const Field metadata = object["metadata"];
  const Field spec = object["spec"];
  const Field status = object["status"];
  if (!spec.is_mapping_or_absent() || !status.is_mapping_or_absent()) return std::nullopt;
  auto labels = decode_labels(metadata["labels"]);
  const auto uid = metadata["uid"].text_or("");
  const auto node = decode_node(spec["nodeName"]);
  auto addresses = decode_addresses(status);
  const auto host_network = spec["hostNetwork"].boolean_or(false);
  const auto phase = status["phase"].text_or("");
  const auto created = decode_created(metadata["creationTimestamp"]);
  auto ports = decode_ports(spec);
  if (!labels || !uid || !node || !addresses || !host_network || !phase || !created || !ports) return std::nullopt;
  policy::Pod pod;
  pod.namespace_name = identity.namespace_name;
  pod.name = identity.name;
  pod.uid = *uid;
  pod.node = *node;
  pod.labels = policy::Labels(std::move(*labels));
  pod.addresses = std::move(*addresses);
  pod.host_network = *host_network;
  pod.finished = *phase == "Succeeded" || *phase == "Failed";
  pod.created = *created;
  pod.ports = std::move(*ports);
  return pod;
}

}  // namespace selvage::k8s_client
