#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "lab/command.h"
#include "lab/node.h"
#include "tests/flannel/cni.h"

namespace selvage::testing {

using namespace lab;

/// Flannel's configuration, with the keys of its net-conf.json.
struct FlannelOptions {
  std::string backend = "vxlan";  ///< Backend.Type: "vxlan" or "host-gw"
  bool nftables = false;          ///< EnableNFTables
};

/// A network namespace whose addresses work at once and that may ping. Failures end the test case.
Namespace make_space(const std::string& label);

/// Such a namespace with an eth0 on `underlay` and a default route to nowhere.
Host make_host(Underlay& underlay, const std::string& label, unsigned number);

/// A node without Kubernetes, and the real programs to run on it: flanneld, kube-proxy and Selvage's agent. Each is
/// started and stopped separately; the destructor ends all. Not movable.
class Machine {
 public:
  /// `number` is in its addresses: 172.31.0.<number>, pods 10.244.<number>.0/24. `kubeconfig` is an administrator's.
  Machine(Underlay& underlay, unsigned number, std::filesystem::path folder, std::string kubeconfig);
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  /// Starts flanneld and waits until it is ready, which the subnet file shows.
  void start_flannel(const FlannelOptions& options);
  /// `mode` is kube-proxy's: "nftables" or "iptables".
  void start_kube_proxy(const std::string& mode);
  /// `kubeconfig` is that of the agent's own account.
  void start_agent(const std::string& kubeconfig);
  void stop_flannel() { flanneld_.reset(); }
  void stop_kube_proxy() { kube_proxy_.reset(); }
  void stop_agent() { agent_.reset(); }

  /// The output of a command on the node, which must succeed.
  std::string run_here(const Argv& argv, const std::string& input = "") const;

  [[nodiscard]] unsigned number() const { return number_; }
  /// "node-1"
  [[nodiscard]] std::string name() const { return "node-" + std::to_string(number_); }
  [[nodiscard]] const Namespace& space() const { return host_.space; }
  [[nodiscard]] const Addresses& addresses() const { return host_.addresses; }
  [[nodiscard]] const Cni& cni() const { return cni_; }
  /// The last output of the three programs.
  [[nodiscard]] std::string logs() const;

 private:
  [[nodiscard]] std::filesystem::path file(const std::string& name) const { return folder_ / name; }
  Process start(const Argv& argv, const std::string& log) const;

  unsigned number_;
  std::filesystem::path folder_;
  std::string kubeconfig_;
  Host host_;
  Cni cni_;
  std::optional<Process> flanneld_;
  std::optional<Process> kube_proxy_;
  std::optional<Process> agent_;
};

}  // namespace selvage::testing
