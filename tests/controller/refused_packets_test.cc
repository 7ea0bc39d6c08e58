#include <catch2/catch.hpp>

#include "controller/sync/reconciler.h"
#include "nft/kernel/netlink_kernel.h"
#include "tests/controller/log_capture.h"
#include "tests/support/case_objects.h"
#include "tests/support/faulty_kernel.h"
#include "tests/support/pod_network.h"

/// The real kernel refuses a part: packets to the pod that it is about are dropped, all others fare as policy says.
namespace selvage::testing {
namespace {

using namespace std::chrono_literals;
using Kind = nft::PlanPart::Kind;

/// The real kernel, where sets of permissions hold two elements: the third is refused with ENFILE.
class SmallSets : public nft::Kernel {
 public:
  explicit SmallSets(nft::Kernel& inner) : inner_(inner) {}

  Result<nft::Ruleset> read(std::span<const nft::TableKey> tables) override {
    auto have = inner_.read(tables);
    if (!have) return have;
    for (auto& [key, table] : *have) {
      for (auto& [name, set] : table.sets) {
        if (name.starts_with("p-")) set.spec.size = 0;
      }
    }
    return have;
  }
  nft::CommitResult commit(const nft::Plan& plan) override {
    nft::Plan small = plan;
    for (auto& [key, table] : small.tables) {
      for (auto& [name, spec] : table.add_sets) {
        if (name.starts_with("p-")) spec.size = 2;
      }
    }
    return inner_.commit(small);
  }

 private:
  nft::Kernel& inner_;
};

/// A node of network namespaces, kept by a reconciler whose kernel can be made to refuse.
class RefusedNode {
 public:
  RefusedNode() {
    auto opened = network_.node(1).space().inside([] { return nft::NetlinkKernel::open(); });
    REQUIRE(opened);
    real_ = std::move(*opened);
    small_ = std::make_unique<SmallSets>(*real_);
    faulty_ = std::make_unique<FaultyKernel>(*small_);
    controller::RenderOptions options;
    options.bridge_match = controller::BridgeMatch::port_kind;  // every kernel has it
    reconciler_ = std::make_unique<controller::Reconciler>(
        *faulty_, [](const auto&) { return Result<void>{}; }, node_name(1), options);
    reconciler_->apply({policy::upsert(namespace_of("prod"))});
  }

  TestPod& pod(const std::string& name, const std::string& app) {
    TestPod& made = network_.add_pod({"prod", name, {{"app", app}}});
    policy::Pod object = testing::pod("prod/" + name, {{"app", app}}, {}, node_name(1));
    object.addresses = {made.address(IpFamily::v4), made.address(IpFamily::v6)};
    reconciler_->apply({policy::upsert(object)});
    return made;
  }
  void sync() {
    now_ = std::max(now_, reconciler_->due().value_or(now_));
    const auto report = reconciler_->sync(now_);
    INFO((report ? std::string() : report.error().message));
    REQUIRE(report);
  }

  controller::Reconciler& reconciler() { return *reconciler_; }
  FaultyKernel& kernel() { return *faulty_; }
  [[nodiscard]] std::vector<controller::Quarantined> refused() const { return reconciler_->quarantine().list(); }

 private:
  LogCapture log_;
  PodNetwork network_;
  std::unique_ptr<nft::NetlinkKernel> real_;
  std::unique_ptr<SmallSets> small_;
  std::unique_ptr<FaultyKernel> faulty_;
  std::unique_ptr<controller::Reconciler> reconciler_;
  Moment now_{1h};
};

policy::NetworkPolicy web_may_reach(const std::string& app) {
  return ingress_policy("prod/web-to-" + app, where({is("app", app)}),
                        {allow({pods(where({is("app", "web")}))}, {port(policy::Protocol::tcp, 80)})});
}

}  // namespace

TEST_CASE("a full set of the real kernel closes the pod that does not fit, and takes it when there is room") {
  RefusedNode node;
  const TestPod& web = node.pod("web", "web");
  const TestPod& first = node.pod("api-0", "api");
  const TestPod& second = node.pod("api-1", "api");
  const TestPod& third = node.pod("api-2", "api");
  const TestPod& other = node.pod("other", "other");
  node.reconciler().apply({policy::upsert(web_may_reach("api"))});
  node.sync();
  REQUIRE(node.refused().size() == 2);
  for (const auto& refused : node.refused()) {
    CHECK(refused.code == ENFILE);
    CHECK(refused.object.starts_with("prod/api-2"));
  }
  PodNetwork::check({allow(web, first), allow(web, second), deny(web, third), allow(web, other), allow(third, web),
                     deny(other, first), deny(other, third), deny(web, first, 81)});

  node.reconciler().apply({policy::removal(policy::key_of(pod("prod/api-0", {}, {}, node_name(1))))});
  node.sync();
  if (!node.refused().empty()) node.sync();
  CHECK(node.refused().empty());
  PodNetwork::check({allow(web, second), allow(web, third), deny(other, third)});
}

TEST_CASE("a poisoned pod is closed and the rest of the node converges, packets included") {
  RefusedNode node;
  const TestPod& web = node.pod("web", "web");
  const TestPod& api = node.pod("api", "api");
  const TestPod& db = node.pod("db", "db");
  node.reconciler().apply({policy::upsert(web_may_reach("db"))});
  node.sync();
  PodNetwork::check({allow(web, api), allow(web, db), allow(api, web), deny(api, db)});

  node.kernel().refuse(
      [&](const nft::PlanPart& part) {
        return part.kind == Kind::element && part.name.starts_with("p-") &&
               (part.element->first.starts_with(api.address(IpFamily::v4).key()) ||
                part.element->first.starts_with(api.address(IpFamily::v6).key()));
      },
      EINVAL);
  node.reconciler().apply({policy::upsert(web_may_reach("api")),
                           policy::upsert(ingress_policy("prod/web", where({is("app", "web")}), {}))});
  node.sync();
  CHECK(node.refused().size() == 2);
  PodNetwork::check({deny(web, api), allow(web, db), deny(api, web), deny(api, db), allow(db, db)});

  node.kernel().heal();
  node.sync();
  CHECK(node.refused().empty());
  PodNetwork::check({allow(web, api), allow(web, db), deny(api, web), deny(db, api)});
}

}  // namespace selvage::testing
