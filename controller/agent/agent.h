#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ip_address.h"
#include "base/result.h"
#include "controller/sources/source.h"
#include "controller/status/status_socket.h"
#include "controller/sync/table_owner.h"
#include "controller/tables/chains.h"

namespace selvage::controller {

inline constexpr std::uint16_t kDeniedGroup = 700;
inline constexpr std::uint16_t kHttpPort = 9697;

struct AgentOptions : SourceOptions {
  bool once = false;     ///< commit what the first full list says, and return
  bool dry_run = false;  ///< print what would be committed
  UnknownPods unknown_pods = UnknownPods::automatic;
  TableOwner table_owner = TableOwner::automatic;
  bool staged = false;  ///< policies are staged where neither they nor their namespaces say otherwise
  /// NFLOG group that denied packets are logged to and read from; none: they are dropped silently.
  std::optional<std::uint16_t> log_denied_group = kDeniedGroup;
  bool events = true;                     ///< write Kubernetes Events, where an API server is followed
  bool http = true;                       ///< serve metrics and health
  std::vector<IpAddress> http_addresses;  ///< where; empty: node_addresses()
  std::uint16_t http_port = kHttpPort;
  std::string status_socket = kStatusSocket;      ///< where `selvage status` asks; empty: nowhere
  bool policy_counters = false;                   ///< count what each policy allows
  std::chrono::seconds self_check_interval{600};  ///< 0: only when SIGUSR1 asks for it
  bool allow_ipvs = false;               ///< be ready although kube-proxy's IPVS mode takes Services past the tables
  std::string version;                   ///< of this program
  std::vector<std::string> pod_bridges;  ///< empty: found by themselves (find_pod_bridges)
};

/// How a run of the agent ended without an error of its own.
enum class AgentEnd {
  done,           ///< `once`, or asked to stop: what the source says is enforced
  bad_manifests,  ///< `once`: enforced, but some document or object was refused (logged)
  not_effective,  ///< `once`: committed, but the kernel does not show bridged packets to nftables
};

/// Runs a node's agent in this thread until SIGTERM or SIGINT, or once. The tables go on enforcing
/// when it returns. An error means that the last state could not be committed. Logs to spdlog's
/// default logger. Takes over SIGTERM and SIGINT of the process.
Result<AgentEnd> run_agent(const AgentOptions& options);

/// Removes all of our tables. Succeeds when they are not there. Fails with EPERM while an agent owns them.
Result<void> clean_up();

}  // namespace selvage::controller
