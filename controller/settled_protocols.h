#pragma once

#include <cstdint>
#include <set>

#include "nft/plan.h"

namespace selvage::controller {

/// What one reading of the connection table says of whole protocols.
struct ProtocolFindings {
  bool sure = false;              ///< nothing can have been missed: the tables enforce what was judged by
  std::set<std::uint8_t> denied;  ///< protocols some of whose connections are denied, or cut, or not known
};

/// Keeps the set `settled`: the protocols of whose connections policy allows all, so that packets of established ones
/// need not be judged each. A protocol is put in when a reading of the connection table proves it, and taken out in the
/// very transaction that may deny something: at no moment is a packet let through that the tables' policies deny. Not
/// thread-safe.
class SettledProtocols {
 public:
  /// Takes over what stands in tables that were read.
  void adopt(const nft::Ruleset& have);
  /// Takes all out of the set, by the plan that is to be committed: to be called with each one that may deny something.
  void unsettle(nft::Plan& plan) const;
  /// The plan was committed.
  void committed(const nft::Plan& plan);
  /// What is to be written after a reading, into the same transaction as what it found to cut.
  void write(const ProtocolFindings& findings, nft::TablePlan& plan) const;

  [[nodiscard]] bool empty() const { return settled_.empty(); }
  /// Whether all protocols are in that may be.
  [[nodiscard]] bool complete() const;

 private:
  std::set<std::uint8_t> settled_;
};

}  // namespace selvage::controller
