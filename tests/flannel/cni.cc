#include "tests/flannel/cni.h"

#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "lab/command.h"
#include "lab/manifest.h"

namespace selvage::testing {
namespace {

using nlohmann::json;

constexpr const char* kPlugins = "/usr/lib/cni";
constexpr const char* kVersion = "0.3.1";
constexpr const char* kName = "cbr0";

/// FLANNEL_...=VALUE lines.
Result<std::map<std::string, std::string>> read_subnet_file(const std::filesystem::path& file) {
  const Result<std::string> text = lab::read_whole(file);
  if (!text) return tl::unexpected<Error>(text.error());
  std::map<std::string, std::string> values;
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);)
    if (const std::size_t equals = line.find('='); equals != std::string::npos)
      values[line.substr(0, equals)] = line.substr(equals + 1);
  return values;
}

std::string block(const std::string& text) { return IpPrefix::parse(text).value_or(IpPrefix()).to_string(); }

json delegate_config(const std::map<std::string, std::string>& subnet) {
  json ipam = {{"type", "host-local"}};
  for (const char* key : {"FLANNEL_SUBNET", "FLANNEL_IPV6_SUBNET"})
    ipam["ranges"].push_back(json::array({{{"subnet", block(subnet.at(key))}}}));
  for (const char* key : {"FLANNEL_NETWORK", "FLANNEL_IPV6_NETWORK"})
    ipam["routes"].push_back({{"dst", block(subnet.at(key))}});
  return {{"name", kName},
          {"cniVersion", kVersion},
          {"type", "bridge"},
          {"hairpinMode", true},
          {"isDefaultGateway", true},
          {"isGateway", true},
          {"ipMasq", subnet.at("FLANNEL_IPMASQ") != "true"},
          {"mtu", std::stoi(subnet.at("FLANNEL_MTU"))},
          {"ipam", ipam}};
}

json portmap_config(const json& previous, const std::vector<HostPort>& ports) {
  json mappings = json::array();
  for (const HostPort& port : ports)
    mappings.push_back({{"hostPort", port.host}, {"containerPort", port.pod}, {"protocol", "tcp"}});
  return {{"name", kName},
          {"cniVersion", kVersion},
          {"type", "portmap"},
          {"capabilities", {{"portMappings", true}}},
          {"runtimeConfig", {{"portMappings", mappings}}},
          {"prevResult", previous}};
}

lab::Addresses addresses_of(const json& result) {
  lab::Addresses found;
  for (const json& ip : result.at("ips")) {
    const std::string text = ip.at("address");
    const IpAddress address = IpAddress::parse(text.substr(0, text.find('/'))).value_or(IpAddress());
    (address.family() == IpFamily::v4 ? found.v4 : found.v6) = address;
  }
  return found;
}

}  // namespace

Cni::Cni(const lab::Namespace& node, std::filesystem::path subnet_file, std::filesystem::path folder)
    : node_(node), subnet_file_(std::move(subnet_file)), folder_(std::move(folder)) {
  std::filesystem::create_directories(folder_);
}

Result<lab::Addresses> Cni::add(const lab::Namespace& pod, const std::vector<HostPort>& ports) const {
  const auto subnet = read_subnet_file(subnet_file_);
  if (!subnet) return tl::unexpected<Error>(subnet.error());
  const Result<std::string> wired = call("bridge", pod, delegate_config(*subnet).dump());
  if (!wired) return tl::unexpected<Error>(wired.error());
  const json result = json::parse(*wired);
  if (!ports.empty()) {
    const Result<std::string> mapped = call("portmap", pod, portmap_config(result, ports).dump());
    if (!mapped) return tl::unexpected<Error>(mapped.error());
  }
  return addresses_of(result);
}

Result<std::string> Cni::call(const std::string& plugin, const lab::Namespace& pod, const std::string& config) const {
  return lab::run(node_,
                  {"unshare", "--mount", "sh", "-c", R"(mount --bind "$0" /var/lib && exec env "$@")", folder_,
                   "CNI_COMMAND=ADD", "CNI_CONTAINERID=" + pod.name(), "CNI_NETNS=/run/netns/" + pod.name(),
                   "CNI_IFNAME=eth0", std::string("CNI_PATH=") + kPlugins, std::string(kPlugins) + "/" + plugin},
                  config);
}

}  // namespace selvage::testing
