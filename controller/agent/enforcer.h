#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "controller/agent/agent.h"
#include "controller/agent/policy_log.h"
#include "controller/agent/sync_reporter.h"
#include "controller/counters/label_keeper.h"
#include "controller/events/monitoring.h"
#include "controller/node/node_bridges.h"
#include "controller/sources/mailbox.h"
#include "controller/sync/reconciler.h"
#include "controller/sync/staged_table.h"
#include "nft/kernel/watched_kernel.h"

namespace selvage::controller {

/// The options of rendering, from the agent's options and this kernel's features. Fails if the kernel cannot be probed,
/// or does not support what an option requires.
[[nodiscard]] Result<RenderOptions> render_options(const AgentOptions& options);

/// Keeps this node's kernel true to the objects - tables, pod bridges, established connections - and logs what it did
/// and what failed. Not thread-safe; tied to the network namespace in which it was made.
class Enforcer {
 public:
  /// Commits reach `watched` through `kernel`; `watched` is nullptr if nothing is committed (a dry run). All must
  /// outlive this object. `counters` gets the counter labels, which follow the tables; nullptr: no counters are read.
  Enforcer(const AgentOptions& options, nft::Kernel& kernel, nft::WatchedKernel* watched, RenderOptions render,
           const Monitoring& monitoring, PacketCounters* counters = nullptr);

  /// Takes in events of a source. Nothing reaches the kernel before the first full list is complete.
  void take(const Mailbox::Contents& mail);
  /// Takes in other programs' changes of the tables, which the next sync reverts.
  void take_interference();
  /// Reads bridges and addresses of this namespace: at the start, and when links have changed.
  void read_links();

  /// Requests a self-check as soon as all changes are committed. Has no effect in a dry run, which commits none.
  void request_self_check() {
    if (commits()) check_due_ = Moment();
  }
  /// When to call `act`; nothing: not needed.
  [[nodiscard]] std::optional<Moment> due() const;
  /// Does what is due. Failures are logged and retried later.
  void act();
  /// Does everything once.
  Result<void> act_once();

  /// Gives up the ownership of the tables, so that anybody may change them and their listing loads. The last call. Logs
  /// failures; the tables enforce in any case.
  void release();

  /// Whether the first full list is complete.
  [[nodiscard]] bool synced() const { return synced_; }
  /// Whether the traffic of all pod bridges passed the tables at the last check.
  [[nodiscard]] bool effective() const { return effective_; }
  [[nodiscard]] const SyncReporter& syncs() const { return reporter_; }
  /// The ownership of the tables that the agent requests.
  [[nodiscard]] nft::Ownership ownership() const { return reconciler_.options().ownership; }
  /// The state of enforced policies, up to date with all events.
  [[nodiscard]] const policy::Snapshot& snapshot() { return reconciler_.snapshot(); }
  /// The state of staged policies (policy::Stages); nullptr: no policy is staged.
  [[nodiscard]] const policy::Snapshot* staged_snapshot() { return staged_.snapshot(); }
  [[nodiscard]] std::size_t staged_policies() const { return stages_.staged(); }

 private:
  Result<void> sync();
  Result<void> sync_staged();
  void observe_commits();
  void report_refused();
  void check_tables();
  void check_failed(const Error& error);
  void publish_sizes();
  void update_bridges();
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
  bool synced_ = false;
  Monitoring monitoring_;
  SyncReporter reporter_;
  PolicyLog policy_log_;
  LabelKeeper labels_;
  std::chrono::seconds check_interval_;
  std::optional<Moment> check_due_;  ///< the next self-check
  std::optional<Moment> sizes_due_;  ///< the next update of size metrics
};

}  // namespace selvage::controller
