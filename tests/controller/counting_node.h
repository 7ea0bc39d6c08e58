#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "controller/counters/packet_counters.h"
#include "controller/sync/reconciler.h"
#include "nft/kernel/netlink_kernel.h"
#include "policy/compile/compiler.h"
#include "tests/support/case_objects.h"
#include "tests/support/pod_network.h"

namespace selvage::testing {

/// One node of network namespaces with its pods, the tables that are committed for them, and their counters.
class CountingNode {
 public:
  explicit CountingNode(bool policy_counters = false);

  /// Adds a running pod of namespace prod.
  TestPod& pod(const std::string& name, LabelMap labels);
  /// Takes the events in, commits, and cuts the connections that are denied by now.
  void apply(const std::vector<policy::Event>& events);
  void apply(const policy::Object& object) { apply({policy::upsert(object)}); }
  /// Looks at the connections twice more, the second time a second later as far as the cutter knows.
  void converge();
  /// Takes the events in and commits. No connection is looked at.
  void commit(const std::vector<policy::Event>& events);
  /// Starts over like the next agent: reads the tables back, commits the difference. Its packet counters start over.
  void restart();

  /// All counts of one verdict.
  std::vector<telemetry::PacketCount> counts(telemetry::PacketVerdict verdict);
  /// Packets denied to (ingress) or from (egress) the pod.
  nft::CounterValue denied(const TestPod& pod, Direction direction);
  /// Packets that policy denied, by the chains that drop.
  nft::CounterValue denied_in_all();
  nft::CounterValue unknown_endpoint_dropped(std::optional<Direction> direction);
  nft::CounterValue cut();
  /// Packets that these policies together allowed.
  nft::CounterValue allowed(Direction direction, const std::vector<std::string>& policies);

  const lab::Namespace& space() { return network_.node(1).space(); }
  PodNetwork& network() { return network_; }
  [[nodiscard]] const controller::RenderOptions& options() const { return options_; }

 private:
  void start();

  PodNetwork network_;
  controller::RenderOptions options_;
  std::vector<policy::Event> all_;
  std::unique_ptr<nft::NetlinkKernel> kernel_;
  std::unique_ptr<controller::Reconciler> reconciler_;
  std::unique_ptr<controller::PacketCounters> counters_;
};

/// Tries and gives up after kDenied, or after kAllowed where it is expected to be answered.
bool answered(const TestPod& from, const Endpoint& to, Transport transport, bool expected);

}  // namespace selvage::testing
