#pragma once

#include <string>
#include <vector>

#include "base/ip_address.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace selvage::host {

/// A Linux bridge of this network namespace (rtnetlink).
struct Bridge {
  std::string name;
  int index = 0;
  std::vector<IpPrefix> subnets;  ///< of its addresses, without link-local ones; sorted
  bool nf_call_iptables = false;  ///< IFLA_BR_NF_CALL_IPTABLES: bridged IPv4 passes the inet hooks
  bool nf_call_ip6tables = false;

  friend bool operator==(const Bridge&, const Bridge&) = default;
};

/// All bridges, sorted by name.
Result<std::vector<Bridge>> list_bridges();

/// Switches on both nf_call flags of the bridge, by netlink (CAP_NET_ADMIN is enough). They have an effect only while
/// br_netfilter is loaded: see `br_netfilter_loaded`.
Result<void> enable_nf_call(const Bridge& bridge);

/// Whether the kernel has br_netfilter in this network namespace (/proc/sys/net/bridge exists).
bool br_netfilter_loaded();

/// Reports changes of links and their addresses. For one thread.
class LinkMonitor {
 public:
  /// Subscribes to link and address changes of this network namespace.
  static Result<LinkMonitor> open();
  /// Readable when something changed; for poll(2).
  [[nodiscard]] int fd() const { return fd_.get(); }
  /// Reads what has arrived, without blocking. True when anything changed, or notifications were lost.
  bool drain();

 private:
  explicit LinkMonitor(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace selvage::host
