#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "controller/connections/connection_cutter.h"
#include "controller/refusals/quarantine.h"
#include "controller/selfcheck/self_check.h"
#include "controller/sync/table_sync.h"
#include "controller/tables/render.h"
#include "nft/plan/kernel.h"
#include "policy/compile/compiler.h"

namespace selvage::controller {

/// What one call of `Reconciler::sync` did.
struct SyncReport {
  bool from_nothing = false;                ///< the tables were read back and compared whole
  nft::PlanSize size;                       ///< what was committed
  bool changed = false;                     ///< anything was
  std::size_t refused = 0;                  ///< parts that the kernel refuses and that are left out: not ready
  std::optional<std::string> other_layout;  ///< of tables of another version that were there, now rewritten
};

/// Called after each sync that was committed. `delta`: what is enforced otherwise than before; nullptr: all may be. It
/// holds during the call.
using CommitObserver = std::function<void(const policy::NodePolicyDelta* delta)>;

/// Keeps the kernel's tables true to the objects: events in, one transaction a sync out. The first
/// sync reads back what is there and commits the difference; later ones commit what changed. After a
/// refusal it reads back again, so that a plan never builds on a guess. A part that the kernel refuses for its own
/// sake is left out, with its fail-closed fallback, so that the rest is enforced. It alone commits to the enforced
/// tables: what the connection cutter decides goes through it. Not thread-safe.
class Reconciler {
 public:
  /// `kernel` must outlive this object.
  Reconciler(nft::Kernel& kernel, FlowReader flows, std::string node, RenderOptions options);

  /// Adds an observer; it must outlive this object.
  void on_commit(CommitObserver observer) { observers_.push_back(std::move(observer)); }

  /// Takes events in; nothing reaches the kernel before `sync`.
  void apply(const std::vector<policy::Event>& events);
  /// Says whether the objects are all that there are (they are at first). While they are not - a
  /// manifest cannot be read, and what it last said is not known since this process began - what the
  /// kernel isolates already stays isolated: a whole sync removes no isolation and holds the edge.
  void set_complete(bool complete);
  /// Others touched the tables (TableSync::distrust).
  void distrust(Moment now) { schedule_.distrust(now); }
  /// Renders by other options from the next sync on.
  void set_options(RenderOptions options);
  [[nodiscard]] const RenderOptions& options() const { return options_; }

  /// Works out what is to be enforced, without touching the kernel: `compiler().result()` is then up
  /// to what was applied.
  void prepare() { compiler_.update(); }

  /// Brings the kernel up to date, but for parts that it refuses for their own sake (`quarantine`). On an
  /// error the changes stay pending and are tried again when `due` says (TableSync::run). Of what is
  /// refused as a whole for other than passing reasons, new isolation is enforced all the same.
  Result<SyncReport> sync(Moment now);

  /// Reads the tables back and compares them with what they should be (self_check); changes nothing. To be called when
  /// all changes are committed (`unsynced` is false). Fails where the tables cannot be read.
  Result<SelfCheckReport> check(std::uint64_t seed);

  /// Judges established connections by what is enforced, and commits what the cutter decides: to be called when the
  /// cutter is due.
  Result<ConnectionCutter::Report> judge_connections(Moment now);

  /// Makes the tables open, as they are (plan_to_open): the last call, when the program is about to end.
  Result<void> release();

  /// Whether changes wait that a sync has not tried, or tried in vain.
  [[nodiscard]] bool unsynced() const { return schedule_.pending(); }
  /// Whether changes wait to be committed, parts that are left out included.
  [[nodiscard]] bool pending() const { return unsynced() || !quarantine_.empty(); }
  /// When `sync` should be called although no event came; never: it need not. In the past or never while
  /// `pending`: at once.
  [[nodiscard]] std::optional<Moment> due() const { return unsynced() ? schedule_.retry() : quarantine_.due(); }
  /// What the kernel refuses and since when: while there is anything the node is not ready.
  [[nodiscard]] const Quarantine& quarantine() const { return quarantine_; }

  [[nodiscard]] ConnectionCutter& cutter() { return cutter_; }
  [[nodiscard]] const ConnectionCutter& cutter() const { return cutter_; }
  [[nodiscard]] const policy::Compiler& compiler() const { return compiler_; }

 private:
  using Committed = tl::expected<SyncReport, nft::CommitError>;

  Committed sync_whole(Moment now);
  Committed sync_changes(Moment now);
  Committed commit(nft::Plan plan, bool from_nothing, Moment now);
  [[nodiscard]] nft::CommitResult transact(const nft::Plan& plan);
  void tell_observers(const policy::NodePolicyDelta* delta);
  [[nodiscard]] Result<nft::Ruleset> read_back();
  Committed search(const nft::Ruleset& have, const nft::Ruleset& want, Moment now);
  void isolate(const nft::Ruleset& have, const nft::Ruleset& want, Moment now);
  Result<void> try_left_out(const nft::Ruleset& was, Moment now);
  [[nodiscard]] PodNames pod_names() const;
  [[nodiscard]] nft::Ruleset wanted(const nft::Ruleset& have) const;
  [[nodiscard]] nft::Ruleset wanted_without(const nft::Ruleset& have, const OmittedParts& parts) const;

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
