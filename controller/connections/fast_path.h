#pragma once

#include <cstddef>
#include <set>

#include "base/ip_address.h"
#include "nft/plan/plan.h"

namespace selvage::controller {

/// What one reading of the connection table says of pods.
struct FastPathFindings {
  bool sure = false;         ///< nothing can have been missed: the tables enforce what was judged by
  std::set<IpAddress> pods;  ///< of this node, known, none of whose connections is denied, cut, or not known
};

/// Keeps the sets `fastpath-pods4` and `fastpath-pods6`, the pods of this node of whose connections policy allows all,
/// so that packets of established ones need not be judged each; and `fastpath-state`, the gate before them: the one
/// state of a connection that is in it is taken out in the very transaction that may deny something, and put back with
/// the pods that then are right, when a reading of the connection table has proved which. So at no moment a packet is
/// let through that the tables' policies deny. Not thread-safe.
class FastPath {
 public:
  /// Takes over what stands in tables that were read.
  void load(const nft::Ruleset& have);
  /// Shuts the gate, by the plan that is to be committed: to be called with each one that may deny something.
  void disable_fast_path(nft::Plan& plan) const;
  /// The plan was committed.
  void committed(const nft::Plan& plan);
  /// What is to be written after a reading, into the same transaction as what it found to cut.
  void write(const FastPathFindings& findings, nft::TablePlan& plan) const;

  /// Whether packets of all connections are judged each.
  [[nodiscard]] bool empty() const { return states_.empty(); }
  /// How many addresses of pods have connections that are not judged each.
  [[nodiscard]] std::size_t addresses() const { return empty() ? 0 : pods_.size(); }

 private:
  std::set<nft::ElementKey> states_;  ///< the gate: the state "established", and what somebody else put in
  std::set<IpAddress> pods_;
};

}  // namespace selvage::controller
