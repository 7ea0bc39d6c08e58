#include <catch2/catch.hpp>

#include "controller/sync/reconciler.h"
#include "nft/kernel/netlink_kernel.h"
#include "nft/kernel/probe.h"
#include "nft/trace/tracer.h"
#include "tests/controller/packet_path.h"
#include "tests/controller/recording_kernel.h"
#include "tests/controller/rulesets.h"
#include "tests/support/policy_cases.h"
#include "tests/support/recorded_tables.h"
#include "tests/support/scratch_namespace.h"

/// Tables of the version before, as that program wrote them (fixtures/layout-2.hex).
namespace selvage::testing {
namespace {

using controller::kBridgeTable;
using controller::kInetTable;

constexpr const char* kNodeOne = "node-1";
constexpr std::uint32_t kNew = 8;  // NF_CT_STATE_BIT, linux/netfilter/nf_conntrack_common.h
constexpr std::uint32_t kEstablished = 2;
constexpr std::uint32_t kRelated = 4;

/// A pod of the recording: prod/APP, 10.244.1.NUMBER and fd00:10:244:1::NUMBER.
policy::Pod recorded_pod(const std::string& app, const std::string& number) {
  const std::string v4 = "10.244.1." + number;
  const std::string v6 = "fd00:10:244:1::" + number;
  return pod("prod/" + app, {{"app", app}}, {v4.c_str(), v6.c_str()}, kNodeOne);
}

/// What the recording's program was given: tests/packets/upgrade_test.cc has it as manifests.
std::vector<policy::Object> recorded_objects() {
  const auto web = allow({pods(where({is("app", "web")}))},
                         {port(policy::Protocol::tcp, 80), port_range(policy::Protocol::tcp, 81, 95)});
  return {
      recorded_pod("web", "10"),
      recorded_pod("api", "11"),
      recorded_pod("other", "12"),
      ingress_policy("prod/api", where({is("app", "api")}), {web}),
      ingress_policy("prod/other", where({is("app", "other")}), {allow({block("192.0.2.0/24", {"192.0.2.128/25"})})}),
      egress_policy("prod/web", where({is("app", "web")}), {allow({pods(where({is("app", "api")}))})})};
}

/// The recorded tables, read back from the running kernel; empty where it cannot make such tables.
nft::Ruleset recorded_tables() {
  nft::Ruleset tables;
  const ScratchNamespace somewhere;
  somewhere.run([&] {
    if (!nft::supports_table_owner().value()) return;
    const auto replayed = replay(recorded_batches(SELVAGE_FIXTURES "/layout-2.hex"));
    if (!replayed) throw std::runtime_error(replayed.error().message);
    tables = nft::NetlinkKernel::open().value()->read(controller::kOurTables).value();
  });
  return tables;
}

std::vector<FirstPacket> packets() {
  const std::vector<std::string> addresses = {"10.244.1.10", "10.244.1.11", "10.244.1.12", "10.244.2.9",
                                              "192.0.2.7",   "192.0.2.200", "203.0.113.9"};
  std::vector<FirstPacket> all;
  for (const auto& from : addresses) {
    for (const auto& to : addresses) {
      if (from == to) continue;
      for (const std::uint16_t number : {79, 80, 81, 95, 96}) all.push_back(tcp(from, to, number));
      all.push_back(udp(from, to, 80));
      all.push_back(ping(from, to));
    }
  }
  for (const std::string from : {"fd00:10:244:1::10", "fd00:10:244:1::12"}) {
    for (const std::uint16_t number : {80, 96}) all.push_back(tcp(from, "fd00:10:244:1::11", number));
  }
  return all;
}

/// An agent of this version over the recorded tables.
struct Upgrade {
  nft::Ruleset old = recorded_tables();
  RecordingKernel kernel;
  std::vector<policy::Object> objects = recorded_objects();
  controller::RenderOptions options;
  std::unique_ptr<controller::Reconciler> reconciler;

  Upgrade() {
    if (old.empty()) {
      WARN("this kernel has no tables that outlive their owner");
      return;
    }
    kernel.fake.ruleset() = old;
    options.ownership = nft::Ownership::owned;
    options.log_group = 700;
    reconciler = std::make_unique<controller::Reconciler>(
        kernel, [](const auto& /*visit*/) { return Result<void>(); }, kNodeOne, options);
    for (const auto& object : objects) reconciler->apply({policy::upsert(object)});
  }
  void sync() { REQUIRE(reconciler->sync(Moment(std::chrono::hours(1)))); }

  /// Whether a packet of a connection in this state passes.
  [[nodiscard]] bool passes(const nft::Ruleset& tables, const FirstPacket& first, std::optional<std::uint32_t> state,
                            bool reply = false) const {
    nft::Packet packet = on_the_way(first, objects, Way::routed);
    if (state) packet.tracking = nft::Tracking{reply, *state};
    return nft::trace(tables, packet).accepted;
  }
};

TEST_CASE_METHOD(Upgrade, "tables of layout 2 become those of this one in a single transaction, in place") {
  if (old.empty()) return;
  REQUIRE(old.at(kInetTable).chains.contains("layout-2"));
  REQUIRE(old.at(kInetTable).ownership == nft::Ownership::orphaned);
  REQUIRE(old.at(kInetTable).sets.at("settled").elements.size() == 1);
  auto& cut = kernel.fake.ruleset().at(kInetTable).sets.at(std::string(controller::kCut)).elements;
  cut[{"abcd", {}}];
  const auto before = cut;
  sync();
  REQUIRE(kernel.plans.size() == 1);
  for (const auto& key : {kInetTable, kBridgeTable}) {
    const nft::TablePlan& plan = kernel.plans.front().tables.at(key);
    CHECK(plan.own);
    CHECK_FALSE(plan.delete_table);
    CHECK_FALSE(plan.create_table);
  }
  nft::Ruleset want = controller::render(
      reconciler->snapshot().result(), [this](auto id) { return reconciler->snapshot().pod_name(id); }, options);
  want.at(kInetTable).sets.at(std::string(controller::kCut)).elements = before;
  CHECK(kernel.fake.ruleset() == want);
}

TEST_CASE_METHOD(Upgrade, "no packet fares otherwise after the upgrade from layout 2 than before") {
  if (old.empty()) return;
  sync();
  const nft::Ruleset& now = kernel.fake.ruleset();
  std::size_t allowed = 0;
  std::size_t denied = 0;
  for (const FirstPacket& packet : packets()) {
    CAPTURE(to_string(packet));
    const bool passed = passes(old, packet, kNew);
    (passed ? allowed : denied)++;
    CHECK(passes(now, packet, kNew) == passed);
    CHECK(passes(now, packet, kRelated) == passes(old, packet, kRelated));
    CHECK(passes(now, packet, kEstablished, true) == passes(old, packet, kEstablished, true));
    // Connections on the fast path are judged again; none of them is denied.
    CHECK(passes(now, packet, kEstablished) == passed);
    if (passed) CHECK(passes(old, packet, kEstablished));
  }
  CHECK(allowed > 10);
  CHECK(denied > 10);
}

TEST_CASE_METHOD(Upgrade, "the recording has pods on the fast path, and others that are not") {
  if (old.empty()) return;
  const auto& pods = old.at(kInetTable).sets.at("settled-pods4").elements;
  CHECK(pods.contains({address("10.244.1.10").key(), {}}));
  CHECK_FALSE(pods.contains({address("10.244.1.12").key(), {}}));
}

}  // namespace
}  // namespace selvage::testing
