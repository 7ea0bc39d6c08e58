#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "controller/sync/table_sync.h"
#include "controller/tables/render.h"
#include "nft/plan/compare.h"
#include "nft/plan/kernel.h"
#include "policy/compile/compiler.h"
#include "policy/tiers/stages.h"

namespace selvage::controller {

/// Keeps the table of staged policies (kStagedTable) true to the objects, in transactions of its own, so that its
/// errors never affect what is enforced. While no policy is staged there is no table and no state. Not thread-safe.
class StagedTable {
 public:
  /// `kernel` must outlive this object. Sets the mode of `options`, and leaves out policies' own counters.
  StagedTable(nft::Kernel& kernel, std::string node, const RenderOptions& options);

  /// All known pods and namespaces.
  using Known = std::function<const policy::Inventory&()>;
  /// Takes in events that `stages` has sorted (`policy::Stages::take`). `known` includes these events; it is called
  /// when the first policy is staged.
  void apply(const policy::StageEvents& events, const policy::Stages& stages, const Known& known);
  /// Others touched the table (TableSync::distrust).
  void distrust(Moment now) { schedule_.distrust(now); }
  /// Sets the observer that is called with `snapshot()` after each sync that may have changed which pods staged
  /// policies select (`staged_labels`).
  void on_selections_changed(std::function<void(const policy::Snapshot* staged)> observer) {
    observer_ = std::move(observer);
  }

  /// Brings the kernel up to date; true: something changed. After an error the changes stay pending and are retried
  /// when `due` (TableSync::run).
  Result<bool> sync(Moment now);
  /// When `sync` should be called; in the past: at once; none: not needed.
  [[nodiscard]] std::optional<Moment> due() const {
    return schedule_.pending() ? std::optional(schedule_.retry().value_or(Moment())) : std::nullopt;
  }

  /// Makes the table open, contents unchanged (plan_to_open). The last call before the program ends.
  Result<void> release();

  /// Reads the table and compares it with the desired one. Call it when nothing is due.
  Result<nft::Differences> check();
  /// The same for a table that was read before.
  [[nodiscard]] nft::Differences differences(const nft::Ruleset& have);
  /// The staged policies, compiled up to all applied events; nullptr: nothing is staged.
  [[nodiscard]] const policy::Snapshot* snapshot();

 private:
  Result<nft::Plan> plan(TableSync::Scope scope);
  Result<nft::Plan> whole_plan();
  [[nodiscard]] nft::Ruleset wanted();

  nft::Kernel& kernel_;
  std::string node_;
  RenderOptions options_;
  std::unique_ptr<policy::Compiler> compiler_;  ///< while something is staged
  TableSync schedule_;
  bool selections_changed_ = true;
  std::function<void(const policy::Snapshot*)> observer_;
};

}  // namespace selvage::controller
