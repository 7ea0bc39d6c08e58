#pragma once

#include <set>
#include <string>
#include <vector>

#include "host/bridges.h"

namespace selvage::controller {

/// Makes the traffic of the node's pod bridges pass nftables' inet hooks: br_netfilter is loaded and each bridge's
/// nf_call flags are on. Logs an obstacle once, when it appears. Not thread-safe.
class NodeBridges {
 public:
  /// `change_flags` false: only checks (dry run).
  explicit NodeBridges(bool change_flags) : change_flags_(change_flags) {}

  /// Reads the node's bridges again.
  void refresh();
  /// As of the last refresh.
  [[nodiscard]] const std::vector<host::Bridge>& bridges() const { return bridges_; }

  /// Why some of the pod bridges' traffic did not pass the inet hooks at the last make_effective, with the fix; empty:
  /// all of it did.
  [[nodiscard]] const std::string& missing() const { return reported_; }

  /// Switches the flags on for those of `pod_bridges` that exist. True when all traffic that they forward passes the
  /// inet hooks.
  bool make_effective(const std::vector<std::string>& pod_bridges);

 private:
  [[nodiscard]] std::string find_missing(const std::vector<std::string>& pod_bridges);
  Result<void> make_effective(host::Bridge& bridge);

  bool change_flags_;
  std::vector<host::Bridge> bridges_;
  std::string reported_;
};

}  // namespace selvage::controller
