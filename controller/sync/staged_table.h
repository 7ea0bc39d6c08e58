#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/backoff.h"
#include "base/clock.h"
#include "controller/tables/render.h"
#include "nft/plan/compare.h"
#include "nft/plan/kernel.h"
#include "policy/compile/compiler.h"
#include "policy/tiers/stages.h"

namespace selvage::controller {

/// Keeps the table of staged policies (kStagedTable) true to the objects, in transactions of its own: what goes wrong
/// here never touches what is enforced. While no policy is staged there is no table, and nothing is kept. Not
/// thread-safe.
class StagedTable {
 public:
  /// `kernel` must outlive this object. Of `options` the mode is set, and policies' own counters are left out.
  StagedTable(nft::Kernel& kernel, std::string node, const RenderOptions& options);

  /// All pods and namespaces that are known.
  using Known = std::function<const policy::Inventory&()>;
  /// Takes in what `stages` made of events (`policy::Stages::take`). `known` includes these events; it is asked when
  /// the first policy is staged.
  void apply(const policy::StageEvents& events, const policy::Stages& stages, const Known& known);
  /// Says that others touched the table: the next sync reads it back.
  void distrust(Moment now);

  /// Brings the kernel up to date; true: something changed. After an error the changes stay pending and are tried again
  /// when `due` says.
  Result<bool> sync(Moment now);
  /// True once after a sync that may have changed which staged policies select whom (`staged_labels`).
  [[nodiscard]] bool take_selections_changed() { return std::exchange(selections_changed_, false); }
  /// When `sync` should be called; in the past: at once; never: it need not.
  [[nodiscard]] std::optional<Moment> due() const { return pending_ ? std::optional(due_) : std::nullopt; }

  /// Reads the table and says where it differs from what it should be. To be called when nothing is due.
  Result<nft::Differences> check();
  /// The same of a table that was read before.
  [[nodiscard]] nft::Differences differences(const nft::Ruleset& have);
  /// What is staged, worked out up to what was applied; nullptr: nothing is.
  [[nodiscard]] const policy::Snapshot* snapshot();

 private:
  Result<nft::Plan> plan();
  Result<nft::Plan> whole_plan();
  [[nodiscard]] nft::Ruleset wanted();

  nft::Kernel& kernel_;
  std::string node_;
  RenderOptions options_;
  std::unique_ptr<policy::Compiler> compiler_;  ///< while something is staged
  Backoff backoff_;
  bool whole_ = true;  ///< the kernel's state is not known: read it back
  bool selections_changed_ = true;
  bool pending_ = true;  ///< a start finds what a predecessor left
  Moment due_{};
  std::optional<Moment> repaired_;  ///< the last sync after others touched the table
};

}  // namespace selvage::controller
