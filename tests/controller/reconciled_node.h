#pragma once

#include <catch2/catch.hpp>

#include "controller/sync/reconciler.h"
#include "nft/plan/text_plan.h"
#include "nft/text/text.h"
#include "tests/controller/recording_kernel.h"
#include "tests/controller/rulesets.h"
#include "tests/support/policy_cases.h"

namespace selvage::testing {

inline Result<void> no_flows(const std::function<void(const host::Flow&)>& /*visit*/) { return {}; }

inline std::vector<policy::Event> upserts(const std::vector<policy::Object>& objects) {
  std::vector<policy::Event> events;
  for (const auto& object : objects) events.push_back(policy::upsert(object));
  return events;
}

inline policy::NetworkPolicy web_to_api() {
  return ingress_policy("prod/web-to-api", where({is("app", "api")}),
                        {allow({pods(where({is("app", "web")}))}, {port(policy::Protocol::tcp, 8080)})});
}

inline policy::NetworkPolicy api_to_web() {
  return egress_policy("prod/api-to-web", where({is("app", "api")}), {allow({pods(where({is("app", "web")}))})});
}

/// A reconciler that has seen the world with one policy, over a kernel that outlives it.
struct ReconciledNode {
  explicit ReconciledNode(RecordingKernel& of) : kernel(of) { reconciler.apply(upserts(objects)); }

  controller::SyncReport sync() {
    const auto report = reconciler.sync(now);
    INFO((report ? "" : report.error().message));
    REQUIRE(report);
    return *report;
  }
  void apply(const std::vector<policy::Event>& events) { reconciler.apply(events); }
  /// The tables are exactly those of `expected`.
  void check_tables(const std::vector<policy::Object>& expected, const controller::RenderOptions& options = {}) const {
    const auto want = ruleset_from_scratch(expected, options);
    INFO(nft::to_text(nft::diff(kernel.fake.ruleset(), want)));
    CHECK(kernel.fake.ruleset() == want);
  }

  RecordingKernel& kernel;
  std::vector<policy::Object> objects = world_with({web_to_api()});
  Moment now{std::chrono::hours(1)};
  controller::Reconciler reconciler{kernel, no_flows, kNode, {}};
};

}  // namespace selvage::testing
