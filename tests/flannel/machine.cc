#include "tests/flannel/machine.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "lab/manifest.h"
#include "tests/flannel/plan.h"

namespace selvage::testing {
namespace {

using nlohmann::json;

/// Enough for a busy machine to start a program.
constexpr std::chrono::seconds kPatience{60};
constexpr milliseconds kPause{50};

template <class T>
T value_of(Result<T> result) {
  if (!result) FAIL(result.error().message);
  return std::move(*result);
}

void must(const Result<void>& done) {
  if (!done) FAIL(done.error().message);
}

std::string program(const std::string& name) { return std::string(SELVAGE_CLUSTER_PROGRAMS) + "/" + name; }

json flannel_config(const FlannelOptions& options) {
  return {{"Network", kPodNetwork4},
          {"EnableIPv6", true},
          {"IPv6Network", kPodNetwork6},
          {"EnableNFTables", options.nftables},
          {"Backend", {{"Type", options.backend}}}};
}

/// As kubeadm sets it, without the limits of connection tracking, which are not per network namespace.
json kube_proxy_config(const std::string& mode, const std::string& kubeconfig, const std::string& node) {
  return {
      {"apiVersion", "kubeproxy.config.k8s.io/v1alpha1"},
      {"kind", "KubeProxyConfiguration"},
      {"mode", mode},
      {"clientConnection", {{"kubeconfig", kubeconfig}}},
      {"clusterCIDR", std::string(kPodNetwork4) + "," + kPodNetwork6},
      {"hostnameOverride", node},
      {"conntrack", {{"maxPerCore", 0}, {"min", 0}, {"tcpEstablishedTimeout", "0s"}, {"tcpCloseWaitTimeout", "0s"}}}};
}

std::string tail_of(const std::filesystem::path& file) {
  constexpr std::size_t kEnough = 3000;
  const std::string text = read_whole(file).value_or("");
  return file.filename().string() + ":\n" + text.substr(text.size() - std::min(text.size(), kEnough)) + "\n";
}

}  // namespace

Namespace make_space(const std::string& label) {
  Namespace space = value_of(Namespace::create(label));
  for (const char* scope : {"all", "default"})
    must(space.sysctl(std::string("net/ipv6/conf/") + scope + "/accept_dad", "0"));
  must(space.sysctl("net/ipv4/ping_group_range", "0 2147483647"));
  return space;
}

Host make_host(Underlay& underlay, const std::string& label, unsigned number) {
  Namespace space = make_space(label);
  const Addresses addresses = value_of(underlay.attach(space, number));
  must(space.ip_batch("route add default via 172.31.0.254\nroute add default via fd00:172:31::254\n"));
  return {std::move(space), addresses};
}

Machine::Machine(Underlay& underlay, unsigned number, std::filesystem::path folder, std::string kubeconfig)
    : number_(number),
      folder_(std::move(folder)),
      kubeconfig_(std::move(kubeconfig)),
      host_(make_host(underlay, "node" + std::to_string(number), number)),
      cni_(host_.space, file("subnet.env"), file("var-lib")) {
  for (const char* path : {"net/ipv4/ip_forward", "net/ipv6/conf/all/forwarding"}) must(host_.space.sysctl(path, "1"));
}

Process Machine::start(const Argv& argv, const std::string& log) const {
  return value_of(Process::start(host_.space, argv, file(log)));
}

void Machine::start_flannel(const FlannelOptions& options) {
  must(write_whole(file("net-conf.json"), flannel_config(options).dump()));
  std::filesystem::remove(file("subnet.env"));
  flanneld_ = start({"env", "NODE_NAME=" + name(), program("flannel"), "--kube-subnet-mgr", "--ip-masq", "--iface=eth0",
                     "--kubeconfig-file=" + kubeconfig_, "--net-config-path=" + file("net-conf.json").string(),
                     "--subnet-file=" + file("subnet.env").string(), "--iptables-resync=1"},
                    "flanneld.log");
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!std::filesystem::exists(file("subnet.env"))) {
    if (flanneld_->wait(kPause) || std::chrono::steady_clock::now() > deadline)
      FAIL("flanneld does not get ready\n" << logs());
  }
}

void Machine::start_kube_proxy(const std::string& mode) {
  must(write_whole(file("kube-proxy.json"), kube_proxy_config(mode, kubeconfig_, name()).dump()));
  kube_proxy_ = start({program("kube-proxy"), "--config", file("kube-proxy.json")}, "kube-proxy.log");
}

void Machine::start_agent(const std::string& kubeconfig) {
  agent_ = start({SELVAGE_BINARY, "agent", "--node", name(), "--kubeconfig", kubeconfig}, "selvage.log");
}

std::string Machine::run_here(const Argv& argv, const std::string& input) const {
  return value_of(run(host_.space, argv, input));
}

std::string Machine::logs() const {
  return name() + "\n" + tail_of(file("flanneld.log")) + tail_of(file("kube-proxy.log")) + tail_of(file("selvage.log"));
}

}  // namespace selvage::testing
