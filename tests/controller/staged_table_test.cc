#include "controller/sync/staged_table.h"

#include <catch2/catch.hpp>

#include "controller/tables/table_layout.h"
#include "nft/plan/text_plan.h"
#include "nft/text/text.h"
#include "nft/trace/tracer.h"
#include "tests/controller/packet_path.h"
#include "tests/controller/reconciled_node.h"
#include "tests/support/property.h"

/// The table of staged policies over the fake kernel.
namespace selvage::testing {
namespace {

using policy::Mode;

controller::RenderOptions logging() {
  controller::RenderOptions options;
  options.log_group = 700;
  return options;
}

/// The parts of Enforcer: enforced policies (only their objects here) and staged ones.
struct StagedNode {
  explicit StagedNode(RecordingKernel& of) : kernel(of) {}

  void apply(const std::vector<policy::Event>& events) {
    const policy::StageEvents parted = stages.take(events);
    for (const auto& event : parted.enforced) enforced.apply(event);
    table.apply(parted, stages, [this]() -> const policy::Inventory& { return enforced.update().inventory(); });
  }
  [[nodiscard]] const nft::Ruleset& tables() const { return kernel.fake.ruleset(); }

  RecordingKernel& kernel;
  policy::Stages stages;
  policy::Compiler enforced{kNode};
  controller::StagedTable table{kernel, kNode, logging()};
  Moment now{std::chrono::hours(1)};
};

policy::NetworkPolicy staged(policy::NetworkPolicy object) {
  object.mode = Mode::staged;
  return object;
}

std::vector<policy::Event> staged_world() { return upserts(world_with({staged(web_to_api())})); }

/// The prefixes that a packet is logged with on its way.
std::vector<std::string> logged(const nft::Ruleset& tables, const FirstPacket& packet,
                                const std::vector<policy::Object>& objects) {
  const nft::Trace trace = nft::trace(tables, on_the_way(packet, objects, Way::routed));
  INFO(trace.text());
  CHECK(trace.accepted);
  return trace.logged;
}

TEST_CASE("there is no table while no policy is staged, and one that a predecessor left goes") {
  RecordingKernel kernel;
  {
    StagedNode node(kernel);
    node.apply(staged_world());
    REQUIRE(node.table.sync(node.now));
    REQUIRE(node.tables().contains(controller::kStagedTable));
  }
  StagedNode node(kernel);
  node.apply(upserts(world_with({web_to_api()})));
  CHECK(node.table.snapshot() == nullptr);
  REQUIRE(node.table.due());
  CHECK(node.table.sync(node.now).value());
  CHECK(node.tables().empty());
  CHECK_FALSE(node.table.due());
}

TEST_CASE("a staged policy lets everything pass and counts what it would deny, until it is removed") {
  RecordingKernel kernel;
  StagedNode node(kernel);
  node.apply(staged_world());
  REQUIRE(node.table.sync(node.now));
  const auto objects = world_with({});
  CHECK(logged(node.tables(), tcp(kDb, kApi, 8080), objects) == std::vector<std::string>{"selvage staged-in"});
  CHECK(logged(node.tables(), tcp(kWeb, kApi, 8080), objects).empty());
  CHECK(logged(node.tables(), tcp(kApi, kDb, 8080), objects).empty());
  node.apply({policy::upsert(web_to_api())});
  REQUIRE(node.table.sync(node.now));
  CHECK(node.tables().empty());
}

TEST_CASE("to a pod that an enforced policy isolates, a staged one denies nothing") {
  RecordingKernel kernel;
  StagedNode node(kernel);
  node.apply(staged_world());
  node.apply({policy::upsert(ingress_policy("prod/deny", where({}), {}))});
  REQUIRE(node.table.sync(node.now));
  CHECK(logged(node.tables(), tcp(kDb, kApi, 8080), world_with({})).empty());
}

TEST_CASE("a refused change of the staged table stays pending and is retried") {
  RecordingKernel kernel;
  StagedNode node(kernel);
  node.apply(staged_world());
  kernel.refuse_commits = true;
  REQUIRE_FALSE(node.table.sync(node.now));
  REQUIRE(node.table.due());
  CHECK(*node.table.due() > node.now);
  kernel.refuse_commits = false;
  CHECK(node.table.sync(*node.table.due()).value());
  CHECK_FALSE(node.table.due());
}

TEST_CASE("changes of the staged table by other programs are found and undone") {
  RecordingKernel kernel;
  StagedNode node(kernel);
  node.apply(staged_world());
  REQUIRE(node.table.sync(node.now));
  const nft::Ruleset good = node.tables();
  CHECK(node.table.check().value().empty());
  kernel.fake.ruleset().at(controller::kStagedTable).chains.at("forward").rules.clear();
  CHECK_FALSE(node.table.check().value().empty());
  node.table.distrust(node.now);
  REQUIRE(node.table.due());
  CHECK(node.table.sync(node.now).value());
  CHECK(node.tables() == good);
}

/// The table that these objects lead to at once.
nft::Ruleset from_nothing(const Cluster& cluster) {
  RecordingKernel kernel;
  StagedNode node(kernel);
  node.apply(upserts(objects_of(cluster)));
  REQUIRE(node.table.sync(node.now));
  return kernel.fake.ruleset();
}

TEST_CASE("step by step, the staged table is that of the objects alone, and drops nothing") {
  for_each_seed(60, [](Random& random) {
    RecordingKernel kernel;
    StagedNode node(kernel);
    Cluster cluster;
    for (int step = 0; step < 40; ++step) {
      std::vector<policy::Event> events;
      for (std::size_t left = 1 + below(random, 3); left > 0; --left) {
        events.push_back(random_staged_event(random, cluster));
        apply_event(cluster, events.back());
      }
      node.apply(events);
      REQUIRE(node.table.sync(node.now));
      INFO(describe(cluster));
      const nft::Ruleset fresh = from_nothing(cluster);
      INFO(nft::to_text(nft::diff(node.tables(), fresh)));
      REQUIRE(node.tables() == fresh);
      const FirstPacket packet = random_packet(random, cluster);
      CHECK(nft::trace(node.tables(), on_the_way(packet, objects_of(cluster), Way::routed)).accepted);
    }
  });
}

}  // namespace
}  // namespace selvage::testing
