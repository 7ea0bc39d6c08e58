#pragma once

#include <cstddef>
#include <set>

#include "base/ip_address.h"
#include "nft/plan/plan.h"

namespace selvage::controller {

/// The findings of one reading of the connection table about pods.
struct FastPathFindings {
  bool sure = false;         ///< complete: no connection can have been missed
  std::set<IpAddress> pods;  ///< of this node, without a connection that is denied, cut, or unknown
};

/// Manages the sets of the fast path: `fastpath-pods4` and `fastpath-pods6`, pods of this node whose connections
/// are all allowed, so that packets of established ones bypass the policies; and `fastpath-state`, which switches the
/// bypass on by holding the state "established". A transaction that may deny traffic empties `fastpath-state`; it is
/// filled again, together with the right pods, once readings of the connection table have shown which they are. So no
/// packet ever passes that the policies in the tables deny. Not thread-safe.
class FastPath {
 public:
  /// Takes over the state of tables that were read.
  void load(const nft::Ruleset& have);
  /// Disables the fast path in the same transaction. Call it for every plan that may deny traffic.
  void disable_fast_path(nft::Plan& plan) const;
  /// The plan was committed.
  void committed(const nft::Plan& plan);
  /// Adds the changes after a reading to `plan`, which also cuts what the reading found.
  void write(const FastPathFindings& findings, nft::TablePlan& plan) const;

  /// Whether the fast path is off: every packet is judged.
  [[nodiscard]] bool empty() const { return states_.empty(); }
  /// The number of pod addresses on the fast path.
  [[nodiscard]] std::size_t addresses() const { return empty() ? 0 : pods_.size(); }

 private:
  std::set<nft::ElementKey> states_;  ///< in `fastpath-state`: "established", and additions of other programs
  std::set<IpAddress> pods_;
};

}  // namespace selvage::controller
