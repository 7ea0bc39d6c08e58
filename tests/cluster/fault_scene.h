#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/cluster/kube_cluster.h"
#include "tests/support/prober.h"

namespace selvage::testing {

/// One node. Of prod's pods web may reach api and other may not, whatever else happens; door is open or closed to all,
/// as the test likes.
struct FaultScene : KubeCluster {
  explicit FaultScene(std::optional<ApiServerOptions> options = {}) : KubeCluster(1, std::move(options)) {
    create_policy("prod", "api", kApiSpec);
  }

  static constexpr const char* kApiSpec =
      "{podSelector: {matchLabels: {app: api}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}";

  TestPod& api = pod({"prod", "api", {{"app", "api"}}});
  TestPod& web = pod({"prod", "web", {{"app", "web"}}});
  TestPod& other = pod({"prod", "other", {{"app", "other"}}});
  TestPod& door = pod({"prod", "door", {{"app", "door"}}});

  [[nodiscard]] std::vector<Expectation> steady() const { return {allow(web, api), deny(other, api)}; }
  /// Opens the door, or closes it, in the API server.
  void turn_door() {
    if (std::exchange(closed_, !closed_)) return remove_policy("prod", "door");
    create_policy("prod", "door", "{podSelector: {matchLabels: {app: door}}, policyTypes: [Ingress]}");
  }
  /// Waits until the tables are right, then checks the connections that never change and those of the door.
  void expect_right() {
    converge();
    std::vector<Expectation> all = steady();
    all.push_back(closed_ ? deny(other, door) : allow(other, door));
    check(all);
  }
  /// An agent that takes a connection for dead after two seconds, once its tables are right. `before`, which may look
  /// at why they are not yet, is called in between.
  template <class Before>
  Process converged_agent_when(Before before) {
    Process agent = start_agent(1, {"--api-idle-timeout", "2"});
    before();
    expect_right();
    return agent;
  }
  Process converged_agent() {
    return converged_agent_when([] {});
  }

 private:
  bool closed_ = false;
};

inline bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Any request.
inline bool any(const ProxiedRequest& /*request*/) { return true; }

}  // namespace selvage::testing
