#pragma once

#include <optional>

#include "controller/counters/packet_counters.h"

namespace selvage::controller {

/// Keeps the labels of the packet counters true to the tables: hears of each commit, and updates what it changed. For
/// the thread that commits.
class LabelKeeper {
 public:
  /// `counters` must outlive this object; nullptr: no counters are read.
  explicit LabelKeeper(PacketCounters* counters) : counters_(counters) {}

  /// Tables that enforce `policy` were committed. `delta`: what they enforce otherwise than before; nullptr, as of the
  /// first commit: all of it may be.
  void committed(const policy::NodePolicyDelta* delta, const policy::NodePolicy& policy, const RenderOptions& options);
  /// Which pods staged policies select has changed. `staged`: their snapshot; nullptr: nothing is staged.
  void staged_changed(const policy::Snapshot* staged);

 private:
  PacketCounters* counters_;
  std::optional<StagedLabels> staged_;
  bool known_ = false;  ///< there was a commit
};

}  // namespace selvage::controller
