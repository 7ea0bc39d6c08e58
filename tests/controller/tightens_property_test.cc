#include <catch2/catch.hpp>

#include "controller/tables/tightens.h"
#include "nft/plan/text_plan.h"
#include "nft/text/text.h"
#include "nft/trace/tracer.h"
#include "tests/controller/packet_path.h"
#include "tests/controller/rulesets.h"
#include "tests/support/property.h"

/// A plan that is said to deny nothing new denies nothing new.
namespace selvage::testing {
namespace {

TEST_CASE("a plan that denies a packet that passed before tightens") {
  std::size_t harmless = 0;
  std::size_t denying = 0;
  for_each_seed(150, [&](Random& random) {
    Cluster cluster;
    IncrementalNode node;
    for (int step = 0; step < 40; ++step) {
      const nft::Ruleset before = node.planned();
      const auto packets = random_packets(random, cluster);
      const auto event = random_event(random, cluster);
      apply_event(cluster, event);
      const nft::Plan plan = node.step({event});
      const bool may = controller::tightens(plan);
      harmless += !may && !plan.empty() ? 1 : 0;
      nft::Tracer old_tables(before);
      nft::Tracer new_tables(node.planned());
      for (const auto& packet : packets) {
        if (!old_tables.run(packet).accepted || new_tables.run(packet).accepted) continue;
        ++denying;
        INFO(nft::to_text(plan));
        REQUIRE(may);
      }
    }
  });
  // There were both kinds.
  CHECK(harmless > 0);
  CHECK(denying > 100);
}

}  // namespace
}  // namespace selvage::testing
