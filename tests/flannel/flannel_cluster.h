#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lab/echo.h"
#include "tests/cluster/api_client.h"
#include "tests/cluster/api_server.h"
#include "tests/flannel/crossing.h"
#include "tests/flannel/machine.h"
#include "tests/flannel/objects.h"

namespace selvage::testing {

struct PodPlan {
  std::string name;
  LabelMap labels;
  unsigned node = 1;
  std::vector<HostPort> host_ports = {};
};

/// Two nodes of a Flannel cluster, two hosts outside that know no route to pods, and the real API server on a machine
/// of its own, all on one underlay:
///
///     node-1 172.31.0.1   node-2 .2   outside .100   stranger .101   control .200     (fd00:172:31::N as well)
///
/// Nothing runs on the nodes until it is started. All pods and services are in the namespace "prod". Operations that
/// fail end the test case.
class FlannelCluster {
 public:
  explicit FlannelCluster(FlannelOptions options);

  /// Starts Flannel, kube-proxy, or the agent on both nodes.
  void start_flannel();
  void start_kube_proxy(const std::string& mode = "nftables");
  void start_agents();

  /// Adds a pod on a node where Flannel is ready, connected as on Flannel's nodes, and creates its object. It serves
  /// TCP and UDP on 80, 81 and 8080.
  const Host& pod(const PodPlan& plan);
  /// Creates the service, with an existing pod as its endpoint.
  void service(const ServiceSetup& setup);
  void policy(const std::string& name, const std::string& spec);
  /// Serves TCP and UDP.
  void serve(const Namespace& where, const std::vector<std::uint16_t>& ports);

  [[nodiscard]] const FlannelOptions& options() const { return options_; }
  Machine& node(unsigned number) { return *nodes_.at(number - 1); }
  [[nodiscard]] const Host& pod(const std::string& name) const { return *pods_.at(name).host; }
  [[nodiscard]] const Host& outside() const { return outside_; }
  [[nodiscard]] const Host& stranger() const { return stranger_; }
  /// Waits until all are as expected; otherwise ends the test case with the programs' output.
  void await(const std::vector<Crossing>& crossings) const;

 private:
  struct Pod {
    unsigned node;
    std::unique_ptr<Host> host;
  };
  [[nodiscard]] std::string write_kubeconfig(const std::string& name, const std::string& user) const;
  void add_node(unsigned number);

  FlannelOptions options_;
  TemporaryFolder folder_;
  Underlay underlay_;
  Host control_;
  Host outside_;
  Host stranger_;
  ApiServer server_;
  ApiClient admin_;
  std::string admin_kubeconfig_;
  std::string agent_kubeconfig_;
  std::deque<std::unique_ptr<Machine>> nodes_;
  std::map<std::string, Pod> pods_;
  EchoService echo_;
};

}  // namespace selvage::testing
