#pragma once

#include <set>
#include <string>
#include <vector>

#include "host/bridges.h"

namespace selvage::controller {

/// Sees to it that what the node's pod bridges forward passes nftables' inet hooks: br_netfilter with
/// each bridge's nf_call flags on. Logs what is missing, once each time it begins to be missing. Not
/// thread-safe.
class NodeBridges {
 public:
  /// `change_flags` false: only looks (dry run).
  explicit NodeBridges(bool change_flags) : change_flags_(change_flags) {}

  /// Reads the node's bridges again.
  void refresh();
  /// As of the last refresh.
  [[nodiscard]] const std::vector<host::Bridge>& bridges() const { return bridges_; }

  /// Why some of the pod bridges' traffic does not pass the inet hooks, as of the last make_effective, with the remedy;
  /// empty: all of it does.
  [[nodiscard]] const std::string& missing() const { return reported_; }

  /// Switches the flags on for those of `pod_bridges` that exist. True when everything that they
  /// forward passes the inet hooks.
  bool make_effective(const std::vector<std::string>& pod_bridges);

 private:
  [[nodiscard]] std::string what_is_missing(const std::vector<std::string>& pod_bridges);
  Result<void> make_effective(host::Bridge& bridge);

  bool change_flags_;
  std::vector<host::Bridge> bridges_;
  std::string reported_;
};

}  // namespace selvage::controller
