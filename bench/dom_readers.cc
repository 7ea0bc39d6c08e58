#include "bench/dom_readers.h"

#include <cpprest/json.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "k8s_client/decode/timestamp.h"

namespace selvage::bench {
namespace {

policy::Protocol protocol_of(const std::string& name) {
  return name == "UDP" ? policy::Protocol::udp : name == "SCTP" ? policy::Protocol::sctp : policy::Protocol::tcp;
}

policy::Pod read_pod(const nlohmann::json& item) {
  const auto& metadata = item.at("metadata");
  const auto& spec = item.at("spec");
  const auto& status = item.at("status");
  policy::Pod pod;
  pod.namespace_name = metadata.at("namespace");
  pod.name = metadata.at("name");
  pod.uid = metadata.at("uid");
  pod.created = k8s_client::parse_timestamp(metadata.at("creationTimestamp").get_ref<const std::string&>()).value();
  std::vector<policy::Labels::Pair> labels;
  for (const auto& [key, value] : metadata.at("labels").items()) labels.emplace_back(key, value);
  pod.labels = policy::Labels(std::move(labels));
  pod.node = spec.at("nodeName");
  pod.host_network = spec.value("hostNetwork", false);
  const auto& phase = status.at("phase").get_ref<const std::string&>();
  pod.finished = phase == "Succeeded" || phase == "Failed";
  for (const auto& ip : status.at("podIPs"))
    pod.addresses.push_back(IpAddress::parse(ip.at("ip").get_ref<const std::string&>()).value());
  for (const auto& container : spec.at("containers")) {
    for (const auto& port : container.at("ports")) {
      pod.ports.push_back({port.at("name"), protocol_of(port.at("protocol")), port.at("containerPort")});
    }
  }
  std::sort(pod.ports.begin(), pod.ports.end());
  return pod;
}

policy::Pod read_pod(const web::json::value& item) {
  const auto& metadata = item.at("metadata");
  const auto& spec = item.at("spec");
  const auto& status = item.at("status");
  policy::Pod pod;
  pod.namespace_name = metadata.at("namespace").as_string();
  pod.name = metadata.at("name").as_string();
  pod.uid = metadata.at("uid").as_string();
  pod.created = k8s_client::parse_timestamp(metadata.at("creationTimestamp").as_string()).value();
  std::vector<policy::Labels::Pair> labels;
  for (const auto& [key, value] : metadata.at("labels").as_object()) labels.emplace_back(key, value.as_string());
  pod.labels = policy::Labels(std::move(labels));
  pod.node = spec.at("nodeName").as_string();
  pod.host_network = spec.has_field("hostNetwork") && spec.at("hostNetwork").as_bool();
  const std::string& phase = status.at("phase").as_string();
  pod.finished = phase == "Succeeded" || phase == "Failed";
  for (const auto& ip : status.at("podIPs").as_array()) {
    pod.addresses.push_back(IpAddress::parse(ip.at("ip").as_string()).value());
  }
  for (const auto& container : spec.at("containers").as_array()) {
    for (const auto& port : container.at("ports").as_array()) {
      pod.ports.push_back({port.at("name").as_string(), protocol_of(port.at("protocol").as_string()),
                           static_cast<std::uint16_t>(port.at("containerPort").as_integer())});
    }
  }
  std::sort(pod.ports.begin(), pod.ports.end());
  return pod;
}

}  // namespace

std::vector<policy::Pod> read_with_nlohmann(const std::string& body) {
  std::vector<policy::Pod> pods;
  const auto list = nlohmann::json::parse(body);
  for (const auto& item : list.at("items")) pods.push_back(read_pod(item));
  return pods;
}

std::vector<policy::Pod> read_with_cpprest(const std::string& body) {
  std::vector<policy::Pod> pods;
  const auto list = web::json::value::parse(body);
  for (const auto& item : list.at("items").as_array()) pods.push_back(read_pod(item));
  return pods;
}

}  // namespace selvage::bench
