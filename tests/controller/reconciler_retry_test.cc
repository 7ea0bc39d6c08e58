#include "tests/controller/reconciled_node.h"

/// Kernels that refuse.
namespace selvage::testing {
namespace {

using namespace std::chrono_literals;
using Node = ReconciledNode;

TEST_CASE("a refused commit stays pending, is read back and tried again") {
  RecordingKernel kernel;
  Node node(kernel);
  node.sync();
  node.apply({policy::upsert(api_to_web())});
  kernel.fake.refuse_next_commit(ENOMEM);
  const auto refused = node.reconciler.sync(node.now);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ENOMEM);
  CHECK(node.reconciler.pending());
  CHECK(node.reconciler.due() == node.now + 100ms);
  node.check_tables(node.objects);
  CHECK(node.sync().from_nothing);
  CHECK(kernel.reads == 2);
  node.check_tables(world_with({web_to_api(), api_to_web()}));
  CHECK_FALSE(node.reconciler.pending());
  CHECK_FALSE(node.reconciler.due());
}

TEST_CASE("events that come while the kernel refuses are in the commit that it takes") {
  RecordingKernel kernel;
  Node node(kernel);
  node.sync();
  kernel.refuse_commits = true;
  node.apply({policy::upsert(api_to_web())});
  CHECK_FALSE(node.reconciler.sync(node.now));
  node.apply({policy::removal(policy::key_of(web_to_api()))});
  CHECK_FALSE(node.reconciler.sync(node.now));
  kernel.refuse_commits = false;
  node.sync();
  node.check_tables(world_with({api_to_web()}));
  node.apply({policy::upsert(web_to_api())});
  CHECK_FALSE(node.sync().from_nothing);
  node.check_tables(world_with({web_to_api(), api_to_web()}));
}

TEST_CASE("delays between retries double up to half a minute and start over after a success") {
  RecordingKernel kernel;
  Node node(kernel);
  kernel.refuse_commits = true;
  std::vector<Clock::duration> waits;
  for (int i = 0; i < 11; ++i) {
    REQUIRE_FALSE(node.reconciler.sync(node.now));
    waits.push_back(*node.reconciler.due() - node.now);
    node.now = *node.reconciler.due();
  }
  CHECK(waits ==
        std::vector<Clock::duration>{100ms, 200ms, 400ms, 800ms, 1600ms, 3200ms, 6400ms, 12800ms, 25600ms, 30s, 30s});
  kernel.refuse_commits = false;
  node.sync();
  kernel.refuse_commits = true;
  node.apply({policy::upsert(api_to_web())});
  REQUIRE_FALSE(node.reconciler.sync(node.now));
  CHECK(node.reconciler.due() == node.now + 100ms);
}

TEST_CASE("tables that cannot be read are not written") {
  RecordingKernel kernel;
  Node node(kernel);
  kernel.refuse_reads = true;
  const auto refused = node.reconciler.sync(node.now);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == EAGAIN);
  CHECK(kernel.plans.empty());
  CHECK(node.reconciler.due() == node.now + 100ms);
  kernel.refuse_reads = false;
  CHECK(node.sync().from_nothing);
  node.check_tables(node.objects);
}

}  // namespace
}  // namespace selvage::testing
