#pragma once

#include <string>
#include <vector>

#include "lab/flow.h"
#include "lab/frames.h"
#include "tests/support/pod_network.h"

namespace selvage::packets {

using namespace testing;

/// "networking.k8s.io/v1 NetworkPolicy" with `spec` in YAML flow style.
inline std::string policy(const std::string& namespace_name, const std::string& name, const std::string& spec) {
  return network_policy_yaml(namespace_name, name, spec);
}

/// One or two joined nodes, a host outside, pods, a manifest folder, and the real agent. Operations that fail end the
/// test.
class Cluster : public PodNetwork {
 public:
  explicit Cluster(unsigned nodes = 1, NodeOptions options = {});

  /// Adds a running pod and its manifest. The reference lives as long as the cluster.
  TestPod& pod(PodSetup setup);
  /// Writes the pod's manifest again after its setup was changed.
  void write(const TestPod& pod);
  void name_space(const std::string& name, const LabelMap& labels);
  /// Writes a manifest to the folder under `file`; removes it.
  void apply(const std::string& file, const std::string& yaml);
  void withdraw(const std::string& file);

  /// Runs the agent once on each node, with `more` arguments; each must succeed.
  void enforce(const Argv& more = {});
  /// Runs the agent once on the node, with `more` arguments; returns its standard output.
  Result<std::string> run_once(unsigned node, const Argv& more = {});
  /// Runs `selvage` with `arguments` in the node's namespace and returns its standard output; it must succeed.
  std::string selvage(unsigned node, const Argv& arguments);
  /// Starts an agent that follows the folder. Its output goes to agent_log().
  Process start_agent(unsigned node = 1, const Argv& more = {});
  [[nodiscard]] std::string agent_log() const;
  /// The folder that agents follow.
  [[nodiscard]] std::string manifests() const { return folder_.path() / "manifests"; }

  /// Checks, with up to fifteen seconds for a running agent.
  void await(const std::vector<Expectation>& expectations);

 private:
  Argv agent_command(unsigned node, const Argv& more) const;

  TemporaryFolder folder_;
};

/// Whether a probe from `from` is answered; expected denials are given kDenied only.
bool answered(const Namespace& from, Transport transport, const Endpoint& to, milliseconds patience);

}  // namespace selvage::packets
