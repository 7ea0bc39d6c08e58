#include <linux/capability.h>

#include <bit>

#include "controller/preflight/preflight_checks.h"

namespace selvage::controller {

bool may_administer(const SystemFacts& facts) {
  return facts.effective_capabilities && ((*facts.effective_capabilities >> CAP_NET_ADMIN) & 1) != 0;
}

PreflightItem judge_capabilities(const SystemFacts& facts) {
  const std::string name = "capabilities";
  if (!facts.effective_capabilities) return item(name, CheckState::unknown, "/proc/self/status cannot be read");
  if (!may_administer(facts)) {
    return blocking(item(name, CheckState::failed, "CAP_NET_ADMIN is missing", kGrant));
  }
  const std::uint64_t others = *facts.effective_capabilities & ~(std::uint64_t{1} << CAP_NET_ADMIN);
  if (others == 0) return item(name, CheckState::ok, "only CAP_NET_ADMIN");
  return item(name, CheckState::info,
              "CAP_NET_ADMIN, and " + std::to_string(std::popcount(others)) + " others that the agent does not need");
}

PreflightItem judge_tables(const SystemFacts& facts) {
  const std::string name = "nf_tables";
  if (facts.tables)
    return item(name, CheckState::ok, "the kernel accepts all kinds of sets, chains and rules that policies need");
  const Error& error = facts.tables.error();
  if (error.code == EPERM && !may_administer(facts)) return not_seen(name, error);
  if (error.code == EPERM) {
    return blocking(item(name, CheckState::failed, error.message,
                         "grant the capability in the user namespace that owns this network namespace"));
  }
  return blocking(item(name, CheckState::failed, error.message,
                       "load the modules, or use a kernel with CONFIG_NF_TABLES, its _INET and _BRIDGE, CONFIG_NFT_CT, "
                       "CONFIG_NFT_LOG, CONFIG_NFT_LIMIT and CONFIG_NETFILTER_NETLINK_LOG"));
}

PreflightItem judge_table_owner(const SystemFacts& facts) {
  const std::string name = "table-owner";
  if (!facts.table_owner) return not_seen(name, facts.table_owner.error());
  return item(name, CheckState::info,
              *facts.table_owner
                  ? "the agent can own its tables: a flush by other programs does not affect them"
                  : "the kernel does not support owned tables (Linux 6.9 does): changes by other programs "
                    "are reverted afterwards");
}

PreflightItem judge_bridge_match(const SystemFacts& facts) {
  const std::string name = "bridge-match";
  if (!facts.bridge_ibrname) return not_seen(name, facts.bridge_ibrname.error());
  return item(name, CheckState::info,
              *facts.bridge_ibrname
                  ? "pods' frames are matched by the name of their bridge"
                  : "the kernel lacks meta ibrname (CONFIG_NFT_BRIDGE_META): frames of veth ports of all "
                    "bridges are treated as pods'");
}

PreflightItem judge_conntrack(const SystemFacts& facts) {
  const std::string name = "conntrack";
  if (facts.flows) return item(name, CheckState::ok, "readable, " + std::to_string(*facts.flows) + " entries");
  if (facts.flows.error().code == EPERM) return not_seen(name, facts.flows.error());
  return item(name, CheckState::failed, facts.flows.error().message + "; replies of denied connections may pass",
              "load nf_conntrack_netlink (CONFIG_NF_CT_NETLINK)");
}

PreflightItem judge_log_group(const SystemFacts& facts, std::uint16_t group) {
  const std::string name = "nflog";
  const std::string which = "NFLOG group " + std::to_string(group);
  if (!facts.log_groups) return not_seen(name, facts.log_groups.error());
  if (facts.log_groups->count(group) == 0) return item(name, CheckState::ok, which + " is free");
  return item(name, CheckState::warning,
              which + " is bound by a program, so no other one can log denied packets with it",
              "none, if that program is this node's agent; else choose another group with --log-denied-group");
}

}  // namespace selvage::controller
