#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "controller/connections/connection_cutter.h"
#include "controller/refusals/quarantine.h"
#include "controller/selfcheck/self_check.h"
#include "controller/sync/commit_steps.h"
#include "controller/sync/table_sync.h"
#include "controller/tables/render.h"
#include "nft/plan/kernel.h"
#include "policy/compile/compiler.h"

namespace selvage::controller {

/// The result of one call of `Reconciler::sync`.
struct SyncReport {
  bool from_nothing = false;                ///< the tables were read back and compared as a whole
  nft::PlanSize size;                       ///< of the committed plan
  bool changed = false;                     ///< the plan was not empty
  std::size_t refused = 0;                  ///< parts that the kernel refuses and that are omitted: not ready
  std::optional<std::string> other_layout;  ///< of tables of another version that were there, now rewritten
};

/// Called after each committed sync. `delta`: the changes to what is enforced, valid during the call; nullptr:
/// everything may have changed.
using CommitObserver = std::function<void(const policy::NodePolicyDelta* delta)>;

/// Keeps the kernel's tables true to the objects: events in; out comes one transaction per sync, or as many as packets
/// need to be judged rightly meanwhile (commit_in_steps).
/// The first sync reads the tables back and commits the difference; later ones commit changes. After a refusal the
/// tables are read back again, so that no plan builds on a guess. A part that the kernel itself refuses is omitted,
/// with its fail-closed fallback, so that the rest is enforced. Only this class commits to the enforced tables; the
/// connection cutter's plans go through it, too. Not thread-safe.
class Reconciler {
 public:
  /// `kernel` must outlive this object.
  Reconciler(nft::Kernel& kernel, FlowReader flows, std::string node, RenderOptions options);

  /// Adds an observer; it must outlive this object.
  void on_commit(CommitObserver observer) { observers_.push_back(std::move(observer)); }

  /// Takes events in; nothing reaches the kernel before `sync`.
  void apply(const std::vector<policy::Event>& events);
  /// Whether the objects are complete (they are at first). While they are not - a manifest cannot be read, and no
  /// earlier version of it is known to this process - every pod that the kernel isolates stays isolated: syncs remove
  /// no isolation and keep dropping unknown endpoints.
  void set_complete(bool complete);
  /// Others touched the tables (TableSync::distrust).
  void distrust(Moment now) { schedule_.distrust(now); }
  /// Renders with other options from the next sync on.
  void set_options(RenderOptions options);
  [[nodiscard]] const RenderOptions& options() const { return options_; }

  /// Compiles everything that was applied, without touching the kernel.
  [[nodiscard]] const policy::Snapshot& snapshot() { return compiler_.update(); }

  /// Brings the kernel up to date, except for parts that the kernel itself refuses (`quarantine`). On an error the
  /// changes stay pending and are retried when `due` (TableSync::run). If a plan is refused as a whole for a lasting
  /// reason, new isolation is enforced nevertheless.
  Result<SyncReport> sync(Moment now);

  /// Reads the tables back and compares them with the desired ones (self_check); changes nothing. Call it when all
  /// changes are committed (`unsynced` is false). Fails if the tables cannot be read.
  Result<SelfCheckReport> check(std::uint64_t seed);

  /// Judges established connections by the enforced policy and commits the cutter's plan. Call it when the cutter is
  /// due.
  Result<ConnectionCutter::Report> judge_connections(Moment now);

  /// Makes the tables open, contents unchanged (plan_to_open). Leaves them as they are where they do not judge packets:
  /// a stand-in may. The last call before the program ends.
  Result<void> release();

  /// Whether there are changes that no sync has committed.
  [[nodiscard]] bool unsynced() const { return schedule_.pending(); }
  /// Whether anything is not committed, omitted parts included.
  [[nodiscard]] bool pending() const { return unsynced() || !quarantine_.empty(); }
  /// When `sync` should be called without an event; none: not needed. In the past, or none while `pending`: at once.
  [[nodiscard]] std::optional<Moment> due() const { return unsynced() ? schedule_.retry() : quarantine_.due(); }
  /// The parts that the kernel refuses; while there are any, the node is not ready.
  [[nodiscard]] const Quarantine& quarantine() const { return quarantine_; }

  [[nodiscard]] ConnectionCutter& cutter() { return cutter_; }
  [[nodiscard]] const ConnectionCutter& cutter() const { return cutter_; }

 private:
  using Committed = tl::expected<SyncReport, nft::CommitError>;

  Committed sync_whole(Moment now);
  Committed sync_changes(Moment now);
  [[nodiscard]] SyncReport prepare(nft::Plan& plan, bool from_nothing) const;
  Committed commit(nft::Plan plan, const std::optional<TablesThere>& there, Moment now);
  Committed commit_at_once(nft::Plan plan, bool from_nothing, Moment now);
  [[nodiscard]] nft::CommitResult transact(const nft::Plan& plan);
  void notify_observers(const policy::NodePolicyDelta* delta);
  [[nodiscard]] Result<nft::Ruleset> read_back();
  Committed search(const nft::Ruleset& have, const nft::Ruleset& want, Moment now);
  void isolate(const nft::Ruleset& have, const nft::Ruleset& want, Moment now);
  Result<void> try_left_out(const nft::Ruleset& was, Moment now);
  [[nodiscard]] PodNames pod_names();
  [[nodiscard]] nft::Ruleset wanted(const nft::Ruleset& have);
  [[nodiscard]] nft::Ruleset wanted_without(const nft::Ruleset& have, const OmittedParts& parts);

  nft::Kernel& kernel_;
  policy::Compiler compiler_;
  RenderOptions options_;
  ConnectionCutter cutter_;
  Quarantine quarantine_;
  TableSync schedule_;
  std::vector<CommitObserver> observers_;
  bool complete_ = true;
  bool tracking_ = false;
};

}  // namespace selvage::controller
