#include <net/if.h>
#include <sys/utsname.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <utility>

#include "controller/preflight/preflight_facts.h"
#include "controller/preflight/preflight_specimen.h"
#include "host/conntrack.h"
#include "nft/kernel/probe.h"
#include "nft/plan/plan.h"

namespace selvage::controller {
namespace {

/// Nothing: the file is missing.
std::optional<std::string> read_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  return line;
}

std::optional<bool> read_switch(const std::string& sysctl) {
  const auto line = read_line("/proc/sys/" + sysctl);
  if (!line) return std::nullopt;
  return *line != "0";
}

std::string kernel_release() {
  utsname name{};
  return ::uname(&name) == 0 ? name.release : "";
}

/// CapEff of proc_pid_status(5).
std::optional<std::uint64_t> effective_capabilities() {
  std::ifstream file("/proc/thread-self/status");
  for (std::string line; std::getline(file, line);) {
    std::uint64_t bits = 0;
    if (line.rfind("CapEff:", 0) == 0 && std::istringstream(line.substr(7)) >> std::hex >> bits) return bits;
  }
  return std::nullopt;
}

/// From the kernel's list, which has a line for each group that begins with its number. Missing while none is bound.
Result<std::set<std::uint16_t>> bound_log_groups() {
  const std::string path = "/proc/thread-self/net/netfilter/nfnetlink_log";
  std::set<std::uint16_t> groups;
  errno = 0;
  std::ifstream file(path);
  if (!file && errno != ENOENT) return fail_errno(path, errno);
  for (std::string line; std::getline(file, line);) {
    unsigned group = 0;
    if (std::istringstream(line) >> group) groups.insert(static_cast<std::uint16_t>(group));
  }
  return groups;
}

Result<std::size_t> count_flows() {
  std::size_t flows = 0;
  const auto done = host::for_each_flow([&flows](const host::Flow&) { ++flows; });
  if (!done) return tl::unexpected(done.error());
  return flows;
}

Result<void> try_tables(bool by_bridge_name) {
  RenderOptions options;
  options.bridge_match = by_bridge_name ? BridgeMatch::bridge_name : BridgeMatch::port_kind;
  options.unknown_pods = UnknownPods::drop;
  options.log_group = 0;
  return nft::would_take(nft::diff({}, specimen_tables(options)));
}

/// One chain of each program is enough.
Result<std::vector<nft::ChainPlace>> find_other_enforcers() {
  std::vector<nft::ChainPlace> found;
  std::set<std::pair<std::string, std::string>> tables;
  const auto done = nft::for_each_chain([&](const nft::ChainPlace& place) {
    if (is_of_other_enforcer(place) && tables.emplace(place.family, place.table).second) found.push_back(place);
  });
  if (!done) return tl::unexpected(done.error());
  return found;
}

}  // namespace

bool is_of_other_enforcer(const nft::ChainPlace& place) {
  // kube-router, Calico, Weave Net; kube-network-policies and kindnet have tables of their own.
  static constexpr std::array<std::string_view, 6> kChains = {"KUBE-ROUTER-", "KUBE-NWPLCY-", "KUBE-POD-FW-",
                                                              "cali-",        "filter-cali-", "WEAVE-NPC"};
  static constexpr std::array<std::string_view, 2> kTables = {"kube-network-policies", "kindnet-network-policies"};
  const auto begins_with = [&](std::string_view prefix) { return place.chain.rfind(prefix, 0) == 0; };
  return std::any_of(kChains.begin(), kChains.end(), begins_with) ||
         std::find(kTables.begin(), kTables.end(), place.table) != kTables.end();
}

bool has_ipvs_device() { return ::if_nametoindex(kIpvsDevice) != 0; }

SystemFacts probe_system() {
  SystemFacts facts;
  facts.kernel_release = kernel_release();
  facts.effective_capabilities = effective_capabilities();
  facts.bridge_ibrname = nft::supports_bridge_ibrname();
  facts.table_owner = nft::supports_table_owner();
  facts.tables = try_tables(facts.bridge_ibrname.value_or(false));
  facts.flows = count_flows();
  facts.log_groups = bound_log_groups();
  facts.br_netfilter = host::br_netfilter_loaded();
  facts.bridge_call_iptables = read_switch("net/bridge/bridge-nf-call-iptables");
  facts.bridge_call_ip6tables = read_switch("net/bridge/bridge-nf-call-ip6tables");
  facts.bridges = host::list_bridges();
  facts.forwards4 = read_switch("net/ipv4/ip_forward");
  facts.forwards6 = read_switch("net/ipv6/conf/all/forwarding");
  facts.ipvs_device = has_ipvs_device();
  facts.other_enforcers = find_other_enforcers();
  return facts;
}

}  // namespace selvage::controller
