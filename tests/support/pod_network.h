#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <vector>

#include "lab/command.h"
#include "lab/echo.h"
#include "lab/manifest.h"
#include "lab/node.h"
#include "lab/probe.h"

/// Nodes and pods as network namespaces, and what is expected to pass between them. The test that uses
/// it publishes them to an agent. A step that is impossible fails the test case.
namespace selvage::testing {

using namespace lab;

/// How long to wait for the answer to a probe that must be dropped, and to one that must be answered.
inline constexpr milliseconds kDenied{300};
inline constexpr milliseconds kAllowed{3000};

/// A pod of a test. Servers for TCP, UDP and SCTP run on its ports and on 80 and 81.
struct PodSetup {
  std::string namespace_name;
  std::string name;
  LabelMap labels;
  unsigned node = 1;
  std::vector<ManifestPort> ports = {};
  bool address_known = true;  ///< false: its object has no podIPs yet
};

struct TestPod {
  PodSetup setup;
  Host* host = nullptr;

  [[nodiscard]] const Namespace& space() const { return host->space; }
  [[nodiscard]] const IpAddress& address(IpFamily family) const { return host->addresses.of(family); }
};

/// One connection that a test expects to stand or to be dropped, in both families.
struct Expectation {
  const Host* from = nullptr;
  const Host* to = nullptr;
  std::uint16_t port = 80;
  Transport transport = Transport::tcp;
  bool allowed = true;
};

/// The same between pods.
inline Expectation allow(const TestPod& from, const TestPod& to, std::uint16_t port = 80,
                         Transport transport = Transport::tcp) {
  return {from.host, to.host, port, transport, true};
}
inline Expectation deny(const TestPod& from, const TestPod& to, std::uint16_t port = 80,
                        Transport transport = Transport::tcp) {
  return {from.host, to.host, port, transport, false};
}

/// Tries all at once and describes each unexpected result. Thread-safe; throws std::runtime_error when a probe is
/// impossible.
std::vector<std::string> surprises(const std::vector<Expectation>& expectations);

/// Calls `condition` until it is true, for fifteen seconds at most. It must itself wait for something.
template <class Condition>
bool eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(15);
  while (!condition())
    if (std::chrono::steady_clock::now() >= deadline) return false;
  return true;
}

/// "node-1", as the objects of node 1's pods name it.
std::string node_name(unsigned number);

/// "networking.k8s.io/v1 NetworkPolicy" with `spec` in YAML flow style.
std::string network_policy_yaml(const std::string& namespace_name, const std::string& name, const std::string& spec);

/// Joined nodes, a host outside, and pods with servers.
class PodNetwork {
 public:
  explicit PodNetwork(unsigned nodes = 1, NodeOptions options = {});

  /// Adds a pod that runs. The reference lives as long as the network.
  TestPod& add_pod(PodSetup setup);
  /// Runs an nft script on the node.
  void nft(unsigned node, const std::string& script);

  Node& node(unsigned number) { return nodes_[number - 1]; }
  [[nodiscard]] const std::deque<Node>& nodes() const { return nodes_; }
  const Host& outside() { return outside_.front(); }
  void serve(const Namespace& where, Transport transport, std::uint16_t port);

  /// Tries all at once and reports each unexpected result.
  static void check(const std::vector<Expectation>& expectations);
  /// Waits up to fifteen seconds for a live agent to make all of them as expected, then reports the others.
  static bool become(const std::vector<Expectation>& expectations);

 private:
  Underlay underlay_;
  std::deque<Node> nodes_;
  std::deque<Host> outside_;
  std::deque<TestPod> pods_;
  EchoService echo_;
};

}  // namespace selvage::testing
