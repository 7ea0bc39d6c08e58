#include "tests/controller/reconciled_node.h"

/// Other programs that write our tables.
namespace selvage::testing {
namespace {

using namespace std::chrono_literals;

/// A node whose tables are up to date.
struct Converged {
  RecordingKernel kernel;
  ReconciledNode node{kernel};
  Converged() { node.sync(); }

  /// Another program flushes the ruleset, and the reconciler is notified. Returns the delay of the repair.
  Clock::duration flushed() {
    kernel.fake.ruleset().clear();
    node.reconciler.distrust(node.now);
    REQUIRE(node.reconciler.pending());
    REQUIRE(node.reconciler.due());
    return *node.reconciler.due() - node.now;
  }
  void repair() {
    node.now = *node.reconciler.due();
    CHECK(node.sync().from_nothing);
    node.check_tables(node.objects);
  }
};

TEST_CASE_METHOD(Converged, "changes by other programs are read back and undone at once") {
  CHECK(flushed() == 0ms);
  repair();
  CHECK_FALSE(node.reconciler.pending());
  CHECK_FALSE(node.reconciler.due());
}

TEST_CASE_METHOD(Converged, "a change that was nothing costs a reading and no commit") {
  const auto commits = kernel.plans.size();
  node.reconciler.distrust(node.now);
  CHECK_FALSE(node.sync().changed);
  CHECK(kernel.reads == 2);
  CHECK(kernel.plans.size() == commits);
}

TEST_CASE_METHOD(Converged, "events are part of the repair") {
  kernel.fake.ruleset().clear();
  node.apply({policy::upsert(api_to_web())});
  node.reconciler.distrust(node.now);
  const auto commits = kernel.plans.size();
  node.sync();
  CHECK(kernel.plans.size() == commits + kCreation);
  node.check_tables(world_with({web_to_api(), api_to_web()}));
}

TEST_CASE_METHOD(Converged, "in a quarrel repairs keep a distance, which doubles up to a second") {
  std::vector<Clock::duration> distances;
  for (int i = 0; i < 10; ++i) {
    distances.push_back(flushed());
    repair();
    node.now += 999ms;
  }
  CHECK(distances == std::vector<Clock::duration>{0ms, 10ms, 20ms, 40ms, 80ms, 160ms, 320ms, 640ms, 1s, 1s});
  SECTION("a second's peace ends it") {
    node.now += 1ms;
    CHECK(flushed() == 0ms);
    repair();
    CHECK(flushed() == 10ms);
  }
}

TEST_CASE_METHOD(Converged, "constant changes by other programs do not put off a waiting repair") {
  for (int i = 0; i < 5; ++i) {
    flushed();
    repair();
  }
  const Moment due = node.now + flushed();
  while (node.now < due) {
    node.now += 1ms;
    node.reconciler.distrust(node.now);
    CHECK(node.reconciler.due() == due);
  }
  repair();
}

TEST_CASE_METHOD(Converged, "interference does not speed up retries of a refused commit") {
  kernel.refuse_commits = true;
  node.apply({policy::upsert(api_to_web())});
  for (int i = 0; i < 5; ++i) CHECK_FALSE(node.reconciler.sync(node.now));
  const auto due = node.reconciler.due();
  node.reconciler.distrust(node.now);
  CHECK(node.reconciler.due() == due);
}

}  // namespace
}  // namespace selvage::testing
