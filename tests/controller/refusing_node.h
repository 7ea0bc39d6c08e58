#pragma once

#include <catch2/catch.hpp>

#include "controller/sync/reconciler.h"
#include "nft/plan/text_plan.h"
#include "nft/text/text.h"
#include "tests/controller/log_capture.h"
#include "tests/controller/packet_path.h"
#include "tests/controller/reconciled_node.h"
#include "tests/support/fake_kernel.h"
#include "tests/support/faulty_kernel.h"

namespace selvage::testing {

using Kind = nft::PlanPart::Kind;

/// A reconciler over a kernel that refuses parts that a test chooses.
struct RefusingNode {
  explicit RefusingNode(std::vector<policy::Object> world) : objects(std::move(world)) {
    reconciler.apply(upserts(objects));
  }

  void apply(const policy::NetworkPolicy& policy) {
    std::erase_if(objects, [&](const auto& object) { return policy::key_of(object) == policy::key_of(policy); });
    objects.emplace_back(policy);
    reconciler.apply({policy::upsert(policy)});
  }
  controller::SyncReport sync() {
    const auto report = reconciler.sync(now);
    INFO((report ? "" : report.error().message));
    REQUIRE(report);
    return *report;
  }
  /// A sync at the moment that the reconciler asks for.
  controller::SyncReport sync_when_due() {
    REQUIRE(reconciler.pending());
    now = std::max(now, reconciler.due().value_or(now));
    return sync();
  }
  [[nodiscard]] std::size_t refused() const { return reconciler.quarantine().size(); }
  [[nodiscard]] bool passes(const FirstPacket& packet) const {
    return nft::trace(fake.ruleset(), on_the_way(packet, objects, Way::bridged)).accepted;
  }
  /// The tables are exactly those of all objects.
  void check_whole() const {
    const auto want = ruleset_from_scratch(objects);
    INFO(nft::to_text(nft::diff(fake.ruleset(), want)));
    CHECK(fake.ruleset() == want);
  }
  /// The tables are those of all objects, except for omitted parts.
  void check_reduced() const {
    const auto want = controller::without_parts(ruleset_from_scratch(objects), reconciler.quarantine().parts());
    INFO(nft::to_text(nft::diff(fake.ruleset(), want)));
    CHECK(fake.ruleset() == want);
  }

  LogCapture log;
  std::vector<policy::Object> objects;
  nft::FakeKernel fake;
  FaultyKernel kernel{fake};
  Moment now{std::chrono::hours(1)};
  controller::Reconciler reconciler{kernel, no_flows, kNode, {}};
};

/// An element to be added to a set whose name begins so, and that is about this address.
inline FaultyKernel::Matches element_about(std::string set_begins, std::string_view of) {
  return [set = std::move(set_begins), key = address(of).key()](const nft::PlanPart& part) {
    return part.kind == Kind::element && !part.deletion && part.name.starts_with(set) &&
           part.element.value().first.starts_with(key);
  };
}

}  // namespace selvage::testing
