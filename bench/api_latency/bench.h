#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "bench/api_latency/agent_process.h"
#include "bench/api_latency/packet_stream.h"
#include "bench/api_latency/population.h"
#include "bench/api_latency/samples.h"
#include "bench/api_latency/scenario.h"
#include "bench/api_latency/watch_client.h"
#include "lab/manifest.h"
#include "lab/node.h"
#include "tests/cluster/api_client.h"
#include "tests/cluster/api_server.h"

namespace selvage::bench {

struct BenchOptions {
  std::vector<std::size_t> pods{100, 2000, 10000};
  std::vector<std::size_t> policies{200, 1000};
  std::size_t changes = 200;  ///< at each size
  std::size_t starts = 3;     ///< of the agent, at each size
  std::chrono::microseconds interval{100};
  bool standing_flow = false;  ///< one connection throughout, instead of a new one for each change
  bool watch_clients = true;   ///< run minimal watch clients beside the agent
  std::string agent_log;       ///< file; empty: a temporary one
};

/// A node with two real pods, the real API server, objects in it, and the real agent. Everything throws
/// std::runtime_error.
class Bench {
 public:
  explicit Bench(const BenchOptions& options);

  /// Brings the cluster to this size and measures, printing lines of Markdown.
  void measure(std::size_t pods, std::size_t policies);
  /// The agent's log.
  [[nodiscard]] std::string log() const;

 private:
  void start_agent(std::size_t pods, std::size_t policies);
  [[nodiscard]] double start_once();
  [[nodiscard]] double restart_once();
  void make_changes(std::size_t pods, std::size_t policies);
  Sample change_once(ChangeKind kind, bool allow);
  void rest();

  BenchOptions options_;
  lab::TemporaryFolder folder_;
  std::string log_file_;
  lab::Underlay underlay_;
  lab::Node node_;
  const lab::Host* client_;
  const lab::Host* server_;
  testing::ApiServer api_server_;
  testing::ApiClient api_;
  Population population_;
  Scenario scenario_;
  std::optional<AgentProcess> agent_;
  std::mt19937 chance_{1};  // NOLINT(cert-msc51-cpp): the same pauses each time
  std::unique_ptr<PacketStream> stream_;
  std::array<std::unique_ptr<WatchClient>, 3> watch_clients_;  ///< by ChangeKind
};

}  // namespace selvage::bench
