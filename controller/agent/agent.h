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
  bool once = false;     ///< commit the policies of the first full list, and return
  bool dry_run = false;  ///< print the tables and the plan instead of committing
  UnknownPods unknown_pods = UnknownPods::automatic;
  TableOwner table_owner = TableOwner::automatic;
  bool staged = false;  ///< stage policies without an annotation of their own or their namespace
  /// NFLOG group for denied packets; none: they are dropped without a log line.
  std::optional<std::uint16_t> log_denied_group = kDeniedGroup;
  bool events = true;                     ///< write Kubernetes Events, if an API server is followed
  bool http = true;                       ///< serve metrics and health
  std::vector<IpAddress> http_addresses;  ///< of metrics and health; empty: node_addresses()
  std::uint16_t http_port = kHttpPort;
  std::string status_socket = kStatusSocket;      ///< answers `selvage status`; empty: none
  bool policy_counters = false;                   ///< count the packets that each policy allows
  std::chrono::seconds self_check_interval{600};  ///< 0: only on SIGUSR1
  bool allow_ipvs = false;  ///< be ready although kube-proxy in IPVS mode routes Services around the tables
  std::string version;      ///< of this program
  std::vector<std::string> pod_bridges;  ///< empty: found by find_pod_bridges
};

/// The end of a run without an error.
enum class AgentEnd {
  done,           ///< `once`, or stopped by a signal: all policies are enforced
  bad_manifests,  ///< `once`: enforced, but some document or object was invalid (logged)
  not_effective,  ///< `once`: committed, but bridged packets do not pass nftables
};

/// Runs a node's agent in this thread until SIGTERM or SIGINT, or once. The tables stay and enforce when it returns. An
/// error means that the last state could not be committed. Logs to spdlog's default logger. Takes over SIGTERM, SIGINT
/// and SIGUSR1 of the process.
Result<AgentEnd> run_agent(const AgentOptions& options);

/// Deletes all of our tables. Succeeds if none exist. Fails with EPERM while an agent owns them.
Result<void> clean_up();

}  // namespace selvage::controller
