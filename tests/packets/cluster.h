#pragma once

#include <deque>
#include <string>
#include <vector>

#include "lab/command.h"
#include "lab/echo.h"
#include "lab/flow.h"
#include "lab/frames.h"
#include "lab/manifest.h"
#include "lab/node.h"
#include "lab/probe.h"

namespace selvage::packets {

using namespace lab;

/// How long a probe that must stay silent is listened for, and how long one that must be answered may take.
inline constexpr milliseconds kDenied{300};
inline constexpr milliseconds kAllowed{3000};

/// A pod of a test. Servers for TCP, UDP and SCTP run on its ports and on 80 and 81.
struct PodSetup {
  std::string namespace_name;
  std::string name;
  LabelMap labels;
  unsigned node = 1;
  std::vector<ManifestPort> ports = {};
  bool address_known = true;  ///< false: the manifest has no podIPs yet
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

/// "networking.k8s.io/v1 NetworkPolicy" with `spec` in YAML flow style.
std::string policy(const std::string& namespace_name, const std::string& name, const std::string& spec);

/// One or two joined nodes, a host outside, pods, a manifest folder, and the real agent. What a test asks of it and
/// cannot be done fails the test.
class Cluster {
 public:
  explicit Cluster(unsigned nodes = 1, NodeOptions options = {});

  /// Adds a running pod and its manifest. The reference lives as long as the cluster.
  TestPod& pod(PodSetup setup);
  /// Writes the pod's manifest again after its setup was changed.
  void write(const TestPod& pod);
  void name_space(const std::string& name, const LabelMap& labels);
  /// Puts a manifest into the folder under `file`; takes it out.
  void apply(const std::string& file, const std::string& yaml);
  void withdraw(const std::string& file);

  /// Runs the agent once on each node, with `more` arguments; each must succeed.
  void enforce(const Argv& more = {});
  /// Runs `selvage` with `arguments` in the node's namespace and returns its standard output; it must succeed.
  std::string selvage(unsigned node, const Argv& arguments);
  /// Starts an agent that follows the folder. Its output goes to agent_log().
  Process start_agent(unsigned node = 1, const Argv& more = {});
  [[nodiscard]] std::string agent_log() const;
  /// Runs an nft script on the node.
  void nft(unsigned node, const std::string& script);

  Node& node(unsigned number) { return nodes_[number - 1]; }
  const Host& outside() { return outside_.front(); }
  void serve(const Namespace& where, Transport transport, std::uint16_t port);

  /// Measures all at once and reports each that is not as expected.
  void check(const std::vector<Expectation>& expectations);
  /// The same, but gives a live agent up to fifteen seconds.
  void await(const std::vector<Expectation>& expectations);

 private:
  Argv agent_command(unsigned node, const Argv& more) const;

  TemporaryFolder folder_;
  Underlay underlay_;
  std::deque<Node> nodes_;
  std::deque<Host> outside_;
  std::deque<TestPod> pods_;
  EchoService echo_;
};

/// Calls `condition` until it is true, for fifteen seconds at most. It must itself wait for something.
template <class Condition>
bool eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(15);
  while (!condition())
    if (std::chrono::steady_clock::now() >= deadline) return false;
  return true;
}

/// Whether a probe from `from` is answered; expected denials are given kDenied only.
bool answered(const Namespace& from, Transport transport, const Endpoint& to, milliseconds patience);

/// The same probe in both families, from and to pods.
inline Expectation allow(const TestPod& from, const TestPod& to, std::uint16_t port = 80,
                         Transport transport = Transport::tcp) {
  return {from.host, to.host, port, transport, true};
}
inline Expectation deny(const TestPod& from, const TestPod& to, std::uint16_t port = 80,
                        Transport transport = Transport::tcp) {
  return {from.host, to.host, port, transport, false};
}

}  // namespace selvage::packets
