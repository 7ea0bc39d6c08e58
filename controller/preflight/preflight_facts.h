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

/// What is asked for when the system is looked at.
struct PreflightOptions {
  /// Bridges that pods hang on. Empty: Flannel's.
  std::vector<std::string> pod_bridges;
  /// The NFLOG group that denied packets are to be logged to, if they are.
  std::optional<std::uint16_t> log_group;
  /// kube-proxy in IPVS mode is accepted, and that traffic to Services is not filtered then.
  bool allow_ipvs = false;
};

/// The device on which kube-proxy in IPVS mode keeps the addresses of Services.
inline constexpr const char* kIpvsDevice = "kube-ipvs0";

/// What was seen of the system of this network namespace; an error where it could not be looked at.
struct SystemFacts {
  std::string kernel_release;                           ///< utsname.release
  std::optional<std::uint64_t> effective_capabilities;  ///< of this thread, bits of <linux/capability.h>
  Result<void> tables;                                  ///< whether the kernel takes tables such as policies lead to
  Result<bool> table_owner = false;                     ///< nft::supports_table_owner
  Result<bool> bridge_ibrname = false;                  ///< nft::supports_bridge_ibrname
  Result<std::size_t> flows = std::size_t{0};           ///< how many entries the connection table has
  Result<std::set<std::uint16_t>> log_groups;           ///< NFLOG groups that programs have bound
  bool br_netfilter = false;
  std::optional<bool> bridge_call_iptables;   ///< sysctl net.bridge.bridge-nf-call-iptables
  std::optional<bool> bridge_call_ip6tables;  ///< sysctl net.bridge.bridge-nf-call-ip6tables
  Result<std::vector<host::Bridge>> bridges;
  std::optional<bool> forwards4;  ///< sysctl net.ipv4.ip_forward
  std::optional<bool> forwards6;  ///< sysctl net.ipv6.conf.all.forwarding; nothing where there is no IPv6
  bool ipvs_device = false;       ///< kIpvsDevice exists
  /// Tables of other programs that enforce policies: of each the first chain that tells it.
  Result<std::vector<nft::ChainPlace>> other_enforcers;
};

/// Looks. Changes nothing and needs no rights. Sends no packet.
[[nodiscard]] SystemFacts probe_system();

/// Whether kIpvsDevice exists in this network namespace.
[[nodiscard]] bool has_ipvs_device();

/// Whether a chain is one that another enforcer of network policies makes.
[[nodiscard]] bool is_of_other_enforcer(const nft::ChainPlace& place);

}  // namespace selvage::controller
