#pragma once

#include <optional>

#include "controller/counters/packet_counters.h"

namespace selvage::controller {

/// Keeps the counter labels up to date with the tables: updates them after each commit. For the thread that commits.
class LabelKeeper {
 public:
  /// `counters` must outlive this object; nullptr: no counters are read.
  explicit LabelKeeper(PacketCounters* counters) : counters_(counters) {}

  /// Tables that enforce `policy` were committed. `delta`: the changes to what is enforced; nullptr, as for the
  /// first commit: everything may have changed.
  void committed(const policy::NodePolicyDelta* delta, const policy::NodePolicy& policy, const RenderOptions& options);
  /// Staged policies select other pods than before. `staged`: their snapshot; nullptr: nothing is staged.
  void staged_changed(const policy::Snapshot* staged);

 private:
  PacketCounters* counters_;
  std::optional<StagedLabels> staged_;
  bool known_ = false;  ///< there was a commit
};

}  // namespace selvage::controller
