#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/cluster/kube_cluster.h"

/// Plays the kubelet and the DaemonSet controller, which these clusters lack, for the chart's objects.
namespace selvage::testing {

/// A cluster of one node in which only the chart determines the agent's permissions and how it runs.
class ChartCluster : public KubeCluster {
 public:
  ChartCluster();

  /// Values with the API server's address as seen from the node.
  [[nodiscard]] std::string api_server_values() const;
  /// An object of kube-system from the API server, such as ("apis/apps/v1", "daemonsets", "selvage").
  [[nodiscard]] nlohmann::json read(const std::string& api, const std::string& resource, const std::string& name);
  /// The pod that the template of a DaemonSet or Job leads to on node 1: made in the API server, which judges and
  /// completes it, with the node's addresses in its status.
  nlohmann::json make_pod(const nlohmann::json& workload, const std::string& name);
  /// Starts a container of the pod in the node's network namespace, as its object says: command, arguments, environment
  /// with its fieldRefs resolved, user, capabilities, no new privileges, a root file system that cannot be written,
  /// volumes, and a token of its service account from the TokenRequest API. Of the image it has nothing but the file
  /// capability: programs are those of this build.
  Process start_container(const nlohmann::json& pod, const nlohmann::json& container);
  [[nodiscard]] std::string container_log(const nlohmann::json& container) const;
  /// Asks a probe (httpGet) of the container until it is answered with 200; whether it was within a minute.
  bool becomes_ready(const nlohmann::json& pod, const nlohmann::json& container, const std::string& probe);

 private:
  std::string mounts(const nlohmann::json& pod, const nlohmann::json& container);

  TemporaryFolder files_ = TemporaryFolder::create().value();
};

}  // namespace selvage::testing
