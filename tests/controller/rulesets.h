#pragma once

#include <vector>

#include "controller/tables/render.h"
#include "nft/plan/plan.h"
#include "policy/compile/compiler.h"
#include "tests/support/random_cluster.h"

namespace selvage::testing {

/// The tables that `kNode` must have when exactly `objects` exist, computed from nothing.
[[nodiscard]] nft::Ruleset ruleset_from_scratch(const std::vector<policy::Object>& objects,
                                                const controller::RenderOptions& options = {});

/// The tables of `kNode`, kept up to date event by event as the daemon does: an incremental compiler
/// and, for each step, a plan that is applied to the tables of the step before.
class IncrementalNode {
 public:
  explicit IncrementalNode(controller::RenderOptions options = {});

  /// Takes the events in as one step; returns the step's plan. Fails the test when the plan does not
  /// apply by the kernel's rules.
  nft::Plan step(const std::vector<policy::Event>& events);

  /// The tables of the objects of all steps, rendered from the incremental compiler's records.
  [[nodiscard]] nft::Ruleset rendered();
  /// The result of the plans of all steps.
  [[nodiscard]] const nft::Ruleset& planned() const { return planned_; }
  [[nodiscard]] const policy::NodePolicy& policy() { return compiler_.update().result(); }

 private:
  controller::RenderOptions options_;
  policy::Compiler compiler_{kNode};
  nft::Ruleset planned_;
};

}  // namespace selvage::testing
