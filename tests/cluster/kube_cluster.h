#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>

#include "tests/cluster/api_client.h"
#include "tests/cluster/api_server.h"
#include "tests/cluster/fault_proxy.h"
#include "tests/support/pod_network.h"

namespace selvage::testing {

/// How long something may take that a working agent does: longer than its longest wait between two tries.
inline constexpr std::chrono::seconds kRecovery{60};

/// A whole cluster: the real API server, nodes and pods on packets whose objects it holds, and agents that follow it
/// through a FaultProxy each. Agents are the service account kube-system/selvage (agent-rbac.yaml), by a token from a
/// file. What a test asks of it and cannot be done ends the test case.
class KubeCluster : public PodNetwork {
 public:
  /// With the API server that the program's cases share, or one of its own where there are options.
  explicit KubeCluster(unsigned nodes = 1, std::optional<ApiServerOptions> options = {});

  /// Adds a pod that runs, and its object. The reference lives as long as the cluster.
  TestPod& pod(PodSetup setup);
  /// Makes the pod's object, after remove() or for a pod of add_pod().
  void create(const TestPod& pod);
  void set_status(const TestPod& pod, const std::string& phase);
  void remove(const TestPod& pod);
  /// Makes the namespace, where it is not there yet, and gives it these labels beside its own.
  void name_space(const std::string& name, const LabelMap& labels);
  /// kubectl apply.
  void apply(const std::string& yaml) const { (void)server_.must_kubectl({"apply", "-f", "-"}, yaml); }
  /// The same without its client's cost: the policy must not exist.
  void create_policy(const std::string& namespace_name, const std::string& name, const std::string& spec);
  void remove_policy(const std::string& namespace_name, const std::string& name);

  ApiServer& server() { return server_; }
  ApiClient& admin() { return admin_; }
  /// What is between the agent of a node and the API server.
  FaultProxy& wire(unsigned node = 1) { return wires_[node - 1]; }

  /// Writes the file that agents have their token from; the constructor did, with one that is good for an hour.
  void write_token(std::chrono::seconds lifetime);
  /// The file that the agent of a node has from us.
  [[nodiscard]] std::string kubeconfig(unsigned node = 1) const { return file("kubeconfig-" + std::to_string(node)); }
  /// Makes agents that start from now on trust this authority.
  void trust(const std::string& ca_file);

  /// Starts an agent that follows the API server. Its output goes to agent_log().
  Process start_agent(unsigned node = 1, const Argv& more = {});
  [[nodiscard]] std::string agent_log(unsigned node = 1) const;
  /// Waits until the agent's log holds `part` at or after `from`; whether it does.
  [[nodiscard]] bool says(const std::string& part, std::size_t from = 0, unsigned node = 1) const;

  /// The changes that would make the node's tables those of the objects that the API server holds, worked out from
  /// manifests of those objects; empty when the tables are right.
  std::string wrong(unsigned node = 1);
  /// Waits until the tables of all nodes are right.
  void converge();
  /// What nft lists on the node, without what follows connections (counters, the set of those that are cut) and whether
  /// an agent owns the tables at the moment.
  std::string tables(unsigned node = 1);

 private:
  void make_kubeconfig(unsigned node, const std::string& ca_file) const;
  [[nodiscard]] std::string file(const std::string& name) const { return folder_.path() / name; }

  TemporaryFolder folder_;
  std::optional<ApiServer> own_server_;
  ApiServer& server_;
  ApiClient admin_;
  std::deque<FaultProxy> wires_;
};

}  // namespace selvage::testing
