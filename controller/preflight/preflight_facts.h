#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "host/bridges.h"
#include "nft/kernel/list_chains.h"

namespace selvage::controller {

/// Parameters of the checks.
struct PreflightOptions {
  /// Bridges that connect pods. Empty: Flannel's.
  std::vector<std::string> pod_bridges;
  /// The NFLOG group for denied packets, if they are logged.
  std::optional<std::uint16_t> log_group;
  /// Accept kube-proxy in IPVS mode, with which Service traffic is not filtered.
  bool allow_ipvs = false;
};

/// The device that holds the addresses of Services in kube-proxy's IPVS mode.
inline constexpr const char* kIpvsDevice = "kube-ipvs0";

/// The state of the system in this network namespace; an error where a part could not be read.
struct SystemFacts {
  std::string kernel_release;                           ///< utsname.release
  std::optional<std::uint64_t> effective_capabilities;  ///< of this thread, bits of <linux/capability.h>
  Result<void> tables;                                  ///< whether the kernel accepts tables such as render makes
  Result<bool> table_owner = false;                     ///< nft::supports_table_owner
  Result<bool> bridge_ibrname = false;                  ///< nft::supports_bridge_ibrname
  Result<std::size_t> flows = std::size_t{0};           ///< entries of the connection table
  Result<std::set<std::uint16_t>> log_groups;           ///< NFLOG groups that programs have bound
  bool br_netfilter = false;
  std::optional<bool> bridge_call_iptables;   ///< sysctl net.bridge.bridge-nf-call-iptables
  std::optional<bool> bridge_call_ip6tables;  ///< sysctl net.bridge.bridge-nf-call-ip6tables
  Result<std::vector<host::Bridge>> bridges;
  std::optional<bool> forwards4;  ///< sysctl net.ipv4.ip_forward
  std::optional<bool> forwards6;  ///< sysctl net.ipv6.conf.all.forwarding; nothing without IPv6
  bool ipvs_device = false;       ///< kIpvsDevice exists
  /// Tables of other policy enforcers: of each the first recognised chain.
  Result<std::vector<nft::ChainPlace>> other_enforcers;
};

/// Reads the facts. Changes nothing, needs no privileges, sends no packet.
[[nodiscard]] SystemFacts probe_system();

/// Whether kIpvsDevice exists in this network namespace.
[[nodiscard]] bool has_ipvs_device();

/// Whether the chain belongs to another enforcer of network policies.
[[nodiscard]] bool is_of_other_enforcer(const nft::ChainPlace& place);

}  // namespace selvage::controller
