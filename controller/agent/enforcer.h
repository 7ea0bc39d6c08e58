#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "controller/agent/agent.h"
#include "controller/agent/sync_reporter.h"
#include "controller/counters/packet_counters.h"
#include "controller/events/monitoring.h"
#include "controller/node/node_bridges.h"
#include "controller/sources/mailbox.h"
#include "controller/sync/reconciler.h"
#include "controller/sync/staged_table.h"
#include "nft/kernel/watched_kernel.h"

namespace selvage::controller {

/// What the tables of an agent depend on beside the policy, as its options and this kernel want it. Fails where the
/// kernel cannot be asked, and where it cannot do what an option insists on.
[[nodiscard]] Result<RenderOptions> render_options(const AgentOptions& options);

/// Keeps this node's kernel true to the objects - tables, pod bridges, established connections - and logs what it did
/// and what it could not. Not thread-safe; tied to the network namespace in which it was made.
class Enforcer {
 public:
  /// What is committed reaches `watched` through `kernel`; `watched` is nullptr where nothing is committed (a dry run).
  /// All must outlive this object. `counters` is told whom the tables count for; nullptr: nobody reads them.
  Enforcer(const AgentOptions& options, nft::Kernel& kernel, nft::WatchedKernel* watched, RenderOptions render,
           const Monitoring& monitoring, PacketCounters* counters = nullptr);

  /// Takes in what a source says. Nothing reaches the kernel before a first full list is in.
  void take(const Mailbox::Contents& mail);
  /// Takes in what others did to the tables, to be put right when `due` says.
  void take_interference();
  /// The links of this namespace are not what they were, or were not looked at yet.
  void look_at_links();

  /// Has the tables compared with what should be there, as soon as all changes are committed. Not in a dry run, which
  /// commits none.
  void ask_self_check() {
    if (commits()) check_due_ = Moment();
  }
  /// When `act` should be called; never: it need not.
  [[nodiscard]] std::optional<Moment> due() const;
  /// Does what is due. What fails is logged, stays pending, and is due again later.
  void act();
  /// Does all that is to do, once.
  Result<void> act_once();

  /// Whether a first full list is in.
  [[nodiscard]] bool synced() const { return synced_; }
  /// Whether the kernel shows the traffic of all pod bridges to the tables, as far as was looked.
  [[nodiscard]] bool effective() const { return effective_; }
  [[nodiscard]] const SyncReporter& syncs() const { return reporter_; }
  /// Who may change the tables, as is asked of the kernel.
  [[nodiscard]] nft::Ownership ownership() const { return reconciler_.options().ownership; }
  /// What is known now, staged policies left out, worked out up to what was taken in.
  [[nodiscard]] const policy::Snapshot& snapshot() { return reconciler_.snapshot(); }
  /// The same for staged policies (policy::Stages); nullptr: nothing is staged.
  [[nodiscard]] const policy::Snapshot* staged_snapshot() { return staged_.snapshot(); }
  [[nodiscard]] std::size_t staged_policies() const { return stages_.staged(); }

 private:
  Result<void> sync();
  Result<void> sync_staged();
  void report_labels();
  void report_all_labels();
  [[nodiscard]] std::optional<StagedLabels> labels_of_staged();
  void tell_refused();
  void check_tables();
  void check_failed(const Error& error);
  void publish_sizes();
  void tend_bridges();
  bool host_lost_address();
  void cut_connections();
  [[nodiscard]] bool commits() const { return watched_ != nullptr; }

  bool bridges_are_given_;
  nft::WatchedKernel* watched_;
  Reconciler reconciler_;
  policy::Stages stages_;
  StagedTable staged_;
  NodeBridges bridges_;
  std::set<IpAddress> host_;  ///< its addresses
  bool effective_ = false;
  bool labels_are_old_ = false;         ///< all owners of counters are to be told anew
  bool staged_labels_are_old_ = false;  ///< those of staged policies are
  policy::NodePolicyDelta untold_;      ///< what the owners do not reflect yet, beside that
  bool synced_ = false;
  Monitoring monitoring_;
  SyncReporter reporter_;
  PacketCounters* counters_;
  std::chrono::seconds check_interval_;
  std::optional<Moment> check_due_;  ///< when the tables are to be compared
  std::optional<Moment> sizes_due_;  ///< when the metrics are to hear what is enforced
};

}  // namespace selvage::controller
