#include "tests/controller/rulesets.h"

#include <catch2/catch.hpp>

#include "nft/plan/text_plan.h"
#include "nft/text/text.h"

namespace selvage::testing {
namespace {

controller::PodNames names_of(const policy::Snapshot& snapshot) {
  return [&snapshot](policy::PodId id) { return snapshot.pod_name(id); };
}

}  // namespace

nft::Ruleset ruleset_from_scratch(const std::vector<policy::Object>& objects,
                                  const controller::RenderOptions& options) {
  const auto compiler = policy::compile(objects, kNode);
  return controller::render(compiler->result(), names_of(*compiler), options);
}

IncrementalNode::IncrementalNode(controller::RenderOptions options) : options_(std::move(options)) {
  planned_ = rendered();
  compiler_.start_tracking();
}

nft::Plan IncrementalNode::step(const std::vector<policy::Event>& events) {
  for (const auto& event : events) compiler_.apply(event);
  const policy::Snapshot& now = compiler_.update();
  const policy::NodePolicyDelta delta = compiler_.take_changes();
  nft::Plan plan = controller::render_changes(delta, now.result(), names_of(now), options_);
  auto next = nft::apply(plan, planned_);
  if (!next) FAIL("the plan does not apply: " << next.error().message << "\n" << nft::to_text(plan));
  planned_ = std::move(*next);
  return plan;
}

nft::Ruleset IncrementalNode::rendered() {
  const policy::Snapshot& now = compiler_.update();
  return controller::render(now.result(), names_of(now), options_);
}

}  // namespace selvage::testing
