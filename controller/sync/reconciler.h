#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/backoff.h"
#include "base/clock.h"
#include "controller/connections/connection_cutter.h"
#include "controller/refusals/quarantine.h"
#include "controller/selfcheck/self_check.h"
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
  std::optional<std::string> other_layout;  ///< what was there, of another version, and is rewritten (table_layout.h)
  policy::NodePolicyDelta delta;            ///< what is enforced otherwise than before; empty when `from_nothing`
};

/// Keeps the kernel's tables true to the objects: events in, one transaction a sync out, or a few (commit_steps.h). The
/// first sync reads back what is there and commits the difference; later ones commit what changed. After a refusal it
/// reads back again, so that a plan never builds on a guess. A part that the kernel refuses for its own sake is left
/// out, replaced by its fallback, so that the rest is enforced. Not thread-safe.
class Reconciler {
 public:
  /// `kernel` must outlive this object.
  Reconciler(nft::Kernel& kernel, FlowReader flows, std::string node, RenderOptions options);

  /// Takes events in; nothing reaches the kernel before `sync`.
  void apply(const std::vector<policy::Event>& events);
  /// Says whether the objects are all that there are (they are at first). While they are not - a
  /// manifest cannot be read, and what it last said is not known since this process began - what the
  /// kernel isolates already stays isolated: a whole sync removes no isolation and holds the edge.
  void set_complete(bool complete);
  /// Says that others touched the tables: the next sync, due at once, reads them back. Where they touch
  /// them again less than a second after that, it keeps a distance that doubles from 10 ms to a second,
  /// so that a quarrel does not eat the node. A sync that is due already is not put off.
  void distrust(Moment now);
  /// Renders by other options from the next sync on.
  void set_options(RenderOptions options);
  [[nodiscard]] const RenderOptions& options() const { return options_; }

  /// Works out what is to be enforced, without touching the kernel: `compiler().result()` is then up
  /// to what was applied.
  void prepare() { compiler_.update(); }

  /// Brings the kernel up to date, but for parts that it refuses for their own sake (`quarantine`). On an
  /// error the changes stay pending and are tried again when `due` says: after 0.1 s, doubling up to 30 s,
  /// or up to 1 s where the error is EPERM (the tables belong to another running program). Of what is
  /// refused as a whole for other than passing reasons, new isolation is enforced all the same.
  Result<SyncReport> sync(Moment now);

  /// Reads the tables back and compares them with what they should be (self_check); changes nothing. To be called when
  /// all changes are committed (`unsynced` is false). Fails where the tables cannot be read.
  Result<SelfCheckReport> check(std::uint64_t seed);

  /// Judges established connections by what is enforced (ConnectionCutter::run): to be called when the cutter is due.
  Result<ConnectionCutter::Report> judge_connections(Moment now);

  /// Whether changes wait that a sync has not tried, or tried in vain.
  [[nodiscard]] bool unsynced() const { return pending_; }
  /// Whether changes wait to be committed, parts that are left out included.
  [[nodiscard]] bool pending() const { return pending_ || !quarantine_.empty(); }
  /// When `sync` should be called although no event came; never: it need not. In the past or never while
  /// `pending`: at once.
  [[nodiscard]] std::optional<Moment> due() const { return pending_ ? retry_ : quarantine_.due(); }
  /// What the kernel refuses and since when: while there is anything the node is not ready.
  [[nodiscard]] const Quarantine& quarantine() const { return quarantine_; }

  [[nodiscard]] ConnectionCutter& cutter() { return cutter_; }
  [[nodiscard]] const ConnectionCutter& cutter() const { return cutter_; }
  [[nodiscard]] const policy::Compiler& compiler() const { return compiler_; }

 private:
  using Committed = tl::expected<SyncReport, nft::CommitError>;

  Committed sync_whole(Moment now);
  Committed sync_changes(Moment now);
  /// Carries the plan out as `commit_steps` says; on an error `steps_done_` of them are in force.
  Committed commit_in_steps(nft::Plan plan, bool from_nothing, Moment now);
  /// Carries the plan out in one transaction.
  Committed commit(nft::Plan plan, bool from_nothing, Moment now);
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
  Backoff backoff_;
  Backoff quarrel_;
  std::size_t steps_done_ = 0;
  bool whole_ = true;  ///< the kernel's state is not known: read it back
  bool pending_ = true;
  bool complete_ = true;
  bool tracking_ = false;
  std::optional<Moment> retry_;
  bool distrusted_ = false;         ///< others touched the tables; no sync since
  std::optional<Moment> repaired_;  ///< the last sync for that reason
};

}  // namespace selvage::controller
