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
#include "policy/compile/stages.h"

namespace selvage::controller {

/// Keeps the table of staged policies (kStagedTable) true to the objects, in transactions of its own: what goes wrong
/// here never touches what is enforced. While no policy is staged there is no table, and nothing is kept. Not
/// thread-safe.
class StagedTable {
 public:
  /// `kernel` must outlive this object. Of `options` the mode is set, and policies' own counters are left out.
  StagedTable(nft::Kernel& kernel, std::string node, const RenderOptions& options);

  /// Takes in what `stages` made of events (`policy::Stages::take`). `known` holds all pods and namespaces, these
  /// events included.
  void apply(const policy::StageEvents& events, const policy::Stages& stages, const policy::Inventory& known);
  /// Others touched the table (TableSync::distrust).
  void distrust(Moment now) { schedule_.distrust(now); }
  /// Sets the one that is called after each sync that may have changed which pods staged policies select
  /// (`staged_labels`), with what `compiler` returns.
  void on_selections_changed(std::function<void(const policy::Compiler* staged)> observer) {
    observer_ = std::move(observer);
  }

  /// Brings the kernel up to date; true: something changed. After an error the changes stay pending and are tried again
  /// when `due` says (TableSync::run).
  Result<bool> sync(Moment now);
  /// When `sync` should be called; in the past: at once; never: it need not.
  [[nodiscard]] std::optional<Moment> due() const {
    return schedule_.pending() ? std::optional(schedule_.retry().value_or(Moment())) : std::nullopt;
  }

  /// Makes the table open, as it is (plan_to_open): the last call, when the program is about to end.
  Result<void> release();

  /// Reads the table and says where it differs from what it should be. To be called when nothing is due.
  Result<nft::Differences> check();
  /// The same of a table that was read before.
  [[nodiscard]] nft::Differences differences(const nft::Ruleset& have);
  /// What is staged, worked out up to what was applied; nullptr: nothing is.
  [[nodiscard]] const policy::Compiler* compiler();

 private:
  Result<nft::Plan> plan(TableSync::Scope scope);
  Result<nft::Plan> whole_plan();
  [[nodiscard]] nft::Ruleset wanted() const;
  [[nodiscard]] PodNames pod_names() const;

  nft::Kernel& kernel_;
  std::string node_;
  RenderOptions options_;
  std::unique_ptr<policy::Compiler> compiler_;  ///< while something is staged
  TableSync schedule_;
  bool selections_changed_ = true;
  std::function<void(const policy::Compiler*)> observer_;
};

}  // namespace selvage::controller
